"""A figure per metric and axis: final values against a swept option."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ebmbench.journal.documents import CellRecord
from ebmbench.report.figures.contents.content import Content
from ebmbench.report.figures.contents.learning import shown_in
from ebmbench.report.figures.other_panels import sweep_panel
from ebmbench.report.figures.seeds import lost_in
from ebmbench.summary import Summary, Sweep, in_spectrum


def sweeps(
    summary: Summary, found: Sequence[Sweep], records: Sequence[CellRecord] = ()
) -> Iterator[Content]:
    """The figures of some sweeps; none for a metric that was not measured.

    Args:
        summary: of the run.
        found: of methods on a dataset, or of datasets.
        records: of that dataset, for single seeds.
    """
    when = f"after {summary.run.train}" if summary.trained else "of untrained models"
    for sweep in found:
        mine = [record for record in records if record.dataset == sweep.dataset]
        for metric, values in summary.metrics.items():
            drawn = (sweep_panel(summary, sweep, v, mine) for v in values if not in_spectrum(v))
            parts = [panel for panel in drawn if panel]
            if parts:
                axis = sweep.axis.name
                shown = f"{metric} {when} on {sweep.dataset} against {axis}: {shown_in(parts)}"
                name = (metric, "over", axis)
                yield Content(sweep.dataset, name, shown, parts, lost_in(sweep))
