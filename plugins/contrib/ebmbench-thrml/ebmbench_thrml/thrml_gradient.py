"""The gradient of thrml."""

from __future__ import annotations

from importlib.metadata import version
from typing import cast

import numpy as np
from pydantic import Field

from ebmbench import Cost, Model, TwoLayer, product_cost
from ebmbench.interfaces.library_chains import Floats, LibraryGradient, SingleReplica


class ThrmlGradient(LibraryGradient):
    """``estimate_kl_grad`` of thrml: both phases by samples of its block-Gibbs programs.

    The library's: chains that start anew at each update, at the units' biases (``hinton_init``),
    and take ``warmup`` steps before the first of their samples; hidden units that are drawn given
    each row, where ours are summed out, which is where its gradient is noisier; means over both.
    Ours: the optimiser (thrml has none; its example takes Adam), batches, and the parameters at
    the start. thrml does not tell where its chains end, so they cannot go on as in PCD. Its example
    is of ``warmup: 200, samples: 40, steps: 5, hidden: 20``. Jelinčič et al. 2025.
    """

    name = "thrml-gradient"
    version = f"1, thrml {version('thrml')}"

    class Options(LibraryGradient.Options):
        chains: int = Field(25, ge=1, le=100_000, description="Chains of the negative phase")
        warmup: int = Field(
            20, ge=1, le=100_000, description="Gibbs steps before the first sample, of either phase"
        )
        samples: int = Field(1, ge=1, le=100_000, description="Samples of each chain")
        steps: int = Field(1, ge=1, le=100_000, description="Gibbs steps from a sample to the next")
        hidden: int = Field(
            1, ge=1, le=100_000, description="Samples of the hidden units of each row"
        )

    def gradient(
        self, model: SingleReplica, rows: Floats, state: Floats | None, seed: int
    ) -> tuple[SingleReplica, Floats | None]:
        # Imported here: JAX takes a second, which `ebmbench list` need not wait for.
        from ebmbench_thrml.programs import Schedules, key_of, kl_gradient

        numbers = (part.astype(np.float32) for part in model)
        how = Schedules(**self.options.model_dump(include={*Schedules._fields}))
        found = kl_gradient(*numbers, rows > 0, key_of(seed), how)
        return SingleReplica(*(np.asarray(part, np.float64) for part in found)), None

    def cost(self, model: Model, batch: int) -> Cost:
        """The steps of all chains, and a product per sample and edge."""
        o, V, H = self.options, model.visible, cast(TwoLayer, model).hidden
        steps = o.chains * (o.warmup + (o.samples - 1) * o.steps)
        of_rows = batch * (o.warmup + o.hidden - 1)
        draws = Cost(randoms=steps * (V + H) + of_rows * H)
        pairs = Cost(macs=V * H * (o.chains * o.samples + batch * o.hidden))
        sweeps = product_cost(steps, V, H) + product_cost(steps, H, V)
        return sweeps + product_cost(of_rows, V, H) + draws + pairs + model.phase_cost(batch)
