"""What a comparison says in words, for all outputs."""

from __future__ import annotations

from math import inf, isnan

from ebmbench.compare.across import Across
from ebmbench.compare.comparison import Compared
from ebmbench.compare.decisions import Decision
from ebmbench.compare.matched import Matched
from ebmbench.compare.passages import Reached
from ebmbench.compare.profile import FACTORS, Profile
from ebmbench.report.cells import between_updates
from ebmbench.report.numbers import NOTHING, duration, signed
from ebmbench.report.phrases import needed
from ebmbench.suite.gates import GateSpec
from ebmbench.summary import ToTarget
from ebmbench.summary.statistics import FEWEST_PAIRS, MOST_SEEDS, More

VALUE_COLUMNS = (
    *("Value", "Method", "Base", "Head", "Difference", "%", "Better", "p", "Verdict"),
    "More seeds",
)
GATE_COLUMNS = ("Outcome", "Value", "Method", "Warn/fail", "Loss", "%", "p", "More seeds")
TARGET_COLUMNS = ("Method", "Reached by", "Updates", "Epochs", "Training time")
ACROSS_COLUMNS = ("Method", "Value", "Datasets", "Change, %", "Verdict")
PROFILE_COLUMNS = ("Solver", *(f"{tau:g}x" for tau in FACTORS))


def headline(c: Compared) -> str:
    """One sentence: what the gates say, or where there is none, the verdicts."""
    if c.failed:
        return f"{_counted(len(c.failed), 'gate')} of {len(c.decisions)} failed."
    if c.decisions:
        told = [
            f"{n} {outcome}"
            for outcome in ("passed", "warned", "inconclusive")
            if (n := sum(each.outcome == outcome for each in c.decisions))
        ]
        return f"No gate failed: {', '.join(told)}."
    verdicts = [each.comparison.verdict for each in c.matched]
    counts = {v: verdicts.count(v) for v in ("better", "worse", "equivalent", "inconclusive")}
    return "Values: " + ", ".join(f"{n} {v}" for v, n in counts.items() if n) + "."


def value_row(m: Matched) -> list[str]:
    """Under :data:`VALUE_COLUMNS`."""
    c, (base, head) = m.comparison, m.means
    return [
        m.value,
        m.method,
        f"{base.mean:.4g}",
        f"{head.mean:.4g}",
        signed(c.difference),
        percent(c.percent),
        f"{100 * c.probability:.0f} %",
        NOTHING if isnan(c.p) else chance(c.p),
        c.verdict,
        _more((c.more_seeds, *c.more_between), c.lost + c.baseline_lost, c.pairs)
        if c.verdict == "inconclusive"
        else NOTHING,
    ]


def gate_row(d: Decision) -> list[str]:
    """Under :data:`GATE_COLUMNS`."""
    p = NOTHING if isnan(d.p) else chance(d.p)
    levels = "/".join(NOTHING if x is None else str(x) for x in (d.gate.warn, d.gate.fail))
    if d.missing:
        return [d.outcome, d.value, d.method, levels, d.missing, *[NOTHING] * 3]
    is_open = d.outcome == "inconclusive"
    more = _more(d.more_seeds, sum(d.lost), d.loss.n) if is_open else NOTHING
    return [d.outcome, d.value, d.method, levels, signed(d.loss), percent(d.percent), p, more]


def gate_text(gate: GateSpec) -> str:
    """``warn 2%, fail 5%``."""
    levels = (("warn", gate.warn), ("fail", gate.fail))
    return ", ".join(f"{kind} {level}" for kind, level in levels if level is not None)


def message(d: Decision) -> str:
    """``bars4: CD-2: hamming.test failed its gate (fail 5%): worse by 0.023 +- 0.004 (+9.1 %)``."""
    if d.missing:
        verb = "failed" if d.outcome == "failed" else "warns at"
        return f"{d.name} {verb} its gate ({gate_text(d.gate)}): {d.missing}."
    size = f"by {signed(d.loss)}" + ("" if isnan(d.percent) else f" ({d.percent:+.3g} %)")
    sure = f"over {_counted(d.loss.n, 'paired seed')}"
    sure = sure if isnan(d.p) else f"one-sided p = {d.p:.2g} {sure}"
    verb = {"passed": "passed", "warned": "warns at", "failed": "failed"}.get(d.outcome, "leaves")
    left = " open" if d.outcome == "inconclusive" else ""
    more = f"; {settles(d)}" if left else ""
    gate = f"its gate{left} ({gate_text(d.gate)})"
    return f"{d.name} {verb} {gate}: worse {size}, {sure}{more}."


def settles(d: Decision) -> str:
    """What would settle a decision."""
    if d.outcome != "inconclusive":
        return ""
    if d.loss.n < FEWEST_PAIRS:
        return f"needs at least {FEWEST_PAIRS} seeds"
    if any(d.lost):
        sides = zip(("head", "base"), d.lost, strict=True)
        return " and ".join(f"{side} lost {_counted(n, 'seed')}" for side, n in sides if n)
    return needed(d.more_seeds)


def target_row(r: Reached) -> list[str]:
    """Under :data:`TARGET_COLUMNS`: base -> head."""
    pairs = zip(_passage(r.base), _passage(r.head), strict=True)
    return [r.method, *(f"{base} -> {head}" for base, head in pairs)]


def across_row(a: Across) -> list[str]:
    """Under :data:`ACROSS_COLUMNS`."""
    return [a.method, a.value, str(a.datasets), signed(a.change), a.verdict]


def profile_rows(profile: Profile) -> list[list[str]]:
    """Under :data:`PROFILE_COLUMNS`."""
    return [
        [solver, *(f"{100 * share:.0f} %" for share in shares)]
        for solver, shares in profile.shares.items()
    ]


def target_title(c: Compared) -> str:
    """``hamming.test < 0.05``."""
    t = c.target
    return f"{t.value} {'<' if t.below else '>'} {t.limit:g}" if t else ""


def environment_lines(c: Compared) -> list[str]:
    """What the two sides were made on, where it is not the same."""
    mine, theirs = c.environments
    keys = dict.fromkeys([*mine, *theirs])
    return [
        f"{key}: {mine.get(key, 'unknown')} -> {theirs.get(key, 'unknown')}"
        for key in keys
        if mine.get(key) != theirs.get(key)
    ]


def percent(x: float) -> str:
    """``+9.1``; nothing where the base is 0."""
    return NOTHING if isnan(x) else f"{x:+.1f}" if abs(x) < 99.95 else f"{x:+,.0f}"


def chance(p: float) -> str:
    """``0.03``, or that it is below a thousandth."""
    return "<0.001" if p < 0.001 else f"{p:.2g}"


def _passage(to: ToTarget) -> list[str]:
    reached = f"{to.reached}/{to.seeds}"
    between = between_updates(to)
    if to.updates == inf:
        return [reached, "never" + between, "never", "never"]
    return [reached, f"{to.updates:,.0f}{between}", f"{to.epochs:g}", duration(to.seconds)]


def _more(more: More, lost: int, pairs: int) -> str:
    guess, least, most = more
    if lost:
        return f"{lost} lost"
    if guess is None:
        return NOTHING if pairs < FEWEST_PAIRS else f">{MOST_SEEDS}"
    return f"~{guess} ({least or guess} to {most or f'>{MOST_SEEDS}'})"


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" + ("" if n == 1 else "s")


LEGEND = f"""\
Difference: head - base, paired by seed, with the interval that the verdict goes by, 95 % and \
wider after Holm over the methods of a value. Better: the share of seeds on which head is better. \
p: two-sided, paired t-test and as careful about tied values, after Holm; none below \
{FEWEST_PAIRS} pairs. Better and worse: p < 5 %, so that the interval leaves out 0. Equivalent: it \
lies inside the suite's margin, or all cells of the method ended alike. Seeds that a side alone \
lost count as its worst value. More seeds: would settle what is inconclusive, a guess with its \
range; adding seeds until it is settled makes 9 to 11 % of verdicts false."""

GATES_LEGEND = """\
Loss: how much worse head is, paired by seed. A gate fails where the mean loss exceeds the level \
and is above 0 by a one-sided t-test at 5 % after Holm over all gates (p); it passes where the \
95 % interval of the loss lies below the level, or nothing changed; else it is inconclusive. Tied \
values and lost seeds are reckoned with in both."""

ACROSS_LEGEND = """\
The interquartile mean over datasets and seeds of the change relative to base, with its 95 % \
bootstrap interval stratified by dataset (Agarwal et al. 2021)."""

PROFILE_LEGEND = """\
The share of problems (a dataset and a seed) that a method does within a factor of the best of \
all, on both sides (Dolan and More 2002); never reaching the target counts against it."""
