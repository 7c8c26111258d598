"""What a terminal shows while a run goes on: a line per method, renewed twice a second."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from rich.console import Console
from rich.live import Live

from ebmbench.api.progress.scene import FINAL, Scene
from ebmbench.api.progress.screen import Room, screen
from ebmbench.api.progress.tally import Tally
from ebmbench.api.progress.words import left_to_others, of_fates, why_again
from ebmbench.running.blocks.block import Block
from ebmbench.running.progress import Event, Watcher

BETWEEN = 0.5  # seconds between two pictures: each takes time from what trains here


class LiveWatcher(Watcher):
    """Lines that are renewed; what is worth keeping is printed above them.

    No thread draws them: it would take time within the training where that is in this process.
    """

    def __init__(
        self, console: Console, scene: Scene = FINAL, clock: Callable[[], float] = monotonic
    ) -> None:
        self._console, self._scene, self._clock = console, scene, clock
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._tally: Tally | None = None
        self._drawn = -BETWEEN

    def __enter__(self) -> LiveWatcher:
        self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._live.stop()

    def begin(
        self,
        blocks: list[Block],
        weights: list[float],
        again: Mapping[str, int],
        workers: int = 0,
    ) -> None:
        self._tally = Tally(blocks, weights, workers, self._scene, self._clock)
        for line in (*why_again(again), *self._tally.going_on):
            self._print(line)
        self._draw()

    def start(self, block: int) -> None:
        if self._tally is not None:
            self._tally.start(block)
            self.tick()

    def progress(self, event: Event) -> None:
        if self._tally is not None:
            self._tally.advance(event)
            self.tick()

    def end(self, block: int, statuses: list[str], reasons: Sequence[str] = ()) -> None:
        if self._tally is None:
            return
        self._tally.end(block, statuses)
        if set(statuses) != {"done"}:
            title = self._tally.title(block)
            self._print(f"{title}: {of_fates(statuses, reasons)}")
        self.tick()

    def wait(self, cells: int) -> None:
        self._print(left_to_others(cells))

    def tick(self) -> None:
        if self._clock() - self._drawn >= BETWEEN:
            self._draw()

    def _print(self, line: str) -> None:
        """Above what moves; broken between words, where a terminal would break within one."""
        self._console.print(line, highlight=False, markup=False)

    def _draw(self) -> None:
        self._drawn = self._clock()
        if self._tally is not None:
            size, plain = self._console.size, self._console.options.ascii_only
            room = Room(size.width, size.height, plain)
            self._live.update(screen(self._tally, room), refresh=True)
