"""All comparisons of a report, judged in their families.

What the opening sentences claim is one family over all datasets: every method against the baseline
on the judged value, who wins there, and who is ahead of the winner on another column. All other
comparisons are tables; there each value of a dataset is a family. So are the judged values of a
sweep whose methods are too many to be listed, as its opening sentences claim nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ebmbench.summary.baseline import against_baseline
from ebmbench.summary.criteria import Criteria
from ebmbench.summary.finals import Finals
from ebmbench.summary.ranking import Lead, claims_of, leads_of
from ebmbench.summary.statistics import Comparison, Question, judge
from ebmbench.summary.value_names import in_spectrum
from ebmbench.summary.variants import listed_methods

Family = dict[tuple[str, str, str], Question]
"""(dataset, value, method or "" for the lead) -> what is asked."""


@dataclass(frozen=True)
class Judgements:
    """A dataset's: value -> method -> against the baseline; column -> who leads."""

    against: Mapping[str, Mapping[str, Comparison]]
    leads: Mapping[str, Lead]


def judgements_of(criteria: Criteria, finals: Mapping[str, Finals]) -> dict[str, Judgements]:
    """Dataset -> its judgements."""
    leads = {dataset: leads_of(criteria, mine) for dataset, mine in finals.items()}
    claimed: Family = {}
    against: dict[str, dict[str, dict[str, Comparison]]] = {dataset: {} for dataset in finals}
    for dataset, mine in finals.items():
        claims = len(listed_methods(criteria.run, list(mine))) == len(mine)
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
    return {dataset: Judgements(against[dataset], leads[dataset]) for dataset in finals}
