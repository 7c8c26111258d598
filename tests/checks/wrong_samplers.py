"""Ten samplers and kernels with one mistake each, and the right ones beside them.

``Chain`` draws its own block-Gibbs steps, so that what a kernel does right can be done wrong here.
"""

from typing import NamedTuple

import torch
from pydantic import Field

from ebmbench import (
    Chains,
    Cost,
    GibbsKernel,
    NegativePhase,
    Particles,
    Sampler,
    TwoLayer,
    product_cost,
)
from ebmbench.numerics import to_fixed_point


class Chain(Sampler):
    """<dF>_model over chains that start at the batch and take k block-Gibbs steps: right."""

    name = "right"

    class Options(Sampler.Options):
        k: int = Field(2, ge=1, description="Gibbs steps per update")

    def supports(self, model, data):
        return None if isinstance(model, TwoLayer) else "it draws two layers of spins"

    def particles(self, model, batch, state, noise):
        return Particles(self.chains(model, batch.v, noise)), state

    @torch.no_grad()
    def chains(self, model, v, noise):
        for _ in range(self.options.k):
            v = self.step(model, v, noise)
        return v

    def step(self, model, v, noise):
        h = noise.spins(model.hidden_field(v))
        return noise.spins(model.visible_field(h))

    def cost(self, model, batch):
        return self.steps_cost(model, batch) + model.phase_cost(batch)

    def steps_cost(self, model, chains, k=None):
        randoms = Cost(randoms=chains * (model.visible + model.hidden))
        fields = 2 * product_cost(chains, model.visible, model.hidden)
        return (k or self.options.k) * (fields + randoms)


class WrongSign(Chain):
    """<dF>_model with the sign of its negative: minus the phase over the chains."""

    name = "wrong-sign"

    def negative_phase(self, model, batch, state, noise):
        found = super().negative_phase(model, batch, state, noise)
        return found._replace(phase=tuple(-part for part in found.phase))


class MissingFactor(Chain):
    """<dF>_model with p(s = +1) = sigmoid(x) where a spin in the field x has sigmoid(2x)."""

    name = "missing-factor"

    def step(self, model, v, noise):
        h = noise.spins(model.hidden_field(v) / 2)
        return noise.spins(model.visible_field(h) / 2)


class ForgottenBias(Chain):
    """<dF>_model over chains in the fields v W and h W' alone, whatever a and b are."""

    name = "forgotten-bias"

    def step(self, model, v, noise):
        W, _, _ = model.couplings()
        return noise.spins(noise.spins(v @ W) @ W.mT)


class Persistent(Chain):
    """<dF>_model over chains that go on from where the last update left them: right."""

    name = "right-persistent"

    def start(self, model, data, noise):
        return noise.coins(29, model.visible)

    def particles(self, model, batch, state, noise):
        v = self.chains(model, state, noise)
        return Particles(v), v

    def cost(self, model, batch):
        return self.steps_cost(model, 29) + model.phase_cost(29)


class StaleChains(Persistent):
    """<dF>_model over chains that are never kept: each update starts from the first state."""

    name = "stale-chains"

    def particles(self, model, batch, state, noise):
        return Particles(self.chains(model, state, noise)), state


class StateOfObjects(Persistent):
    """<dF>_model over chains that are kept in an object of the sampler's own."""

    name = "state-of-objects"

    def start(self, model, data, noise):
        return Kept(super().start(model, data, noise))

    def particles(self, model, batch, state, noise):
        v = self.chains(model, state.v, noise)
        return Particles(v), Kept(v)


class Kept:
    """Chains."""

    def __init__(self, v):
        self.v = v


class OldChains(Persistent):
    """<dF>_model over the chains as they stood before the update, though they go on."""

    name = "old-chains"

    def particles(self, model, batch, state, noise):
        return Particles(state), self.chains(model, state, noise)


class GlobalGenerator(Chain):
    """<dF>_model over chains that are drawn by torch.rand, from the process's generator."""

    name = "global-generator"

    def step(self, model, v, noise):
        h = drawn_globally(model.hidden_field(v))
        return drawn_globally(model.visible_field(h))


def drawn_globally(x):
    """Spins in the field x, from the global generator."""
    return torch.where(torch.rand(x.shape) < torch.sigmoid(2 * x), 1.0, -1.0)


class OffByOne(Chain):
    """<dF>_model over chains of k - 1 steps, and of one where k = 1, counted as they are."""

    name = "off-by-one"

    def chains(self, model, v, noise):
        for _ in range(self.taken):
            v = self.step(model, v, noise)
        return v

    @property
    def taken(self):
        return max(1, self.options.k - 1)

    def steps_cost(self, model, chains, k=None):
        return super().steps_cost(model, chains, self.taken)


class SwappedShapes(Chain):
    """<dF>_model over chains that are given as (N, R, V), the rows before the replicas."""

    name = "swapped-shapes"

    def particles(self, model, batch, state, noise):
        return Particles(self.chains(model, batch.v, noise).transpose(0, 1)), state

    def negative_phase(self, model, batch, state, noise):
        particles, state = self.particles(model, batch, state, noise)
        phase = model.phase(Particles(particles.v.transpose(0, 1)))
        return NegativePhase(phase, state, particles)


class NarrowRestore(Persistent):
    """<dF>_model over chains; it goes back to parameters of one replica where there are more."""

    name = "narrow-restore"

    def negative_phase(self, model, batch, state, noise):
        found = super().negative_phase(model, batch, state, noise)
        first = tuple(part[:1].detach() for part in model.parameters())
        return found._replace(restore=(first, torch.zeros(model.replicas, dtype=torch.bool)))


class HiddenState(Persistent):
    """<dF>_model over chains that live in the object; the state that is returned is empty."""

    name = "hidden-state"

    def start(self, model, data, noise):
        self.v = noise.coins(29, model.visible)

    def particles(self, model, batch, state, noise):
        self.v = self.chains(model, self.v, noise)
        return Particles(self.v), None


class LeakingData(Persistent):
    """<dF>_model over chains and, among them, rows of the batch as they stand."""

    name = "leaking-data"

    def particles(self, model, batch, state, noise):
        v = self.chains(model, state, noise)
        return Particles(torch.cat([v, batch.v], 1)), v

    def cost(self, model, batch):
        return self.steps_cost(model, 29) + model.phase_cost(29 + batch)


class HalfHidden(Chain):
    """<dF>_model over chains with p(h = +1) = sigmoid(x), and v drawn as it should be."""

    name = "half-hidden"

    def step(self, model, v, noise):
        h = noise.spins(model.hidden_field(v) / 2)
        return noise.spins(model.visible_field(h))


class HalfHiddenPersistent(HalfHidden, Persistent):
    """<dF>_model over persistent chains with p(h = +1) = sigmoid(x), v drawn as it should be."""

    name = "half-hidden-persistent"


class Metropolis(Chain):
    """<dF>_model over chains of the batch, k rounds of flips, p = min(1, exp(-dF)): right."""

    name = "right-metropolis"

    def step(self, model, v, noise):
        for unit in range(model.visible):
            flipped = v.clone()
            flipped[..., unit] *= -1
            dF = model.free_energy(flipped) - model.free_energy(v)  # (R, N)
            taken = noise.uniform(*dF.shape[1:], 1).squeeze(-1) < self.acceptance(dF)
            v = torch.where(taken.unsqueeze(-1), flipped, v)
        return v

    def acceptance(self, dF):
        return torch.exp(-dF)

    def steps_cost(self, model, chains, k=None):
        energies = 2 * model.phase_cost(chains) + Cost(randoms=chains)
        return self.options.k * model.visible * energies


class MetropolisPersistent(Metropolis, Persistent):
    """<dF>_model over persistent chains, k rounds of flips, p = min(1, exp(-dF)): right."""

    name = "right-metropolis-persistent"


class DownhillToo(Metropolis):
    """<dF>_model over chains of the batch; flips are taken with p = exp(-|dF|), downhill too."""

    name = "downhill-too"

    def acceptance(self, dF):
        return torch.exp(-dF.abs())


class DownhillTooPersistent(DownhillToo, Persistent):
    """<dF>_model over persistent chains whose flips are taken with p = exp(-|dF|), downhill too."""

    name = "downhill-too-persistent"


class OneFlip(MetropolisPersistent):
    """<dF>_model over persistent chains, a flip of one unit in turn per update: right and slow."""

    name = "right-one-flip"

    class Options(Sampler.Options):
        pass

    def start(self, model, data, noise):
        return noise.coins(29, model.visible), torch.tensor(0)

    @torch.no_grad()
    def particles(self, model, batch, state, noise):
        v, unit = state
        flipped = v.clone()
        flipped[..., int(unit)] *= -1
        dF = model.free_energy(flipped) - model.free_energy(v)
        taken = noise.uniform(*dF.shape[1:], 1).squeeze(-1) < self.acceptance(dF)
        v = torch.where(taken.unsqueeze(-1), flipped, v)
        return Particles(v), (v, (unit + 1) % model.visible)

    def cost(self, model, batch):
        return 3 * model.phase_cost(29) + Cost(randoms=29)


class WithConstant(Chain):
    """<dF>_model over chains of the batch, beside a row (R, 1, V) that is kept as it is: right."""

    name = "right-with-constant"

    def start(self, model, data, noise):
        return noise.coins(1, model.visible)


class PersistentWithConstant(Persistent):
    """<dF>_model over persistent chains, beside a row (R, 1, V) that is kept as it is: right."""

    name = "right-persistent-with-constant"

    def start(self, model, data, noise):
        return super().start(model, data, noise), noise.coins(1, model.visible)

    def particles(self, model, batch, state, noise):
        particles, v = super().particles(model, batch, state[0], noise)
        return particles, (v, state[1])


class StaleBesideConstant(PersistentWithConstant):
    """<dF>_model over chains that are never kept, beside a row (R, 1, V) that is."""

    name = "stale-beside-constant"

    def particles(self, model, batch, state, noise):
        particles, _ = super().particles(model, batch, state, noise)
        return particles, state


class RightKernel(GibbsKernel):
    """h ~ sigmoid(2 beta (v W + b)), then v ~ sigmoid(2 beta (h W' + a)), k times: right."""

    name = "right-kernel"

    def supports(self, model, device):
        return None if isinstance(model, TwoLayer) else "it sweeps two layers of spins"

    @torch.no_grad()
    def sweep(self, model, chains, k, beta, noise):
        fixed_point = to_fixed_point(model)
        v, h = chains
        for _ in range(k):
            h = fixed_point.draw_hidden(v, beta, noise)
            v = fixed_point.draw_visible(h, beta, noise)
        return Chains(v, h)


class IgnoresBeta(RightKernel):
    """h ~ sigmoid(2 (v W + b)), then v ~ sigmoid(2 (h W' + a)), whatever beta is asked for."""

    name = "ignores-beta"

    def sweep(self, model, chains, k, beta, noise):
        return super().sweep(model, chains, k, 1.0, noise)


class OneTemperature(RightKernel):
    """h ~ sigmoid(2 beta (v W + b)), then v, where beta is that of a replica's first chain."""

    name = "one-temperature"

    def sweep(self, model, chains, k, beta, noise):
        if isinstance(beta, torch.Tensor):
            beta = beta[:, :1].expand_as(beta)
        return super().sweep(model, chains, k, beta, noise)


class HalfHiddenKernel(RightKernel):
    """h ~ sigmoid(beta (v W + b)), then v ~ sigmoid(2 beta (h W' + a)), k times over."""

    name = "half-hidden-kernel"

    @torch.no_grad()
    def sweep(self, model, chains, k, beta, noise):
        fixed_point = to_fixed_point(model)
        v, h = chains
        for _ in range(k):
            h = fixed_point.draw_hidden(v, beta / 2, noise)
            v = fixed_point.draw_visible(h, beta, noise)
        return Chains(v, h)


class Noisy(RightKernel):
    """h and v as they should be, and then a twentieth of all v flipped."""

    name = "noisy-kernel"

    @torch.no_grad()
    def sweep(self, model, chains, k, beta, noise):
        v, h = super().sweep(model, chains, k, beta, noise)
        flips = noise.uniform(*v.shape[1:]) < 0.05
        return Chains(torch.where(flips, -v, v), h)


class Caught(NamedTuple):
    """The check that must catch a mistake, words that tell the cause, and words of other causes."""

    component: type
    check: str
    words: tuple[str, ...]
    unsaid: tuple[str, ...] = ()


OTHER_CAUSES = ("a factor of 2", "forgotten", "rows of the data", "stale chains", "the sign")
WRONG = [
    Caught(WrongSign, "no-drift", ("sign is wrong",)),
    Caught(MissingFactor, "no-drift", ("factor of 2 is missing", "sigmoid(2 beta x)")),
    Caught(ForgottenBias, "biases", ("biases a and b are forgotten",)),
    Caught(StaleChains, "chains-advance", ("stale chains", "same configurations")),
    Caught(OldChains, "chains-advance", ("stale chains", "before the update")),
    Caught(GlobalGenerator, "global-generators", ("global generator of torch", "'noise'")),
    Caught(IgnoresBeta, "beta", ("beta is ignored",)),
    Caught(OneTemperature, "own-temperatures", ("a number for each chain",)),
    Caught(OffByOne, "steps", ("off by one", "k - 1")),
    Caught(SwappedShapes, "shapes", ("(R, N, V)", "axes are swapped")),
    Caught(NarrowRestore, "shapes", ("a part of its restore is (1,", "where the parameter is")),
    Caught(HiddenState, "state", ("lives in the object", "state")),
    Caught(StateOfObjects, "checkpoints", ("cannot be stored", "tensors, arrays and plain values")),
    Caught(LeakingData, "data-leak", ("rows of the batch", "data leaks")),
]
WRONG += [
    Caught(component, check, ("none of the usual mistakes",), OTHER_CAUSES)
    for component, check in (
        (DownhillToo, "no-drift"),
        (DownhillToo, "biases"),
    )
]
WRONG += [
    Caught(component, check, ("a factor of 2 is missing where h is drawn",), OTHER_CAUSES[1:])
    for component, check in (
        (HalfHidden, "no-drift"),
        (HalfHidden, "biases"),
        (HalfHiddenPersistent, "no-drift"),
        (HalfHiddenPersistent, "forgets-the-data"),
    )
]
WRONG += [
    Caught(DownhillTooPersistent, check, ("as if F were 0",), OTHER_CAUSES)
    for check in ("no-drift", "biases", "forgets-the-data")
]
WRONG += [
    Caught(HalfHiddenKernel, "no-drift", ("where h is drawn",), OTHER_CAUSES[1:]),
    Caught(HalfHiddenKernel, "biases", ("where h is drawn",), OTHER_CAUSES[1:]),
    Caught(Noisy, "no-drift", ("Usually a unit's probability",), OTHER_CAUSES),
    Caught(Noisy, "biases", ("Usually a unit's probability",), OTHER_CAUSES),
]
WRONG += [
    Caught(LeakingData, "forgets-the-data", ("rows of the data are among",), OTHER_CAUSES[:2])
]
WRONG += [Caught(StaleBesideConstant, "chains-advance", ("stale chains",))]
RIGHT = [
    Chain,
    Persistent,
    RightKernel,
    Metropolis,
    MetropolisPersistent,
    OneFlip,
    WithConstant,
    PersistentWithConstant,
]
