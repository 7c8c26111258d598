"""Statistics of kernels: chains drawn exactly from p stay so, however slowly they mix."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ebmbench.checks.enumeration import (
    Array,
    hidden_spins,
    hidden_units,
    index_of,
    joint_energies,
    numbers_of,
    p_of,
    p_visible,
    states,
    transitions,
)
from ebmbench.checks.frequencies import LEAST, cause_of, distance, p_value
from ebmbench.checks.subjects import KernelSubject, kernel_subjects
from ebmbench.checks.suspects import suspects
from ebmbench.checks.trial import Trial
from ebmbench.checks.verdict import Failed, NotApplicable
from ebmbench.kernel import GibbsKernel, TwoLayer
from ebmbench.model import Model
from ebmbench.noise import Noise

CHAINS = 20_000
REPLICAS = 2
SWEEPS = (1, 4, 16)


class Start(NamedTuple):
    """Chains drawn exactly: v (R, N, V), h (R, N, H) or None, and p(v) of each replica."""

    v: Tensor
    h: Tensor | None
    laws: list[Array]


def no_drift(trial: Trial) -> None:
    """Chains drawn exactly from p(v) are distributed as p(v) after 1, 4 and 16 sweeps."""
    for subject in kernel_subjects(trial):
        if not subject.scene.biased:
            _stays(subject, 1.0)


def biases(trial: Trial) -> None:
    """The same where the units have biases."""
    found = [each for each in kernel_subjects(trial) if each.scene.biased]
    if not found:
        raise NotApplicable("none of the models that it sweeps here has biases")
    for subject in found:
        _stays(subject, 1.0)


def beta(trial: Trial) -> None:
    """Chains drawn exactly at beta = 0.5 and 2 stay so when swept at that beta."""
    for subject in kernel_subjects(trial):
        for value in (0.5, 2.0):
            _stays(subject, value, (4,))


def steps(trial: Trial) -> None:
    """k sweeps are k sweeps: the law of v, k steps from a given start, for k = 1, 2, 3."""
    found = [each for each in kernel_subjects(trial) if each.two_layer and not each.scene.biased]
    if not found:
        raise NotApplicable("none of the models that it sweeps here is two layers of spins")
    for subject in found:
        for k in (1, 2, 3):
            _moves(subject, k)


def _stays(subject: KernelSubject, beta: float, sweeps: tuple[int, ...] = SWEEPS) -> None:
    """No drift at this inverse temperature."""
    model = subject.model(range(REPLICAS))
    start = drawn_exactly(model, beta, subject.kernel)
    for k in sweeps:
        noise = Noise(range(REPLICAS), "drift", k, device=subject.device)
        v, _ = subject.kernel.sweep(model, start.v, k, beta, noise, start.h)
        for replica, p in enumerate(start.laws):
            _compare(subject, model, v[replica], p, beta, k, replica)


def _compare(
    subject: KernelSubject, model: Model, v: Tensor, p: Array, beta: float, k: int, replica: int
) -> None:
    index = index_of(v)
    fit = p_value(index, p)
    if fit >= LEAST:
        return
    cause = ""
    if isinstance(model, TwoLayer):
        cause = cause_of(index, suspects(numbers_of(model, replica), beta, p))
    raise Failed(
        f"chains drawn exactly from p(v) at beta = {beta:g} are no longer distributed so after "
        f"{k} sweeps of {subject.name}: {distance(index, p):.1%} of the probability is "
        f"elsewhere (chi-square p = {fit:.0e}). "
        + (f"It is what one gets where {cause}." if cause else _USUALLY)
    )


_USUALLY = (
    "Usually a unit's probability is not sigmoid(2 beta x), its field x lacks a term, or units "
    "that couple to one another are drawn together."
)


def _moves(subject: KernelSubject, k: int) -> None:
    """The law of v, k steps from all units up."""
    model = subject.model(range(REPLICAS))
    v = torch.ones(REPLICAS, CHAINS, model.visible, device=subject.device)
    noise = Noise(range(REPLICAS), "steps", k, device=subject.device)
    ended, _ = subject.kernel.sweep(model, v, k, 1.0, noise)
    index = index_of(ended[0])
    assert isinstance(model, TwoLayer)
    step = transitions(numbers_of(model))
    fits = {j: p_value(index, np.linalg.matrix_power(step, j)[-1]) for j in range(k + 3)}
    if fits[k] >= LEAST:
        return
    nearest = max(fits, key=lambda j: fits[j])
    told = (
        f"It is what {nearest} would do: count the steps." if fits[nearest] >= LEAST else _USUALLY
    )
    raise Failed(
        f"{k} sweeps of {subject.name} from v = +1 do not lead to the law of {k} Gibbs steps "
        f"(chi-square p = {fits[k]:.0e}). {told}"
    )


def drawn_exactly(model: Model, beta: float, kernel: GibbsKernel) -> Start:
    """Chains drawn from p at beta by enumeration; with their hidden units where those count."""
    rng = np.random.default_rng(0)
    if not kernel.remembers or not hidden_spins(model):
        laws = [p_visible(model, beta, r) for r in range(model.replicas)]
        v = states(model.visible)[_draw(rng, laws)]
        return Start(_rows(v, model), None, laws)
    joint = [_joint_law(model, beta, r) for r in range(model.replicas)]
    s = states(model.visible + hidden_units(model))[_draw(rng, [p.ravel() for p in joint])]
    v, h = s[..., : model.visible], s[..., model.visible :]
    return Start(_rows(v, model), _rows(h, model), [p.sum(axis=1) for p in joint])


def _joint_law(model: Model, beta: float, replica: int) -> Array:
    energy = joint_energies(model, replica)
    assert energy is not None  # hidden units are spins
    return p_of(beta * energy)


def _draw(rng: np.random.Generator, laws: list[Array]) -> Array:
    """(R, CHAINS) indices of states."""
    return np.stack([rng.choice(len(p), CHAINS, p=p) for p in laws])


def _rows(v: Array, model: Model) -> Tensor:
    return torch.from_numpy(v).float().to(next(model.parameters()).device)
