"""Statistics of samplers: started in equilibrium, the negative phase is the exact one."""

from __future__ import annotations

from itertools import islice

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ebmbench.checks.cases import cases_of_other_units, sampler_cases
from ebmbench.checks.examples import Example
from ebmbench.checks.failure import Failed, NotApplicable
from ebmbench.checks.families.sampler_bench import KEPT, SIGMAS, Bench
from ebmbench.checks.families.sampler_causes import cause_of
from ebmbench.checks.oracle.enumeration import Array, index_of, states, transitions
from ebmbench.checks.trees import same_bits
from ebmbench.interfaces.library_chains import single_replicas
from ebmbench.interfaces.model import Model
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.trees import leaves
from ebmbench.numerics.two_layer import TwoLayer


def no_drift(example: Example) -> None:
    """Started in equilibrium, the negative phase is the exact <dF>_model.

    By enumeration, or by quadrature over real-valued units; also on models of other units than
    spins, one of each kind that is installed, where the sampler trains them.
    """
    found = sampler_cases(example)
    for case in (*found, *cases_of_other_units(example, found)):
        if not case.biased:
            _is_exact(Bench(example, case))


def biases(example: Example) -> None:
    """The same where the units have biases."""
    found = [case for case in sampler_cases(example) if case.biased]
    if not found:
        raise NotApplicable("none of the models that it trains here has biases")
    for case in found:
        _is_exact(Bench(example, case))


def forgets_the_data(example: Example) -> None:
    """A sampler with chains of its own gives the exact phase whatever the data is."""
    bench = Bench(example, sampler_cases(example)[0], foreign=True)
    if not _keeps_chains(bench):
        raise NotApplicable("nothing in its state moves: its chains may start at the data")
    _is_exact(bench)


def steps(example: Example) -> None:
    """The option k is the number of Gibbs steps that chains take in an update."""
    k = getattr(example.options, "k", None)
    if not isinstance(k, int) or k < 1:
        raise NotApplicable("it has no option k above 0, the Gibbs steps per update")
    benches = [Bench(example, each) for each in sampler_cases(example) if not each.biased]
    taken = [(bench, told) for bench in benches if (told := _steps_taken(bench, k))]
    if not taken:
        raise NotApplicable("its particles are no chains that go on from its state or the batch")
    bench, told = taken[0]
    if k in told:
        return
    if not bench.estimate().fits(bench.exact):
        raise NotApplicable("its chains take other steps than Gibbs steps: see the check no-drift")
    raise Failed(
        f"chains take {' or '.join(map(str, told))} Gibbs steps in an update where k = "
        f"{k}: the overlap of a chain's start and end says so. Usually a loop is off by one "
        "(k - 1 or k + 1 steps), or a half step is missing or left over."
    )


def _keeps_chains(bench: Bench) -> bool:
    """Whether something moves in the state, as chains do; a number or a count is none."""
    before, after = (list(leaves(state)) for _, state, _ in islice(bench.updates(), 1, 3))
    pairs = zip(before, after, strict=False)
    return any(old.dim() > 1 and not same_bits(old, new) for old, new in pairs)


def _is_exact(bench: Bench) -> None:
    found, exact = bench.estimate(), bench.exact
    if found.fits(exact):
        return
    worst = int(found.off_by(exact).argmax())
    raise Failed(
        f"on {bench.case.name} the negative phase is {found.mean[worst]:.3f} where {bench.how} "
        f"gives {exact[worst]:.3f} ({_parameter(bench.model, worst)}), started in equilibrium; "
        f"chance explains {SIGMAS * found.error[worst]:.3f}. {cause_of(bench, found)}"
    )


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
    seen: dict[int, list[Array]] = {}
    for batch, state, found in islice(bench.updates(), KEPT // 2):
        if found.particles is None or not _are_spins(found.particles.v):
            return []
        ended = found.particles.v
        for place, start in enumerate(_starts(batch, state, ended)):
            seen.setdefault(place, []).append(_overlaps_off(start, ended, powers))
    fitting = (_fitting_steps(off) for off in seen.values())
    return next((steps for steps in fitting if steps), [])


def _starts(batch: Particles, state: object, ended: Tensor) -> list[Tensor]:
    """Where these chains may have started: the state's configurations, or the batch's."""
    return [
        each for each in (*leaves(state), batch.v) if each.shape == ended.shape and _are_spins(each)
    ]


def _are_spins(v: Tensor) -> bool:
    return v.is_floating_point() and bool((v.abs() == 1).all())


def _overlaps_off(start: Tensor, ended: Tensor, powers: list[Array]) -> Array:
    """The overlap of start and end at each unit, less what j steps would give, (steps, R, V)."""
    every, index = states(start.shape[-1]), index_of(start)
    met = (start * ended).double().numpy().mean(axis=1)
    begun = start.double().numpy()
    expected = np.stack([((power @ every)[index] * begun).mean(axis=1) for power in powers])
    off: Array = met - expected
    return off


def _fitting_steps(off: list[Array]) -> list[int]:
    """The numbers of steps whose overlaps were seen at all units, over updates and replicas."""
    mean: NDArray[np.float64] = np.mean(off, axis=0)  # (steps, R, V)
    error = np.maximum(mean.std(axis=1, ddof=1) / np.sqrt(mean.shape[1]), 1e-9)
    sigmas = abs(mean.mean(axis=1)) / error
    return [j for j, far in enumerate(sigmas.max(axis=-1)) if far < SIGMAS - 2]
