"""A block as a task: what is sent to whoever works at it, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from ebmbench.errors import ComponentError
from ebmbench.executors.stopping import StoppedError
from ebmbench.interfaces.executor import NO_NEEDS, Needs, StopSign, Task
from ebmbench.isolation.contained import contained
from ebmbench.journal.checkpoints import Checkpoints
from ebmbench.journal.journal import Journal
from ebmbench.journal.parcel import EMPTY, Parcel
from ebmbench.running.blocks.block import Block
from ebmbench.running.blocks.run_block import run_block
from ebmbench.training.evaluator import Progress, Tell

NO_MEMORY = ("alloc", "out of memory")  # in what torch says where there is none left


class Failed(NamedTuple):
    """Why a block failed."""

    reason: str
    out_of_memory: bool = False


Result = list[str] | Failed | None
"""The statuses of a block's cells, or why there are none; None where the block was stopped."""


class Began(NamedTuple):
    """A block waits no longer for a worker."""


@dataclass(frozen=True)
class BlockTask(Task):
    """Trains a block and writes its records into the run's folder.

    Where that folder cannot be seen, as on a machine that does not share it, they are written to
    another, and sent back.

    Attributes:
        block: the cells.
        folder: of the run.
        owner: whose claims are seen in that folder, if it is the same one.
        checkpoint_every: seconds between two checkpoints.
        needs: what it takes.
        parcel: the files of the run that it starts from, for a folder of its own.
    """

    block: Block
    folder: Path
    owner: str
    checkpoint_every: float
    needs: Needs = NO_NEEDS
    parcel: Parcel = EMPTY

    def run(self, tell: Callable[[Any], None], stop: StopSign) -> Result:
        """Train the block; its components may fail in any way."""
        tell(Began())
        if Journal(self.folder).claims.knows(self.owner):
            return attempt(self.block, self.folder, tell, self.checkpoint_every, stop)
        with TemporaryDirectory(prefix="ebmbench-") as folder:
            return self._run_and_send(Path(folder), tell, stop)

    def _run_and_send(self, folder: Path, tell: Callable[[Any], None], stop: StopSign) -> Result:
        """Train the block in a folder of its own, and send what is written there."""
        block, seen = self.block, self.parcel.unpack(folder, self.block.ids)
        if block.checkpoint is not None:
            file = Checkpoints(folder).folder / block.checkpoint.file.name
            block = replace(block, checkpoint=block.checkpoint._replace(file=file))

        def send() -> None:
            nonlocal seen
            news, seen = Parcel.of_news(folder, seen)
            if news.files:
                tell(news)

        def told(progress: Progress) -> None:
            tell(progress)
            if progress.measuring is None:
                send()

        result = attempt(block, folder, told, self.checkpoint_every, stop)
        send()
        return result


def attempt(block: Block, folder: Path, tell: Tell, every: float, stop: StopSign) -> Result:
    """Run a block; its components may fail in any way."""
    try:
        with contained("", passing=(StoppedError,)):
            return run_block(block, folder, tell, every, stop)
    except StoppedError:
        return None
    except ComponentError as error:
        return Failed(str(error), _is_lack_of_memory(error.__context__))


def _is_lack_of_memory(error: BaseException | None) -> bool:
    said = str(error).lower() if isinstance(error, RuntimeError) else ""
    return isinstance(error, MemoryError) or any(word in said for word in NO_MEMORY)
