"""Statistics of kernels: chains drawn exactly from p stay so, however slowly they mix."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench.checks.cases import KernelCase, kernel_cases
from ebmbench.checks.examples import Example
from ebmbench.checks.failure import Failed, NotApplicable
from ebmbench.checks.families import real_units
from ebmbench.checks.model_cases import V
from ebmbench.checks.oracle.enumeration import (
    Array,
    hidden_spins,
    hidden_units,
    index_of,
    joint_energies,
    p_of,
    p_visible,
    states,
    transitions,
    visible_states,
)
from ebmbench.checks.oracle.frequencies import LEAST, causes_of, distance, p_value
from ebmbench.checks.oracle.likely_causes import likely_causes
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.library_chains import single_replicas
from ebmbench.interfaces.model import Model
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Chains
from ebmbench.numerics.two_layer import TwoLayer
from ebmbench.numerics.units.reals import REALS
from ebmbench.numerics.units.units import Units

CHAINS = 20_000
REPLICAS = 2
SWEEPS = (1, 4, 16)


class Start(NamedTuple):
    """Chains drawn exactly, and p(v) of each replica, (2^V,)."""

    chains: Chains
    p: list[Array]


def no_drift(example: Example) -> None:
    """Chains drawn exactly from p(v) are distributed as p(v) after 1, 4 and 16 sweeps."""
    for case in _known(kernel_cases(example)):
        if not case.biased:
            stays(case, 1.0)


def biases(example: Example) -> None:
    """The same where the units have biases."""
    found = [each for each in kernel_cases(example) if each.biased]
    if not found:
        raise NotApplicable("none of the models that it sweeps here has biases")
    for case in found:
        stays(case, 1.0)


def beta(example: Example) -> None:
    """Chains drawn exactly at beta = 0.5 and 2 stay so when swept at that beta."""
    for case in _known(kernel_cases(example)):
        for value in (0.5, 2.0):
            stays(case, value, (4,))


def steps(example: Example) -> None:
    """k sweeps are k sweeps: the law of v, k steps from a given start, for k = 1, 2, 3."""
    found = [each for each in kernel_cases(example) if each.two_layer and not each.biased]
    if not found:
        raise NotApplicable("none of the models that it sweeps here is two layers of spins")
    for case in found:
        for k in (1, 2, 3):
            _moves(case, k)


def _known(cases: list[KernelCase]) -> list[KernelCase]:
    """Those whose law is had, by all states of the visible units or by quadrature.

    Raises:
        NotApplicable: there is none.
    """
    found = [each for each in cases if each.units == REALS or _has_states(each.units)]
    if not found:
        raise NotApplicable("the visible units here have no states, and are no real numbers")
    return found


def _has_states(units: Units) -> bool:
    return units.states(units.suited(V)) is not None


def stays(case: KernelCase, beta: float, sweeps: tuple[int, ...] = SWEEPS) -> None:
    """No drift at this inverse temperature.

    Raises:
        Failed: there is some; says how much, and the likely cause.
    """
    if case.units == REALS:
        real_units.stays(case, beta, sweeps)
        return
    model = case.model(range(REPLICAS))
    start = drawn_exactly(model, beta, case.kernel)
    for k in sweeps:
        noise = Noise(range(REPLICAS), "drift", k, device=case.device)
        v, _ = case.kernel.sweep(model, start.chains, k, beta, noise)
        fault = model.units.fault_of(v.flatten(0, 1))
        if fault is not None:
            raise Failed(f"after {k} sweeps of {case.name}, v {fault}")
        index = index_of(v, model.units)  # (R, CHAINS)
        for of_replica, p in zip(index, start.p, strict=True):
            fit = p_value(of_replica, p)
            if fit < LEAST:
                raise Failed(
                    f"chains drawn exactly from p(v) at beta = {beta:g} are no longer distributed "
                    f"so after {k} sweeps of {case.name}: {distance(of_replica, p):.1%} of the "
                    f"probability is elsewhere (chi-square p = {fit:.0e}). "
                    + _cause(model, index, start.p, beta, k)
                )


def _cause(model: Model, index: NDArray[np.int64], p: list[Array], beta: float, k: int) -> str:
    """A sentence: the mistakes whose distribution all replicas have, if there are any."""
    if not isinstance(model, TwoLayer):
        return _USUALLY
    left = set.intersection(
        *(
            causes_of(each, likely_causes(replica, beta, start, (k,)))
            for each, replica, start in zip(index, single_replicas(model), p, strict=True)
        )
    )
    return f"It is what one gets where {', or where '.join(sorted(left))}." if left else _USUALLY


_USUALLY = (
    "Usually a unit's probability is not sigmoid(2 beta x), its field x lacks a term, or units "
    "that couple to one another are drawn together."
)


def _moves(case: KernelCase, k: int) -> None:
    """The law of v, k steps from all units up."""
    model = case.model(range(REPLICAS))
    start = Chains(torch.ones(REPLICAS, CHAINS, model.visible, device=case.device))
    noise = Noise(range(REPLICAS), "steps", k, device=case.device)
    ended, _ = case.kernel.sweep(model, start, k, 1.0, noise)
    index = index_of(ended[0])
    assert isinstance(model, TwoLayer)
    step = transitions(single_replicas(model)[0])
    fits = {j: p_value(index, np.linalg.matrix_power(step, j)[-1]) for j in range(k + 3)}
    if fits[k] >= LEAST:
        return
    nearest = max(fits, key=lambda j: fits[j])
    told = (
        f"It is what {nearest} would do: count the steps." if fits[nearest] >= LEAST else _USUALLY
    )
    raise Failed(
        f"{k} sweeps of {case.name} from v = +1 do not lead to the law of {k} Gibbs steps "
        f"(chi-square p = {fits[k]:.0e}). {told}"
    )


def drawn_exactly(model: Model, beta: float, kernel: GibbsKernel) -> Start:
    """Chains drawn from p at beta by enumeration; with their hidden units where those count."""
    rng = np.random.default_rng(0)
    if not kernel.remembers or not hidden_spins(model):
        visible = [p_visible(model, beta, r) for r in range(model.replicas)]
        v = visible_states(model)[_draw(rng, visible)]
        return Start(Chains(_rows(v, model)), visible)
    joint = [_joint_p(model, beta, r) for r in range(model.replicas)]
    drawn = np.divmod(_draw(rng, [p.ravel() for p in joint]), 2 ** hidden_units(model))
    v, h = visible_states(model)[drawn[0]], states(hidden_units(model))[drawn[1]]
    return Start(Chains(_rows(v, model), _rows(h, model)), [p.sum(axis=1) for p in joint])


def _joint_p(model: Model, beta: float, replica: int) -> Array:
    energy = joint_energies(model, replica)
    assert energy is not None  # hidden units are spins
    return p_of(beta * energy)


def _draw(rng: np.random.Generator, of_replicas: list[Array]) -> NDArray[np.int64]:
    """(R, CHAINS) indices of states, given each replica's p."""
    return np.stack([rng.choice(len(p), CHAINS, p=p) for p in of_replicas])


def _rows(v: Array, model: Model) -> Tensor:
    return torch.from_numpy(v).float().to(next(model.parameters()).device)
