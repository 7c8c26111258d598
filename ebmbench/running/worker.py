"""A worker process: it is handed blocks, one attempt after another, and says how they ended."""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from typing import Any, NamedTuple

from ebmbench.errors import ComponentError, LeftOutWarning
from ebmbench.isolation.contained import contained
from ebmbench.isolation.last_words import LastWords
from ebmbench.isolation.workers import no_exit_is_success, work_apart
from ebmbench.numerics.threads import cores, use_threads
from ebmbench.running.block import Block
from ebmbench.running.run_block import run_block
from ebmbench.running.stopping import StoppedError, Stopping
from ebmbench.running.terms import Terms
from ebmbench.training.evaluator import Tell

NO_MEMORY = ("alloc", "out of memory")  # in what torch says where there is none left


class Failed(NamedTuple):
    """Why a block failed."""

    reason: str
    out_of_memory: bool = False


Result = list[str] | Failed | None
"""The statuses of a block's cells, or why there are none; None where the block was stopped."""


def attempt(block: Block, folder: Path, tell: Tell, every: float, stopping: Stopping) -> Result:
    """Run a block; its components may fail in any way."""
    try:
        with contained("", passing=(StoppedError,)):
            return run_block(block, folder, tell, every, stopping)
    except StoppedError:
        return None
    except ComponentError as error:
        return Failed(str(error), _is_lack_of_memory(error.__context__))


def _is_lack_of_memory(error: BaseException | None) -> bool:
    said = str(error).lower() if isinstance(error, RuntimeError) else ""
    return isinstance(error, MemoryError) or any(word in said for word in NO_MEMORY)


class _Told(NamedTuple):
    """What a worker is told when it starts.

    Attributes:
        events: where progress goes.
        words: where attempts leave what they write.
    """

    events: Any
    stopping: Stopping
    words: LastWords
    terms: Terms


_told: _Told


def start(events: Any, stop: Any, words: LastWords, terms: Terms) -> None:
    """Make this process a worker."""
    global _told
    _told = _Told(events, Stopping(stop), words, terms)
    _told.stopping.on_term()
    use_threads(max(1, cores() // terms.jobs))
    signal(SIGINT, SIG_IGN)  # Ctrl-C is the owner's to answer
    events.cancel_join_thread()
    warnings.formatwarning = _as_line
    work_apart()


def packed(block: Block) -> bytes:
    """The block as bytes, so that it is unpacked where failures are caught.

    Unpacked by the pool itself, a plugin that does not import in the worker would take the worker
    down before the pool knows whose block is lost.
    """
    return pickle.dumps(block)


def work(number: int, index: int, packed_block: bytes, folder: Path) -> Result:
    """Attempt ``number``: of a block, the owner's ``index``."""
    if _told.stopping.is_asked:
        return None
    alive = _told.words.begin(number)

    def tell(epoch: int, value: float | None) -> None:
        alive()
        _told.events.put((number, index, epoch, value))

    with no_exit_is_success():
        try:
            with contained("", passing=()):
                block: Block = pickle.loads(packed_block)
        except ComponentError as error:
            return Failed(str(error))
        return attempt(block, folder, tell, _told.terms.checkpoint_every, _told.stopping)


def _as_line(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,
) -> str:
    """A warning in a line."""
    if issubclass(category, LeftOutWarning):
        return f"Left out: {message}\n"
    return f"{filename}:{lineno}: {category.__name__}: {message}\n"
