"""A recipe's components, built."""

from __future__ import annotations

from dataclasses import dataclass

from ebmbench.dataset import Splits
from ebmbench.kernel import GibbsKernel
from ebmbench.model import Model
from ebmbench.sampler import Sampler


@dataclass(frozen=True)
class Parts:
    """What a recipe is made of, built for R replicas."""

    model: Model
    data: Splits
    sampler: Sampler
    kernel: GibbsKernel | None
