"""A model to check something on, and a kernel that sweeps it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from ebmbench.checks.reference import ReferenceKernel, ReferencePatterned, ReferenceTwoLayer
from ebmbench.checks.trial import trials
from ebmbench.checks.verdict import NotApplicable
from ebmbench.component import Options
from ebmbench.kernel import GibbsKernel
from ebmbench.model import Model
from ebmbench.noise import Noise
from ebmbench.registry import Registry

CPU = torch.device("cpu")
V, H = 5, 3  # of models that are enumerated; other axes are other primes
MOVED = 0.4  # how far the parameters of a plugin's model are moved from where it starts


@dataclass(frozen=True)
class Scene:
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

    def model(
        self, seeds: Sequence[int] = (0, 1), visible: int = V, device: torch.device = CPU
    ) -> Model:
        """The model, a replica per seed, each with its own parameters."""
        noise = Noise(seeds, "check", self.name, device=device)
        model = self.component(self.options, visible, noise)
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


def own_scenes() -> list[Scene]:
    """Two layers without biases, with biases, and of patterns."""
    kernel, two = ReferenceKernel(ReferenceKernel.Options()), ReferenceTwoLayer
    return [
        Scene("two layers without biases", two, two.Options(), kernel),
        Scene("two layers with biases", two, two.Options(bias=0.4, std=0.3), kernel, biased=True),
        Scene("two layers of patterns", ReferencePatterned, ReferencePatterned.Options(), kernel),
    ]


def installed_scenes(registry: Registry) -> Iterator[Scene]:
    """The installed models, with the kernel that a suite would choose on a CPU."""
    with TemporaryDirectory() as folder:
        for entry in registry.families["models"].values():
            component: type[Model] = entry.component  # type: ignore[assignment]
            try:
                options = trials(component, registry, Path(folder))[0].options
                model = component(options, V, Noise([0], "check"))
            except NotApplicable:
                continue
            kernel = fastest(registry, model)
            yield Scene(f"the model '{component.name}'", component, options, kernel)


def fastest(registry: Registry, model: Model) -> GibbsKernel | None:
    """The installed kernel of highest priority that sweeps the model on a CPU."""
    kernels: list[GibbsKernel] = [
        entry.component(entry.component.Options())  # type: ignore[misc]
        for entry in registry.families["kernels"].values()
    ]
    found = [each for each in kernels if each.usable(CPU) is None and not each.supports(model, CPU)]
    return max(found, key=lambda each: each.priority, default=None)
