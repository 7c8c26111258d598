"""The exact negative log-likelihood."""

from __future__ import annotations

from torch import Tensor

from ebmbench import GibbsKernel, Metric, Model, Splits, TwoLayer, View
from ebmbench.numerics import REALS
from ebmbench_exact.enumeration import enumerator
from ebmbench_exact.marginal import log_z, not_summable


class NLL(Metric):
    """-<log p(v)>_data = <F(v)>_data + log Z, in nats per image.

    Parts ``train`` and ``test``, and ``log_z``. The uniform distribution has V log 2; no model is
    below the entropy of the data. NaN for a replica that diverged. F comes from the model in its
    own precision: in float32 that is 1e-7 of |F|, which a model with large fields shows.

    log Z of two layers of spins comes from a sum over the smaller layer; of a model that has a sum
    of its own, from that; of any other, from the free energies of up to 2^20 visible states.

    Source: F as in Pozas-Kerstjens et al. 2021, eq. A6.
    """

    name = "nll"
    cites = ("pozaskerstjens2021",)
    any_units = True
    parts = ("train", "test", "log_z")
    unit = "nats"
    better = {"train": "lower", "test": "lower"}
    range = {"train": (0.0, None), "test": (0.0, None)}

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        if model.units == REALS:
            return f"the model '{model.name}' has a density of {REALS}: use nll-density"
        return not_summable(model)

    def measure(self, view: View) -> dict[str, Tensor]:
        log_z = log_z_of(view)
        return {
            "train": mean_free_energy(view.model, view.data.train) + log_z,
            "test": mean_free_energy(view.model, view.data.test) + log_z,
            "log_z": log_z,
        }


class DensityNLL(NLL):
    """-<log p(v)>_data = <F(v)>_data + log Z of a density of real numbers, in nats per row.

    Parts ``train`` and ``test``, and ``log_z``. A density may be above one, so this may be below
    zero, and it shifts with the units that the data are measured in: it compares models on the same
    data alone. log Z is a sum over hidden states of integrals over v that the model does itself.

    Source: as of nll; a Gaussian visible layer as in Welling, Rosen-Zvi and Hinton 2005.
    """

    name = "nll-density"
    cites = ("welling2005",)
    range = {}  # a density has no bounds

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        if model.units != REALS:
            return f"the model '{model.name}' has {model.units}, which have no density: use nll"
        return not_summable(model)


def log_z_of(view: View) -> Tensor:
    """log Z in nats, (R,) float64, from the moment's one enumeration."""
    if isinstance(view.model, TwoLayer):
        return view.once(enumerator(view.kernel)).log_z
    return view.once(log_z)


def mean_free_energy(model: Model, v: Tensor) -> Tensor:
    """<F(v)> over the rows of ``v`` (R, N, V), (R,) float64."""
    return model.free_energy(v).detach().double().mean(dim=-1)
