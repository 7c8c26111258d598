"""Which expected rankings of methods hold, on which data, with one step size and with tuned ones.

    for RUN in modes modes-tuned nltcs nltcs-tuned; do
        ebmbench export $RUN --format csv -o $RUN.csv
    done
    python reports/rankings/rankings.py modes.csv modes-tuned.csv nltcs.csv nltcs-tuned.csv

Final log-likelihoods of the training rows, which is what all methods climb, seed by seed; all
claims of a run are one family, as verdicts are (Holm 1979). Prints the table of README.md.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import inf
from pathlib import Path
from typing import NamedTuple

from ebmbench.report.markdown.table import table
from ebmbench.summary.statistics import Bounds, Comparison, Question, evidence, judge

VALUE = "nll.train"
MARGIN = {"modes": 0.02, "nltcs": 0.005}  # nats that count as nothing, for what should be alike


class Claim(NamedTuple):
    """``one`` has a lower negative log-likelihood than ``other``, or both have the same."""

    one: str
    relation: str
    other: str

    def __str__(self) -> str:
        return f"{self.one} {self.relation} {self.other}"


CLAIMS = [
    *(Claim("Exact", "beats", other) for other in ("PL", "MPF", "Jarzynski", "PCD-10")),
    Claim("PL", "beats", "Jarzynski"),
    Claim("Jarzynski", "equals", "PTT"),
    Claim("Jarzynski", "beats", "PCD-10"),
    Claim("PTT", "beats", "PCD-10"),
    Claim("PCD-10", "equals", "CD-10"),
    Claim("PCD-10", "beats", "PT"),
    Claim("PT", "beats", "PCD-1"),
    Claim("PT", "beats", "FPCD"),
    Claim("FPCD", "beats", "PCD-1"),
    Claim("FPCD", "beats", "CD-1"),
    Claim("PCD-1", "beats", "RDM-10"),
    Claim("CD-1", "beats", "RDM-10"),
    Claim("Mode-1", "beats", "PCD-1"),
    Claim("PCD-1 ACP", "beats", "PCD-1"),
    Claim("Centred CD-1", "beats", "CD-1"),
    Claim("Centred PCD-1", "beats", "PCD-1"),
    Claim("Centred PCD-10", "beats", "PCD-10"),
    Claim("Natural PCD-10", "beats", "PCD-10"),
    Claim("RDM-10", "beats", "TAP"),
]
Finals = Mapping[str, Mapping[int, float]]


def finals_of(file: Path) -> Finals:
    """Method -> seed -> the last value; what has none is lost."""
    last: dict[str, dict[int, float]] = defaultdict(dict)
    with file.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["metric"] == VALUE:
                value = float(row["value"]) if row["value"] else inf
                last[row["method"]][int(row["seed"])] = value
    return last


def judged(finals: Finals, margin: float) -> dict[Claim, Comparison]:
    """The claims whose two methods are there, as one family."""
    asked = {}
    for claim in CLAIMS:
        one, other = (finals.get(each, {}) for each in (claim.one, claim.other))
        seeds = sorted({*one, *other})
        if one and other:
            sides = ([side.get(seed, inf) for seed in seeds] for side in (one, other))
            found = evidence(*sides, "lower", Bounds.of(0.0, None))
            asked[claim] = Question(found, margin if claim.relation == "equals" else 0.0)
    return judge(asked)


def outcome(claim: Claim, found: Comparison | None) -> str:
    """Whether it holds, and the difference that says so."""
    if found is None:
        return "-"
    wanted = {"beats": "better", "equals": "equivalent"}[claim.relation]
    said = {
        wanted: "holds",
        "inconclusive": "undecided",
        "worse": "the reverse" if claim.relation == "beats" else "worse",
    }.get(found.verdict, found.verdict)
    return f"{said}, {found.difference.mean:+.3g} ± {found.difference.half:.2g}"


def rows(files: list[Path]) -> Iterator[list[str]]:
    """A row per claim."""
    by_file = [judged(finals_of(file), MARGIN[file.stem.split("-")[0]]) for file in files]
    for claim in CLAIMS:
        yield [str(claim), *(outcome(claim, found.get(claim)) for found in by_file)]


if __name__ == "__main__":
    FILES = [Path(argument) for argument in sys.argv[1:]]
    print(table(("Expected", *(file.stem for file in FILES)), rows(FILES)))
