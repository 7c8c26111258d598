"""The negative log-likelihood by annealed importance sampling."""

from __future__ import annotations

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import GibbsKernel, Metric, Model, Splits, View, cannot_sweep, not_two_layers
from ebmbench_likelihood.anneal import forward, reverse
from ebmbench_likelihood.base import Base
from ebmbench_likelihood.best_rung import best_rung
from ebmbench_likelihood.bracket import Bracket, Estimate
from ebmbench_likelihood.ladder import Spacing, ladder
from ebmbench_likelihood.mean_free_energy import mean_free_energies
from ebmbench_likelihood.path import Path

NLLS: tuple[str, ...] = ("train", "test", "best.train", "best.test")


class AISNLL(Metric):
    """-<log p(v)>_data = <F(v)>_data + log Z, with log Z by AIS and a check from the other side.

    Chains start from a base whose log Z is known and take a Gibbs step at each rung of a ladder of
    inverse temperatures; <w> = Z / Z_base. The same is done backwards, from the model to the base.

    What bounds what: ``log_z``, from the base, is a stochastic lower bound of log Z (E[log Z_est]
    <= log Z, by Jensen's inequality), whatever the ladder. The way back is a stochastic upper bound
    if its chains start from the model's distribution. Exact samples are not to be had, so they
    start from training data and take ``burn_in`` Gibbs steps, and the bound holds as far as these
    have reached equilibrium. Modes that neither side has seen are missed by both.

    Parts ``train``, ``test``, in nats per image: NaN unless ``trusted`` is 1, that is, unless
    both sides have ``least_ess`` effective samples and agree to within ``tolerance`` nats and three
    standard errors. ``log_z``, the bracket ``log_z_low`` and ``log_z_high`` (each three errors
    further out), ``log_z_error`` (delta method), ``ess`` and ``ess_back`` (of ``chains``) and
    ``gap`` (the way back less the way there) are given in any case: they say why.

    From the uniform base the rungs are the model at other temperatures, and their log Z come from
    the same run: ``best.beta``, ``best.train``, ``best.test`` are the rung of the lowest train
    NLL among those that are trusted, and ``best.trusted`` whether any is. A model whose weights
    are right in direction and far too cold has a best.train that can be measured where its train
    cannot. The ladder ends at 1, so nothing colder than the model is tried, and its spacing is the
    precision of best.beta: for a cold model ``geometric``.

    Sources: Neal 2001; Salakhutdinov and Murray 2008; Burda, Grosse and Salakhutdinov 2015;
    Grosse, Ghahramani and Adams 2015.
    """

    name = "nll-ais"
    unit = dict.fromkeys((*NLLS, "log_z", "log_z_low", "log_z_high", "log_z_error", "gap"), "nats")
    better = dict.fromkeys(NLLS, "lower")
    range = {
        **dict.fromkeys((*NLLS, "log_z_error", "best.beta"), (0.0, None)),
        **dict.fromkeys(("trusted", "best.trusted"), (0.0, 1.0)),
    }
    missing = "log Z is not known: AIS and its reverse disagree or have too few effective samples"

    class Options(Metric.Options):
        base: Literal["uniform", "data"] = Field(
            "data", description="Start: all states alike, or units with the means of the data"
        )
        ladder: int = Field(1000, ge=1, le=1_000_000, description="Rungs of the ladder")
        spacing: Spacing = Field("linear", description="How the rungs are spaced, from 0 to 1")
        chains: int = Field(200, ge=2, le=100_000, description="Chains in each direction")
        burn_in: int = Field(
            100,
            ge=1,
            le=1_000_000,
            description="Gibbs steps from training data before the way back",
        )
        tolerance: float = Field(
            1.0, ge=0, description="Nats by which the two sides may differ beyond their errors"
        )
        least_ess: float = Field(
            10.0, ge=1, description="Effective samples below which an estimate means nothing"
        )

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return not_two_layers(model) or cannot_sweep(kernel, model)

    @torch.no_grad()
    def measure(self, view: View) -> dict[str, Tensor]:
        path = self._path(view)
        betas = ladder(self.options.ladder, self.options.spacing).tolist()
        there = forward(path, betas, self.options.chains, view.noise)
        back = reverse(path, betas, self._cold_chains(view, path), view.noise)
        rungs = Bracket(path.log_z_of_base(), Estimate.of(there), Estimate.of(back))
        return {
            **self._at_the_end(view, path, rungs.at(-1)),
            **(self._best(view, path, betas, rungs) if self.options.base == "uniform" else {}),
        }

    def _path(self, view: View) -> Path:
        """From the base asked for to the model."""
        base = Base.uniform if self.options.base == "uniform" else Base.fitted
        return Path.of(view.model, view.sweeper, base(view.data.train))

    def _cold_chains(self, view: View, path: Path) -> Tensor:
        """Approximate samples of the model, (R, chains, V)."""
        rows = view.data.train
        v = shuffled(rows, self.options.chains, view.noise.permutation(rows.shape[1]))
        return path.sweep(v, self.options.burn_in, 1.0, view.noise)

    def _at_the_end(self, view: View, path: Path, bracket: Bracket) -> dict[str, Tensor]:
        """What is known of the model itself."""
        trusted = bracket.trusted(self.options.tolerance, self.options.least_ess)
        log_z = torch.where(trusted, bracket.log_z, torch.nan)
        one = log_z.new_ones(len(log_z), 1)
        return {
            "train": mean_free_energies(path, view.data.train, one)[:, 0] + log_z,
            "test": mean_free_energies(path, view.data.test, one)[:, 0] + log_z,
            "trusted": trusted.double(),
            "log_z": bracket.log_z,
            "log_z_low": bracket.low,
            "log_z_high": bracket.high,
            "log_z_error": bracket.there.error,
            "ess": bracket.there.ess,
            "ess_back": bracket.back.ess,
            "gap": bracket.gap,
        }

    def _best(
        self, view: View, path: Path, betas: list[float], rungs: Bracket
    ) -> dict[str, Tensor]:
        """The trusted rung that suits the training data best."""
        trusted = rungs.trusted(self.options.tolerance, self.options.least_ess)
        log_z = torch.where(trusted, rungs.log_z, torch.nan).mT  # (R, T)
        at = log_z.new_tensor(betas[1:]).expand_as(log_z)
        best = best_rung(log_z, lambda index: mean_free_energies(
            path, view.data.train, at.gather(1, index)
        ))  # fmt: skip
        beta = at.gather(1, best.rung)
        test = mean_free_energies(path, view.data.test, beta) + log_z.gather(1, best.rung)
        found = best.nll.isfinite()
        return {
            "best.train": torch.where(found, best.nll, torch.nan),
            "best.test": torch.where(found, test.squeeze(1), torch.nan),
            "best.beta": torch.where(found, beta.squeeze(1), torch.nan),
            "best.trusted": found.double(),
        }


def shuffled(rows: Tensor, chains: int, order: Tensor) -> Tensor:
    """``chains`` of the ``rows`` (R, N, V) in the ``order`` (R, N), over again where they are few.

    Returns:
        (R, chains, V).
    """
    again = order.repeat(1, -(-chains // order.shape[1]))[:, :chains]
    return rows.gather(1, again.unsqueeze(2).expand(-1, -1, rows.shape[2]))
