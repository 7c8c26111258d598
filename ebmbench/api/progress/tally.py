"""How far a run is: blocks, methods, all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from statistics import median
from time import monotonic
from typing import Literal, NamedTuple

from ebmbench.api.progress.countdown import Countdowns
from ebmbench.api.progress.scene import FINAL, Scene
from ebmbench.api.progress.words import seeds_of
from ebmbench.interfaces.metric import Direction
from ebmbench.journal.trend import Trend, extended
from ebmbench.running.blocks.block import Block
from ebmbench.running.progress import Event
from ebmbench.training.evaluator import Progress
from ebmbench.training.recipe import Recipe

State = Literal["running", "waiting", "ended"]
ALMOST = 0.99  # as far as a training is that did not come to its end, at most


@dataclass
class Work:
    """A block and how far it is.

    Attributes:
        block: the cells.
        weight: how long it takes, relative to the others.
        share: how much of it is done, 0 to 1; all, once it has ended.
        reached: how far it has told to be.
        began: when, by the clock; None while it waits.
        heard: when it told something last.
        at: what it told.
        trend: of the target metric.
        fates: its cells', once it has ended.
    """

    block: Block
    weight: float
    share: float = 0.0
    reached: float = 0.0
    began: float | None = None
    heard: float = 0.0
    at: Progress | None = None
    trend: Trend = ()
    fates: Sequence[str] | None = None

    @property
    def state(self) -> State:
        """What it is at."""
        if self.fates is not None:
            return "ended"
        return "waiting" if self.began is None else "running"

    @property
    def is_lost(self) -> bool:
        """Whether it ended before its time."""
        return self.fates is not None and not {"done", "unmeasured"} & set(self.fates)

    @cached_property
    def base(self) -> float:
        """The share that an earlier command has done."""
        extent, _ = self.block.recipe.extent
        return min(self.block.began / extent, 1.0) if extent else 0.0

    @property
    def done(self) -> float:
        """The share of it that is done, by this command or one before."""
        return max(self.share, self.base)

    @property
    def trained(self) -> float:
        """How far its training came; never all of it where it ended before its time."""
        if self.fates and self.is_lost:
            return min(max(self.reached, self.base), ALMOST)
        return self.done

    @property
    def done_here(self) -> float:
        """Its weight, as far as it was done since it began."""
        return self.weight * max(self.share - self.base, 0.0)

    @property
    def left(self) -> float:
        """Its weight, as far as it is not done."""
        return self.weight * (1 - self.done)

    def hear(self, at: Progress, now: float) -> None:
        """Note what it tells."""
        extent, _ = self.block.recipe.extent
        self.heard, self.at = now, at
        self.share = min(at.epoch / extent, 1.0) if extent else float(at.measuring is None)
        self.reached = self.share
        self.trend = extended(self.trend, at.epoch, at.value)


class Row(NamedTuple):
    """A method on a dataset: where several are searched, all of its trials.

    Attributes:
        name: as people call it.
        state: running if any block is; ended if all are.
        share: how far training came, 0 to 1; what failed stays where it was.
        done, of: cells or trials.
        lost: cells that are not done and never will be.
        trend, epoch: of the block that told something last; of a search the best so far over the
            trials that have ended.
        value: the newest of it.
        rate: updates of one replica per second of training, in a worker; None where none was made.
        left: seconds; None where nobody knows.
        weight: how long all of it takes, relative to others.
        ending: of the name, that tells it from the same method's on another dataset.
    """

    name: str
    state: State
    share: float
    done: int
    of: int
    lost: int
    trend: Trend
    epoch: int
    value: float | None
    rate: float | None
    left: float | None
    weight: float
    ending: str = ""


@dataclass
class Tally:
    """How far all blocks together are.

    Attributes:
        workers: that share the blocks, 0 for this process.
        scene: what they are a part of.
        clock: seconds.
        running, ended, most_running: blocks that are at work, that have ended, and that were at
            work at once.
        countdowns: of the times that are shown.
    """

    blocks: Sequence[Block]
    weights: Sequence[float]
    workers: int = 0
    scene: Scene = FINAL
    clock: Callable[[], float] = monotonic
    running: int = 0
    ended: int = 0
    most_running: int = 0
    countdowns: Countdowns = field(default_factory=Countdowns)
    works: list[Work] = field(init=False)

    def __post_init__(self) -> None:
        pairs = zip(self.blocks, self.weights, strict=True)
        self.works = [Work(block, weight) for block, weight in pairs]
        self.since = self.clock()

    def start(self, block: int) -> None:
        """A block has begun."""
        work = self.works[block]
        self.running += work.state == "waiting"  # else it is another part of it, or a second try
        work.began = self.clock()
        self.most_running = max(self.most_running, self.running)

    def advance(self, event: Event) -> None:
        """A block has come further."""
        if self.works[event.block].state == "waiting":
            self.start(event.block)
        self.works[event.block].hear(event.progress, self.clock())

    def end(self, block: int, fates: Sequence[str]) -> None:
        """A block has ended."""
        work = self.works[block]
        self.running -= work.state == "running"
        self.ended += work.state != "ended"
        work.fates, work.share = fates, 1.0
        work.heard = self.clock()

    @property
    def done(self) -> float:
        """The share of all work that is done, 0 to 1."""
        return _mean(self.works, lambda work: work.done)

    @property
    def elapsed(self) -> float:
        """Seconds since all began."""
        return self.clock() - self.since

    @cached_property
    def of(self) -> int:
        """How many cells, or trials, there are."""
        return sum(_count(works, self.scene) for works in self._groups.values())

    @property
    def finished(self) -> int:
        """How many of them have ended."""
        return sum(_done(works, self.scene) for works in self._groups.values())

    def title(self, block: int) -> str:
        """The block as people call it."""
        recipe, seeds = self.blocks[block].recipe, self.blocks[block].seeds
        return f"{recipe.method_name} on {recipe.dataset_name}, {seeds_of(seeds)}"

    def name(self, block: int) -> str:
        """The same in short: its method, and its dataset where there are several."""
        return self._named(self.works[block].block)

    @property
    def going_on(self) -> list[str]:
        """What is said of blocks that were interrupted."""
        found = [(index, block) for index, block in enumerate(self.blocks) if block.checkpoint]
        return [
            f"{self.title(index)}: goes on from epoch {block.began}{_of(block.recipe)}"
            for index, block in found
        ]

    @property
    def newest(self) -> Work | None:
        """The block at work that told something last; None where none has."""
        told = (work for work in self.works if work.state == "running" and work.at is not None)
        return max(told, key=lambda work: work.heard, default=None)

    @property
    def rows(self) -> list[Row]:
        """A line for each method and dataset, in the order in which they are named first."""
        return [self._row(name, works) for name, works in self._groups.items()]

    @property
    def starting(self) -> int:
        """Workers that are not there yet, of those that are to be."""
        waiting = len(self.works) - self.running - self.ended
        wanted = min(max(self.workers, 1), len(self.works))
        return min(max(wanted - self.most_running, 0), waiting)

    @property
    def doing(self) -> list[str]:
        """What blocks are at that is no training: being made ready, or measured."""
        running = [work for work in self.works if work.state == "running"]
        ready = [self._named(work.block) for work in running if work.at is None]
        measured: dict[str, list[str]] = {}
        for work in running:
            if work.at is not None and work.at.measuring is not None:
                measured.setdefault(work.at.measuring, []).append(self._named(work.block))
        return [
            *(f"getting {name} ready" for name in dict.fromkeys(ready)),
            *(f"measuring {metric}" for metric in measured),
        ]

    @property
    def left(self) -> float | None:
        """Seconds until all has ended; None where nothing says."""
        paces = {name: pace for name, works in self._groups.items() if (pace := _pace(works))}
        if not paces:
            return 0.0 if all(work.state == "ended" for work in self.works) else None
        usual, now = median(paces.values()), self.clock()
        each = [
            _left(work, paces.get(self._key(work.block), usual), now)
            for work in self.works
            if work.state != "ended"
        ]
        at_once = min(max(self.workers, 1), max(len(each), 1))
        return max(sum(each) / at_once, max(each, default=0.0))

    @property
    def shown_left(self) -> float | None:
        """The same as it is shown: it does not jump."""
        return self.countdowns.told("", self.left, self.clock())

    @property
    def shown_rows(self) -> list[Row]:
        """The lines with times that do not jump, none of them longer than that of all.

        A line reckons with as many workers as are at it; once others have ended it gets theirs.
        """
        now, of_all = self.clock(), self.shown_left
        told = [(row, self.countdowns.told(f"of {row.name}", row.left, now)) for row in self.rows]
        return [row._replace(left=_least(left, of_all)) for row, left in told]

    @cached_property
    def _groups(self) -> dict[tuple[str, str], list[Work]]:
        """By dataset and method, in the suite's order as far as blocks tell it."""
        found: dict[tuple[str, str], list[Work]] = {}
        for work in self.works:
            found.setdefault(self._key(work.block), []).append(work)
        return found

    def _key(self, block: Block) -> tuple[str, str]:
        method = block.recipe.method_name
        return block.recipe.dataset_name, self.scene.of.get(method, method)

    @cached_property
    def _several(self) -> bool:
        return len({block.recipe.dataset_name for block in self.blocks}) > 1

    def _named(self, block: Block) -> str:
        _, method = self._key(block)
        return method + self._ending(block)

    def _ending(self, block: Block) -> str:
        return f" on {self._key(block)[0]}" if self._several else ""

    def _row(self, key: tuple[str, str], works: Sequence[Work]) -> Row:
        running = [work for work in works if work.state == "running"]
        told = [work for work in running or works if work.at is not None]
        newest = max(told, key=lambda work: work.heard, default=None)
        ended = all(work.state == "ended" for work in works)
        at = newest.at if newest is not None else None
        trend, epoch, value = (
            _best_so_far(works, self.scene.better)
            if self.scene.of
            else (newest.trend if newest else (), at.epoch if at else 0, at.value if at else None)
        )
        return Row(
            name=self._named(works[0].block),
            state="ended" if ended else "running" if running else "waiting",
            share=_mean(works, lambda work: work.trained),
            done=_done(works, self.scene),
            of=_count(works, self.scene),
            lost=sum(fate != "done" for work in works for fate in work.fates or ()),
            trend=trend,
            epoch=epoch,
            value=value,
            rate=_rate(told),
            left=self._left_of(works, len(running)),
            weight=sum(work.weight for work in works),
            ending=self._ending(works[0].block),
        )

    def _left_of(self, works: Sequence[Work], running: int) -> float | None:
        pace, now = _pace(works), self.clock()
        if not running or not pace:
            return None
        each = [_left(work, pace, now) for work in works if work.state != "ended"]
        return max(sum(each) / running, max(each))


def _of(recipe: Recipe) -> str:
    """Of how many epochs, where that is known."""
    return f" of {recipe.epochs}" if recipe.seconds is None else ""


def _least(left: float | None, of_all: float | None) -> float | None:
    return left if left is None or of_all is None else min(left, of_all)


def _mean(works: Sequence[Work], of: Callable[[Work], float]) -> float:
    """By weight."""
    total = sum(work.weight for work in works) or 1.0
    return sum(work.weight * of(work) for work in works) / total


def _units(work: Work, scene: Scene) -> list[str]:
    """What is counted of a block: its cells, or the trial that they are of."""
    return [work.block.recipe.method_name] if scene.of else [cell.id for cell in work.block.cells]


def _count(works: Sequence[Work], scene: Scene) -> int:
    return len({unit for work in works for unit in _units(work, scene)})


def _done(works: Sequence[Work], scene: Scene) -> int:
    left = {unit for work in works if work.state != "ended" for unit in _units(work, scene)}
    return _count(works, scene) - len(left)


def _best_so_far(works: Sequence[Work], better: Direction) -> tuple[Trend, int, float | None]:
    """The best value over the trials that have ended, how many these are, and the last of it."""
    ended = sorted((work for work in works if work.state == "ended"), key=lambda w: w.heard)
    values = [work.at.value for work in ended if work.at and work.at.value is not None]
    pick = min if better == "lower" else max
    trend = tuple(enumerate(accumulate(values, pick), start=1))
    return trend, len(trend), trend[-1][1] if trend else None


def _rate(works: Sequence[Work]) -> float | None:
    made = sum(len(work.block.cells) * work.at.updates for work in works if work.at)
    seconds = sum(work.at.seconds for work in works if work.at)
    return made / seconds if made and seconds > 0 else None


def _pace(works: Sequence[Work]) -> float | None:
    """Seconds that a unit of weight takes in a worker, metrics included."""
    telling = [work for work in works if work.at is not None and not work.is_lost]
    done = sum(work.done_here for work in telling)
    took = sum(work.heard - work.began for work in telling if work.began is not None)
    return took / done if done > 0 and took > 0 else None


def _left(work: Work, pace: float, now: float) -> float:
    since = now - work.heard if work.at is not None else 0.0
    return max(pace * work.left - since, 0.0)
