"""The negative log-likelihood by annealed importance sampling."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any, Literal

import torch
from pydantic import Field, model_validator
from torch import Tensor

from ebmbench import GibbsKernel, Metric, Model, Splits, View, cannot_sweep, not_two_layers
from ebmbench_likelihood.anneal import Arrived, forward, reverse
from ebmbench_likelihood.base import Base
from ebmbench_likelihood.best_rung import best_rung
from ebmbench_likelihood.bracket import Bracket, Estimate
from ebmbench_likelihood.cold_chains import resampled, shuffled
from ebmbench_likelihood.ladder import Spacing, ladder
from ebmbench_likelihood.mean_free_energy import mean_free_energies
from ebmbench_likelihood.path import Path
from ebmbench_likelihood.rows import Rows

NLLS: tuple[str, ...] = ("train", "test", "best.train", "best.test")
FLAT = 0.01  # nats: a minimum that half the inverse temperature misses by less has no place
BEST = ("best.train", "best.test", "best.beta", "best.trusted")
GAPS: tuple[str, ...] = ("gap", "data_gap", "log_mass")


class AISNLL(Metric):
    """-<log p(v)>_data = <F(v)>_data + log Z, with log Z by AIS and a check from the other side.

    Chains start from a base whose log Z is known and take a Gibbs step at each rung of a ladder of
    inverse temperatures; <w> = Z / Z_base. The same is done backwards, from the model to the base.

    **The base.** ``uniform``: all states alike. ``data``: units with the means of the data, as far
    as the model allows it: without biases F(v) = F(-v), the mirror image of the data is as likely
    as they are, the mean of both is 0, and the base is uniform. With biases, chains are annealed
    from both bases, and each replica goes by the one from which log Z comes out higher: both are
    lower bounds.

    **What bounds what.** ``log_z``, from the base, is a stochastic lower bound of log Z
    (E[log Z_est] <= log Z, by Jensen's inequality), whatever the ladder. The way back is a
    stochastic upper bound if its chains start from the model's distribution. Exact samples are not
    to be had. Half of the ``chains`` start where the way there arrived, drawn by weight, the other
    half from training data; all take ``burn_in`` Gibbs steps. The first half makes the upper end;
    the second shows modes which hold data and which the way there hardly finds. Modes that hold no
    data and that no base leads to are missed by all: no estimate can know of them.

    Parts ``train``, ``test``, in nats per image: NaN unless ``trusted`` is 1, that is, unless both
    ways have ``least_ess`` effective samples; the way back, ``gap`` nats above the way there, is
    not below it by more than three standard errors, nor above it by more than ``tolerance`` and
    three errors; the chains from the data, ``data_gap``, not above it by more than that either; and
    the probabilities of the distinct rows of train and test, ``log_mass``, do not sum to more than
    one. ``log_z``, the bracket ``log_z_low`` and ``log_z_high`` (each three errors further out),
    ``log_z_error`` (delta method), ``ess`` (of ``chains``), ``ess_back`` (of half as many) and the
    gaps are given in any case: they say why.

    From the uniform base the rungs are the model at other temperatures, and their log Z come from
    the same run: ``best.beta``, ``best.train``, ``best.test`` are the rung of the lowest train
    NLL among those that are trusted, and ``best.trusted`` whether there is one that passes the mass
    check. A model whose weights are right in direction and far too cold has a best.train that can
    be measured where its train cannot. The ladder ends at 1, so nothing colder than the model is
    tried, and its spacing is the precision of best.beta: for a cold model ``geometric``.
    ``best.beta`` is NaN where it has no meaning, as half of it does as well, to within a hundredth
    of a nat: then the best that rescaling can do is a model without couplings.

    Sources: Neal 2001; Salakhutdinov and Murray 2008; Burda, Grosse and Salakhutdinov 2015;
    Grosse, Ghahramani and Adams 2015.
    """

    name = "nll-ais"
    cites = ("neal2001", "salakhutdinov2008", "burda2015", "grosse2015")
    parts = (
        *("train", "test", "trusted", "ess", "ess_back", *GAPS),
        *("log_z", "log_z_low", "log_z_high", "log_z_error"),
    )
    unit = dict.fromkeys((*NLLS, "log_z", "log_z_low", "log_z_high", "log_z_error", *GAPS), "nats")
    better = dict.fromkeys(NLLS, "lower")
    range = {
        **dict.fromkeys((*NLLS, "log_z_error", "best.beta"), (0.0, None)),
        **dict.fromkeys(("trusted", "best.trusted"), (0.0, 1.0)),
    }
    missing = {
        **dict.fromkeys(NLLS, "log Z is not known: its bracket cannot be trusted"),
        "best.beta": "no rung is trusted, or half of it does as well, to 0.01 nats",
    }

    class Options(Metric.Options):
        base: Literal["uniform", "data"] = Field(
            "data",
            description="Start: all states alike, or units with the means of the data, where the "
            "model has biases and log Z comes out higher",
        )
        ladder: int = Field(1000, ge=1, le=1_000_000, description="Rungs of the ladder")
        spacing: Spacing = Field("linear", description="How the rungs are spaced, from 0 to 1")
        chains: int = Field(200, ge=4, le=100_000, description="Chains in each direction")
        burn_in: int = Field(
            100,
            ge=1,
            le=1_000_000,
            description="Gibbs steps before the way back",
        )
        tolerance: float = Field(
            1.0, ge=0, description="Nats by which the upper end may exceed the lower beyond errors"
        )
        least_ess: float = Field(
            10.0, ge=1, description="Effective samples below which an estimate means nothing"
        )

        @model_validator(mode="after")
        def _enough_chains(self) -> AISNLL.Options:
            if self.chains // 2 < self.least_ess:
                raise ValueError(
                    f"chains: half of {self.chains} cannot have least_ess: {self.least_ess:g} "
                    f"effective samples; ask for {math.ceil(2 * self.least_ess)} or more"
                )
            return self

    @classmethod
    def parts_with(cls, options: Any) -> Collection[str]:
        return (*cls.parts, *BEST) if options.base == "uniform" else cls.parts

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return not_two_layers(model) or cannot_sweep(kernel, model)

    @torch.no_grad()
    def measure(self, view: View) -> dict[str, Tensor]:
        betas = ladder(self.options.ladder, self.options.spacing).tolist()
        path, there = self._way_there(view, betas)
        back = reverse(path, betas, self._cold_chains(view, path, there), view.noise)
        rungs = Bracket(
            path.log_z_of_base(),
            Estimate.of(there.log_weights),
            *(Estimate.of(half) for half in back.chunk(2, dim=-1)),
        )
        rows = Rows.of(view.data, path)
        return {
            **self._at_the_end(path, rows, rungs.at_the_end()),
            **(self._best(path, rows, betas, rungs) if self.options.base == "uniform" else {}),
        }

    def _way_there(self, view: View, betas: list[float]) -> tuple[Path, Arrived]:
        """From the base asked for, or where the data's is no better, from the uniform one."""
        train, chains = view.data.train, self.options.chains
        uniform = Path.of(view.model, view.sweeper, Base.uniform(train))
        there = forward(uniform, betas, chains, view.noise)
        if self.options.base == "uniform" or uniform.has_mirror:
            return uniform, there
        fitted = uniform.starting_at(Base.fitted(train))
        from_fitted = forward(fitted, betas, chains, view.noise)
        lead = from_fitted.log_mean_at_end() - there.log_mean_at_end()
        higher = lead + fitted.log_z_of_base() >= uniform.log_z_of_base()
        return (
            uniform.starting_at(Base.either(higher, fitted.base, uniform.base)),
            Arrived.either(higher, from_fitted, there),
        )

    def _cold_chains(self, view: View, path: Path, there: Arrived) -> Tensor:
        """Approximate samples of the model, (R, chains, V): as chains arrived, and from data."""
        rows, half = view.data.train, self.options.chains // 2
        arrived = resampled(there.v, there.log_weights[-1], half, view.noise)
        data = shuffled(rows, half, view.noise.permutation(rows.shape[1]))
        return path.sweep(torch.cat([arrived, data], 1), self.options.burn_in, 1.0, view.noise)

    def _at_the_end(self, path: Path, rows: Rows, bracket: Bracket) -> dict[str, Tensor]:
        """What is known of the model itself."""
        F = rows.free_energies(path, bracket.log_z.new_ones(len(bracket.log_z), 1))
        trusted = self._trusted(bracket) & bracket.holds(F.log_mass)
        log_z = torch.where(trusted, bracket.log_z, torch.nan)
        return {
            "train": F.train.mean(1) + log_z,
            "test": F.test.mean(1) + log_z,
            "trusted": trusted.double(),
            "log_z": bracket.log_z,
            "log_z_low": bracket.low,
            "log_z_high": bracket.high,
            "log_z_error": bracket.there.error,
            "ess": bracket.there.ess,
            "ess_back": bracket.back.ess,
            "gap": bracket.gap,
            "data_gap": bracket.data_gap,
            "log_mass": F.log_mass - bracket.log_z,
        }

    def _best(
        self, path: Path, rows: Rows, betas: list[float], rungs: Bracket
    ) -> dict[str, Tensor]:
        """The trusted rung that suits the training data best."""
        log_z = torch.where(self._trusted(rungs), rungs.log_z, torch.nan).mT  # (R, T)
        ladder_of = torch.tensor(betas[1:], dtype=log_z.dtype, device=log_z.device)
        at = ladder_of.expand_as(log_z)

        def mean_energy(rung: Tensor) -> Tensor:
            """<F>_data at rungs (R, B)."""
            return mean_free_energies(path, rows.train, at.gather(1, rung))

        best = best_rung(log_z, mean_energy)
        beta = at.gather(1, best.rung)
        F, there = rows.free_energies(path, beta), rungs.at(best.rung)
        half = torch.minimum(torch.searchsorted(ladder_of, beta / 2), best.rung - 1).clamp(min=0)
        at_half = (mean_energy(half) + rungs.log_z.mT.gather(1, half)).squeeze(1)
        is_sharp = at_half > best.nll + FLAT  # never at the first rung, as nothing is hotter
        found = best.nll.isfinite() & there.holds(F.log_mass)
        return {
            "best.train": torch.where(found, best.nll, torch.nan),
            "best.test": torch.where(found, F.test.mean(1) + there.log_z, torch.nan),
            "best.beta": torch.where(found & is_sharp, beta.squeeze(1), torch.nan),
            "best.trusted": found.double(),
        }

    def _trusted(self, bracket: Bracket) -> Tensor:
        return bracket.trusted(self.options.tolerance, self.options.least_ess)
