"""The kernel for NVIDIA GPUs: int8 products on tensor cores, with the draw fused to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor

from ebmbench import GibbsKernel, Lattice, Model, Noise, TwoLayer, on_lattice
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
        if not isinstance(model, TwoLayer):
            return f"the model '{model.name}' is not two layers of spins that only couple across"
        return unusable(device)

    @torch.no_grad()
    def sweep(
        self,
        model: Model,
        v: Tensor,
        k: int,
        beta: float,
        noise: Noise,
        h: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        lattice = on_lattice(model)
        if noise.is_recorded or are_spins_or_erased(v):  # recorded sweeps start from spins
            return self._from_spins(lattice, v, k, beta, noise)
        h = noise.spins(lattice.hidden_field(v), beta, lattice.step)
        v = noise.spins(lattice.visible_field(h), beta, lattice.step)
        return (v, h) if k == 1 else self._from_spins(lattice, v, k - 1, beta, noise)

    def enumerate_states(self, model: Model) -> Enumerated:
        """log Z, the moments and the ground state by a sum over all states, on the device."""
        from ebmbench_cuda.enumeration import enumerate_on_gpu  # imports Triton

        with torch.no_grad():
            return enumerate_on_gpu(cast(TwoLayer, model).couplings())

    def _from_spins(
        self, lattice: Lattice, v: Tensor, k: int, beta: float, noise: Noise
    ) -> tuple[Tensor, Tensor]:
        from ebmbench_cuda.graph import Graphs  # these import Triton
        from ebmbench_cuda.sweep import plan_of

        self.graphs = self.graphs or Graphs()
        V, H = lattice.W.shape[1:]
        digits = Digits.all_of(lattice) if noise.is_recorded else Digits.of(lattice)
        with torch.cuda.device_of(v):  # type: ignore[no-untyped-call]
            plan = plan_of(chip_of(v.device), V, H, digits.digits)
            work = Work.of(digits, v, k, beta, noise, plan.sizes)
            if noise.is_recorded:  # with all that is around it
                plan.enqueue(work, k)
                return _unpadded(work, V, H)
            done = self.graphs.run(plan, work, k)
            return _unpadded(done, V, H)


def _unpadded(work: Work, V: int, H: int) -> tuple[Tensor, Tensor]:
    """v and h of a sweep that is done, (R, N, V) and (R, N, H) float32."""
    return work.v[..., :V].float(), work.h[..., :H].float()


def are_spins_or_erased(v: Tensor) -> bool:
    """Whether all units are +1, -1 or 0."""
    return bool(((v == 0) | (v.abs() == 1)).all())
