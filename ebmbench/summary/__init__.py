"""Records -> what a report says: final values, targets, costs and comparisons, per dataset.

A value is called ``metric.part`` (``hamming.test``) or ``metric``. Values whose part is a number
(``spectrum.1``, ``spectrum.2``, ...) form a spectrum: they have final values and no curves.

Only records of the run's cells count, in the order of the suite's methods and seeds, so a resumed
run and an uninterrupted one are summed up alike. Final values and curves are over seeds that are
done; a seed that diverged counts as a miss where a target is to be reached.
"""

from __future__ import annotations

from ebmbench.summary.costs import Ratio, UpdateCost
from ebmbench.summary.curves import Curve
from ebmbench.summary.leaderboard import Leaderboard, Row, Seeds
from ebmbench.summary.ranking import Lead
from ebmbench.summary.records import ordered
from ebmbench.summary.summary import Summary, as_json, summarise
from ebmbench.summary.sweeps import Sweep
from ebmbench.summary.targets import Target, ToTarget
from ebmbench.summary.troubles import Trouble
from ebmbench.summary.value_names import in_spectrum, metric_of, part_of
from ebmbench.summary.variants import Axis, variant_of

__all__ = [
    "Axis",
    "Curve",
    "Lead",
    "Leaderboard",
    "Ratio",
    "Row",
    "Seeds",
    "Summary",
    "Sweep",
    "Target",
    "ToTarget",
    "Trouble",
    "UpdateCost",
    "as_json",
    "in_spectrum",
    "metric_of",
    "ordered",
    "part_of",
    "summarise",
    "variant_of",
]
