"""Pattern-induced correlations: the patterns are the particles."""

from __future__ import annotations

from typing import ClassVar, Literal, Protocol, cast

from pydantic import Field
from torch import Tensor

from ebmbench import Chains, Cost, Model, Noise, Particles, Sampler, Splits, State, spin_sign
from ebmbench.numerics import Moments, WholeUpdate
from ebmbench_rapid.ra_rbm import RARBM
from ebmbench_rapid.whole_update import RapidUpdate


class Patterned(Protocol):
    """What PID asks of a model: patterns xi_v (R, K, V) and xi_h (R, K, H)."""

    xi_v: Tensor
    xi_h: Tensor


def is_patterned(model: Model) -> bool:
    """Whether a model has patterns.

    ``isinstance`` sees no parameters from Python 3.12 on: it asks for attributes without
    ``__getattr__``, which is how a torch module finds them.
    """
    return hasattr(model, "xi_v") and hasattr(model, "xi_h")


class PID(Sampler):
    """<dF>_model over the K patterns of the model: no Markov chain at all.

    Pattern-induced correlations, eq. 6 and algorithm 1 of Pozas-Kerstjens et al. 2021.
    ``hidden: traced``, the published code, sums the hidden units out at sign(xi_v);
    ``hidden: pattern``, the paper's text, takes (xi_v, xi_h) as they stand. With k > 0 the
    patterns seed chains of k Gibbs steps, the paper's recipe for MNIST; their hidden part counts
    only where hidden units couple to one another.
    """

    name = "pid"
    cites = ("pozaskerstjens2021",)
    known_failures: ClassVar[dict[str, str]] = {
        "no-drift": "the patterns stand for the model's low energies; they are no sample of p(v)"
    }

    class Options(Sampler.Options):
        k: int = Field(
            0, ge=0, le=1_000_000, description="Gibbs steps from the patterns; 0 takes them as is"
        )
        hidden: Literal["traced", "pattern"] = Field(
            "traced", description="Sum hidden units out, or take the patterns' (the chains') own"
        )
        start: Literal["sign", "continuous"] = Field(
            "sign",
            description="Whether chains (k > 0) start at the patterns' signs, as in the paper's "
            "text, or at the patterns as they are, as in its code",
        )

    @property
    def replayable(self) -> bool:
        from_spins = self.options.start == "sign" and self.sweeper.replayable
        return self.options.k == 0 or from_spins

    def supports(self, model: Model, data: Splits) -> str | None:
        if not is_patterned(model):
            return (
                f"PID takes the model's patterns as its particles and '{model.name}' has none; "
                "use a model with patterns, such as 'ra-rbm'"
            )
        return self.sweeper.cannot_sweep(model) if self.options.k else None

    def whole_update(self, model: Model, moments: Moments) -> WholeUpdate | None:
        as_they_are = self.options.k == 0 and self.options.hidden == "traced"
        own = type(self) is PID and PID.particles is OWN_PARTICLES  # others may differ
        if as_they_are and own and RapidUpdate.takes(model):
            return RapidUpdate(cast(RARBM, model), moments)
        return None

    def particles(
        self, model: Model, batch: Particles, state: State, noise: Noise
    ) -> tuple[Particles, State]:
        patterned = cast(Patterned, model)  # supports() has looked
        traced = self.options.hidden == "traced"
        xi_v, xi_h = patterned.xi_v.detach(), patterned.xi_h.detach()
        if self.options.k == 0:
            return (Particles(spin_sign(xi_v)) if traced else Particles(xi_v, xi_h)), state
        start = Chains(xi_v, xi_h)
        if self.options.start == "sign":
            start = Chains(spin_sign(xi_v), spin_sign(xi_h))
        go_on = self.sweeper.run_chains if traced else self.sweeper.sweep
        v, h = go_on(model, start, self.options.k, 1.0, noise)
        return (Particles(v) if traced else Particles(v, h)), state

    def cost(self, model: Model, batch: int) -> Cost:
        K = cast(Patterned, model).xi_v.shape[1]
        sweeps = self.sweeper.sweep_cost(model, K, self.options.k) if self.options.k else Cost()
        traced = self.options.hidden == "traced"
        return sweeps + (model.phase_cost(K) if traced else model.joint_phase_cost(K))


OWN_PARTICLES = PID.particles
