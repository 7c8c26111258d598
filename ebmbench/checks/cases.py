"""Which models, kernels and devices a component is checked with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeVar

import torch

from ebmbench.checks.examples import Example
from ebmbench.checks.failure import NotApplicable
from ebmbench.checks.model_cases import CPU, ModelCase, V, installed_cases, own_cases
from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.fitting import metric_misfit, sampler_misfit
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.metric import Metric
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import Sampler
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.two_layer import TwoLayer
from ebmbench.numerics.units.spins import SPINS
from ebmbench.numerics.units.units import Units

Case = TypeVar("Case", "KernelCase", ModelCase)

MOST = 3  # installed models that a component is checked on, where the checks' own do not fit


@dataclass(frozen=True)
class KernelCase:
    """A kernel and a model that it sweeps, on a device."""

    kernel: GibbsKernel
    model_case: ModelCase
    device: torch.device

    @property
    def name(self) -> str:
        """For a sentence."""
        where = "" if self.device.type == "cpu" else f" on {self.device.type}"
        return self.model_case.name + where

    @property
    def biased(self) -> bool:
        """Whether the model is there for its biases."""
        return self.model_case.biased

    @property
    def units(self) -> Units:
        """What the model's visible units are."""
        return self.model_case.units

    @property
    def two_layer(self) -> bool:
        """Whether the model is two layers of spins."""
        return isinstance(self.model_case.model([0]), TwoLayer)

    def model(self, seeds: Sequence[int] = (0, 1), visible: int = V) -> Model:
        """The model on the device."""
        return self.model_case.model(seeds, visible, self.device)


def kernel_cases(example: Example) -> list[KernelCase]:
    """The kernel with all models of our own that it sweeps, or else with installed ones.

    Raises:
        NotApplicable: it runs on no device here, or no installed model is one that it sweeps.
    """
    kernel: GibbsKernel = example.build()
    places = devices()
    usable = [device for device in places if kernel.usable(device) is None]
    if not usable:
        raise NotApplicable(f"it cannot run here: {kernel.usable(places[-1])}")
    found = [
        KernelCase(kernel, case, device)
        for device in usable
        for case in _fitting(example, partial(_sweeps, kernel, device))
    ]
    if not found:
        why = kernel.supports(own_cases()[0].model([0]), usable[0])
        raise NotApplicable(
            f"no installed model is one that it sweeps; of a plain one it says {why}"
        )
    return found


def sampler_cases(example: Example) -> list[ModelCase]:
    """All models of our own that the sampler trains, or else installed ones.

    Raises:
        NotApplicable: there is none.
    """
    found = _fitting(example, partial(_trains, example))
    if not found:
        case = own_cases()[0]
        why = sampler_misfit(_sampler(example, case), case.model([0]), plain_data())
        raise NotApplicable(
            f"no installed model is one that it trains; of a plain one it says {why}"
        )
    return found


def cases_of_other_units(example: Example, found: Sequence[ModelCase]) -> list[ModelCase]:
    """For each kind of units that none of these cases has, an installed model that is trained."""
    kinds, others = {type(case.units) for case in found}, []
    for case in installed_cases(example.registry):
        if type(case.units) not in kinds and _trains(example, case):
            kinds.add(type(case.units))
            others.append(case)
    return others


def metric_cases(example: Example, data: Callable[[ModelCase], Splits]) -> list[ModelCase]:
    """All models that the metric measures on their ``data``: our own, or else installed ones.

    Raises:
        NotApplicable: there is none.
    """
    metric: Metric = example.build()
    found = _fitting(
        example,
        lambda case: metric_misfit(metric, case.model([0]), data(case), case.kernel) is None,
    )
    if not found:
        case = own_cases()[0]
        why = metric_misfit(metric, case.model([0]), data(case), case.kernel)
        raise NotApplicable(f"no installed model is one that it measures; of a plain one: {why}")
    return found


def countable(cases: list[Case]) -> list[Case]:
    """Those whose visible units have states that can be counted.

    Raises:
        NotApplicable: none has.
    """
    found = [case for case in cases if case.units.states(case.units.suited(V)) is not None]
    if not found:
        raise NotApplicable("all visible units here are real numbers, of which there are no states")
    return found


def devices() -> list[torch.device]:
    """The CPU, and a CUDA device where there is one."""
    return [CPU, torch.device("cuda")] if torch.cuda.is_available() else [CPU]


def plain_data(replicas: int = 1, visible: int = V, units: Units = SPINS) -> Splits:
    """Random rows: 13 to train on, 11 to test; of as many units as there can be, from V on."""
    noise, visible = Noise(range(replicas), "plain data"), units.suited(visible)
    train, test = (units.random(rows, visible, noise) for rows in (13, 11))
    keep = torch.arange(visible) < visible // 2
    return Splits(train, test, (1, visible), keep, units=units)


def _fitting(example: Example, fits: Callable[[ModelCase], bool]) -> list[ModelCase]:
    own = [case for case in own_cases() if fits(case)]
    return own or list(islice(filter(fits, installed_cases(example.registry)), MOST))


def _sweeps(kernel: GibbsKernel, device: torch.device, case: ModelCase) -> bool:
    return kernel.supports(case.model([0], device=device), device) is None


def _trains(example: Example, case: ModelCase) -> bool:
    sampler, data = _sampler(example, case), plain_data(units=case.units)
    return sampler_misfit(sampler, case.model([0]), data) is None


def _sampler(example: Example, case: ModelCase) -> Sampler:
    sampler: Sampler = example.build(case.kernel)
    return sampler
