"""The chains of thrml."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from ebmbench.interfaces.library_chains import LibraryChains, SingleReplica

Floats = NDArray[np.float64]


class ThrmlChains(LibraryChains):
    """<dF>_model over chains that thrml's block-Gibbs program moves, compiled by JAX.

    Its ``IsingEBM`` has spins, E = -sum b s - sum J s s, so parameters go over as they stand; the
    blocks are the hidden layer, then the visible one. thrml makes them of nodes and edges and
    gathers a spin per edge: on two full layers its cost and memory grow with N V H, without a
    matrix product. Jelinčič et al. 2025.
    """

    name = "thrml"
    version = f"1, thrml {version('thrml')}"

    def swept(self, model: SingleReplica, v: Floats, seed: int) -> Floats:
        # Imported here: JAX takes a second, which `ebmbench list` need not wait for.
        from ebmbench_thrml.programs import key_of, sweep

        ups = sweep(
            *(part.astype(np.float32) for part in model), v > 0, key_of(seed), self.options.k
        )
        return np.where(ups, 1.0, -1.0)
