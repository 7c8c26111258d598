"""How often the gates of suites/smoke.yaml fail: with nothing changed, and with 10 % lost.

    python reports/gates/simulate.py

Resamples the final values of 100 seeds per method, stored in seeds.jsonl, a baseline made by

    ebmbench run suites/smoke.yaml --seeds 100 --runs runs/gates
    ebmbench baseline smoke --runs runs/gates -o reports/gates/seeds.jsonl

A trial draws 10 seeds for base. Head has the same seeds (a change that leaves the random numbers as
they are), or 10 others (a change that draws other ones: nothing is left of the pairing). A planted
loss makes one value of one method 10 % worse; all others stay as they are. The gates' own code
decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from ebmbench.compare import read_baseline
from ebmbench.compare.decisions import decide
from ebmbench.compare.matched import Matched
from ebmbench.compare.side import resolution
from ebmbench.report.markdown.table import table
from ebmbench.suite.gates import GateSpec
from ebmbench.summary.statistics import Bounds, Question, evidence, judge

STORED = Path(__file__).with_name("seeds.jsonl")
SEEDS = 10
LOSS = 0.10
GATED = {"hamming.train": GateSpec(fail="5%"), "nll.train": GateSpec(fail="5%")}  # the suite's
VALUES = (*GATED, "hamming.test", "nll.test")
NULL_TRIALS, PLANTED_TRIALS = 2_000, 400
Pool = dict[tuple[str, str], np.ndarray]
"""(Method, value) -> final values, one per stored seed."""


def stored() -> Pool:
    """The pool of final values."""
    side = read_baseline(STORED)
    return {
        (method, value): np.array(
            [side.value((dataset, method, seed), value) for seed in side.head.seeds]
        )
        for dataset, method in side.planned
        for value in VALUES
    }


def fails(pool: Pool, gates: dict[str, GateSpec], same: bool, planted, trials: int) -> float:
    """The share of trials in which some gate fails; for a planted loss, that one's gate."""
    rng = np.random.default_rng(0)
    seeds = len(next(iter(pool.values())))
    failed = 0
    for _ in range(trials):
        drawn = rng.permutation(seeds)
        base = drawn[:SEEDS]
        head = base if same else drawn[SEEDS : 2 * SEEDS]
        decisions = decide(matched(pool, gates, base, head, planted), gates)
        found = [(d.method, d.value) for d in decisions if d.outcome == "failed"]
        failed += bool(found) if planted is None else planted in found
    return failed / trials


def matched(pool: Pool, gates: Iterable[str], base, head, planted) -> Iterator[Matched]:
    """Both sides of every gated value; lower is better."""
    for (method, value), finals in pool.items():
        if value in gates:
            x, y = finals[base], finals[head] * (1 + LOSS * ((method, value) == planted))
            bounds = Bounds.of(0.0, 1.0 if value.startswith("hamming") else None, [*x, *y])
            found = evidence(y, x, "lower", bounds, same=bool((x == y).all()))
            margin = resolution(max(abs(x).max(), abs(y).max()))
            judged = judge({"": Question(found, margin)})[""]
            yield Matched("bars4", method, value, (), x, y, "lower", found, judged, bounds)


def rows(pool: Pool) -> Iterator[list[str]]:
    """For every method and value: its spread, and how often a loss of 10 % is caught."""
    for (method, value), finals in pool.items():
        gates = {**GATED, value: GateSpec(fail="5%")}
        caught = [
            fails(pool, gates, same, (method, value), PLANTED_TRIALS) for same in (True, False)
        ]
        spread = finals.std(ddof=1) / finals.mean()
        yield [value, method, f"{100 * spread:.1f}", *(f"{100 * c:.1f}" for c in caught)]


def main() -> None:
    """Print the tables of README.md."""
    pool = stored()
    for same, text in ((True, "the same seeds"), (False, "other random numbers")):
        share = fails(pool, GATED, same, None, NULL_TRIALS)
        print(f"Nothing changed, {text}: some gate fails in {100 * share:.2f} % of {NULL_TRIALS}.")
    head = ("Value", "Method", "Spread, %", "Caught, same seeds, %", "Caught, other numbers, %")
    print(table(head, rows(pool)))


if __name__ == "__main__":
    main()
