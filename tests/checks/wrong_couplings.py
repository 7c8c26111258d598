"""Samplers, models and kernels whose couplings are one update old."""

import torch
from wrong_samplers import Caught, Chain, Persistent, RightKernel

from ebmbench import Chains, Particles
from ebmbench.checks.oracle.reference import ReferenceTwoLayer
from ebmbench.numerics import to_fixed_point


def step_of(W, v, noise):
    """A block-Gibbs step with couplings of one's own; there are no biases."""
    return noise.spins(noise.spins(v @ W) @ W.mT)


def weights(model):
    return model.couplings().W.detach().clone()


class OldInState(Chain):
    """<dF>_model over chains of the batch that are swept with the W of the update before."""

    name = "old-couplings-in-state"

    def supports(self, model, data):
        plain = isinstance(model, ReferenceTwoLayer) and model.a is None
        return None if plain else "it sweeps two layers without biases"

    def start(self, model, data, noise):
        return weights(model)

    @torch.no_grad()
    def particles(self, model, batch, state, noise):
        v = batch.v
        for _ in range(self.options.k):
            v = step_of(state, v, noise)
        return Particles(v), weights(model)


class OldInStatePersistent(OldInState):
    """<dF>_model over persistent chains that are swept with the W of the update before."""

    name = "old-couplings-in-state-persistent"

    def start(self, model, data, noise):
        return noise.coins(29, model.visible), weights(model)

    @torch.no_grad()
    def particles(self, model, batch, state, noise):
        v, W = state
        for _ in range(self.options.k):
            v = step_of(W, v, noise)
        return Particles(v), (v, weights(model))

    def cost(self, model, batch):
        return Persistent.cost(self, model, batch)


class OldPhase(OldInState):
    """<dF>_model, the phase and the chains both of the W of the update before."""

    name = "old-phase"

    @torch.no_grad()
    def negative_phase(self, model, batch, state, noise):
        found = super().negative_phase(model, batch, state, noise)
        v = found.particles.v
        return found._replace(phase=(-(v.mT @ torch.tanh(v @ state)) / v.shape[1],))


class OldInObject(OldInState):
    """<dF>_model over chains that are swept with the W of the update before, kept in the object."""

    name = "old-couplings-in-object"

    def start(self, model, data, noise):
        self.W = weights(model)

    @torch.no_grad()
    def particles(self, model, batch, state, noise):
        particles, self.W = super().particles(model, batch, self.W, noise)
        return particles, None


class OldModel(ReferenceTwoLayer):
    """F(v) = -a'v - sum log 2cosh(v W + b), fields with the W that the last phase saw."""

    name = "old-model"

    def hidden_field(self, v):
        W = getattr(self, "seen", self.W)
        return v @ W if self.b is None else v @ W + self.b.unsqueeze(1)

    def phase(self, particles):
        found = super().phase(particles)
        self.seen = self.W.detach().clone()
        return found


class OldKernel(RightKernel):
    """h ~ sigmoid(2 beta (v W + b)), then v, with the fixed point of the model it saw first."""

    name = "old-kernel"

    def __init__(self, options):
        super().__init__(options)
        self.known = {}

    @torch.no_grad()
    def sweep(self, model, chains, k, beta, noise):
        v, h = chains
        fixed_point = self.known.setdefault(id(model), to_fixed_point(model))
        for _ in range(k):
            h = fixed_point.draw_hidden(v, beta, noise)
            v = fixed_point.draw_visible(h, beta, noise)
        return Chains(v, h)


WRONG = [
    Caught(OldInState, "current-parameters", ("of the parameters before", "an update later")),
    Caught(OldInStatePersistent, "current-parameters", ("of the parameters before",)),
    Caught(OldPhase, "current-parameters", ("of the parameters before",)),
    Caught(OldInObject, "current-parameters", ("of the parameters before",)),
    Caught(OldInObject, "state", ("lives in the object",)),
    Caught(OldModel, "current-parameters", ("work it out from the parameters each time",)),
    Caught(OldKernel, "current-parameters", ("couplings of the sweep before are kept",)),
]
