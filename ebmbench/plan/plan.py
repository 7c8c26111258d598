"""From a suite to cells: every combination built once on one replica, checked and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from math import ceil
from typing import NamedTuple, TypeVar

import torch

from ebmbench.errors import ComponentError, ConfigError, DataError, Problem, reason
from ebmbench.interfaces.choice import Choice
from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.fitting import metric_misfit, sampler_misfit, units_misfit
from ebmbench.interfaces.installed.registry import Registry
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.kernel_choice import kernel_for
from ebmbench.interfaces.metric import Metric
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import Sampler
from ebmbench.isolation.contained import contained, doing
from ebmbench.numerics.tensor_noise import TensorNoise
from ebmbench.plan.cell import Cell
from ebmbench.plan.data_rules import fault_of
from ebmbench.plan.estimate import Estimate, estimate
from ebmbench.plan.inputs import Inputs, digest_of, inputs_of
from ebmbench.plan.models_that_fit import models_that_fit
from ebmbench.plan.peak_memory import Rows
from ebmbench.plan.plan_rules import Found, large_batches, never_measured
from ebmbench.suite.keys import TrainSpec
from ebmbench.suite.shown_value import shown_value, ways_of
from ebmbench.suite.suite import Method, Suite
from ebmbench.training.built import Built, held_out_noise
from ebmbench.training.optimizer import misfits
from ebmbench.training.recipe import Measurement, Recipe
from ebmbench.training.untrained import NO_NEGATIVE, Untrained

T = TypeVar("T")

Lost = Mapping[str, ComponentError]
"""What took down the process of an earlier attempt, as it was told while it was done, and how."""

NONE_LOST: Lost = {}


class Skip(NamedTuple):
    """Something in the suite that is not run, and why."""

    dataset: str
    method: str
    what: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """All cells of a suite, checked before anything runs.

    Attributes:
        recipes: what cells are trained by: datasets in the suite's order, then methods.
        notes: what is allowed and may surprise, also in the data.
        estimates: by dataset and method.
        inputs: what results by each recipe depend on, by dataset and method.
    """

    suite: Suite
    recipes: tuple[Recipe, ...]
    skips: tuple[Skip, ...]
    notes: tuple[Problem, ...]
    estimates: dict[tuple[str, str], Estimate]
    inputs: dict[tuple[str, str], Inputs]

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """A cell for each recipe and seed; their ids tell what their results depend on."""
        digests = {names: digest_of(inputs) for names, inputs in self.inputs.items()}
        return tuple(
            Cell.of(recipe, seed, digests[recipe.dataset_name, recipe.method_name])
            for recipe in self.recipes
            for seed in self.suite.seeds
        )

    @property
    def size(self) -> int:
        """The number of cells."""
        return len(self.recipes) * len(self.suite.seeds)

    @property
    def device(self) -> str:
        """What it runs on: "cpu", "cuda", "cuda:1"."""
        return next((recipe.device for recipe in self.recipes), "cpu")

    def estimate(self, recipe: Recipe) -> Estimate:
        """What a training by ``recipe`` will cost."""
        return self.estimates[recipe.dataset_name, recipe.method_name]

    def watching(self, value: str) -> Plan:
        """The plan with another value that progress shows."""
        recipes = (replace(recipe, target=value) for recipe in self.recipes)
        return replace(self, recipes=tuple(recipes))

    def digest(self) -> str:
        """A digest of everything the suite's results depend on."""
        ids = "\n".join(cell.id for cell in self.cells)
        return sha256(ids.encode()).hexdigest()[:12]


def make_plan(
    suite: Suite, registry: Registry, device: str = "cpu", lost: Lost = NONE_LOST
) -> Plan:
    """The plan of a suite on a device.

    Args:
        suite: what is to be run.
        registry: what is installed.
        device: where it will run.
        lost: what is not to be tried again.

    Raises:
        ConfigError: a dataset cannot be loaded, or a method fits none of the datasets.
    """
    planner = _Planner(suite, registry, torch.device(device), lost)
    recipes = planner.recipes()
    if planner.problems:
        raise ConfigError(planner.problems)
    notes = (*suite.notes, *planner.notes)
    skips = tuple(planner.skips)
    return Plan(suite, tuple(recipes), skips, notes, planner.estimates, planner.inputs)


class _Planner:
    """Builds everything once, on one replica, and collects what does not fit."""

    def __init__(self, suite: Suite, registry: Registry, device: torch.device, lost: Lost) -> None:
        self.suite = suite
        self.registry = registry
        self.device = device
        self.lost = lost
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.skips: list[Skip] = []
        self.estimates: dict[tuple[str, str], Estimate] = {}
        self.inputs: dict[tuple[str, str], Inputs] = {}

    def recipes(self) -> list[Recipe]:
        """A recipe for every dataset and method that fit."""
        loaded = {name: self._load(name) for name in self.suite.datasets}
        recipes = [
            recipe
            for name, pair in loaded.items()
            if pair is not None
            for method in self.suite.methods_on(name)
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
        choice = self.suite.datasets[name]

        def load() -> Splits:
            with contained(f"dataset '{choice.name}'"):
                dataset = choice.build()
                splits = _sound(dataset.load(noise), noise.replicas)
                if self.suite.held_out:
                    cut = splits.hold_out(self.suite.held_out, held_out_noise(name, "cpu"))
                    splits = _sound(cut, noise.replicas, "cut")
                self.notes += [self._problem(("datasets", name), each) for each in dataset.notes()]
            return splits

        return self._tried(load, ("datasets", name), f"dataset {name}", "cannot be loaded")

    def _fitting(self, dataset: str, pair: Splits, method: Method) -> Recipe | None:
        """The recipe where all parts fit together and none of them fails."""
        return self._tried(
            lambda: self._recipe(dataset, pair, method),
            ("methods", method.name),
            f"method {method.name} on {dataset}",
            f"cannot be built for {dataset}",
        )

    def _tried(
        self, work: Callable[[], T], path: tuple[str, ...], step: str, problem: str
    ) -> T | None:
        """What ``work`` gives; where it fails, in whatever way, None and a problem at ``path``."""
        try:
            if step in self.lost:
                raise self.lost[step]
            with doing(step):
                return work()
        except DataError as error:
            self._complain(path, error.problem, error.remedy)
        except Exception as error:
            self._complain(path, f"{problem}: {reason(error)}")
        return None

    def _recipe(self, dataset: str, pair: Splits, method: Method) -> Recipe | None:
        """The recipe, or None and a skip where the parts do not fit; ``pair`` is two replicas'."""
        data = pair.first_replica()
        with contained(f"model '{method.model.name}'"):
            misfit = units_misfit(method.model.component, method.model.options, data)
            if misfit:
                hint = models_that_fit(data.units, method.model.component, self.registry)
                self.skips.append(Skip(dataset, method.name, "method", misfit + hint))
                return None
            model: Model = method.model.build(data.visible, TensorNoise([0], "plan"))
            with torch.no_grad():
                model.start_from(data.train)
        kernel = self._kernel(model, method)
        with contained(f"sampler '{method.sampler.name}'"):
            built_kernel = kernel.build() if kernel else None
            built = Built(model, data, method.sampler.build(built_kernel), built_kernel)
            misfit = _said(sampler_misfit(built.sampler, model, data))
        if misfit := misfit or _batch_misfit(data, method):
            self.skips.append(Skip(dataset, method.name, "method", misfit))
            return None
        if self._cannot_step(model, built.sampler, method):
            return None
        spec = self.suite.spec
        cost = estimate(built, Rows.of(pair), method, spec.train)
        recipe = Recipe(
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
            epochs=_epochs(spec.train, cost, method.batch.count(data.train.shape[1])),
            device=str(self.device),
            target=shown_value(
                spec.report,
                ways_of(self.suite.metrics),
                spec.tuning.metric if spec.tuning else None,
            ),
            keep_parameters=spec.keep == "parameters",
            updates=cost.updates if spec.train.until else None,
            seconds=cost.seconds,
            held_out=self.suite.held_out,
        )
        self.inputs[dataset, method.name] = inputs_of(recipe)
        self.estimates[dataset, method.name] = cost
        return recipe

    def _cannot_step(self, model: Model, sampler: Sampler, method: Method) -> bool:
        """Whether the optimiser asks of the model or the sampler what it has not."""
        found = list(misfits(method.optimizer, model, sampler))
        for each in found:
            path = ("methods", method.name, "optimizer", *each.path)
            self._complain(path, each.problem, each.remedy)
        return bool(found)

    def _kernel(self, model: Model, method: Method) -> Choice[GibbsKernel] | None:
        """The kernel asked for, or the fastest that can sweep the model here."""
        kernels = self.registry.kernels()
        chosen = kernel_for(kernels, model, self.device, method.kernel, self._pass_over)
        return None if chosen is None else Choice(chosen, chosen.Options())

    def _pass_over(self, failure: ComponentError) -> None:
        """Say once that a kernel which nobody asked for by name is left out."""
        note = self._problem(("methods",), f"{failure}; it is passed over")
        if note not in self.notes:
            self.notes.append(note)

    def _applies(self, each: Measurement, dataset: str, method: Method, built: Built) -> bool:
        """Whether the metric applies; a skip where it does not."""
        with contained(f"metric '{each.metric.name}'"):
            metric: Metric = each.metric.build()
            blind = metric.needs_negative and isinstance(built.sampler, Untrained)
            answer = metric_misfit(metric, built.model, built.data, built.kernel)
            misfit = NO_NEGATIVE if blind else _said(answer)
            misfit = misfit or _said(metric.supports_sampler(built.sampler))
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
        """Note a mistake, once though it be met with several datasets, or inherited."""
        found = self._problem(path, problem, remedy)
        if (found.place, problem) not in [(each.place, each.problem) for each in self.problems]:
            self.problems.append(found)

    def _problem(self, path: tuple[str, ...], problem: str, remedy: str = "") -> Problem:
        return Problem(self.suite.place(*path), ".".join(path), problem, remedy)


def _sound(found: object, replicas: int, by: str = "load") -> Splits:
    if not isinstance(found, Splits):
        raise TypeError(f"{by}() returns a {type(found).__name__}, not Splits")
    if fault := fault_of(found, replicas):
        raise ValueError(f"{by}() returns Splits whose {fault}")
    return found


def _said(answer: object) -> str | None:
    """What ``supports`` answers, if it is an answer."""
    if not isinstance(answer, str | None):
        kind = type(answer).__name__
        raise TypeError(f"supports() answers a {kind}, neither None nor a text that says why not")
    return answer


def _epochs(train: TrainSpec, cost: Estimate, per_epoch: int) -> int:
    """Epochs that are begun at most."""
    if train.until is None or cost.updates is None:
        return train.epochs
    return ceil(cost.updates / per_epoch)


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
