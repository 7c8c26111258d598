"""Where a training stands between two updates: all that its future depends on, to be stored.

A training that is restored from it goes on as if it had never been interrupted, to the last bit:
the parameters, what the optimiser remembers, the sampler's state, how many numbers each stream has
given, the order of the epoch's rows, what was measured so far, and the clock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import torch

from ebmbench.interfaces.depiction import Curves, Images
from ebmbench.numerics.stored_trees import NotStorableError, restored, stored, types_in
from ebmbench.training.evaluator import BlockCurve, Evaluator
from ebmbench.training.learner import Learner
from ebmbench.training.stopwatch import Stopwatch


class Position(NamedTuple):
    """How far a training is.

    Attributes:
        epoch: that goes on, from 1.
        made: of its updates, how many were made.
        update: updates made in all.
        redrawn, ordered: draws made when the epoch began, of data and of its order.
    """

    epoch: int = 1
    made: int = 0
    update: int = 0
    redrawn: int = 0
    ordered: int = 0


BEGINNING = Position()

Stored = tuple[list[Any], dict[str, torch.Tensor]]
"""Of :func:`ebmbench.numerics.stored_trees.stored`."""


class Keeper(Protocol):
    """Keeps where a training stands.

    Attributes:
        found: where one was interrupted that is to go on; None to begin.
    """

    found: Stored | None

    def after_update(self, epoch: int, epoch_ends: bool, standing: Callable[[], Stored]) -> None:
        """An update was made; ``standing`` says where the training stands, if it is to be kept."""

    def not_used(self, why: str) -> None:
        """What was found cannot be gone on from; nothing is ``found`` any more."""


class Standing:
    """What a training consists of; made before its first update."""

    def __init__(self, learner: Learner, evaluator: Evaluator, watch: Stopwatch) -> None:
        self.learner, self.evaluator, self.watch = learner, evaluator, watch
        self._types = {BlockCurve, Images, Curves, *types_in(learner.state)}

    def at(self, position: Position) -> Stored:
        """All of it as it is now.

        Raises:
            NotStorableError: a component's state is no tree of tensors and plain values.
        """
        learner = self.learner
        tree = {
            "position": tuple(position),
            "model": dict(learner.model.state_dict()),
            "optimizer": learner.optimizer.standing(),
            "state": learner.state,
            "draws": {name: noise.step for name, noise in learner.streams._asdict().items()},
            "watch": self.watch.standing(),
            "evaluator": self.evaluator.standing(),
        }
        form, tensors = stored(tree)
        if unknown := set(types_in(tree)) - self._types:  # found out now, not after the kill
            raise NotStorableError(f"its state holds a {unknown.pop().__qualname__} from some on")
        return form, {name: tensor.cpu() for name, tensor in tensors.items()}

    def restore(self, found: Stored) -> Position:
        """Put all back; where it was.

        Raises:
            NotStorableError: it is of another training.
        """
        form, tensors = found
        learner, device = self.learner, self.watch.device
        there = {name: tensor.to(device) for name, tensor in tensors.items()}
        tree = restored(form, there, self._types)
        try:
            position = Position(*tree["position"])
            with torch.no_grad():
                for name, mine in learner.model.state_dict().items():
                    mine.copy_(tree["model"][name])
            learner.optimizer.restore(tree["optimizer"])
            learner.state = tree["state"]
            for name, noise in learner.streams._asdict().items():
                noise.step = tree["draws"][name]
            learner.streams.redraw.step = position.redrawn
            learner.streams.order.step = position.ordered
            self.watch.restore(tree["watch"])
            self.evaluator.restore(tree["evaluator"])
        except (TypeError, ValueError, KeyError, RuntimeError, AttributeError) as error:
            raise NotStorableError(f"not where this training stood: {error}") from None
        return position
