"""A sweep of more methods than can be told one by one: which line is better at how many values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from ebmbench.report.sentences.though import though
from ebmbench.summary import Leaderboard, Row, Summary, Sweep

WHY_NO_VERDICT = "The best of a sweep is picked after the fact, so there is no verdict on it."


def swept(summary: Summary, board: Leaderboard) -> list[str]:
    """Against the baseline along each sweep, and who has the best mean of all."""
    judged = str(summary.judged)
    lead = board.leads[judged]
    best = (
        f"{lead.best} has the best mean of {judged}, {board.row(lead.best).final[judged].mean_text}"
    )
    told = [s for sweep in summary.sweeps(board) for s in along(summary, sweep)]
    best += though(summary, board, lead.best)
    return [*told, f"Of all on {board.dataset}, {best}.", WHY_NO_VERDICT]


def along(summary: Summary, sweep: Sweep) -> list[str]:
    """A sentence per line that is compared with the baseline."""
    return [
        f"On {sweep.dataset} over {sweep.axis.name}, {line} is {said}."
        for line, points in sweep.lines.items()
        if (said := _verdicts(summary, points))
    ]


def _verdicts(summary: Summary, points: Mapping[float, Row]) -> str:
    """``better than CD at 3 of 7 values, undecided at 4``."""
    found = [c.verdict for row in points.values() if (c := row.against.get(str(summary.judged)))]
    count = Counter("undecided" if v == "inconclusive" else v for v in found)
    if not found:
        return ""
    (first, n), *others = count.most_common()
    than = {"better": " than", "worse": " than", "equivalent": " to"}.get(first, " against")
    values = f"{'all' if n == len(found) else f'{n} of'} {len(found)} values"
    rest = "".join(f", {verdict} at {m}" for verdict, m in others)
    return f"{first}{than} {summary.baseline} at {values}{rest}"
