"""From a suite to cells: every combination built once on one replica, checked and counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

import torch

from ebmbench.errors import ConfigError, DataError, Problem, reason
from ebmbench.interfaces.choice import Choice
from ebmbench.interfaces.cost import Cost
from ebmbench.interfaces.dataset import Dataset, Splits
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.kernel_choice import kernel_for
from ebmbench.interfaces.metric import Metric
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.registry import Registry
from ebmbench.numerics.tensor_noise import TensorNoise
from ebmbench.plan.cell import Cell
from ebmbench.plan.digests import digest_of
from ebmbench.plan.peak_memory import PeakMemory, Rows, peak_memory
from ebmbench.plan.plan_rules import Found, large_batches, never_measured
from ebmbench.suite.suite import Method, Suite
from ebmbench.training.built import Built
from ebmbench.training.optimizer import Optimizer
from ebmbench.training.recipe import Measurement, Recipe
from ebmbench.training.stopwatch import DATA, NEGATIVE, OPTIMIZER
from ebmbench.training.untrained import NO_NEGATIVE, Untrained


class Skip(NamedTuple):
    """Something in the suite that is not run, and why."""

    dataset: str
    method: str
    what: str
    reason: str


@dataclass(frozen=True)
class Estimate:
    """What a recipe will cost one replica.

    Attributes:
        updates: in the whole training.
        counted: operations per update, by phase.
        memory: of a block at its peak, for any number of replicas.
    """

    updates: int
    counted: dict[str, Cost]
    memory: PeakMemory

    @property
    def per_update(self) -> Cost:
        """Operations of an update, all phases together."""
        return sum(self.counted.values(), Cost())


@dataclass(frozen=True)
class Plan:
    """All cells of a suite, checked before anything runs.

    Attributes:
        recipes: what cells are trained by: datasets in the suite's order, then methods.
        notes: what is allowed and may surprise, also in the data.
        estimates: by dataset and method.
    """

    suite: Suite
    recipes: tuple[Recipe, ...]
    skips: tuple[Skip, ...]
    notes: tuple[Problem, ...]
    estimates: dict[tuple[str, str], Estimate]

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """A cell for each recipe and seed; their ids tell what their results depend on."""
        return tuple(
            Cell.of(recipe, seed, digest)
            for recipe in self.recipes
            for digest in [digest_of(recipe)]
            for seed in self.suite.seeds
        )

    @property
    def size(self) -> int:
        """The number of cells."""
        return len(self.recipes) * len(self.suite.seeds)

    def estimate(self, recipe: Recipe) -> Estimate:
        """What a training by ``recipe`` will cost."""
        return self.estimates[recipe.dataset_name, recipe.method_name]

    def digest(self) -> str:
        """A digest of everything the suite's results depend on."""
        ids = "\n".join(cell.id for cell in self.cells)
        return sha256(ids.encode()).hexdigest()[:12]


def make_plan(suite: Suite, registry: Registry, device: str = "cpu") -> Plan:
    """The plan of a suite on a device.

    Raises:
        ConfigError: a dataset cannot be loaded, or a method fits none of the datasets.
    """
    planner = _Planner(suite, registry, torch.device(device))
    recipes = planner.recipes()
    if planner.problems:
        raise ConfigError(planner.problems)
    notes = (*suite.notes, *planner.notes)
    return Plan(suite, tuple(recipes), tuple(planner.skips), notes, planner.estimates)


class _Planner:
    """Builds everything once, on one replica, and collects what does not fit."""

    def __init__(self, suite: Suite, registry: Registry, device: torch.device) -> None:
        self.suite = suite
        self.registry = registry
        self.device = device
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.skips: list[Skip] = []
        self.estimates: dict[tuple[str, str], Estimate] = {}

    def recipes(self) -> list[Recipe]:
        """A recipe for every dataset and method that fit."""
        loaded = {name: self._load(name) for name in self.suite.datasets}
        recipes = [
            recipe
            for name, pair in loaded.items()
            if pair is not None
            for method in self.suite.methods.values()
            if (recipe := self._fitting(name, pair, method))
        ]
        trained = {recipe.method_name for recipe in recipes}
        for name in self.suite.methods:
            if name not in trained and not self.problems:
                self._misfit(name)
        if not self.problems:
            rows = {name: pair.train.shape[1] for name, pair in loaded.items() if pair}
            self._sort(large_batches(self.suite, recipes, rows))
            self._sort(never_measured(self.suite, recipes, self._reasons()))
        return recipes

    def _load(self, name: str) -> Splits | None:
        noise = TensorNoise(self.suite.seeds[:1] * 2, "data", name)  # two show what they share
        try:
            dataset: Dataset = self.suite.datasets[name].build()
            splits = dataset.load(noise)
            self.notes += [self._problem(("datasets", name), w) for w in dataset.notes()]
            return splits
        except DataError as error:
            self._complain(("datasets", name), error.problem, error.remedy)
            return None
        except Exception as error:  # a dataset may fail in any way: files, downloads, formats
            self._complain(("datasets", name), f"cannot be loaded: {reason(error)}")
            return None

    def _fitting(self, dataset: str, pair: Splits, method: Method) -> Recipe | None:
        """The recipe where all parts fit together and none of them fails."""
        try:
            return self._recipe(dataset, pair, method)
        except Exception as error:  # so may a plugin's constructors, and what it counts
            problem = f"cannot be built for {dataset}: {reason(error)}"
            self._complain(("methods", method.name), problem)
            return None

    def _recipe(self, dataset: str, pair: Splits, method: Method) -> Recipe | None:
        """The recipe, or None and a skip where the parts do not fit; ``pair`` is two replicas'."""
        data = pair.first_replica()
        model: Model = method.model.build(data.visible, TensorNoise([0], "plan"))
        kernel = self._kernel(model, method)
        built_kernel = kernel.build() if kernel else None
        built = Built(model, data, method.sampler.build(built_kernel), built_kernel)
        misfit = built.sampler.supports(model, data) or _batch_misfit(data, method)
        if misfit:
            self.skips.append(Skip(dataset, method.name, "method", misfit))
            return None
        spec = self.suite.spec
        self.estimates[dataset, method.name] = _estimate(
            built, Rows.of(pair), method, spec.train.epochs
        )
        return Recipe(
            dataset_name=dataset,
            method_name=method.name,
            dataset=self.suite.datasets[dataset],
            model=method.model,
            sampler=method.sampler,
            kernel=kernel,
            optimizer=method.optimizer,
            batch=method.batch,
            metrics=tuple(
                each for each in self.suite.metrics if self._applies(each, dataset, method, built)
            ),
            epochs=spec.train.epochs,
            device=str(self.device),
            target=spec.report.target.metric if spec.report.target else None,
            keep_parameters=spec.keep == "parameters",
        )

    def _kernel(self, model: Model, method: Method) -> Choice[GibbsKernel] | None:
        """The kernel asked for, or the fastest that can sweep the model here."""
        chosen = kernel_for(self.registry.kernels(), model, self.device, method.kernel)
        return None if chosen is None else Choice(chosen, chosen.Options())

    def _applies(self, each: Measurement, dataset: str, method: Method, built: Built) -> bool:
        """Whether the metric applies; a skip where it does not."""
        metric: Metric = each.metric.build()
        blind = metric.needs_negative and isinstance(built.sampler, Untrained)
        misfit = NO_NEGATIVE if blind else metric.supports(built.model, built.data, built.kernel)
        if misfit:
            self.skips.append(Skip(dataset, method.name, f"metric {each.name}", misfit))
        return not misfit

    def _misfit(self, method: str) -> None:
        """A method that fits none of the datasets is a mistake in the suite."""
        reasons = dict.fromkeys(skip.reason for skip in self.skips if skip.method == method)
        self._complain(
            ("methods", method, "sampler"),
            f"does not fit the method's model or data: {'; '.join(reasons)}",
            "Change the sampler, the model or the batch, or leave the method out.",
        )

    def _reasons(self) -> dict[str, list[str]]:
        """Why metrics are skipped, by what their values are called."""
        found: dict[str, list[str]] = {}
        for skip in self.skips:
            known = found.setdefault(skip.what.removeprefix("metric "), [])
            if skip.reason not in known:
                known.append(skip.reason)
        return found

    def _sort(self, found: Iterable[Found]) -> None:
        for each in found:
            (self.problems if each.is_mistake else self.notes).append(each.problem)

    def _complain(self, path: tuple[str, ...], problem: str, remedy: str = "") -> None:
        self.problems.append(self._problem(path, problem, remedy))

    def _problem(self, path: tuple[str, ...], problem: str, remedy: str = "") -> Problem:
        return Problem(self.suite.place(*path), ".".join(path), problem, remedy)


def _estimate(built: Built, held: Rows, method: Method, epochs: int) -> Estimate:
    rows = built.data.train.shape[1]
    batch = min(method.batch.rows(rows), rows)
    optimizer = Optimizer(built.model, method.optimizer)
    counted = {
        DATA: built.model.phase_cost(batch),
        NEGATIVE: built.sampler.cost(built.model, batch),
        OPTIMIZER: optimizer.cost(built.model),
    }
    memory = peak_memory(built, held, optimizer, batch, counted.values())
    return Estimate(method.batch.count(rows) * epochs, counted, memory)


def _batch_misfit(data: Splits, method: Method) -> str | None:
    rows = data.train.shape[1]
    if method.batch.count(rows):
        return None
    return f"batches of {method.batch.size} with last: drop leave none of the {rows} rows"


def block_sizes(replicas: int, at_once: int, workers: int) -> Sequence[int]:
    """How many replicas train side by side in each block.

    At most ``at_once``, but at least as many blocks as workers, evenly filled.
    """
    blocks = max(-(-replicas // at_once), min(workers, replicas))
    return [replicas // blocks + (index < replicas % blocks) for index in range(blocks)]
