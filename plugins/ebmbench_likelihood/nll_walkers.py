"""The negative log-likelihood by the log Z that a sampler knows from its own training."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import GibbsKernel, Metric, Model, Sampler, Splits, View, not_two_layers
from ebmbench_likelihood.base import Base
from ebmbench_likelihood.path import Path
from ebmbench_likelihood.rows import Rows

ERRORS = 3.0  # by so many may the mass of the data seem to be above one


class WalkersNLL(Metric):
    """-<log p(v)>_data = <F(v)>_data + log Z, with log Z as the sampler has kept account of it.

    A likelihood at hardly any cost, for samplers that carry weights along the training
    (``Sampler.log_z``), such as jarzynski and ptt with ``evaluation``; for others there is none.

    Parts ``train`` and ``test``, in nats per image: NaN unless ``trusted`` is 1, that is, unless
    the standard error of log Z, ``log_z_error``, is at most ``largest_error``, and the
    probabilities of the distinct rows of train and test, whose logarithm is ``log_mass``, do not
    sum to more than one, by three errors. Walkers that have missed a mode know nothing of it: that
    the mass is below one is no proof.

    Source: Carbone, Hua, Coste and Vanden-Eijnden 2023.
    """

    name = "nll-walkers"
    cites = ("carbone2023",)
    parts = ("train", "test", "trusted", "log_z", "log_z_error", "log_mass")
    unit = dict.fromkeys(("train", "test", "log_z", "log_z_error", "log_mass"), "nats")
    better = dict.fromkeys(("train", "test"), "lower")
    range = {
        **dict.fromkeys(("train", "test", "log_z_error"), (0.0, None)),
        "trusted": (0.0, 1.0),
    }
    missing = dict.fromkeys(("train", "test"), "log Z is not known well enough")

    class Options(Metric.Options):
        largest_error: float = Field(
            0.3, gt=0, description="Standard error of log Z above which it means nothing, in nats"
        )

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return not_two_layers(model)

    def supports_sampler(self, sampler: Sampler) -> str | None:
        if sampler.keeps_log_z:
            return None
        return (
            "the sampler with these options keeps no account of log Z, as ptt and jarzynski with "
            "'evaluation' do"
        )

    @torch.no_grad()
    def measure(self, view: View) -> dict[str, Tensor]:
        known = view.sampler.log_z(view.model, view.state)
        if known is None:
            return {}
        log_z, error = known
        path = Path.of(view.model, view.sweeper, Base.uniform(view.data.train))
        F = Rows.of(view.data, path).free_energies(path, log_z.new_ones(len(log_z), 1))
        over = F.log_mass - log_z
        trusted = (error <= self.options.largest_error) & (over <= ERRORS * error)
        trusted_z = torch.where(trusted, log_z, torch.nan)
        return {
            "train": F.train.mean(1) + trusted_z,
            "test": F.test.mean(1) + trusted_z,
            "trusted": trusted.double(),
            "log_z": log_z,
            "log_z_error": error,
            "log_mass": over,
        }
