"""The exact negative log-likelihood."""

from __future__ import annotations

from torch import Tensor

from ebmbench import GibbsKernel, Metric, Model, Splits, View
from ebmbench_exact.enumeration import enumerator, not_enumerable


class NLL(Metric):
    """-<log p(v)>_data = <F(v)>_data + log Z, in nats per image.

    Parts ``train`` and ``test``, and ``log_z``. The uniform distribution has V log 2; no model is
    below the entropy of the data. NaN for a replica that diverged. F comes from the model in its
    own precision: in float32 that is 1e-7 of |F|, which a model with large fields shows.

    Source: F as in Pozas-Kerstjens et al. 2021, eq. A6.
    """

    name = "nll"
    unit = "nats"
    better = {"train": "lower", "test": "lower"}

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return not_enumerable(model)

    def measure(self, view: View) -> dict[str, Tensor]:
        log_z = view.once(enumerator(view.kernel)).log_z
        return {
            "train": mean_free_energy(view.model, view.data.train) + log_z,
            "test": mean_free_energy(view.model, view.data.test) + log_z,
            "log_z": log_z,
        }


def mean_free_energy(model: Model, v: Tensor) -> Tensor:
    """<F(v)> over the rows of ``v`` (R, N, V), (R,) float64."""
    return model.free_energy(v).detach().double().mean(dim=-1)
