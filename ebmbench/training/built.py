"""A recipe's components, built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import Sampler
from ebmbench.numerics.noise import Noise
from ebmbench.training.recipe import Recipe


def held_out_noise(dataset: str, device: str) -> Noise:
    """Says which rows are held out: the same of all seeds and methods."""
    return Noise([0], "held out", dataset, device=device)


@dataclass(frozen=True)
class Built:
    """What a recipe is made of, built for R replicas."""

    model: Model
    data: Splits
    sampler: Sampler
    kernel: GibbsKernel | None

    @classmethod
    def of(cls, recipe: Recipe, seeds: Sequence[int]) -> Built:
        """One replica per seed, each with its own data and initial parameters."""
        names, device = (recipe.dataset_name, recipe.method_name), recipe.device
        data = recipe.dataset.build().load(Noise(seeds, "data", names[0], device=device))
        if recipe.held_out:
            data = data.hold_out(recipe.held_out, held_out_noise(names[0], device))
        model: Model = recipe.model.build(data.visible, Noise(seeds, "init", *names, device=device))
        with torch.no_grad():
            model.start_from(data.train)
        kernel = recipe.kernel.build() if recipe.kernel else None
        return cls(model, data, recipe.sampler.build(kernel), kernel)
