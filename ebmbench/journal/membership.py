"""Whether a record is one of a run."""

from __future__ import annotations

from collections.abc import Mapping

from ebmbench.journal.documents import CellRecord, RunDocument


def why_foreign(
    record: CellRecord, run: RunDocument, others: Mapping[tuple[str, str, int], CellRecord]
) -> str:
    """Why a record is none of the run's: what the run does not have, or has already; "" if it is.

    Args:
        record: of a cell that the run names.
        run: its description.
        others: records that are the run's, by dataset, method and seed.
    """
    had = (
        ("dataset", record.dataset, run.datasets),
        ("method", record.method, run.methods),
        ("seed", record.seed, run.seeds),
    )
    for key, name, known in had:
        if name not in known:
            return f"not a record of this run: {key}: the run has no '{name}'"
    same = others.get((record.dataset, record.method, record.seed))
    return f"not a record of this run: {same.id} is of the same cell" if same else ""
