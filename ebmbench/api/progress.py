"""What a run shows while it goes: a live bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ebmbench.running.blocks.block import Block
from ebmbench.running.progress import Event, Watcher
from ebmbench.training.recipe import Recipe

SECONDS_BETWEEN_LINES = 30.0
MOST_LINES = 40  # one for each block; where there are more blocks, a line now and then
SECONDS_BETWEEN_BLOCKS = 3.0
MOST_REASONS = 5  # why cells run again


class _Tally:
    """How far all blocks together are, each weighted by how long it takes."""

    def __init__(self, blocks: list[Block], weights: list[float]) -> None:
        self.blocks = blocks
        self.weights = weights
        self.shares = [0.0] * len(blocks)
        self.finished = 0

    def advance(self, event: Event) -> None:
        extent, _ = self.blocks[event.block].recipe.extent
        self.shares[event.block] = event.epoch / extent if extent else 1.0

    def end(self, block: int) -> None:
        self.shares[block] = 1.0
        self.finished += 1

    @property
    def done(self) -> float:
        """The share of all work that is done, 0 to 1."""
        total = sum(self.weights) or 1.0
        return sum(w * s for w, s in zip(self.weights, self.shares, strict=True)) / total

    def title(self, block: int) -> str:
        """The block as people call it."""
        recipe, seeds = self.blocks[block].recipe, self.blocks[block].seeds
        return f"{recipe.method_name} on {recipe.dataset_name}, seeds {_short(seeds)}"

    def going_on(self) -> list[str]:
        """What is said of blocks that were interrupted."""
        found = [(index, block.checkpoint) for index, block in enumerate(self.blocks)]
        return [
            f"{self.title(index)}: goes on from epoch {at.epoch}{_of(self.blocks[index].recipe)}"
            for index, at in found
            if at is not None
        ]

    def news(self, event: Event) -> str:
        """Where the block stands."""
        recipe = self.blocks[event.block].recipe
        extent, unit = recipe.extent
        text = f"{unit} {event.epoch}/{extent}" if extent else "measured"
        if recipe.target and event.value is not None:
            text += f", {recipe.target} {event.value:.3g}"
        return text


class LiveWatcher(Watcher):
    """An overall bar with the time left, and a line for each block that runs now."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[news]}", style="dim", markup=False),
            console=console,
            transient=True,
        )
        self._lines: dict[int, Any] = {}
        self._overall: Any = None

    def __enter__(self) -> LiveWatcher:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def begin(self, blocks: list[Block], weights: list[float], again: Mapping[str, int]) -> None:
        self._tally = _Tally(blocks, weights)
        for line in (*_again(again), *self._tally.going_on()):
            _print(self._progress.console, line)
        if self._overall is not None:  # of what was run before
            self._progress.remove_task(self._overall)
        self._overall = self._progress.add_task("all", total=1.0, news=f"0/{len(blocks)} blocks")

    def progress(self, event: Event) -> None:
        if event.block not in self._lines:
            title = self._tally.title(event.block)
            self._lines[event.block] = self._progress.add_task(title, total=1.0, news="")
        self._tally.advance(event)
        share = self._tally.shares[event.block]
        news = self._tally.news(event)
        self._progress.update(self._lines[event.block], completed=share, news=news)
        self._progress.update(self._overall, completed=self._tally.done)

    def end(self, block: int, statuses: list[str]) -> None:
        self._tally.end(block)
        if block in self._lines:
            self._progress.remove_task(self._lines.pop(block))
        news = f"{self._tally.finished}/{len(self._tally.blocks)} blocks"
        self._progress.update(self._overall, completed=self._tally.done, news=news)
        if set(statuses) != {"done"}:
            line = f"{self._tally.title(block)}: {_count(statuses)}"
            _print(self._progress.console, line)

    def wait(self, cells: int) -> None:
        _print(self._progress.console, _left_to_others(cells))


class PlainWatcher(Watcher):
    """A line when a block ends, and now and then while one runs."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last = time.monotonic()

    def __enter__(self) -> PlainWatcher:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def begin(self, blocks: list[Block], weights: list[float], again: Mapping[str, int]) -> None:
        self._tally = _Tally(blocks, weights)
        cells = sum(len(block.cells) for block in blocks)
        first = f"{cells} cells to run in {len(blocks)} blocks"
        for line in (first, *_again(again), *self._tally.going_on()):
            _print(self._console, line)

    def progress(self, event: Event) -> None:
        self._tally.advance(event)
        if time.monotonic() - self._last > SECONDS_BETWEEN_LINES:
            self._line(f"{self._tally.title(event.block)}: {self._tally.news(event)}")

    def end(self, block: int, statuses: list[str]) -> None:
        self._tally.end(block)
        if self._is_worth_a_line(statuses):
            self._line(f"{self._tally.title(block)}: {_count(statuses)}")

    def wait(self, cells: int) -> None:
        _print(self._console, _left_to_others(cells))

    def _is_worth_a_line(self, statuses: list[str]) -> bool:
        """Every block, unless they are many: then trouble, the last, and one now and then."""
        blocks, waited = len(self._tally.blocks), time.monotonic() - self._last
        last = self._tally.finished == blocks
        quiet = set(statuses) == {"done"} and waited < SECONDS_BETWEEN_BLOCKS
        return blocks <= MOST_LINES or last or not quiet

    def _line(self, text: str) -> None:
        self._last = time.monotonic()
        _print(self._console, f"{100 * self._tally.done:3.0f} % {text}")


def watcher_for(console: Console | None = None) -> Watcher:
    """The live watcher where there is a terminal or a notebook, else the plain one."""
    console = console or Console(file=sys.stdout)  # this one, wherever components print to
    live = console.is_terminal or console.is_jupyter
    return LiveWatcher(console) if live else PlainWatcher(console)


def _of(recipe: Recipe) -> str:
    """Of how many epochs, where that is known."""
    return f" of {recipe.epochs}" if recipe.seconds is None else ""


def _short(seeds: list[int]) -> str:
    """0-4 for a run of seeds, else a list."""
    if len(seeds) > 1 and seeds == list(range(seeds[0], seeds[-1] + 1)):
        return f"{seeds[0]}-{seeds[-1]}"
    return ", ".join(map(str, seeds))


def _count(statuses: list[str]) -> str:
    if not statuses:
        return "done by another command"
    return ", ".join(f"{statuses.count(each)} {each}" for each in sorted(set(statuses)))


def _again(reasons: Mapping[str, int]) -> list[str]:
    """Why cells run again that have a result: the most common reasons."""
    shown = list(reasons.items())[:MOST_REASONS]
    rest = sum(reasons.values()) - sum(count for _, count in shown)
    lines = [f"{count} of them again: {reason}" for reason, count in shown]
    return [*lines, f"{rest} of them again, for other reasons"] if rest else lines


def _left_to_others(cells: int) -> str:
    those = "A cell is" if cells == 1 else f"{cells} cells are"
    return f"{those} left to another command that is at work in this folder; waiting for it"


def _print(console: Console, line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)
