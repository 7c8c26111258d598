"""The kernel for NVIDIA GPUs: int8 products on tensor cores, with the draw fused to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from weakref import ReferenceType, ref

import torch
from torch import Tensor

from ebmbench import Chains, GibbsKernel, Model, Noise, TwoLayer, not_two_layers
from ebmbench.numerics import (
    Factored,
    FactoredFixedPoint,
    FixedPoint,
    field_from_numbers,
    fields_of_sweeps,
    is_exact_from,
    is_swept_by_factors,
    layer_in_fixed_point,
    overlaps_with,
    philox_tensor,
    to_fixed_point,
)
from ebmbench_cuda.availability import unusable
from ebmbench_cuda.digits import Digits
from ebmbench_cuda.pattern_sides import PatternDigits
from ebmbench_cuda.tuning import Chip, chip_of
from ebmbench_cuda.work import Sides, Work

if TYPE_CHECKING:
    from ebmbench_cuda.enumeration import Enumerated
    from ebmbench_cuda.sweep import Plan


class TritonKernel(GibbsKernel):
    """h ~ sigmoid(2 beta (v W + b)), then v ~ sigmoid(2 beta (h W' + a)), fused on CUDA devices.

    Geman and Geman 1984, in blocks. Fields are exact sums of int8 products, the spins those of
    every other kernel; no field or random number is written to memory. Where Triton interprets
    (TRITON_INTERPRET=1) it runs on the CPU, for tests; there ``auto`` prefers what is made for it.
    """

    name = "triton"
    cites = ("geman1984",)
    replayable = True
    priority = 5  # above plain torch; below the CPU's own kernel, which CUDA devices cannot run

    def __init__(self, options: Any) -> None:
        super().__init__(options)
        self.graphs: Any = None  # made when Triton is first needed
        self.last: tuple[ReferenceType[Model], tuple[Plan, Sides]] | None = None

    def usable(self, device: torch.device) -> str | None:
        return unusable(device)

    def supports(self, model: Model, device: torch.device) -> str | None:
        return not_two_layers(model) or unusable(device)

    @torch.no_grad()
    def sweep(
        self, model: Model, chains: Chains, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        v = chains.v
        with torch.cuda.device_of(v):  # type: ignore[no-untyped-call]
            if noise.is_recorded or is_exact_from(v):  # recorded sweeps start from spins
                return self._from_spins(model, v, k, beta, noise)
            return self._from_numbers(model, v, k, beta, noise)

    def enumerate_states(self, model: Model) -> Enumerated:
        """log Z, the moments and the ground state by a sum over all states, on the device."""
        from ebmbench_cuda.enumeration import enumerate_on_gpu  # imports Triton

        with torch.no_grad():
            return enumerate_on_gpu(cast(TwoLayer, model).couplings())

    def _from_spins(
        self, model: Model, v: Tensor, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        from ebmbench_cuda.graph import Graphs  # imports Triton

        self.graphs = self.graphs or Graphs()
        V, H = _units(model)
        plan, sides = self._laid_out(model, v.device, noise.is_recorded)
        work = Work.of(sides, v, k, beta, noise)
        if noise.is_recorded:  # with all that is around it
            plan.enqueue(work, k)
            return _unpadded(work, V, H)
        return _unpadded(self.graphs.run(plan, work, k), V, H)

    def _from_numbers(
        self, model: Model, v: Tensor, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        """The first h is drawn given a float64 sum, which no digits make exact."""
        from ebmbench_cuda.sweep import ByPatterns, half_steps  # imports Triton

        V, H = _units(model)
        if is_swept_by_factors(model):
            plan, sides = self._laid_out(model, v.device, False)
            work = Work.of(sides, v, k, beta, noise)
            xi, _ = layer_in_fixed_point(cast(Factored, model).factors().xi_v)
            cast(ByPatterns, plan).enqueue_from(overlaps_with(xi, v), work, k)
            return _unpadded(work, V, H)
        digits, steps = Digits.of(to_fixed_point(model)), half_steps(chip_of(v.device), V, H)
        work = Work.of(Sides.of(digits, steps.sizes), v, k, beta, noise)
        scale = philox_tensor.draw_scale(torch.ones_like(digits.step), beta)
        steps.enqueue_from(field_from_numbers(model, v), scale, work, k)
        return _unpadded(work, V, H)

    def _laid_out(self, model: Model, device: torch.device, recorded: bool) -> tuple[Plan, Sides]:
        """How to sweep a model, and its couplings; those of a frozen one are laid out once."""
        if self.last and self.last[0]() is model:
            return self.last[1]
        fields, chip = fields_of_sweeps(model), chip_of(device)
        if isinstance(fields, FactoredFixedPoint):
            found = _patterns(fields, chip, recorded)
        else:
            found = _couplings(fields, chip, recorded)
        self.last = (ref(model), found) if model.frozen else None
        return found


def _couplings(fields: FixedPoint, chip: Chip, recorded: bool) -> tuple[Plan, Sides]:
    """How to sweep couplings, and their digits."""
    from ebmbench_cuda.sweep import plan_of  # imports Triton

    digits = Digits.all_of(fields) if recorded else Digits.of(fields)
    _, V, H = fields.W.shape
    plan = plan_of(chip, V, H, digits.digits)
    return plan, Sides.of(digits, plan.sizes)


def _patterns(fields: FactoredFixedPoint, chip: Chip, recorded: bool) -> tuple[Plan, Sides]:
    """How to sweep patterns, and their digits."""
    from ebmbench_cuda.sweep import by_patterns  # imports Triton

    (_, K, V), H = fields.xi_v.shape, fields.xi_h.shape[2]
    plan = by_patterns(chip, V, H, K)
    digits = PatternDigits.of(fields, recorded)
    return plan, Sides.of_patterns(digits, plan.sizes, plan.patterns)


def _units(model: Model) -> tuple[int, int]:
    """V and H."""
    return model.visible, cast(TwoLayer, model).hidden


def _unpadded(work: Work, V: int, H: int) -> Chains:
    """Where the chains of a sweep that is done stand, (R, N, V) and (R, N, H) float32."""
    return Chains(work.v[..., :V].float(), work.h[..., :H].float())
