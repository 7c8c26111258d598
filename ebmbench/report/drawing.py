"""Pictures whatever a user's matplotlib is set to, and a report without them where they fail."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ebmbench.errors import Problem, leave_out, reason
from ebmbench.journal.documents import CellRecord
from ebmbench.report.figures.price.phases import Floor
from ebmbench.report.gallery import Gallery
from ebmbench.report.picture import Picture
from ebmbench.summary import Summary

BACKEND = "MPLBACKEND"


class Drawn(NamedTuple):
    """The pictures of a report.

    Attributes:
        pictures: of what was measured.
        costs: of what quality costs, which the page alone shows.
        failure: why there are none, or None.
    """

    pictures: Sequence[Picture] = ()
    costs: Sequence[Picture] = ()
    failure: str | None = None


def drawn(
    summary: Summary,
    folder: Path,
    gallery: Gallery,
    records: Sequence[CellRecord],
    report: Path,
    of_costs: bool = False,
    floor: Floor | None = None,
) -> Drawn:
    """Draw the pictures of the report at ``report`` into ``folder``; what fails costs them only.

    Args:
        summary: of the run.
        folder: where pictures go.
        gallery: what its metrics show.
        records: what it sums up, in its order.
        report: where the report goes.
        of_costs: whether what quality costs is drawn, too.
        floor: what the machine would allow of an update.

    Warns:
        LeftOutWarning: they could not be drawn.
    """
    try:
        import_matplotlib()
        from ebmbench.report.figures.draw import draw, draw_costs

        # Numbers overflow on axes as wide as numbers go.
        with np.errstate(over="ignore", invalid="ignore"), _spared_the_collector():
            costs = draw_costs(summary, folder, floor) if of_costs else []
            return Drawn(draw(summary, folder, gallery, records), costs)
    except OSError:
        raise  # no space, no permission: the pages that follow cannot be written either
    except Exception as error:
        why = " ".join(reason(error).split())
        leave_out(Problem(str(report), "", f"the pictures could not be drawn: {why}"))
        return Drawn(failure=f"The pictures could not be drawn: {why}")


@contextmanager
def _spared_the_collector() -> Iterator[None]:
    """Within, the garbage collector looks through what is new alone.

    Drawing leaves so much behind that it would look through all that a run has in memory, several
    times, which takes a fifth of the time.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def import_matplotlib() -> None:
    """Import it though the backend that a notebook asks for is not installed here.

    Pictures are drawn without any backend. One that is there stays the user's.
    """
    asked = os.environ.pop(BACKEND, None)
    try:
        import matplotlib
    finally:
        if asked is not None:
            os.environ[BACKEND] = asked
    if asked is not None:
        with suppress(ValueError):  # not installed here
            matplotlib.rcParams["backend"] = asked
