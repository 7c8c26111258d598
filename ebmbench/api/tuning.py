"""The search before a run: suites of trials, runs in the run's folder, and what they chose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, log
from pathlib import Path
from typing import NamedTuple

from ebmbench.api.execute import RunOptions, execute, journal_of, noted
from ebmbench.api.finished import Run
from ebmbench.api.planning import Asked
from ebmbench.api.progress.scene import FINAL, Scene
from ebmbench.api.progress.words import counted
from ebmbench.errors import ConfigError, Problem
from ebmbench.interfaces.metric import Direction
from ebmbench.journal.documents import MethodTuning, Tuning
from ebmbench.journal.journal import Journal
from ebmbench.plan.plan import Plan
from ebmbench.running.progress import Watcher
from ebmbench.running.run_document import run_document
from ebmbench.running.runner import Rerun
from ebmbench.suite.tuning.keys import Between, TuningSpec
from ebmbench.suite.tuning.search import Settings
from ebmbench.suite.tuning.stages import Chosen, Trials, searched_of
from ebmbench.summary.criteria import better_of
from ebmbench.summary.targets import target_of
from ebmbench.summary.tuning import Ends, best_first, gone_on, method_tunings, trial_ends

FOLDER = "tuning"  # in the run's folder


def carried_out(
    asked: Asked,
    plan: Plan,
    options: RunOptions,
    watcher: Callable[[Scene], Watcher],
    say: Callable[[str], None],
) -> Run:
    """Run what is missing of a suite: of its trials, where it tunes, and of what they chose.

    Args:
        asked: what is run.
        plan: of it, before anything is chosen.
        options: how.
        watcher: makes what is told how a suite of cells goes; it is given what part that is.
        say: is told what begins, where there are several.

    Raises:
        ConfigError: trials are missing that other shards have not made yet.
    """
    if plan.suite.spec.tuning is None:
        return execute(plan, options, watcher(FINAL))
    tuned, tuning = Search(asked, plan, options, watcher, say).made()
    say(f"Tuned: {counted(tuned.size, 'cell')} with what was chosen")
    return execute(tuned, options, watcher(Scene("final runs")), tuning)


def as_chosen(asked: Asked, plan: Plan, runs: Path) -> Plan:
    """The plan with the settings that the run there has chosen, where it has; else as it is."""
    if plan.suite.spec.tuning is None:
        return plan
    with suppress(ConfigError, FileNotFoundError):
        found = journal_of(plan, runs).read_run().tuning
        if found is not None and found.spec == plan.suite.spec.tuning:
            return asked.planned(_chosen(plan, found.methods))
    return plan


def _chosen(plan: Plan, methods: Iterable[MethodTuning]) -> Chosen:
    chosen: dict[str, dict[str, int]] = {name: {} for name in plan.suite.datasets}
    for each in methods:
        chosen.get(each.dataset, {})[each.method] = each.chosen
    return Chosen(chosen)


class Round(NamedTuple):
    """A round of a search.

    Attributes:
        share: of the epochs that each trial is given.
        trials, cells: how many of all methods and datasets together.
    """

    share: float
    trials: int
    cells: int


def rounds_of(first: Plan, spec: TuningSpec) -> list[Round]:
    """What a search makes, of the plan of its first round."""
    variants, seeds = first.suite.variants["methods"], len(first.suite.seeds)
    searched = Counter(
        (each.dataset_name, variants[each.method_name].origin) for each in first.recipes
    )
    made = []
    for share, kept in rungs(spec):
        trials = sum(min(kept, count) for count in searched.values())
        made.append(Round(share, trials, trials * seeds))
    return made


def search_of(asked: Asked, plan: Plan) -> list[Round]:
    """The rounds that come before a plan; none where its suite does not tune."""
    spec = plan.suite.spec.tuning
    if spec is None:
        return []
    return rounds_of(asked.planned(first_stage(spec)), spec)


def stage_at_work(name: Path, runs: Path) -> Journal | None:
    """The newest suite of trials of a run, named by its folder or its suite's name."""
    found = [file for folder in (name, runs / name) for file in folder.glob(f"{FOLDER}/*/run.json")]
    newest = max(found, key=lambda file: file.stat().st_mtime_ns, default=None)
    return Journal(newest.parent) if newest is not None else None


def first_trials(asked: Asked, plan: Plan, options: RunOptions) -> Plan | None:
    """The plan of the first trials; None where the suite does not tune."""
    if plan.suite.spec.tuning is None:
        return None
    return Search(asked, plan, options, lambda scene: Watcher(), lambda text: None).first()


@dataclass(frozen=True)
class Search:
    """The search for the settings of a suite that tunes: as for :func:`carried_out`.

    Attributes:
        asked: what is planned.
        plan: of it, before anything is chosen.
        options: how it is run.
        watcher, say: are told.
    """

    asked: Asked
    plan: Plan
    options: RunOptions
    watcher: Callable[[Scene], Watcher]
    say: Callable[[str], None]

    def made(self) -> tuple[Plan, Tuning]:
        """Make the trials that are missing; the plan of what they chose, and how they did.

        Raises:
            ConfigError: other shards have not made all of theirs.
        """
        ends: Ends = {}
        seeds: tuple[int, ...] = ()
        for stage in self._stages(ends):
            found, seeds = self._ends_of(stage)
            for names, trials in found.items():
                ends[names] = gone_on(ends.get(names, {}), trials)
        methods = tuple(method_tunings(ends, self._better, self._ends))
        plan = self._planned(_chosen(self.plan, methods))
        return plan, Tuning(spec=self._spec, better=self._better, seeds=seeds, methods=methods)

    def first(self) -> Plan:
        """The plan of the first trials."""
        return self._planned(next(self._stages({})))

    def _stages(self, ends: Ends) -> Iterator[Trials]:
        """Suites of trials, one after another; ``ends`` is filled with where each has ended."""
        _, *others = rungs(self._spec)
        yield first_stage(self._spec)
        for number, (share, kept) in enumerate(others, start=2):
            for index, dataset in enumerate(self.plan.suite.datasets, start=1):
                left = {
                    method: tuple(each.number for each in best_first(trials, self._better)[:kept])
                    for (where, method), trials in ends.items()
                    if where == dataset
                }
                if left:
                    yield Trials(f"rung-{number}-{index}", share, dataset, left, number)

    def _ends_of(self, stage: Trials) -> tuple[Ends, tuple[int, ...]]:
        """Make the trials of a stage; where they ended, and their seeds."""
        plan = self._planned(stage)
        scene = self._scene(stage, plan)
        trials, seeds = counted(len(scene.of), "trial"), counted(len(plan.suite.seeds), "seed")
        self.say(f"{scene.title.capitalize()}: {trials} x {seeds}")
        folder = journal_of(self.plan, self.options.runs).folder / FOLDER
        options = replace(self.options, runs=folder, rerun=self._rerun(plan))
        run = execute(plan, options, self.watcher(scene))
        missing = len(run.document.cells) - len(run.records)
        if missing:
            problem = f"{missing} trials of other shards are not there yet"
            remedy = "Run this again once they are: what is there is not made again."
            raise ConfigError(Problem(f"--shard of {stage.name}", "", problem, remedy))
        value = self._spec.metric
        return trial_ends(run.document, run.records, value, self._settings), run.document.seeds

    def _scene(self, stage: Trials, plan: Plan) -> Scene:
        """The stage as a part of what is run, and of which method each trial is."""
        variants = plan.suite.variants["methods"]
        of = {name: variants[name].origin for name in plan.suite.methods}
        rounds = len(rungs(self._spec))
        if rounds == 1:
            return Scene("search", of, self._better)
        several = len(self.plan.suite.datasets) > 1
        where = f" on {stage.dataset}" if stage.dataset and several else ""
        return Scene(f"search {stage.round} of {rounds}{where}", of, self._better)

    def _rerun(self, plan: Plan) -> Rerun:
        """Trials run again with the method that they are of."""
        asked, origins = self.options.rerun, plan.suite.variants["methods"]
        names = {name for name in plan.suite.methods if origins[name].origin in asked.methods}
        return replace(asked, methods=frozenset(names))

    def _planned(self, stage: Trials | Chosen) -> Plan:
        planned = noted(self.asked.planned(stage), self.options)
        return planned.watching(self._spec.metric) if isinstance(stage, Trials) else planned

    @property
    def _spec(self) -> TuningSpec:
        spec = self.plan.suite.spec.tuning
        assert spec is not None  # there is nothing to search otherwise
        return spec

    @cached_property
    def _settings(self) -> dict[str, list[Settings]]:
        return searched_of(self.plan.suite.node)

    @property
    def _ends(self) -> dict[str, dict[str, tuple[float, float]]]:
        """Between what numbers are searched, by method and option."""
        return {
            name: {
                option: (float(values.ends[0]), float(values.ends[1]))
                for option, values in (method.tune or {}).items()
                if isinstance(values, Between)
            }
            for name, method in self.plan.suite.spec.methods.items()
        }

    @cached_property
    def _better(self) -> Direction:
        about = run_document(self.plan, self.options.command)
        better = better_of(about.metrics, target_of(about.report), self._spec.metric)
        assert better is not None  # the suite was checked for it
        return better


def first_stage(spec: TuningSpec) -> Trials:
    """The trials that come first: all of them."""
    (share, _), *others = rungs(spec)
    return Trials("rung-1" if others else "trials", share)


def rungs(spec: TuningSpec) -> list[tuple[float, int]]:
    """The share of the epochs and the number of trials of each round, the last of all epochs."""
    if spec.halving is None:
        return [(1.0, spec.trials)]
    last = int(log(spec.trials) / log(spec.halving) + 1e-9)
    return [
        (spec.halving ** (round_ - last), ceil(spec.trials / spec.halving**round_))
        for round_ in range(last + 1)
    ]
