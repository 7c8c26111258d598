"""What Python calls: run a suite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import index
from pathlib import Path
from typing import Any, Literal, SupportsIndex

from ebmbench.api.execute import RunOptions, noted
from ebmbench.api.executors import ExecutorChoice
from ebmbench.api.finished import Run
from ebmbench.api.planning import Asked, SuiteLike
from ebmbench.api.progress import Scene, watcher_for
from ebmbench.api.tuning import carried_out
from ebmbench.errors import ConfigError, Problem
from ebmbench.running.progress import Watcher
from ebmbench.running.runner import Rerun
from ebmbench.running.shards import WHOLE, Shard
from ebmbench.suite.overrides import Overrides
from ebmbench.suite.yaml_text import written


def run(
    suite: SuiteLike,
    *,
    seeds: SupportsIndex | Iterable[SupportsIndex] | None = None,
    epochs: int | None = None,
    only: str | Iterable[str] = (),
    set: Mapping[str, Any] | None = None,  # noqa: A002, as on the command line
    quick: bool = False,
    keep: Literal["nothing", "parameters"] | None = None,
    device: str = "cpu",
    runs: str | Path = "runs",
    jobs: int | None = None,
    executor: str | None = None,
    executor_options: Mapping[str, Any] | None = None,
    force: bool | str | Iterable[str] = False,
    retry_failed: bool = False,
    shard: str | None = None,
    time_limit: float | None = None,
    checkpoint_every: float = 180.0,
    progress: bool = True,
) -> Run:
    """Run what is missing of a suite. Safe to interrupt and to repeat.

    Args:
        suite: its file; or YAML as a text of several lines; or its content as a mapping.
        seeds: a number n for seeds 0 to n-1, or a list.
        epochs: of every method.
        only: run this method, or these.
        set: changes of the suite by dotted path: ``{"methods.CD-10.sampler.k": 1}``.
        quick: the suite's own smaller version.
        keep: ``"parameters"`` stores each cell's final parameters, see :meth:`Run.model`.
        device: cpu, cuda, cuda:1, ...
        runs: the folder that holds runs; this one goes to ``runs/<suite's name>``.
        jobs: worker processes; 0 for none; None for as many as there are cores, on a GPU for one.
        executor: what works at blocks, ``"dask"``; worker processes of this machine if left out.
        executor_options: of that executor: ``{"scheduler": "tcp://head:8786"}``.
        force: run finished cells again too; or those of this method, or of these.
        retry_failed: run failed and diverged cells again.
        shard: run this share of the cells only: ``"3/20"``.
        time_limit: seconds that a block may take in a worker; the suite's if left out.
        checkpoint_every: seconds between two checkpoints of a block.
        progress: whether to show how it goes.

    Raises:
        ConfigError: the suite is wrong; it says everything that is, each with its place.
    """
    overrides = _overrides(seeds, epochs, only, set or {}, quick, keep)
    options = RunOptions(
        Path(runs),
        ExecutorChoice(_checked_jobs(jobs), executor, executor_options or {}),
        _rerun(force, retry_failed),
        "ebmbench.run, from Python",
        _seconds("time_limit", time_limit, may_be_0=False),
        _seconds("checkpoint_every", checkpoint_every) or 0.0,
        Shard.of(shard) if shard else WHOLE,
    )
    asked = Asked(suite, overrides, device)
    say = print if progress else lambda text: None

    def watcher(scene: Scene) -> Watcher:
        return watcher_for(scene=scene) if progress else Watcher()

    return carried_out(asked, noted(asked.planned(), options), options, watcher, say)


def _overrides(
    seeds: Any, epochs: int | None, only: Any, changes: Any, quick: bool, keep: str | None
) -> Overrides:
    """What a call changes of a suite, as the command line would have it."""
    if not isinstance(changes, Mapping):
        remedy = 'Write {"methods.CD-10.sampler.k": 1}.'
        raise ConfigError(Problem("set", "", "not a mapping of dotted paths to values", remedy))
    return Overrides(
        changes=tuple(
            (str(path), written(value, f"set {path}")) for path, value in changes.items()
        ),
        seeds=None if seeds is None else written(_whole(seeds), "seeds"),
        epochs=epochs,
        only=(only,) if isinstance(only, str) else tuple(only),
        quick=quick,
        keep=keep,
    )


def _whole(seeds: Any) -> int | list[int]:
    """A whole number, or several, of any kind, numpy's too, as Python's."""
    try:
        return [*map(index, seeds)] if isinstance(seeds, Iterable) else index(seeds)
    except TypeError:
        remedy = "Give a number n for seeds 0 to n-1, or a list of numbers."
        raise ConfigError(Problem("seeds", "", f"{seeds!r}: not whole numbers", remedy)) from None


def _checked_jobs(jobs: Any) -> int | None:
    if jobs is None or (type(jobs) is int and jobs >= 0):
        return jobs
    remedy = "Give a number of worker processes, 0 for none, or None for all cores."
    raise ConfigError(Problem("jobs", "", f"{jobs!r}: not a number from 0 on", remedy))


def _rerun(force: bool | str | Iterable[str], failed: bool) -> Rerun:
    if isinstance(force, bool):
        return Rerun(force, failed)
    return Rerun(False, failed, frozenset([force] if isinstance(force, str) else force))


def _seconds(name: str, given: Any, may_be_0: bool = True) -> float | None:
    if given is None:
        return None
    if isinstance(given, int | float) and (given > 0 or (given == 0 and may_be_0)):
        return given
    which = "from 0 on" if may_be_0 else "above 0"
    raise ConfigError(Problem(name, "", f"{given!r}: not seconds, {which}", "Give a number."))
