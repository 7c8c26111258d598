"""A model to check something on, and a kernel that sweeps it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from ebmbench.checks.examples import examples_of
from ebmbench.checks.failure import NotApplicable
from ebmbench.checks.oracle.reference import ReferenceKernel, ReferencePatterned, ReferenceTwoLayer
from ebmbench.interfaces.component import Options
from ebmbench.interfaces.installed.registry import Registry
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.kernel_choice import kernel_for
from ebmbench.interfaces.model import Model
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.units.units import Units

CPU = torch.device("cpu")
V, H = 5, 3  # of models that are enumerated; other axes are other primes
MOVED = 0.4  # how far the parameters of a plugin's model are moved from where it starts


@dataclass(frozen=True)
class ModelCase:
    """A model of given options, and a kernel.

    Attributes:
        name: what it is, for a sentence.
        kernel: sweeps the model; None where no installed kernel can.
        biased: whether it is there for its biases.
    """

    name: str
    component: type[Model]
    options: Options
    kernel: GibbsKernel | None
    biased: bool = False

    @property
    def plain(self) -> bool:
        """Whether kernel and model are the checks' own."""
        return isinstance(self.kernel, ReferenceKernel)

    @property
    def units(self) -> Units:
        """What its visible units are."""
        return self.component.units_of(self.options)

    def model(
        self, seeds: Sequence[int] = (0, 1), visible: int = V, device: torch.device = CPU
    ) -> Model:
        """The model, a replica per seed, each with its own parameters.

        Of as many visible units as its kind can have, from ``visible`` on.
        """
        noise = Noise(seeds, "check", self.name, device=device)
        model = self.component(self.options, self.units.suited(visible), noise)
        if not self.component.__module__.startswith("ebmbench.checks"):
            move(model, noise)
        return model

    def copies(self, replicas: int, device: torch.device = CPU) -> Model:
        """The model with the same parameters in all replicas."""
        return self.model([0] * replicas, device=device)


@torch.no_grad()
def move(model: Model, noise: Noise) -> None:
    """Move the parameters off where they start, each replica by numbers of its own."""
    for parameter in model.parameters():
        step = noise.normal(1, parameter[0].numel()).view(parameter.shape)
        parameter.add_(MOVED * step)


def own_cases() -> list[ModelCase]:
    """Two layers without biases, with biases, and of patterns."""
    kernel = ReferenceKernel(ReferenceKernel.Options())
    two, patterned = ReferenceTwoLayer, ReferencePatterned
    biased = two.Options(bias=0.4, std=0.3)
    return [
        ModelCase("two layers without biases", two, two.Options(), kernel),
        ModelCase("two layers with biases", two, biased, kernel, biased=True),
        ModelCase("two layers of patterns", patterned, patterned.Options(), kernel),
    ]


def installed_cases(registry: Registry) -> Iterator[ModelCase]:
    """The installed models, with the kernel that a suite would choose on a CPU."""
    with TemporaryDirectory() as folder:
        for entry in registry.families["models"].values():
            component: type[Model] = entry.component  # type: ignore[assignment]
            try:
                options = examples_of(component, registry, Path(folder))[0].options
                suited = component.units_of(options).suited(V)
                model = component(options, suited, Noise([0], "check"))
            except NotApplicable:
                continue
            chosen = kernel_for(registry.kernels(), model, CPU)
            kernel = None if chosen is None else chosen(chosen.Options())
            yield ModelCase(f"the model '{component.name}'", component, options, kernel)
