"""Who is first on a dataset, by how much, and how surely."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ebmbench.report import phrases
from ebmbench.report.sentences.standing import End, Standing, standing_of
from ebmbench.report.sentences.though import of_each, though
from ebmbench.report.sentences.words import names, percent, short
from ebmbench.summary import Lead, Leaderboard, Summary
from ebmbench.summary.statistics import FEWEST_PAIRS, MOST_SEEDS, Comparison, Interval


def winner(summary: Summary, board: Leaderboard) -> list[str]:
    """The first sentences about a dataset that is not swept."""
    standing = standing_of(summary, board)
    return SAYS[standing.end](summary, board, standing)


def mean(summary: Summary, board: Leaderboard, method: str) -> str:
    """``0.0098``: the mean of the judged value."""
    text: str = board.row(method).final[str(summary.judged)].mean_text
    return text


def _with_unit(summary: Summary, text: str) -> str:
    return f"{text} {summary.unit(str(summary.judged))}".rstrip()


def _means(summary: Summary, board: Leaderboard, lead: Lead) -> tuple[str, str]:
    """Of the best and of its rival, each in the digits of its own interval.

    In as many as it takes, where these would put the rival ahead: ``61`` against ``60.6``.
    """
    value, methods = str(summary.judged), (str(lead.best), str(lead.rival))
    best, rival = (board.row(m).final[value].mean for m in methods)
    texts = [mean(summary, board, m) for m in methods]
    sign = 1 if summary.better(value) == "lower" else -1
    if sign * best < sign * rival:
        digits = 3
        while sign * float(texts[0]) > sign * float(texts[1]):
            texts = [f"{x:.{digits}g}" for x in (best, rival)]
            digits += 1
    return texts[0], texts[1]


def _nothing(summary: Summary, board: Leaderboard, standing: Standing) -> list[str]:
    done = sum(row.seeds.done for row in board.rows)
    if not done:
        lost = sum(row.seeds.lost for row in board.rows)
        why = (
            f"{phrases.seeds(lost)} diverged or failed, none ended well"
            if lost
            else ("no seed has finished")
        )
        return [f"Nothing to compare yet on {board.dataset}: {why}."]
    if summary.judged is None:
        why = "of none of its values is it said which way is better"
        return [f"Nobody wins or loses on {board.dataset}: {why}."]
    why = "no method has it on all seeds that ended well"
    return [f"Nothing to compare yet on {board.dataset} by {summary.judged}: {why}."]


def _alone(summary: Summary, board: Leaderboard, standing: Standing) -> list[str]:
    (method,), value = standing.first, str(summary.judged)
    final = phrases.value(board.row(method).final[value], summary.unit(value))
    if len(board.rows) == 1:
        said = f"{method} is alone on {board.dataset}, so there is nothing to compare it with"
        return [f"{said}: its {value} is {final}{though(summary, board, method)}."]
    others = [row.method for row in board.rows if row.method != method]
    none = f"{names(others)} {'has' if len(others) == 1 else 'have'} none"
    return [
        f"Only {method} has a final {value} on {board.dataset}, {final}; {none}.",
        *of_each(summary, board, [method]),
    ]


def _few(summary: Summary, board: Leaderboard, standing: Standing) -> list[str]:
    lead = _lead(summary, board)
    seeds = max(row.seeds.done for row in board.rows)
    has = "tells" if seeds == 1 else "tell"
    return [
        f"No verdict on {board.dataset}: {phrases.seeds(seeds)} {has} nothing apart, it takes "
        f"{FEWEST_PAIRS} at least.",
        f"By the bare means {lead.best} is ahead on {summary.judged}: "
        f"{_with_unit(summary, _means(summary, board, lead)[0])} against {_of(summary, lead)} "
        f"{_rivals_mean(summary, board, lead)}{though(summary, board, lead.best)}.",
    ]


def _won(summary: Summary, board: Leaderboard, standing: Standing) -> list[str]:
    lead, c = _settled(summary, board)
    role = "The baseline " if summary.is_baseline(lead.best) else ""
    by = percent(c.percent)
    best, rival = _means(summary, board, lead)
    return [
        f"{role}{lead.best} wins on {board.dataset}: its {summary.judged} is "
        f"{_with_unit(summary, best)}, {_of(summary, lead)} {rival}{f' ({by})' if by else ''}"
        f"{though(summary, board, lead.best)}.",
        f"It is better on {_share(c)}, {phrases.p_value(c.p)}.",
    ]


def _equal(summary: Summary, board: Leaderboard, standing: Standing) -> list[str]:
    lead, c = _settled(summary, board)
    pair = f"{lead.best} and {lead.rival} are equivalent on {summary.judged}"
    best, rival = (mean(summary, board, str(method)) for method in (lead.best, lead.rival))
    near = f"within the margin of {c.margin:g}" if c.margin else "the same on every seed"
    others = [m for m in standing.first if m not in (lead.best, lead.rival)]
    said = f"No winner on {board.dataset}: {pair} ({best} and {rival}), {near}."
    went_wrong = of_each(summary, board, standing.first)
    with_them = [f"With them {standing.named(others)} may be first."] if others else []
    return [said, *went_wrong, *with_them, *_erratic(board, standing)]


def _open(summary: Summary, board: Leaderboard, standing: Standing) -> list[str]:
    lead, c = _settled(summary, board)
    said = f"No clear winner on {board.dataset}: {_shared(summary, lead, standing)}."
    went_wrong = of_each(summary, board, standing.first)
    if c.baseline_lost and _looks_better(summary, board, lead):
        lost = _by_lost_seeds(summary, board, lead)
        return [said, *went_wrong, lost, *_erratic(board, standing)]
    best = f"{lead.best} has the best mean, {_best_mean(summary, board, lead)}"
    why = _why_open(summary, board, lead, c, standing)
    return [said, *went_wrong, f"{best}, {why}.", *_erratic(board, standing)]


def _erratic(board: Leaderboard, standing: Standing) -> Iterator[str]:
    """Why those that share the first place by their spread alone do."""
    for method in standing.first:
        if why := board.erratic.get(method):
            times = short(float(f"{why.times:.2g}"))
            yield (
                f"{method} is erratic: it may be first only as its seeds lie too far apart for a "
                f"verdict, {times} times as far as {why.beside}'s; {why.beside} is "
                f"better on {_share_of(why.behind, why.seeds)}."
            )


def _shared(summary: Summary, lead: Lead, standing: Standing) -> str:
    """Who may be first."""
    first, of = standing.first, len(lead.ranking)
    share = f"share the first place on {summary.judged}"
    if len(first) == 2:
        return f"{standing.named(first)} {share}"
    return f"{len(first)} of {of} methods {share} ({standing.named(first)})"


def _looks_better(summary: Summary, board: Leaderboard, lead: Lead) -> bool:
    """Whether the runner-up is ahead by the seeds that ended well."""
    value = str(summary.judged)
    best, rival = (board.row(str(m)).final[value].mean for m in (lead.best, lead.rival))
    return (rival < best) == (summary.better(value) == "lower")


def _by_lost_seeds(summary: Summary, board: Leaderboard, lead: Lead) -> str:
    """That the lost seeds of the runner-up decide who is ahead."""
    best, rival = (mean(summary, board, str(m)) for m in (lead.best, lead.rival))
    return (
        f"By the seeds that ended well {lead.rival} is ahead, {rival} against {best}; with its "
        f"lost seeds at the worst value {lead.best} is."
    )


def _why_open(
    summary: Summary, board: Leaderboard, lead: Lead, c: Comparison, standing: Standing
) -> str:
    """Why the best mean has not won."""
    rival = f"{_of(summary, lead)} {_rivals_mean(summary, board, lead)}"
    if c.verdict == "better":
        others = [m for m in lead.ranking[1:] if board.places[m].first == 1]
        better = f"and is better than {_of(summary, lead, '')}"
        if lead.rival in others:  # places are a larger family than what these sentences claim
            told = f"it is not told from {standing.named(others)}"
            return f"{better}; but judged with all other pairs at once, {told}"
        return f"{better}, but not surely than {standing.named(others)}"
    if c.pairs < FEWEST_PAIRS:
        return f"but a verdict needs at least {FEWEST_PAIRS} seeds that it and {lead.rival} have"
    if c.lost:
        return f"but it lost {phrases.seeds(c.lost)}, which count as the worst value"
    return f"but that is not told from {rival}; {_more(c)}"


def _more(c: Comparison) -> str:
    """How many more seeds might settle it."""
    if c.baseline_lost:
        return "lost seeds leave it open"
    if c.more_seeds is None:
        return f"{MOST_SEEDS} seeds more might not settle it"
    return f"about {c.more_seeds} more {'seed' if c.more_seeds == 1 else 'seeds'} might settle it"


def _rivals_mean(summary: Summary, board: Leaderboard, lead: Lead) -> str:
    """``0.13``; where it reads like the best one, that more digits would tell them apart."""
    best, rival = _means(summary, board, lead)
    return f"{rival}, apart in digits that are not shown" if best == rival else rival


def _best_mean(summary: Summary, board: Leaderboard, lead: Lead) -> str:
    final: Interval = board.row(str(lead.best)).final[str(summary.judged)]
    if final.equal:
        hidden = f"up to {100 * final.hidden:.0f} % of all seeds may differ"
        return f"{final.mean_text} on all {final.n} seeds ({hidden})"
    return _with_unit(summary, _means(summary, board, lead)[0])


def _share(c: Comparison) -> str:
    """``all 6 seeds``, ``83 % of 6 seeds``."""
    return _share_of(c.probability, c.pairs)


def _share_of(share: float, n: int) -> str:
    return f"{'all' if share == 1 else f'{100 * share:.0f} % of'} {phrases.seeds(n)}"


def _of(summary: Summary, lead: Lead, possessive: str = "'s") -> str:
    """``the runner-up CD's``, ``the baseline CD's``."""
    role = "baseline" if summary.is_baseline(str(lead.rival)) else "runner-up"
    return f"the {role} {lead.rival}{possessive}"


def _lead(summary: Summary, board: Leaderboard) -> Lead:
    return board.leads[str(summary.judged)]


def _settled(summary: Summary, board: Leaderboard) -> tuple[Lead, Comparison]:
    lead = _lead(summary, board)
    assert lead.comparison is not None  # else nobody is compared with it
    return lead, lead.comparison


SAYS: Mapping[End, Callable[[Summary, Leaderboard, Standing], list[str]]] = {
    "nothing": _nothing,
    "alone": _alone,
    "few seeds": _few,
    "won": _won,
    "equal": _equal,
    "open": _open,
}
