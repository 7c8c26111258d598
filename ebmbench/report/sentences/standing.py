"""How a dataset ended: won, equal, open, or not to be told at all.

A method has won where its place is 1 and nobody shares it: then it is better than each of the
others, in the family of all pairs and in the report's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ebmbench.report.sentences.words import names
from ebmbench.summary import Leaderboard, Summary
from ebmbench.summary.statistics import FEWEST_PAIRS

End = Literal["nothing", "swept", "alone", "few seeds", "won", "equal", "open"]


@dataclass(frozen=True)
class Standing:
    """How a dataset ended on the judged value.

    Attributes:
        end: ``nothing``: no method has the value; ``swept``: methods are too many to be told one by
            one; ``alone``: only one has it; ``few seeds``: too few for any verdict; ``won``;
            ``equal``: the two best are equivalent; ``open``: several share the first place.
        first: who may be first, best mean first; all but one may be, none is where nobody has the
            value.
        erratic: those of ``first`` that may be only as their seeds lie far apart.
    """

    end: End
    first: tuple[str, ...] = ()
    erratic: frozenset[str] = frozenset()

    @property
    def winner(self) -> str | None:
        """Who has won, if anybody has."""
        return self.first[0] if self.end == "won" else None

    @property
    def steady(self) -> tuple[str, ...]:
        """Who may be first, and is not erratic."""
        return tuple(m for m in self.first if m not in self.erratic)

    def named(self, methods: Sequence[str]) -> str:
        """``A, B and the erratic C``: some of ``first``, the erratic ones last."""
        wild = [f"the erratic {m}" for m in methods if m in self.erratic]
        return names([*(m for m in methods if m not in self.erratic), *wild])


def standing_of(summary: Summary, board: Leaderboard) -> Standing:
    """How ``board`` ended."""
    lead = board.leads.get(summary.judged or "")
    if lead is None:
        return Standing("nothing")
    if not board.places:
        return Standing("swept")
    first = tuple(m for m in lead.ranking if board.places[m].first == 1)
    if lead.rival is None or lead.comparison is None:
        return Standing("alone", first)
    if max(row.seeds.done for row in board.rows) < FEWEST_PAIRS:
        return Standing("few seeds", first)
    if len(first) == 1:
        return Standing("won", first)
    end: End = "equal" if lead.comparison.verdict == "equivalent" else "open"
    return Standing(end, first, frozenset(board.erratic))
