"""Samplers, models and kernels that count less than they do."""

from wrong_samplers import Caught, Chain, Persistent, RightKernel

from ebmbench import Chains, Particles
from ebmbench.checks.oracle.reference import ReferenceTwoLayer


class Swept(Chain):
    """<dF>_model over chains that start at the batch and take k steps of the kernel: right."""

    name = "right-swept"

    def supports(self, model, data):
        return self.sweeper.cannot_sweep(model)

    def particles(self, model, batch, state, noise):
        v, h = self.sweeper.run_chains(model, Chains(batch.v), self.options.k, 1.0, noise)
        return Particles(v, h), state

    def steps_cost(self, model, chains, k=None):
        return self.sweeper.sweep_cost(model, chains, self.options.k)


class TenthOfSweeps(Swept):
    """<dF>_model over k steps of the kernel, a tenth of whose multiply-adds and bytes is told."""

    name = "tenth-of-sweeps"

    def cost(self, model, batch):
        return tenth(super().cost(model, batch))


class TenthOfProducts(Persistent):
    """<dF>_model over chains of its own, a tenth of whose multiply-adds and bytes is told."""

    name = "tenth-of-products"

    def cost(self, model, batch):
        return tenth(super().cost(model, batch))


class TenthOfBytes(Swept):
    """<dF>_model over k steps of the kernel, a tenth of whose bytes is told."""

    name = "tenth-of-bytes"

    def cost(self, model, batch):
        cost = super().cost(model, batch)
        return cost._replace(bytes=cost.bytes / 10)


class FewerSteps(Swept):
    """<dF>_model over 10 k steps of the kernel, of which the multiply-adds of one are told."""

    name = "fewer-steps"

    def particles(self, model, batch, state, noise):
        v, h = self.sweeper.run_chains(model, Chains(batch.v), 10 * self.options.k, 1.0, noise)
        return Particles(v, h), state

    def steps_cost(self, model, chains, k=None):
        one = self.sweeper.sweep_cost(model, chains, 1)
        return one._replace(randoms=10 * self.options.k * one.randoms)


class TenthOfPhase(ReferenceTwoLayer):
    """F(v) = -a'v - sum log 2cosh(v W + b), with a tenth of what its phase costs."""

    name = "tenth-of-phase"

    def phase_cost(self, particles):
        return tenth(super().phase_cost(particles))


class TenthOfSweep(RightKernel):
    """h ~ sigmoid(2 beta (v W + b)), then v, k times, with a tenth of what a sweep costs."""

    name = "tenth-of-sweep"

    def sweep_cost(self, model, chains, k):
        return tenth(super().sweep_cost(model, chains, k))


def tenth(cost):
    """The same random numbers, and a tenth of the rest."""
    return cost._replace(macs=cost.macs / 10, bytes=cost.bytes / 10)


RIGHT = [Swept]
WRONG = [
    Caught(TenthOfSweeps, "cost", ("multiply-adds per replica", "less than a third")),
    Caught(TenthOfProducts, "cost", ("multiply-adds per replica", "less than a third")),
    Caught(TenthOfBytes, "cost", ("bytes per replica", "less than a third")),
    Caught(FewerSteps, "cost", ("multiply-adds per replica", "less than a third")),
    Caught(TenthOfPhase, "cost", ("phase_cost of 13 particles counts", "less than a third")),
    Caught(TenthOfSweep, "cost", ("sweep_cost of 13 chains counts", "less than a third")),
]
