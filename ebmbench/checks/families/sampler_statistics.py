"""Statistics of samplers: started in equilibrium, the negative phase is the exact one.

All replicas are given the same parameters, so they are independent estimates of the same phase,
and their spread says how far off chance may lead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench.checks.cases import sampler_cases
from ebmbench.checks.examples import Example
from ebmbench.checks.failure import Failed, NotApplicable
from ebmbench.checks.model_cases import ModelCase
from ebmbench.checks.oracle.enumeration import (
    Array,
    flat,
    index_of,
    p_visible,
    phases_of_states,
    states,
    transitions,
)
from ebmbench.checks.oracle.likely_causes import likely_causes
from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.library_chains import single_replicas
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import NegativePhase, Sampler
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.trees import leaves
from ebmbench.numerics.two_layer import TwoLayer

REPLICAS = 31
ROWS = 23
BURN, KEPT = 25, 25  # updates before, and averaged over
SIGMAS = 6.0  # of the spread over replicas; seeds are fixed, so it does not flicker
ROUNDING = 2e-4


@dataclass(frozen=True)
class Bench:
    """A sampler, a model with the same parameters in all replicas, and data.

    Attributes:
        p: p(v), (2^V,).
        p_data: what rows of data are drawn from, (2^V,).
    """

    sampler: Sampler
    model: Model
    case: ModelCase
    p: Array
    p_data: Array

    @classmethod
    def of(cls, example: Example, case: ModelCase, foreign: bool = False) -> Bench:
        """With data drawn from the model; or from another one, of all units mostly down."""
        model = case.copies(REPLICAS)
        p = p_visible(model)
        down = np.exp(-0.5 * states(model.visible).sum(axis=1))
        return cls(example.build(case.kernel), model, case, p, down / down.sum() if foreign else p)

    def batches(self) -> Iterator[Particles]:
        """Fresh rows for every update, (R, ROWS, V)."""
        rng, every = np.random.default_rng(0), states(self.model.visible)
        while True:
            index = rng.choice(len(every), (REPLICAS, ROWS), p=self.p_data)
            yield Particles(torch.from_numpy(every[index]).float())

    def updates(self) -> Iterator[tuple[Particles, object, NegativePhase]]:
        """Batch, the state before, and the negative phase, update after update."""
        rows = self.batches()
        train, test = next(rows).v, next(rows).v
        data = Splits(train, test, (1, self.model.visible), torch.zeros(self.model.visible) > 0)
        state = self.sampler.start(self.model, data, Noise(range(REPLICAS), "start"))
        noise = Noise(range(REPLICAS), "negative")
        for batch in rows:
            found = self.sampler.negative_phase(self.model, batch, state, noise)
            yield batch, state, found
            state = found.state


class Estimate(NamedTuple):
    """A phase as the replicas estimate it: mean and its standard error, (all parameters,)."""

    mean: Array
    error: Array

    def off_by(self, phase: Array) -> Array:
        """How many errors each number is away from a phase."""
        sigmas: Array = np.maximum(abs(self.mean - phase) - ROUNDING, 0) / self.error
        return sigmas

    def fits(self, phase: Array) -> bool:
        """Whether it may be the phase."""
        return bool(self.off_by(phase).max() < SIGMAS)


def no_drift(example: Example) -> None:
    """Started in equilibrium, the negative phase is the exact <dF>_model by enumeration."""
    for case in sampler_cases(example):
        if not case.biased:
            _is_exact(Bench.of(example, case))


def biases(example: Example) -> None:
    """The same where the units have biases."""
    found = [case for case in sampler_cases(example) if case.biased]
    if not found:
        raise NotApplicable("none of the models that it trains here has biases")
    for case in found:
        _is_exact(Bench.of(example, case))


def forgets_the_data(example: Example) -> None:
    """A sampler with chains of its own gives the exact phase whatever the data is."""
    bench = Bench.of(example, sampler_cases(example)[0], foreign=True)
    _, state, _ = next(bench.updates())
    if state is None:
        raise NotApplicable("it keeps no state: its chains may start at the data")
    _is_exact(bench)


def steps(example: Example) -> None:
    """The option k is the number of Gibbs steps that chains take in an update."""
    k = getattr(example.options, "k", None)
    if not isinstance(k, int) or k < 1:
        raise NotApplicable("it has no option k above 0, the Gibbs steps per update")
    cases = [each for each in sampler_cases(example) if not each.biased]
    taken = [told for each in cases if (told := _steps_taken(Bench.of(example, each), k))]
    if not taken:
        raise NotApplicable("its particles are no chains that go on from its state or the batch")
    if k not in taken[0]:
        raise Failed(
            f"chains take {' or '.join(map(str, taken[0]))} Gibbs steps in an update where k = "
            f"{k}: the overlap of a chain's start and end says so. Usually a loop is off by one "
            "(k - 1 or k + 1 steps), or a half step is missing or left over."
        )


def _is_exact(bench: Bench) -> None:
    phases = phases_of_states(bench.case.copies(len(bench.p)))
    found, exact = _estimate(bench), bench.p @ phases
    if found.fits(exact):
        return
    worst = int(found.off_by(exact).argmax())
    cause = _cause(bench, found, exact, phases)
    raise Failed(
        f"on {bench.case.name} the negative phase is {found.mean[worst]:.3f} where enumeration "
        f"gives {exact[worst]:.3f} ({_parameter(bench.model, worst)}), started in equilibrium; "
        f"chance explains {SIGMAS * found.error[worst]:.3f}. {cause}"
    )


def _estimate(bench: Bench) -> Estimate:
    """The mean over updates after those that burn in, and over replicas."""
    total: Array = np.zeros(1)
    for index, (_, _, found) in enumerate(bench.updates()):
        if index >= BURN + KEPT:
            break
        if index >= BURN:
            total = total + flat(found.phase) / KEPT
    error = total.std(axis=0, ddof=1) / np.sqrt(len(total))
    return Estimate(total.mean(axis=0), np.maximum(error, ROUNDING / SIGMAS))


def _cause(bench: Bench, found: Estimate, exact: Array, phases: Array) -> str:
    """The mistake that explains the phase best, if one does so far better than none."""
    candidates = list(_explanations(bench, exact, phases))
    scores = [float(np.square(found.off_by(phase)).mean()) for _, phase in candidates]
    best = int(np.argmin(scores))
    if scores[best] > 0.05 * float(np.square(found.off_by(exact)).mean()):
        return (
            "Usually the sampler is biased by design (then say so in 'known_failures'), or its "
            "chains are not advanced, not kept, or not those of this model."
        )
    return f"It is what one gets where {candidates[best][0]}."


def _explanations(bench: Bench, exact: Array, phases: Array) -> Iterator[tuple[str, Array]]:
    """Causes, and the phase that each leads to."""
    yield "the sign is wrong: return <dF>_model itself, not its negative", -exact
    yield "it is half of what it should be: a factor of 2 is missing", exact / 2
    yield "it is twice what it should be: a factor of 2 too many", 2 * exact
    yield "it is a sum and no mean: divide by the number of particles", ROWS * exact
    yield "it is the phase of the data", bench.p_data @ phases
    for share in (0.1, 0.2, 0.3, 0.5):
        mixed = (1 - share) * exact + share * (bench.p_data @ phases)
        if not np.allclose(mixed, exact):
            yield f"about {share:.0%} of the particles are rows of the data", mixed
    uniform = np.full(len(bench.p), 1 / len(bench.p))
    yield "the particles are random spins: stale chains, never advanced", uniform @ phases
    if isinstance(bench.model, TwoLayer):
        for likely in likely_causes(single_replicas(bench.model)[0], 1.0, bench.p):
            yield likely.cause, likely.q @ phases


def _parameter(model: Model, index: int) -> str:
    """Which parameter a number of the flat phase belongs to."""
    for name, parameter in model.named_parameters():
        size = parameter[0].numel()
        if index < size:
            return f"parameter {name}, entry {index}"
        index -= size
    return "beyond all parameters"


def _steps_taken(bench: Bench, k: int) -> list[int]:
    """How many steps lead from where chains may have started to where they are, if any do."""
    if not isinstance(bench.model, TwoLayer):
        return []
    step = transitions(single_replicas(bench.model)[0])
    powers = [np.linalg.matrix_power(step, j) for j in range(k + 4)]
    seen: dict[int, list[tuple[Array, Array]]] = {}
    for index, (batch, state, found) in enumerate(bench.updates()):
        if index >= KEPT // 2 or found.particles is None:
            break
        ended = found.particles.v
        if not _are_spins(ended):
            return []
        for place, start in enumerate(_starts(batch, state, ended)):
            seen.setdefault(place, []).append(_overlaps(start, ended, powers))
    for pairs in seen.values():
        fitting = _fitting_steps(pairs)
        if fitting:
            return fitting
    return []


def _starts(batch: Particles, state: object, ended: Tensor) -> list[Tensor]:
    """Where these chains may have started: the state's configurations, or the batch's."""
    return [
        each for each in (*leaves(state), batch.v) if each.shape == ended.shape and _are_spins(each)
    ]


def _are_spins(v: Tensor) -> bool:
    return v.is_floating_point() and bool((v.abs() == 1).all())


def _overlaps(start: Tensor, ended: Tensor, powers: list[Array]) -> tuple[Array, Array]:
    """The mean overlap of start and end, (R,), and what j steps would give, (steps, R)."""
    every = states(start.shape[-1])
    index: NDArray[np.int64] = index_of(start)
    met = (start * ended).mean(-1).double().numpy()
    alike = every @ every.T / every.shape[1]
    expected = np.stack([(power * alike).sum(axis=1)[index].mean(axis=1) for power in powers])
    return met.mean(axis=1), expected


def _fitting_steps(pairs: list[tuple[Array, Array]]) -> list[int]:
    """The numbers of steps whose overlap was seen, averaged over updates and replicas."""
    off = np.mean([met - expected for met, expected in pairs], axis=0)  # (steps, R)
    error = np.maximum(off.std(axis=1, ddof=1) / np.sqrt(off.shape[1]), 1e-9)
    sigmas = abs(off.mean(axis=1)) / error
    return [j for j, far in enumerate(sigmas) if far < SIGMAS - 2]
