"""Chains that are cooled again and again, and the lowest state that they came by."""

from __future__ import annotations

from typing import NamedTuple, cast

import torch
from torch import Tensor

from ebmbench import Chains, Cost, Model, Noise, Sweeper, TwoLayer, spin_sign
from ebmbench_exact.enumeration import Ground

COLDEST = 5.0  # beta at the end of a cycle
ROUNDS = 20  # of aligning one layer with the other; as many whatever other replicas do


class Annealers(NamedTuple):
    """Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983), a Gibbs step per update.

    A cycle raises beta from nearly 0 to 5 and begins again while the model is trained, so what a
    ground state costs is the same at every update, asked for or not.

    Attributes:
        v: where the chains are, (R, A, V).
        best: the lowest state that they came by when they were looked at, (R, V).
    """

    v: Tensor
    best: Tensor

    @classmethod
    def begun(cls, count: int, visible: int, noise: Noise) -> Annealers:
        """At fair coins."""
        v = noise.coins(count, visible)
        return cls(v, v[:, 0])

    def cooled(
        self, model: Model, sweeper: Sweeper, update: int, cycle: int, noise: Noise
    ) -> Annealers:
        """After a Gibbs step; at the end of a cycle they are looked at.

        Args:
            update: of the training, from 1.
            cycle: updates from hot to cold.
        """
        step = (update - 1) % cycle + 1
        v = sweeper.run_chains(model, Chains(self.v), 1, COLDEST * step / cycle, noise).v
        now = self._replace(v=v)
        return now._replace(best=now.lowest(model).v) if step == cycle else now

    def remembering(self, ground: Ground, which: Tensor) -> Annealers:
        """With that state for the best so far, in the replicas ``which`` (R,)."""
        return self._replace(best=torch.where(which.unsqueeze(1), ground.v, self.best))

    def lowest(self, model: Model) -> Ground:
        """The lowest state near where they are, or near the best so far.

        From each, layers align with their fields in turn; a unit without a field is +1.
        """
        two_layers = cast(TwoLayer, model)
        v = torch.cat([self.v, self.best.unsqueeze(1)], 1)
        for _ in range(ROUNDS):
            h = spin_sign(two_layers.hidden_field(v))
            v = spin_sign(two_layers.visible_field(h))
        h = spin_sign(two_layers.hidden_field(v))
        energy = model.energy(v, h).double()
        at = energy.argmin(1)
        return Ground(energy.amin(1), *(_row(each, at) for each in (v, h)))


def looking_cost(model: Model, count: int) -> Cost:
    """What it costs to look at so many chains, and at the best state."""
    two_layers = cast(TwoLayer, model)
    macs = (count + 1) * (2 * ROUNDS + 2) * two_layers.field_macs
    units = (count + 1) * (model.visible + two_layers.hidden)
    return Cost(macs=macs, bytes=4.0 * 2 * ROUNDS * (units + model.parameters_per_replica()))


def _row(units: Tensor, at: Tensor) -> Tensor:
    """The row ``at`` (R,) of each replica's, (R, N, M) -> (R, M)."""
    index = at.view(-1, 1, 1).expand(-1, 1, units.shape[2])
    return units.gather(1, index).squeeze(1)
