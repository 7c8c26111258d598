"""What goes from an update to the next: the last checkpoint, samples of it, and the chains."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

from ebmbench_ptt.exchange import Pool


class Account(NamedTuple):
    """What is known of log Z at a checkpoint, by samples that chains never meet.

    Attributes:
        samples: of the checkpoint, in equilibrium, in rows of N.
        log_z: an estimate, (R,) float64, in nats.
        influence: of each column on it, all the way from W = 0, (R, N) float64.
    """

    samples: Pool
    log_z: Tensor
    influence: Tensor


class Checkpoint(NamedTuple):
    """A model of the trajectory as it was when it was frozen.

    Attributes:
        parameters: one tensor per parameter, (R, ...).
        samples: of it, in equilibrium, in rows of N.
        account: of log Z; None if it is not kept.
    """

    parameters: tuple[Tensor, ...]
    samples: Pool
    account: Account | None


class Trajectory(NamedTuple):
    """Where the training's trajectory stands.

    Attributes:
        checkpoint: the last model that was frozen.
        reservoir: a working copy of its samples, with which chains trade places.
        chains: of the model in training, with their free energies under the one that moved them.
        since: updates since the checkpoint was frozen or gone back to, (R,) int64.
        frozen: models frozen in training, (R,) int64.
        rejected: updates rejected, (R,) int64.
        acceptance: of exchanges with the checkpoint, in the last update, (R,) float64.
    """

    checkpoint: Checkpoint
    reservoir: Pool
    chains: Pool
    since: Tensor
    frozen: Tensor
    rejected: Tensor
    acceptance: Tensor

    @classmethod
    def begun(cls, checkpoint: Checkpoint, chains: Pool) -> Trajectory:
        """At a checkpoint, with chains of it."""
        none = torch.zeros_like(chains.F[:, 0], dtype=torch.int64)
        all_of_them = torch.ones_like(chains.F[:, 0])
        return cls(checkpoint, checkpoint.samples, chains, none, none, none, all_of_them)

    def gone_on(self, checkpoint: Checkpoint, v: Tensor) -> Trajectory:
        """From a new checkpoint, with chains ``v`` of it."""
        return self._replace(
            checkpoint=checkpoint,
            reservoir=checkpoint.samples,
            chains=self.chains._replace(v=v),
            since=torch.zeros_like(self.since),
            frozen=self.frozen + 1,
        )

    def gone_back(self, index: Tensor) -> Trajectory:
        """To the checkpoint, with some of its samples (R, N) for chains."""
        samples = self.checkpoint.samples
        return self._replace(
            reservoir=samples,
            chains=samples.at(index),
            since=torch.zeros_like(self.since),
            rejected=self.rejected + 1,
        )


def either(choose: Tensor, one: Any, other: Any) -> Any:
    """A tree of tensors (R, ...): ``one`` for the replicas that are chosen (R,), else ``other``."""
    if isinstance(one, Tensor):
        return torch.where(choose.view(-1, *[1] * (one.dim() - 1)), one, other)
    return one and _like(one, [either(choose, *pair) for pair in zip(one, other, strict=True)])


def some(tree: Any, which: Any) -> Any:
    """Of a tree of tensors (R, ...) the replicas ``which``, their numbers or a mask."""
    if isinstance(tree, Tensor):
        return tree[which]
    return tree and _like(tree, [some(part, which) for part in tree])


def put(tree: Any, which: Tensor, parts: Any) -> Any:
    """The tree with the replicas ``which`` (R,) bool replaced by those of a tree of these alone."""
    if isinstance(tree, Tensor):
        new = tree.clone()
        new[which] = parts
        return new
    pairs = zip(tree, parts, strict=True) if tree else ()
    return tree and _like(tree, [put(part, which, new) for part, new in pairs])


def _like(tree: Any, parts: list[Any]) -> Any:
    """A tuple of the same kind with other parts."""
    return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
