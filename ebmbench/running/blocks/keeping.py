"""Keeps where a block stands: every few minutes, and when it is asked to stop."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from ebmbench.errors import Problem, leave_out
from ebmbench.executors.stopping import StoppedError
from ebmbench.interfaces.executor import StopSign
from ebmbench.journal.checkpoints import Checkpoint, Checkpoints, read
from ebmbench.journal.stored import UnreadableError
from ebmbench.numerics.stored_trees import NotStorableError
from ebmbench.running.blocks.block import Block
from ebmbench.training.standing import Keeper, Stored

SOONER = 6  # times sooner at an epoch's end: what is measured then may take long


class BlockKeeper(Keeper):
    """Stores checkpoints of a block.

    A state that cannot be stored, or a full disk, is told once; the training goes on without.

    Args:
        every: seconds between two checkpoints.

    Attributes:
        found: where an earlier training of the same cells was interrupted; None where none was.
    """

    def __init__(
        self, block: Block, checkpoints: Checkpoints, every: float, stop: StopSign
    ) -> None:
        self.found: Stored | None = None
        self._every = every
        self._block, self._checkpoints, self._stop = block, checkpoints, stop
        self._cells = [cell.id for cell in block.cells]
        self._last, self._epochs = monotonic(), block.recipe.epochs
        self._can = True
        if block.checkpoint is not None:
            self._find(block.checkpoint)

    def after_update(self, epoch: int, epoch_ends: bool, standing: Callable[[], Stored]) -> None:
        """Store where the training stands, if it is time.

        Raises:
            StoppedError: the block was asked to stop.
        """
        waited = monotonic() - self._last
        asked = self._stop.is_asked
        if asked or waited > (self._every / SOONER if epoch_ends else self._every):
            self._keep(epoch, standing)
        if asked:
            raise StoppedError

    def not_used(self, why: str) -> None:
        self.found = None
        self._tell(why, "It is trained from the beginning.")

    def done(self) -> None:
        """The records are there."""
        self._checkpoints.drop(self._cells)

    def _find(self, checkpoint: Checkpoint) -> None:
        try:
            now = read(checkpoint.file)  # whoever worked at it since may have come further
            self.found = now.tree, self._checkpoints.tensors(now)
        except UnreadableError as error:
            self.not_used(error.problem.problem)

    def _keep(self, epoch: int, standing: Callable[[], Stored]) -> None:
        if not self._can:
            return
        try:
            self._checkpoints.write(self._cells, (epoch, self._epochs), standing())
        except (NotStorableError, OSError) as error:
            self._can = False
            self._tell(f"where it stands cannot be stored: {error}", "The training goes on.")
        self._last = monotonic()

    def _tell(self, what: str, remedy: str) -> None:
        recipe = self._block.recipe
        who = f"{recipe.method_name} on {recipe.dataset_name}"
        leave_out(Problem(who, "", what, remedy))
