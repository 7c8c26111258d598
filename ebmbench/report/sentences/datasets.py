"""Several datasets together: where who wins, where results are opposite, what is undecided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import isfinite

from ebmbench.report.sentences.standing import End, Standing, standing_of
from ebmbench.report.sentences.though import on_datasets
from ebmbench.report.sentences.words import names, percent, short
from ebmbench.summary import Leaderboard, Summary
from ebmbench.summary.statistics import FEWEST_PAIRS

HOW_SURE = "Some of these claims is wrong in at most one report of twenty."
MOST_TOLD = 4  # methods that are held against the baseline in one sentence
Ends = dict[str, tuple[Leaderboard, Standing]]
"""Dataset -> its board, and how it ended."""


def over_datasets(summary: Summary) -> list[str]:
    """What all datasets say together, the most important first."""
    ends = {b.dataset: (b, standing_of(summary, b)) for b in summary.boards}
    return [
        *_winners(summary, ends),
        _opposite(summary, ends),
        _open(summary, ends),
        _always_first(ends),
        *_otherwise(ends),
        _against_baseline(summary, ends),
        _price(summary, ends),
        _lost(summary),
        HOW_SURE if any(standing.winner for _, standing in ends.values()) else "",
    ]


def _winners(summary: Summary, ends: Ends) -> list[str]:
    """Who wins on which datasets, and by how much."""
    won: dict[str, list[str]] = {}
    for dataset, (_, standing) in ends.items():
        if standing.winner:
            won.setdefault(standing.winner, []).append(dataset)
    if not won:
        return []
    ranked = sorted(won, key=lambda method: -len(won[method]))  # a stable sort
    return [_wins(summary, ends, method, won[method]) for method in ranked]


def _wins(summary: Summary, ends: Ends, method: str, datasets: list[str]) -> str:
    role = "The baseline " if summary.is_baseline(method) else ""
    by = _by_how_much(summary, ends, datasets)
    where = f"{_number(datasets, ends)}{_listed(datasets, ends)}"
    though = on_datasets(summary, [ends[d][0] for d in datasets], method)
    return f"{role}{method} wins on {where}{by}{though}."


def _by_how_much(summary: Summary, ends: Ends, datasets: Iterable[str]) -> str:
    """How far ahead of the runners-up, from the least to the most."""
    comparisons = [ends[d][0].leads[str(summary.judged)].comparison for d in datasets]
    found = sorted((c.percent for c in comparisons if c and isfinite(c.percent)), key=abs)
    if not found or not (most := percent(found[-1])):
        return f" by {summary.judged}"
    least = percent(found[0])
    both = most if least in ("", most) else f"{least} to {most}"
    rival = "runner-up's" if len(found) == 1 else "runners-up's"
    return f": its {summary.judged} is {both} than the {rival}"


def _opposite(summary: Summary, ends: Ends) -> str:
    """Two methods of which each is surely better than the other somewhere."""
    wins = {d: s.winner for d, (_, s) in ends.items() if s.winner}
    for here, one in wins.items():
        for there, other in wins.items():
            if one != other and other in ends[here][0].places and one in ends[there][0].places:
                return (
                    f"Results are opposite: {one} is better than {other} on {here}, and worse on "
                    f"{there}."
                )
    return ""


def _open(summary: Summary, ends: Ends) -> str:
    found = _those(ends, "open", "equal")
    if not found:
        return ""
    if len(found) == len(ends):
        return f"No clear winner on any of the {len(ends)} datasets by {summary.judged}."
    alone = ends[found[0]][1]
    which = f": {alone.named(alone.first)} share the first place"
    which = which if len(found) == 1 else _listed(found, ends)
    return f"No clear winner on {_number(found, ends)}{which}."


def _always_first(ends: Ends) -> str:
    """Who may be first everywhere, where nobody wins everywhere."""
    first = [s.first for _, s in ends.values() if s.first]
    if len(first) < 2 or all(len(each) == 1 for each in first):
        return ""
    always = [m for m in first[0] if all(m in each for each in first)]
    if not always or all(len(each) == len(always) for each in first):
        return ""
    return f"Only {names(always)} may be first on all of them." if len(always) < 4 else ""


def _otherwise(ends: Ends) -> list[str]:
    """Datasets of which nothing can be said, or told elsewhere."""
    nothing, few = _those(ends, "nothing"), _those(ends, "few seeds")
    alone, swept = _those(ends, "alone"), _those(ends, "swept")
    least = f"it takes at least {FEWEST_PAIRS} seeds"
    return [
        f"Nothing to compare yet on {_number(nothing, ends)}{_listed(nothing, ends)}."
        if nothing
        else "",
        f"No verdicts on {_number(few, ends)}{_listed(few, ends)}: {least}." if few else "",
        f"Nobody to be compared with on {_number(alone, ends)}{_listed(alone, ends)}."
        if alone
        else "",
        f"Sweeps on {_number(swept, ends)} are told below." if swept else "",
    ]


def _against_baseline(summary: Summary, ends: Ends) -> str:
    """Each method against the baseline, by the number of datasets."""
    found: dict[str, Counter[str]] = {}
    for board, standing in ends.values():
        for row in board.rows if standing.end in ("won", "open", "equal") else ():
            if c := row.against.get(str(summary.judged)):
                said = "undecided" if c.verdict == "inconclusive" else c.verdict
                found.setdefault(row.method, Counter())[said] += 1
    if not 1 < len(found) <= MOST_TOLD:
        return ""
    told = "; ".join(f"{method} {_counts(of)}" for method, of in found.items())
    return f"Against the baseline {summary.baseline}, by datasets: {told}."


def _counts(of: Counter[str]) -> str:
    return ", ".join(f"{verdict} on {n}" for verdict, n in of.most_common())


def _price(summary: Summary, ends: Ends) -> str:
    """What an update takes the one that wins most often, beside the baseline's."""
    wins = Counter(s.winner for _, s in ends.values() if s.winner)
    if not wins:
        return ""
    best = wins.most_common(1)[0][0]
    opponent = summary.baseline_of(str(best))
    ratios = [
        mine.total_seconds / theirs.total_seconds
        for board, _ in ends.values()
        for rows in [{row.method: row.cost for row in board.rows}]
        if (mine := rows.get(str(best))) and (theirs := rows.get(str(opponent)))
    ]
    if not ratios or best == opponent:
        return ""
    low, high = min(ratios), max(ratios)
    if high < 1.15 * low:
        how = "about" if 0.87 < low < 1.15 else f"{short(low)} times"
    else:
        how = f"{short(low)} to {short(high)} times"
    return f"An update of {best} takes {how} as long as {opponent}'s."


def _lost(summary: Summary) -> str:
    lost: Counter[str] = Counter()
    for board in summary.boards:
        lost.update({row.method: row.seeds.lost for row in board.rows if row.seeds.lost})
    if not lost:
        return ""
    told = [f"{method} {n}" for method, n in lost.items()]
    return f"Seeds lost, counting as the worst value of their method: {names(told)}."


def _those(ends: Ends, *which: End) -> list[str]:
    return [dataset for dataset, (_, standing) in ends.items() if standing.end in which]


def _number(datasets: list[str], ends: Ends) -> str:
    """``all 3 datasets``, ``2 of 3 datasets``, or the name of a single one."""
    if len(datasets) == 1:
        return datasets[0]
    share = "all" if len(datasets) == len(ends) else f"{len(datasets)} of"
    return f"{share} {len(ends)} datasets"


def _listed(datasets: list[str], ends: Ends) -> str:
    return "" if len(datasets) in (1, len(ends)) else f" ({names(datasets)})"
