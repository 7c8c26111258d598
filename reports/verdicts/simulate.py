"""How often verdicts are wrong, and what they cost: the rules of ebmbench against plain t-tests.

    python reports/verdicts/simulate.py [TABLE ...]

Prints the tables of README.md, all or those named; a minute each at the most. "Before" is a paired
t-test at 5 % over the seeds that have a value, "now" the code that reports use. Lower is better
everywhere.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from math import sqrt

import numpy as np
from scipy import stats

from ebmbench.compare.decisions import outcome_of
from ebmbench.journal.documents import Components, MetricAbout, RunDocument
from ebmbench.report.markdown.table import table
from ebmbench.suite.gates import GateSpec
from ebmbench.suite.keys import ReportSpec
from ebmbench.summary.criteria import Criteria
from ebmbench.summary.finals import Final
from ebmbench.summary.judgements import judgements_of
from ebmbench.summary.statistics import LOST, UNKNOWN, Bounds, Interval, compare, evidence, interval
from ebmbench.summary.statistics.sign_flip import sign_flip

TRIALS = 2_000
SEEDS = (3, 5, 10, 30)
OUTCOMES = ("passed", "failed", "inconclusive")
Draw = Callable[[np.random.Generator, int], np.ndarray]
Rows = Iterator[list[str]]


def tied(rng: np.random.Generator, n: int, share: float = 0.075, at: float = 0.2) -> np.ndarray:
    """0 on most seeds, ``at`` on a share of them; mean 0.015."""
    return np.where(rng.random(n) < share, at, 0.0)


def rapid(rng: np.random.Generator, n: int) -> np.ndarray:
    """RAPID on bars4: 0 on 87.5 % of seeds, else anything up to 0.24; mean 0.015."""
    return np.where(rng.random(n) < 0.125, rng.uniform(0, 0.24, n), 0.0)


def normal(rng: np.random.Generator, n: int, mean: float = 0.015, sd: float = 0.002) -> np.ndarray:
    """Few doubts."""
    return rng.normal(mean, sd, n)


def coins(rng: np.random.Generator, n: int, p: float = 0.5) -> np.ndarray:
    """0 or 1."""
    return (rng.random(n) < p).astype(float)


def lognormal(rng: np.random.Generator, n: int, mean: float = 0.015) -> np.ndarray:
    """Skewed."""
    return mean * np.exp(0.5 * rng.normal(size=n) - 0.125)


def before(a: np.ndarray, b: np.ndarray) -> str:
    """The verdict of a plain paired t-test, equal differences being certain."""
    both = np.isfinite(a) & np.isfinite(b)
    d = a[both] - b[both]
    if len(d) < 2 or not d.any():
        return "inconclusive"
    sd = np.std(d, ddof=1) if np.ptp(d) else 0.0
    certain = not sd or 2 * stats.t.sf(abs(d.mean()) * sqrt(len(d)) / sd, len(d) - 1) < 0.05
    return ("better" if d.mean() < 0 else "worse") if certain else "inconclusive"


def now(bounds: Bounds, a: np.ndarray, b: np.ndarray) -> str:
    """The verdict of a report, by the interval alone, which is the same as by p."""
    found = evidence(a, b, "lower", bounds)
    if not found.judged:
        return "inconclusive"
    ends = found.interval(0.025)
    return "better" if ends.high < 0 else "worse" if ends.low > 0 else "inconclusive"


def share(verdict, one: Draw, other: Draw, n: int, said: str = "better") -> str:
    """How often ``one`` is called better than ``other`` at n seeds, in per cent."""
    rng = np.random.default_rng(n)
    hits = sum(verdict(one(rng, n), other(rng, n)) == said for _ in range(TRIALS))
    return f"{100 * hits / TRIALS:.1f}"


def bounded(most: float) -> Bounds:
    """From 0 to ``most``."""
    return Bounds.of(0.0, most)


def ties() -> Rows:
    """False "better" of a method whose seeds are mostly 0."""
    rules = {"before": before, **{f"now, bound {b:g}": partial(now, bounded(b)) for b in (0.2, 1)}}
    others = {
        "equally good, normal": normal,
        "truly better, normal": partial(normal, mean=0.010),
        "equally good, tied as it is": tied,
        "equally good, lognormal": lognormal,
    }
    for name, other in others.items():
        for rule, verdict in rules.items():
            yield [name, rule, *(share(verdict, tied, other, n) for n in SEEDS)]


def paper() -> Rows:
    """RAPID on bars4 against CD at 0.16 +- 0.01: how often it is called better."""
    cd = partial(normal, mean=0.16, sd=0.01)
    for rule, verdict in {
        "before": before,
        **{f"now, bound {b:g}": partial(now, bounded(b)) for b in (0.25, 0.5, 1)},
    }.items():
        yield [rule, *(share(verdict, rapid, cd, n) for n in (5, 8, 10, 12, 20, 25, 30, 100))]


def harmless() -> Rows:
    """Values that are not tied, or coins: false verdicts, and true ones."""
    cases = {
        "normal, equal": (normal, normal, UNKNOWN),
        "lognormal, equal": (lognormal, lognormal, UNKNOWN),
        "coins, equal": (coins, coins, bounded(1)),
        "normal, half an sd better": (partial(normal, mean=0.014), normal, UNKNOWN),
        "lognormal, 40 % better": (partial(lognormal, mean=0.009), lognormal, UNKNOWN),
        "coins, 0.2 against 0.8": (partial(coins, p=0.2), partial(coins, p=0.8), bounded(1)),
        "coins, 0.2 against 0.5": (partial(coins, p=0.2), coins, bounded(1)),
    }
    for name, (one, other, bounds) in cases.items():
        for rule, verdict in (("before", before), ("now", partial(now, bounds))):
            yield [name, rule, *(share(verdict, one, other, n) for n in SEEDS)]


def coverage() -> Rows:
    """How often an interval holds the mean; exact, over the binomial of seeds that are not 0."""
    for p, at in ((0.075, 0.2), (0.2, 0.2), (0.4, 1.0), (0.05, 1.0)):
        for rule, bounds in (("Student", None), ("now, bound 1", bounded(1.0))):
            held = []
            for n in SEEDS:
                k = np.arange(n + 1)
                inside = [_holds(p * at, [at] * i + [0.0] * (n - i), bounds) for i in k]
                held.append(f"{100 * stats.binom.pmf(k, n, p)[inside].sum():.1f}")
            yield [f"{100 * p:g} % at {at:g}, else 0", rule, *held]


def _holds(truth: float, values: list[float], bounds: Bounds | None) -> bool:
    if bounds is not None:
        found = interval(values, bounds)
        return found.low <= truth <= found.high
    x, n = np.array(values), len(values)
    half = stats.t.isf(0.025, n - 1) * np.std(x, ddof=1) / sqrt(n) if np.ptp(x) else 0.0
    return bool(abs(x.mean() - truth) <= half + 1e-12)


def survivors() -> Rows:
    """A method that diverges on its worse half, against an equally good one."""

    def surviving(rng: np.random.Generator, n: int) -> np.ndarray:
        x = normal(rng, n, 0.5, 0.1)
        return np.where(x > 0.5, LOST, x)

    for rule, verdict in (("before", before), ("now, bound 1", partial(now, bounded(1.0)))):
        equal = partial(normal, mean=0.5, sd=0.1)
        yield [rule, *(share(verdict, surviving, equal, n) for n in (4, 10, 30))]


def flips() -> Rows:
    """Whether the sign-flip test should be asked, too: verdicts by t alone, and by both."""
    cases = {
        "normal, equal": (normal, normal),
        "lognormal against normal": (
            partial(lognormal, mean=1.0),
            partial(normal, mean=1.0, sd=0.01),
        ),
        "normal, 1.2 sd better": (partial(normal, mean=0.0126), normal),
    }
    for name, (one, other) in cases.items():
        cells = []
        for n in (6, 8, 10):
            rng, by_t, by_both = np.random.default_rng(n), 0, 0
            for _ in range(600):
                d = one(rng, n) - other(rng, n)
                said = stats.ttest_1samp(d, 0).pvalue < 0.05
                by_t += said
                by_both += said and sign_flip(d) < 0.05
            cells.append(f"{100 * by_t / 600:.1f}, {100 * by_both / 600:.1f}")
        yield [name, *cells]


def run_of(methods: int, columns: int) -> RunDocument:
    """A run of so many methods and values, one dataset; M0 is the baseline."""
    names = [f"x{i}" for i in range(columns)]
    return RunDocument(
        suite="made", title="", command="", quick=False, digest="", epochs=1, seeds=(0,),
        datasets=("d",), methods=tuple(f"M{i}" for i in range(methods)),
        variants={}, cells=(), skips=(),
        metrics={n: MetricAbout(unit="", better="lower", missing="") for n in names},
        components=Components(datasets={}, metrics={}, methods={}), gates={},
        report=ReportSpec(baseline="M0", columns=names),
    )  # fmt: skip


def families() -> Rows:
    """Reports of equal methods at 5 seeds whose opening sentences claim something, in per cent."""
    for methods, columns in ((2, 8), (3, 8), (5, 8), (8, 8), (5, 1), (5, 4)):
        run, rng = run_of(methods, columns), np.random.default_rng(0)
        names = tuple(run.metrics)
        criteria = Criteria(run, None, names, names, names[0])
        was = is_now = 0
        trials = 300
        for _ in range(trials):
            x = rng.normal(size=(methods, columns, 5))
            finals = {
                f"M{m}": {
                    n: Final(tuple(x[m, c]), interval(x[m, c]), x[m, c].mean())
                    for c, n in enumerate(names)
                }
                for m in range(methods)
            }
            was += _claimed_before(x)
            found = judgements_of(criteria, {"d": finals})["d"]
            leads = [lead.comparison for lead in found.leads.values() if lead.comparison]
            told = [*leads, *found.against[names[0]].values()]
            is_now += any(c.verdict != "inconclusive" for c in told)
        yield [
            str(methods),
            str(columns),
            f"{100 * was / trials:.1f}",
            f"{100 * is_now / trials:.1f}",
        ]


def _claimed_before(x: np.ndarray) -> bool:
    """By t-tests at 5 %: the best against the runner-up, the baseline, and others elsewhere."""
    ranks = x.mean(axis=2).argsort(axis=0)
    best = ranks[0, 0]
    pairs = [(0, best, ranks[1, 0]), (0, best, 0)]
    pairs += [(c, ranks[0, c], best) for c in range(1, x.shape[1])]
    return any(
        a != b and before(x[a, column], x[b, column]) != "inconclusive" for column, a, b in pairs
    )


def following() -> Rows:
    """Adding the seeds asked for until it is settled, from 5 of two equal methods, up to 200."""
    rng, trials = np.random.default_rng(0), 1_000
    for most in (1, 2, 3, 10):
        wrong = 0
        for _ in range(trials):
            d = rng.normal(size=5)
            for step in range(most + 1):
                c = compare(d + np.arange(len(d)), np.arange(len(d)), "lower")
                if c.verdict != "inconclusive":
                    wrong += 1
                    break
                if step == most or c.more_seeds is None or len(d) + c.more_seeds > 200:
                    break
                d = np.append(d, rng.normal(size=c.more_seeds))
        yield [str(most), f"{100 * wrong / trials:.1f}"]


def guesses() -> Rows:
    """What is told of a true need of more seeds: normal differences of mean g sd."""
    rng = np.random.default_rng(0)
    for gap, n in ((0.3, 5), (0.3, 10), (0.6, 5)):
        power = next(m for m in range(2, 2000) if _power(gap, m) >= 0.8)
        told, held = [], 0
        for _ in range(1_000):
            c = compare(rng.normal(gap, 1, n) + np.arange(n), np.arange(n), "lower")
            if c.verdict == "inconclusive":
                told.append(n + (c.more_seeds or 1_000))
                least, most = (n + (x or 1_000) for x in c.more_between)
                held += least <= power <= most
        low, middle, high = np.quantile(told, (0.1, 0.5, 0.9))
        yield [str(power), str(n), f"{middle:.0f} ({low:.0f} to {high:.0f})",
               f"{100 * held / len(told):.0f}"]  # fmt: skip


def _power(gap: float, n: int) -> float:
    t = stats.t.isf(0.025, n - 1)
    return float(stats.nct.sf(t, n - 1, gap * sqrt(n)))


def gates() -> Rows:
    """What a gate of 0.01 says of seeds that are 0 or 0.2: one in five worse, or unchanged."""
    gate = GateSpec(fail=0.01)
    for name, of_base in (("one seed in five lost", 0.0), ("unchanged, other numbers", 0.2)):
        for n in SEEDS:
            counts = {rule: dict.fromkeys(OUTCOMES, 0) for rule in ("before", "now")}
            rng = np.random.default_rng(n)
            for _ in range(TRIALS):
                head, base = tied(rng, n, 0.2), tied(rng, n, of_base)
                found = evidence(head, base, "lower", bounded(1.0))
                for rule, loss in (("before", _plain(found.d)), ("now", found.interval(0.025))):
                    counts[rule][outcome_of(loss, found.p_worse, gate, 0.0)] += 1
            for rule, of in counts.items():
                yield [name, str(n), rule, *(f"{100 * x / TRIALS:.1f}" for x in of.values())]


def _plain(d: np.ndarray) -> Interval:
    """Student's, whatever is tied."""
    half = stats.t.isf(0.025, len(d) - 1) * np.std(d, ddof=1) / sqrt(len(d))
    return Interval(d.mean(), d.mean() - half, d.mean() + half, len(d))


AT = [f"n = {n}" for n in SEEDS]
TABLES: dict[str, tuple[list[str], Callable[[], Rows]]] = {
    "ties": (["Against a method that is", "Rule", *AT], ties),
    "paper": (["Rule", *(f"n = {n}" for n in (5, 8, 10, 12, 20, 25, 30, 100))], paper),
    "harmless": (["Values", "Rule", *AT], harmless),
    "coverage": (["Seeds", "Interval", *AT], coverage),
    "survivors": (["Rule", "n = 4", "n = 10", "n = 30"], survivors),
    "flips": (["Values", "n = 6", "n = 8", "n = 10"], flips),
    "families": (["Methods", "Columns", "Before", "Now"], families),
    "following": (["Times that seeds are added", "False verdicts"], following),
    "guesses": (["True need", "n", "Told, median (10 to 90 %)", "Its range holds it"], guesses),
    "gates": (["Head", "Seeds", "Rule", "Passed", "Failed", "Inconclusive"], gates),
}


def main(names: list[str]) -> None:
    """Print tables."""
    for name in names or TABLES:
        head, rows = TABLES[name]
        print(f"{name}: {rows.__doc__}\n\n{table(head, rows())}\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
