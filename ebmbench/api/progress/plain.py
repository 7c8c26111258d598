"""What a run prints where nothing can move: a line when a block ends, and now and then between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from time import monotonic

from rich.console import Console

from ebmbench.api.progress.scene import FINAL, Scene
from ebmbench.api.progress.tally import Tally
from ebmbench.api.progress.words import counted, left_to_others, news, of_fates, why_again
from ebmbench.report.numbers import span
from ebmbench.running.blocks.block import Block
from ebmbench.running.progress import Event, Watcher

SECONDS_BETWEEN_LINES = 30.0
MOST_LINES = 40  # one for each block; where there are more blocks, a line now and then
SECONDS_BETWEEN_BLOCKS = 3.0


class PlainWatcher(Watcher):
    """A line when a block ends, and now and then while one runs."""

    def __init__(
        self, console: Console, scene: Scene = FINAL, clock: Callable[[], float] = monotonic
    ) -> None:
        self._console, self._scene, self._clock = console, scene, clock
        self._last = clock()
        self._tally: Tally | None = None

    def begin(
        self,
        blocks: list[Block],
        weights: list[float],
        again: Mapping[str, int],
        workers: int = 0,
    ) -> None:
        self._tally = Tally(blocks, weights, workers, self._scene, self._clock)
        for line in (_first(self._tally), *why_again(again), *self._tally.going_on):
            print_line(self._console, line)

    def start(self, block: int) -> None:
        if self._tally is not None:
            self._tally.start(block)

    def progress(self, event: Event) -> None:
        if self._tally is not None:
            self._tally.advance(event)
            self.tick()

    def tick(self) -> None:
        if self._tally is None or self._clock() - self._last <= SECONDS_BETWEEN_LINES:
            return
        for line in self._standing(self._tally):
            self._line(line)

    def end(self, block: int, statuses: list[str], reasons: Sequence[str] = ()) -> None:
        if self._tally is None:
            return
        self._tally.end(block, statuses)
        if self._is_worth_a_line(statuses):
            self._line(f"{self._tally.title(block)}: {of_fates(statuses, reasons)}")

    def wait(self, cells: int) -> None:
        print_line(self._console, left_to_others(cells))

    def _standing(self, tally: Tally) -> Iterator[str]:
        """A line that says where the block stands that told something last, and how long it takes.

        Where none has told anything, what they are being made ready for.
        """
        left = tally.shown_left
        more = "" if left is None else f"; {span(left)} left"
        work = tally.newest
        if work is not None and work.at is not None:
            title = tally.title(tally.works.index(work))
            yield f"{title}: {news(work.block.recipe, work.at)}{more}"
        elif tally.starting or tally.doing:
            starting = [f"starting {counted(tally.starting, 'worker')}"] if tally.starting else []
            yield ", ".join([*starting, *tally.doing])

    def _is_worth_a_line(self, statuses: list[str]) -> bool:
        """Every block, unless they are many: then trouble, the last, and one now and then."""
        assert self._tally is not None
        blocks, waited = len(self._tally.blocks), self._clock() - self._last
        last = self._tally.ended == blocks
        quiet = set(statuses) == {"done"} and waited < SECONDS_BETWEEN_BLOCKS
        return blocks <= MOST_LINES or last or not quiet

    def _line(self, text: str) -> None:
        assert self._tally is not None
        self._last = self._clock()
        print_line(self._console, f"{100 * self._tally.done:3.0f} % {text}")


def print_line(console: Console, line: str) -> None:
    """A line as it is: a terminal breaks it where it has to."""
    console.print(line, highlight=False, markup=False, soft_wrap=True)


def _first(tally: Tally) -> str:
    """``9 cells to run in 3 blocks``."""
    cells = sum(len(block.cells) for block in tally.blocks)
    blocks = counted(len(tally.blocks), "block")
    workers = f" by {counted(tally.workers, 'worker')}" if tally.workers else ""
    trials = f"{counted(tally.of, 'trial')}, " if tally.scene.of else ""
    return f"{trials}{counted(cells, 'cell')} to run in {blocks}{workers}"
