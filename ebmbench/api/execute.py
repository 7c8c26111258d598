"""From a suite to a run: read, plan, and run what is missing. The command line calls the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from ebmbench.api.executors import ExecutorChoice, entered
from ebmbench.api.finished import Run
from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.executors.stopping import term_interrupts
from ebmbench.journal.documents import Tuning
from ebmbench.journal.journal import Journal
from ebmbench.plan.plan import Plan
from ebmbench.running.progress import Watcher
from ebmbench.running.room import room_of
from ebmbench.running.run_document import run_document
from ebmbench.running.runner import Rerun, blocks_of, run_plan
from ebmbench.running.shards import WHOLE, Shard
from ebmbench.running.survey import require_places
from ebmbench.running.terms import Terms
from ebmbench.suite.yaml_places import dotted


@dataclass(frozen=True)
class RunOptions:
    """How a plan is to be run.

    Attributes:
        runs: the folder that holds runs.
        executor: where blocks are worked at, and how many at a time.
        rerun: which finished cells run again.
        command: what asked for the run, as its report says it.
        time_limit: seconds that a block may take; the suite's where it is None.
        checkpoint_every: seconds between two checkpoints of a block.
        shard: the share of the cells that is run.
    """

    runs: Path
    executor: ExecutorChoice
    rerun: Rerun
    command: str
    time_limit: float | None = None
    checkpoint_every: float = 180.0
    shard: Shard = WHOLE

    def limit(self, plan: Plan) -> float | None:
        """Seconds that a block of a plan may take."""
        of_suite = plan.suite.spec.train.time_limit
        return of_suite if self.time_limit is None else self.time_limit


def execute(plan: Plan, options: RunOptions, watcher: Watcher, tuning: Tuning | None = None) -> Run:
    """Run what is missing of a plan; an interrupt stops it, and nothing finished is lost.

    Args:
        plan: what is run.
        options: how.
        watcher: is told how it goes.
        tuning: how its methods came to their settings.

    Raises:
        ConfigError: a method that is to run again is none of the suite's.
    """
    _require_methods(options.rerun.methods, plan)
    journal, threads = journal_of(plan, options.runs), torch.get_num_threads()
    terms = Terms(options.limit(plan), options.checkpoint_every)
    document = run_document(plan, options.command).model_copy(update={"tuning": tuning})
    asked = journal.of(document)
    cells = [*options.shard.share(plan.cells)]
    try:
        chosen = options.executor.on(plan.device)
        with term_interrupts(), entered(chosen) as executor:
            if executor is not None:
                require_places(plan, executor, blocks_of(plan, cells, room_of(executor)))
            asked.write_run(document)
            with watcher:
                run_plan(plan, journal, terms, executor, options.rerun, watcher, cells)
    finally:
        torch.set_num_threads(threads)  # training in this process has set them to one
    if not asked.is_described:  # somebody has removed it meanwhile
        asked.write_run(document)
    return Run(asked, document)


def _require_methods(names: Iterable[str], plan: Plan) -> None:
    known = list(plan.suite.methods)
    for name in sorted(names):
        if name not in known:
            remedy = did_you_mean(name, known)
            raise ConfigError(Problem("--force-method", "", f"no such method: '{name}'", remedy))


def noted(plan: Plan, options: RunOptions) -> Plan:
    """The plan, with a note where something in it has no effect in so many processes."""
    limit = options.limit(plan)
    if not options.executor.here or limit is None:
        return plan
    path = ("train", "time_limit")
    problem = f"{limit:g} s have no effect without worker processes, which alone can be ended"
    remedy = "Give jobs, 1 or more."
    place = plan.suite.place(*path) if options.time_limit is None else "--time-limit"
    note = Problem(place, dotted(path), problem, remedy)
    return replace(plan, notes=(*plan.notes, note))


def journal_of(plan: Plan, runs: Path) -> Journal:
    """Where a plan's run is kept."""
    return Journal(runs / plan.suite.spec.suite)
