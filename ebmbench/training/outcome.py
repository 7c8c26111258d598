"""What became of the replicas of a block."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from ebmbench.training.built import Built
from ebmbench.training.evaluator import Evaluator
from ebmbench.training.stopwatch import Stopwatch


@dataclass(frozen=True)
class Outcome:
    """What became of R replicas.

    Attributes:
        built: the model with its last parameters, and what it was trained with.
        evaluator: what was seen on the way.
        updates: how many were made.
        watch: the training's clock, for all replicas together.
    """

    built: Built
    evaluator: Evaluator
    updates: int
    watch: Stopwatch

    def parameters(self, replica: int) -> dict[str, Tensor]:
        """The final parameters of one replica by name, (1, ...) each."""
        return {
            name: each[replica : replica + 1].detach().cpu().clone()
            for name, each in self.built.model.named_parameters()
        }
