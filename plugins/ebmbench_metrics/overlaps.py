"""How alike the configurations of a model are: the order parameter of spin glasses."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import (
    Chains,
    Curves,
    Depiction,
    GibbsKernel,
    Metric,
    Model,
    Noise,
    Splits,
    View,
    cannot_sweep,
)
from ebmbench_metrics.starts import Start, starts
from ebmbench_metrics.ultrametricity import triangle_index, triangles


class Overlaps(Metric):
    """P(q) of the overlaps q = v.v' / V between chains: the order parameter of spin glasses.

    Parts ``abs``, the mean of |q|, and ``square``, that of q^2, over all pairs of chains; 1/V
    is what independent fair spins have for ``square``. ``ultrametricity`` is the index K of Hed,
    Young and Domany (2004) over random triples of chains at distances d = (1 - q)/2: 0 where the
    chains stand at the leaves of a tree. ``ultrametricity_independent`` is the same number after
    each pixel's values have been shuffled among the chains, which keeps the magnetisations and
    nothing else: the first says little where it is no lower than the second. ``flip`` takes v and
    -v as one, d = (1 - |q|)/2; without it the symmetry of a model without biases hides its
    structure (Ciliberti and Marinari 2004). The picture ``distribution`` is P(q).

    Source: Mezard, Parisi and Virasoro 1987, "Spin glass theory and beyond".
    """

    name = "overlaps"
    cites = ("mezard1987", "hed2004")
    parts = ("abs", "square", "ultrametricity", "ultrametricity_independent")
    missing = {
        "ultrametricity": "no triple of chains is left",
        "ultrametricity_independent": "no triple of chains is left",
    }
    range = {"abs": (0.0, 1.0), "square": (0.0, 1.0)}

    class Options(Metric.Options):
        chains: int = Field(100, ge=3, le=3000, description="Independent chains per replica")
        steps: int = Field(100, ge=1, le=1_000_000, description="Gibbs steps of each chain")
        start: Start = Field(
            "random", description="Chains start at fair coins (random) or at training images"
        )
        beta: float = Field(1.0, gt=0, description="Inverse temperature of the chains")
        triples: int = Field(
            10_000, ge=1, le=10_000_000, description="Triples of chains that K is the mean over"
        )
        flip: bool = Field(False, description="Whether v and -v are one in the triples' distances")
        bins: int = Field(
            51, ge=2, le=100_000, description="Points of P(q) at the most; V + 1 values exist"
        )

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return cannot_sweep(kernel, model)

    def measure(self, view: View) -> dict[str, Tensor | Depiction]:
        options = self.options
        chains = Chains(starts(view, options.start, options.chains))
        v = view.run_chains(chains, options.steps, options.beta).v
        V, differing = v.shape[-1], between_pairs(differences(v))
        q = 1 - 2 * differing.double() / V  # (R, pairs)
        return {
            "abs": q.abs().mean(1),
            "square": q.square().mean(1),
            "ultrametricity": self._index(v, view.noise),
            "ultrametricity_independent": self._index(shuffled(v, view.noise), view.noise),
            "distribution": distribution(differing, V, options.bins),
        }

    def _index(self, v: Tensor, noise: Noise) -> Tensor:
        """K of the configurations (R, n, V), (R,)."""
        distances, V = differences(v), v.shape[-1]
        if self.options.flip:
            distances = torch.minimum(distances, V - distances)
        return triangle_index(triangles(distances, self.options.triples, noise))


def differences(v: Tensor) -> Tensor:
    """V (1 - q)/2, in how many spins each two rows differ, (R, n, V) -> (R, n, n) int64."""
    return ((v.shape[-1] - v @ v.mT) / 2).long()  # sums of +1 and -1: exact


def between_pairs(square: Tensor) -> Tensor:
    """What stands above the diagonal, (R, n, n) -> (R, n (n - 1)/2)."""
    n = square.shape[-1]
    a, b = torch.triu_indices(n, n, 1, device=square.device)
    return square[:, a, b]


def shuffled(v: Tensor, noise: Noise) -> Tensor:
    """The values of each unit dealt anew among the rows (R, n, V): independent spins."""
    return v.gather(1, noise.words(*v.shape[1:]).argsort(dim=1, stable=True))


def distribution(differing: Tensor, V: int, bins: int) -> Curves:
    """The density P(q), from the numbers of differing spins of all pairs, (R, pairs).

    q takes the V + 1 values 1 - 2d/V. Neighbours are put together where there are more values
    than bins; a bin stands at the mean of its values and is as wide as they are many.
    """
    bins = min(bins, V + 1)
    values = torch.arange(V + 1, device=differing.device)
    bin_of = values * bins // (V + 1)
    size = torch.bincount(bin_of).double()
    mean = torch.bincount(bin_of, weights=1 - 2 * values.double() / V) / size
    one = torch.ones_like(differing, dtype=torch.float64)
    counts = one.new_zeros(len(differing), bins).scatter_add_(1, bin_of[differing], one)
    density = counts / differing.shape[1] / (2 * size / V)
    return Curves(mean.flip(0), density.flip(1), "overlap q", "P(q)")
