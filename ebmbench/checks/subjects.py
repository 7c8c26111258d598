"""Which models, kernels and devices a component is checked with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import torch

from ebmbench.checks.scene import CPU, Scene, V, installed_scenes, own_scenes
from ebmbench.checks.trial import Trial
from ebmbench.checks.verdict import NotApplicable
from ebmbench.dataset import Splits
from ebmbench.kernel import GibbsKernel, TwoLayer
from ebmbench.metric import Metric
from ebmbench.model import Model
from ebmbench.noise import Noise
from ebmbench.sampler import Sampler

MOST = 3  # installed models that a component is checked on, where the checks' own do not fit


@dataclass(frozen=True)
class KernelSubject:
    """A kernel and a model that it sweeps, on a device."""

    kernel: GibbsKernel
    scene: Scene
    device: torch.device

    @property
    def name(self) -> str:
        """For a sentence."""
        where = "" if self.device.type == "cpu" else f" on {self.device.type}"
        return self.scene.name + where

    @property
    def two_layer(self) -> bool:
        """Whether the model is two layers of spins."""
        return isinstance(self.scene.model([0]), TwoLayer)

    def model(self, seeds: Sequence[int] = (0, 1), visible: int = V) -> Model:
        """The model on the device."""
        return self.scene.model(seeds, visible, self.device)


def kernel_subjects(trial: Trial) -> list[KernelSubject]:
    """The kernel with all models of our own that it sweeps, or else with installed ones.

    Raises:
        NotApplicable: it runs on no device here, or no installed model is one that it sweeps.
    """
    kernel: GibbsKernel = trial.build()
    places = devices()
    usable = [device for device in places if kernel.usable(device) is None]
    if not usable:
        raise NotApplicable(f"it cannot run here: {kernel.usable(places[-1])}")
    found = [
        KernelSubject(kernel, scene, device)
        for device in usable
        for scene in _fitting(trial, lambda scene, at=device: _sweeps(kernel, scene, at))
    ]
    if not found:
        why = kernel.supports(own_scenes()[0].model([0]), usable[0])
        raise NotApplicable(
            f"no installed model is one that it sweeps; of a plain one it says {why}"
        )
    return found


def sampler_scenes(trial: Trial) -> list[Scene]:
    """All models of our own that the sampler trains, or else installed ones.

    Raises:
        NotApplicable: there is none.
    """
    found = _fitting(trial, lambda scene: _trains(trial, scene))
    if not found:
        scene = own_scenes()[0]
        why = _sampler(trial, scene).supports(scene.model([0]), plain_data())
        raise NotApplicable(
            f"no installed model is one that it trains; of a plain one it says {why}"
        )
    return found


def metric_scenes(trial: Trial, data: Splits) -> list[Scene]:
    """All models that the metric measures on ``data``: our own, or else installed ones.

    Raises:
        NotApplicable: there is none.
    """
    metric: Metric = trial.build()
    found = _fitting(
        trial, lambda scene: metric.supports(scene.model([0]), data, scene.kernel) is None
    )
    if not found:
        scene = own_scenes()[0]
        why = metric.supports(scene.model([0]), data, scene.kernel)
        raise NotApplicable(f"no installed model is one that it measures; of a plain one: {why}")
    return found


def devices() -> list[torch.device]:
    """The CPU, and a CUDA device where there is one."""
    return [CPU, torch.device("cuda")] if torch.cuda.is_available() else [CPU]


def plain_data(replicas: int = 1, visible: int = V) -> Splits:
    """Random rows: 13 to train on, 11 to test."""
    noise = Noise(range(replicas), "plain data")
    train, test = noise.coins(13, visible), noise.coins(11, visible)
    return Splits(train, test, (1, visible), torch.arange(visible) < visible // 2)


def _fitting(trial: Trial, fits) -> list[Scene]:  # type: ignore[no-untyped-def]
    own = [scene for scene in own_scenes() if fits(scene)]
    return own or list(islice(filter(fits, installed_scenes(trial.registry)), MOST))


def _sweeps(kernel: GibbsKernel, scene: Scene, device: torch.device) -> bool:
    return kernel.supports(scene.model([0], device=device), device) is None


def _trains(trial: Trial, scene: Scene) -> bool:
    return _sampler(trial, scene).supports(scene.model([0]), plain_data()) is None


def _sampler(trial: Trial, scene: Scene) -> Sampler:
    sampler: Sampler = trial.build(scene.kernel)
    return sampler
