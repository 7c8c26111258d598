"""The gradient of the rbms library."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, cast

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import Cost, Model, Noise, Splits, TwoLayer, product_cost
from ebmbench.interfaces.library_chains import Floats, LibraryGradient, SingleReplica

if TYPE_CHECKING:
    from rbms.bernoulli_bernoulli.classes import BBRBM


class RbmsGradient(LibraryGradient):
    """The gradient of ``fit_batch_pcd`` of the rbms library: centred, and of length 1.

    The library's: the chains, which it moves on by k steps; both phases, the data's hidden units
    summed out, the chains' as means too; centring at the batch's means; the division by the length
    of the whole gradient; units of 0 and 1, in whose parameters both are done. Ours: the optimiser,
    batches, and the parameters at the start. With ``{name: sgd, lr: 0.01}`` updates are those of
    its training by default, which draws a batch anew for each and starts from weights of 1e-4.
    Bereux, Decelle, Furtlehner, Rosset and Seoane 2023, 2025.
    """

    name = "rbms-gradient"
    version = f"1, rbms {version('rbms')}"
    zero_one = True

    class Options(LibraryGradient.Options):
        k: int = Field(1, ge=1, description="Gibbs steps per update")
        chains: int | None = Field(
            None, ge=1, description="Persistent chains, as in PCD; null starts at the batch, as CD"
        )
        centred: bool = Field(True, description="Whether gradients are centred, as is its default")

    def start(self, model: Model, data: Splits, noise: Noise) -> Tensor | None:
        chains = self.options.chains
        return None if chains is None else (noise.coins(chains, model.visible) + 1) / 2

    def gradient(
        self, model: SingleReplica, rows: Floats, state: Floats | None, seed: int
    ) -> tuple[SingleReplica, Floats | None]:
        # Imported here: it brings h5py and matplotlib, which `ebmbench list` need not wait for.
        from rbms.bernoulli_bernoulli.classes import BBRBM

        rbm = BBRBM(*map(_float32, model))
        rbm.init_grad()
        with torch.random.fork_rng(devices=[]):  # it draws from torch's own generator
            torch.default_generator.manual_seed(seed)
            v = self._fit(rbm, _float32(rows), None if state is None else _float32(state))
        W, a, b = (-p.grad.double().numpy() for p in rbm.parameters())  # it goes uphill
        return SingleReplica(W, a, b), None if state is None else v.double().numpy()

    def cost(self, model: Model, batch: int) -> Cost:
        """Chains as those of CD and PCD, and their hidden means twice; the centred products."""
        V, H = model.visible, cast(TwoLayer, model).hidden
        N = self.options.chains or batch
        draws = Cost(randoms=N * (V + H), bytes=4 * N * (V + H))
        step = product_cost(N, V, H) + product_cost(N, H, V) + draws
        moments = product_cost(V, N, H) + product_cost(V, batch, H)
        hidden = product_cost(batch, V, H) + product_cost(N, V, H)
        k: int = self.options.k
        return k * step + hidden + moments + model.phase_cost(batch)

    def _fit(self, rbm: BBRBM, rows: Tensor, v: Tensor | None) -> Tensor:
        """Leaves its gradient in ``rbm``; where the chains got to, (N, V)."""
        from rbms.training.pcd import fit_batch_pcd

        weights = torch.ones(len(rows))
        if v is None:
            chains = rbm.init_chains(len(rows), weights, start_v=rows)
        else:
            chains = {"visible": v, "weights": torch.ones(len(v))}
        k, centred = self.options.k, self.options.centred
        chains, _ = fit_batch_pcd((rows, weights), chains, rbm, k, 1.0, centered=centred)
        visible: Tensor = chains["visible"]
        return visible


def _float32(numbers: Floats) -> Tensor:
    return torch.from_numpy(numbers).float()
