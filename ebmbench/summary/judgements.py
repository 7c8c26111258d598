"""All comparisons of a report, judged in their families.

What the opening sentences claim is one family over all datasets: every method against the baseline
on the judged value, who wins there, and who is ahead of the winner on another column. All other
comparisons are tables; there each value of a dataset is a family. So are the judged values of a
sweep whose methods are too many to be listed, as its opening sentences only count
what its table says.

Places on a dataset are a family of all its pairs. Where the report's family judges a pair, too,
both must tell it apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ebmbench.summary.baseline import against_baseline, baseline_of
from ebmbench.summary.criteria import Criteria
from ebmbench.summary.finals import Finals
from ebmbench.summary.ranking import Lead, claims_of, leads_of, pairs_of
from ebmbench.summary.statistics import (
    Comparison,
    Erratic,
    Place,
    Question,
    Verdict,
    erratic,
    judge,
    places,
    told_apart,
)
from ebmbench.summary.value_names import in_spectrum
from ebmbench.summary.variants import listed_methods

Family = dict[tuple[str, str, str], Question]
"""(dataset, value, method or "" for the lead) -> what is asked."""


@dataclass(frozen=True)
class Judgements:
    """A dataset's: value -> method -> against the baseline; column -> who leads; places.

    Attributes:
        places: on the judged value; empty where methods are too many to be listed.
        erratic: those that may be first only as their seeds lie far apart.
    """

    against: Mapping[str, Mapping[str, Comparison]]
    leads: Mapping[str, Lead]
    places: Mapping[str, Place]
    erratic: Mapping[str, Erratic]


def judgements_of(criteria: Criteria, finals: Mapping[str, Finals]) -> dict[str, Judgements]:
    """Dataset -> its judgements."""
    leads = {dataset: leads_of(criteria, mine) for dataset, mine in finals.items()}
    claimed: Family = {}
    against: dict[str, dict[str, dict[str, Comparison]]] = {dataset: {} for dataset in finals}
    for dataset, mine in finals.items():
        claims = _claims(criteria, mine)
        for value in criteria.values:
            if in_spectrum(value):
                continue
            asked = against_baseline(criteria, dataset, value, mine)
            if claims and value == criteria.judged:
                claimed |= {(dataset, value, method): q for method, q in asked.items()}
            elif asked:
                against[dataset][value] = judge(asked)
        if claims:
            asked = claims_of(criteria, dataset, leads[dataset], mine)
            claimed |= {(dataset, value, ""): question for value, question in asked.items()}
    for (dataset, value, method), comparison in judge(claimed).items():
        if method:
            against[dataset].setdefault(value, {})[method] = comparison
        else:
            lead = leads[dataset][value]
            leads[dataset][value] = replace(lead, comparison=comparison)
    standing = {d: _places(criteria, d, mine, leads[d], against[d]) for d, mine in finals.items()}
    return {d: Judgements(against[d], leads[d], *standing[d]) for d in finals}


def _places(
    criteria: Criteria,
    dataset: str,
    finals: Finals,
    leads: Mapping[str, Lead],
    against: Mapping[str, Mapping[str, Comparison]],
) -> tuple[dict[str, Place], dict[str, Erratic]]:
    """Of all that are ranked on the judged value, and who among them is erratic."""
    lead = leads.get(criteria.judged or "")
    if lead is None or not _claims(criteria, finals):
        return {}, {}
    verdicts = _verdicts(criteria, lead, against.get(criteria.judged or "", {}))
    not_told = {frozenset(pair) for pair, v in verdicts.items() if v not in ("better", "worse")}
    pairs = pairs_of(criteria, dataset, lead.ranking, finals)
    ahead = [pair for pair in told_apart(pairs) if frozenset(pair) not in not_told]
    return places(lead.ranking, ahead), erratic(lead.ranking, pairs, ahead)


def _verdicts(
    criteria: Criteria, lead: Lead, against: Mapping[str, Comparison]
) -> dict[tuple[str, str], Verdict]:
    """What the report's family says of pairs on the judged value."""
    found = {
        (method, opponent): comparison.verdict
        for method, comparison in against.items()
        if (opponent := baseline_of(criteria.run, method))
    }
    if lead.rival and lead.comparison:
        found[lead.best, lead.rival] = lead.comparison.verdict
    return found


def _claims(criteria: Criteria, finals: Finals) -> bool:
    """Whether the opening sentences claim anything of single methods: tables list them all."""
    return len(listed_methods(criteria.run, list(finals))) == len(finals)
