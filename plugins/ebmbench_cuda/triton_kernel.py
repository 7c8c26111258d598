"""The kernel for NVIDIA GPUs: int8 products on tensor cores, with the draw fused to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor

from ebmbench import Chains, GibbsKernel, Model, Noise, TwoLayer, not_two_layers
from ebmbench.numerics import FixedPoint, field_from_numbers, is_exact_from, to_fixed_point
from ebmbench_cuda.availability import unusable
from ebmbench_cuda.digits import Digits
from ebmbench_cuda.tuning import chip_of
from ebmbench_cuda.work import Work

if TYPE_CHECKING:
    from ebmbench_cuda.enumeration import Enumerated


class TritonKernel(GibbsKernel):
    """h ~ sigmoid(2 beta (v W + b)), then v ~ sigmoid(2 beta (h W' + a)), fused on CUDA devices.

    Geman and Geman 1984, in blocks. Fields are exact sums of int8 products, the spins those of
    every other kernel; no field or random number is written to memory. Where Triton interprets
    (TRITON_INTERPRET=1) it runs on the CPU, for tests; there ``auto`` prefers what is made for it.
    """

    name = "triton"
    replayable = True
    priority = 5  # above plain torch; below the CPU's own kernel, which CUDA devices cannot run

    def __init__(self, options: Any) -> None:
        super().__init__(options)
        self.graphs: Any = None  # made when Triton is first needed

    def usable(self, device: torch.device) -> str | None:
        return unusable(device)

    def supports(self, model: Model, device: torch.device) -> str | None:
        return not_two_layers(model) or unusable(device)

    @torch.no_grad()
    def sweep(self, model: Model, chains: Chains, k: int, beta: float, noise: Noise) -> Chains:
        fixed_point, v = to_fixed_point(model), chains.v
        if noise.is_recorded or is_exact_from(v):  # recorded sweeps start from spins
            return self._from_spins(fixed_point, v, k, beta, noise)
        h = noise.spins(field_from_numbers(model, v), beta)
        v = fixed_point.draw_visible(h, beta, noise)
        return Chains(v, h) if k == 1 else self._from_spins(fixed_point, v, k - 1, beta, noise)

    def enumerate_states(self, model: Model) -> Enumerated:
        """log Z, the moments and the ground state by a sum over all states, on the device."""
        from ebmbench_cuda.enumeration import enumerate_on_gpu  # imports Triton

        with torch.no_grad():
            return enumerate_on_gpu(cast(TwoLayer, model).couplings())

    def _from_spins(
        self, fixed_point: FixedPoint, v: Tensor, k: int, beta: float, noise: Noise
    ) -> Chains:
        from ebmbench_cuda.graph import Graphs  # these import Triton
        from ebmbench_cuda.sweep import plan_of

        self.graphs = self.graphs or Graphs()
        V, H = fixed_point.W.shape[1:]
        digits = Digits.all_of(fixed_point) if noise.is_recorded else Digits.of(fixed_point)
        with torch.cuda.device_of(v):  # type: ignore[no-untyped-call]
            plan = plan_of(chip_of(v.device), V, H, digits.digits)
            work = Work.of(digits, v, k, beta, noise, plan.sizes)
            if noise.is_recorded:  # with all that is around it
                plan.enqueue(work, k)
                return _unpadded(work, V, H)
            done = self.graphs.run(plan, work, k)
            return _unpadded(done, V, H)


def _unpadded(work: Work, V: int, H: int) -> Chains:
    """Where the chains of a sweep that is done stand, (R, N, V) and (R, N, H) float32."""
    return Chains(work.v[..., :V].float(), work.h[..., :H].float())
