"""Contracts and mathematics of models."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from ebmbench.checks.cases import devices
from ebmbench.checks.examples import Example
from ebmbench.checks.failure import NotApplicable, require
from ebmbench.checks.families import visible_units
from ebmbench.checks.families.model_bench import (
    CLOSE,
    END,
    ROWS,
    SEEDS,
    free_energy,
    made,
    rows,
)
from ebmbench.checks.model_cases import CPU, V
from ebmbench.checks.oracle.enumeration import hidden_spins, hidden_units, states
from ebmbench.checks.side_effects import global_generators_at_rest, nothing_written
from ebmbench.checks.trees import largest_difference, same
from ebmbench.checks.work import Work, require_counted
from ebmbench.interfaces.model import Model
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.two_layer import Factored, TwoLayer


def shapes(example: Example) -> None:
    """Parameters are (R, ...), F is (R, N) of the same type, and all are finite."""
    model = made(example)
    v = rows(model)
    require(any(True for _ in model.parameters()), "it has no parameters: nothing to train")
    for name, parameter in model.named_parameters():
        require(
            parameter.shape[0] == len(SEEDS) and parameter.dtype == torch.float32,
            f"the parameter {name} is {tuple(parameter.shape)} {parameter.dtype}: the first axis "
            f"is the replica, {len(SEEDS)} here, and the type float32.",
        )
    F = free_energy(model, v)
    require(
        F.shape == v.shape[:2] and F.dtype == v.dtype,
        f"free_energy of v {tuple(v.shape)} is {tuple(F.shape)} {F.dtype}: it must be (R, N), "
        f"{tuple(v.shape[:2])} {v.dtype}. Usually a sum over the wrong axis, or none.",
    )
    require(bool(F.isfinite().all()), "free_energy is not finite at moderate parameters")


def free_energy_sums_out_h(example: Example) -> None:
    """F(v) = -log sum_h exp(-E(v, h)) by enumeration, up to a constant."""
    model = made(example)
    v = rows(model)
    if not hidden_spins(model):
        raise NotApplicable("it has no hidden spins, or no energy of them")
    h = torch.from_numpy(states(hidden_units(model))).float()
    every = v.repeat_interleave(len(h), dim=1)
    energy = model.energy(every, h.repeat(len(SEEDS), v.shape[1], 1))
    F = -torch.logsumexp(-energy.view(*v.shape[:2], len(h)), dim=-1)
    apart = (free_energy(model, v) - F).detach()
    off = float((apart - apart.mean(dim=1, keepdim=True)).abs().max())
    require(
        off < CLOSE * (1 + float(F.detach().abs().max())),
        f"free_energy is off by {off:.3g} nats from -log sum_h exp(-E(v, h)). Usually energy and "
        "free energy disagree about a sign or a bias, or log cosh stands for log 2cosh(x) of a "
        "field that is off by a factor of 2.",
    )


def phase(example: Example) -> None:
    """``phase`` is the autograd of the weighted free energy, or of the energy where h is given."""
    model = made(example)
    v = rows(model)
    weight = Noise(SEEDS, "particle weights").uniform(1, v.shape[1]).squeeze(1)
    cases = {"particles v": Particles(v), "weighted particles": Particles(v, None, weight.log())}
    if hidden_units(model) and type(model).energy is not Model.energy:
        h = Noise(SEEDS, "h").coins(v.shape[1], hidden_units(model))
        cases["particles (v, h)"] = Particles(v, h)
    for what, particles in cases.items():
        _is_gradient(model, particles, what)


def two_layers(example: Example) -> None:
    """Fields, energy and factors agree with the couplings: E = -v'W h - a'v - b'h."""
    model = made(example)
    v = rows(model)
    if not isinstance(model, TwoLayer):
        raise NotApplicable("it is not two layers of spins that only couple across")
    h = Noise(SEEDS, "h").coins(v.shape[1], model.hidden)
    W, a, b = (None if part is None else part.detach() for part in model.couplings())
    assert W is not None
    on_v, on_h = (torch.zeros(1) if part is None else part.unsqueeze(1) for part in (a, b))
    x, y = v @ W + on_h, h @ W.mT + on_v
    _near(model.hidden_field(v), x, "hidden_field(v) and v W + b of couplings()")
    _near(model.visible_field(h), y, "visible_field(h) and h W' + a of couplings()")
    E = -(x * h).sum(-1) - (v * on_v).sum(-1)
    if type(model).energy is not Model.energy:
        _near(model.energy(v, h), E, "energy(v, h) and -v'W h - a'v - b'h of couplings()")
    if isinstance(model, Factored):
        xi_v, xi_h, scale = model.factors()
        _near(scale * xi_v.mT @ xi_h, W, "scale xi_v' xi_h of factors() and W of couplings()")


def parameters_matter(example: Example) -> None:
    """Every parameter has a say in F, each replica's in its own only."""
    model = made(example)
    v = rows(model)
    F = free_energy(model, v)
    slopes = torch.autograd.grad(F[1].square().sum(), tuple(model.parameters()), allow_unused=True)
    for (name, _), slope in zip(model.named_parameters(), slopes, strict=True):
        require(
            slope is not None and bool(slope[1].any()),
            f"the parameter {name} has no say in "
            "free_energy: it would never be trained. A forgotten bias?",
        )
        assert slope is not None
        require(
            not bool(slope[0].any()) and not bool(slope[2].any()),
            f"F of replica 1 depends on {name} of other replicas: something is summed over the "
            "replica axis, the first one.",
        )


def current_parameters(example: Example) -> None:
    """All that a model gives is of its parameters as they are, however often they have changed."""
    used, fresh = made(example), made(example)
    _of_parameters(used)
    for model in (used, fresh):
        _shrink(model)
    mine, theirs = _of_parameters(used), _of_parameters(fresh)
    for what in mine:
        require(
            same(mine[what], theirs[what]),
            f"after its parameters have changed in place, {what} differ by up to "
            f"{largest_difference(mine[what], theirs[what]):.2g} from those of a new model of the "
            "same parameters. Usually something that was worked out before is kept: work it out "
            "from the parameters each time.",
        )


def replicas(example: Example) -> None:
    """A replica alone gives the numbers that it gives in a block, bit for bit."""
    for visible in (V, 2 * V + 1):
        block, alone = (_numbers(example, seeds, visible) for seeds in (SEEDS, SEEDS[1:2]))
        for what in block:
            mine, theirs = [each[1] for each in block[what]], [each[0] for each in alone[what]]
            require(
                same(mine, theirs),
                f"{what} of seed {SEEDS[1]} alone differ from those in a block of {len(SEEDS)} by "
                f"up to {largest_difference(mine, theirs):.1e} (V = {visible}). Usually something "
                "is summed or drawn over the replica axis, or numbers do not come from 'noise'.",
            )


def same_seed(example: Example) -> None:
    """The same seeds give the same model, other seeds another start."""
    one, again, other = (
        list(made(example, seeds, moved=False).parameters()) for seeds in (SEEDS, SEEDS, (1, 2, 5))
    )
    require(
        same(one, again),
        "the same seeds gave other parameters the second time: draw from 'noise' only.",
    )
    everywhere_zero = not any(bool(part.any()) for part in one)
    require(
        everywhere_zero or not same(one, other),
        "other seeds gave the same start: it is not drawn from 'noise'.",
    )


def project(example: Example) -> None:
    """``project`` changes parameters in place, keeps them finite, and draws from its noise only."""
    one, again = made(example), made(example)
    objects = [id(parameter) for parameter in one.parameters()]
    for model in (one, again):
        model.project(END, Noise(SEEDS, "project"))
    require(
        objects == [id(parameter) for parameter in one.parameters()],
        "project() puts new Parameter objects in the place of the old ones, which the optimiser "
        "goes on stepping: use parameter.copy_(...).",
    )
    require(
        same(list(one.parameters()), list(again.parameters())),
        "project() gave other parameters "
        "from the same streams the second time: draw from 'noise' only.",
    )
    require(
        all(bool(each.isfinite().all()) for each in one.parameters()),
        "project() leaves parameters that are not finite",
    )


def start_from(example: Example) -> None:
    """``start_from`` leaves parameters that are finite, each replica's of its own rows alone."""
    block, alone = made(example, moved=False), made(example, SEEDS[1:2], moved=False)
    objects = [id(parameter) for parameter in block.parameters()]
    with torch.no_grad():
        for model, seeds in ((block, SEEDS), (alone, SEEDS[1:2])):
            model.start_from(rows(model, seeds))
    require(
        objects == [id(parameter) for parameter in block.parameters()],
        "start_from() puts new Parameter objects in the place of the old ones: use copy_(...).",
    )
    mine, theirs = [p[1] for p in block.parameters()], [p[0] for p in alone.parameters()]
    require(
        all(bool(each.isfinite().all()) for each in mine),
        "start_from() leaves parameters that are not finite",
    )
    require(
        same(mine, theirs),
        f"after start_from(), parameters of seed {SEEDS[1]} alone differ from those in a block by "
        f"up to {largest_difference(mine, theirs):.1e}: something is summed over the replica axis, "
        "or a logarithm's last bit depends on where in memory it stands (log1p's does not).",
    )


def global_generators(example: Example) -> None:
    """The random generators of torch, numpy and Python stay where they are."""
    with global_generators_at_rest():
        _use(made(example))


def inputs(example: Example) -> None:
    """Neither v nor the parameters are changed by looking at energies and phases."""
    model = made(example)
    v = rows(model)
    before = [each.detach().clone() for each in (v, *model.parameters())]
    model.phase(Particles(v))
    free_energy(model, v)
    require(
        same([v, *model.parameters()], before),
        "phase() or free_energy() changes v or the parameters in place: work on a copy.",
    )


def cost(example: Example) -> None:
    """``phase_cost`` counts the products of a phase, and grows at most as the particles do."""
    model = made(example)
    for name in ("phase_cost", "joint_phase_cost"):
        one, two = (getattr(model, name)(n) for n in (100, 200))
        require(
            0 < one.macs <= two.macs <= 2.0001 * one.macs and math.isfinite(two.bytes),
            f"{name} counts {one.macs:g} multiply-adds for 100 particles and {two.macs:g} for 200: "
            "the count must be positive and grow at most in proportion.",
        )
    for name, particles in _particles_of_costs(model).items():
        with Work() as work:
            model.phase(particles)
        done, rows = work.done * (1 / len(SEEDS)), particles.v.shape[1]
        require_counted(getattr(model, name)(rows), done, f"{name} of {rows} particles counts")
    require(
        model.joint_phase_cost(100).macs <= model.phase_cost(100).macs,
        "joint_phase_cost counts more than phase_cost, where hidden units need not be summed out.",
    )


def files(example: Example) -> None:
    """Nothing is written to the disk."""
    with nothing_written():
        _use(made(example))


def device(example: Example) -> None:
    """On a GPU, start, F and phase are those on the CPU, apart from rounding."""
    if len(devices()) == 1:
        raise NotApplicable("no GPU here")
    cpu, gpu = (_numbers(example, SEEDS, V, device) for device in devices())
    for what in cpu:
        off = max(largest_difference(a, b.cpu()) for a, b in zip(cpu[what], gpu[what], strict=True))
        require(off < 1e-3, f"{what} on a GPU differ from the CPU's by {off:.2g}")


CHECKS: dict[str, Callable[[Example], None]] = {
    "shapes": shapes,
    "free-energy": free_energy_sums_out_h,
    "log-z": visible_units.log_z,
    "phase": phase,
    "no-drift": visible_units.no_drift,
    "gauge": visible_units.gauge,
    "two-layers": two_layers,
    "parameters-matter": parameters_matter,
    "current-parameters": current_parameters,
    "replicas": replicas,
    "same-seed": same_seed,
    "project": project,
    "start-from": start_from,
    "global-generators": global_generators,
    "inputs": inputs,
    "cost": cost,
    "files": files,
    "device": device,
}


@torch.no_grad()
def _shrink(model: Model) -> None:
    for parameter in model.parameters():
        parameter.mul_(0.7)


def _of_parameters(model: Model) -> dict[str, list[Tensor]]:
    """What a model gives that depends on its parameters."""
    v = rows(model)
    found = {
        "free energies": [free_energy(model, v).detach()],
        "phases": [each.detach() for each in model.phase(Particles(v))],
    }
    if isinstance(model, TwoLayer):
        h = Noise(SEEDS, "h").coins(ROWS, model.hidden)
        fields = (model.hidden_field(v), model.visible_field(h))
        found["fields"] = [each.detach() for each in fields]
        found["couplings"] = [each.detach() for each in model.couplings() if each is not None]
    return found


def _use(model: Model) -> None:
    v = rows(model)
    free_energy(model, v)
    model.phase(Particles(v))
    model.project(END, Noise(SEEDS, "project"))


def _particles_of_costs(model: Model) -> dict[str, Particles]:
    """Particles of whose phases the model says what they cost: without h, and with it."""
    v, H = rows(model), hidden_units(model)
    found = {"phase_cost": Particles(v)}
    if H and type(model).energy is not Model.energy:
        found["joint_phase_cost"] = Particles(v, Noise(SEEDS, "h").coins(v.shape[1], H))
    return found


def _is_gradient(model: Model, particles: Particles, what: str) -> None:
    v, h, _ = particles
    cost = free_energy(model, v) if h is None else model.energy(v, h)
    total = particles.weighted(cost.unsqueeze(-1)).sum()
    expected = torch.autograd.grad(total, tuple(model.parameters()), materialize_grads=True)
    found = model.phase(particles)
    require(
        len(found) == len(expected),
        f"phase gives {len(found)} tensors for {len(expected)} "
        "parameters: one each, in the order of parameters().",
    )
    for (name, _), mine, theirs in zip(model.named_parameters(), found, expected, strict=True):
        if mine.shape != theirs.shape:
            require(
                False,
                f"the phase of {name} over {what} is {tuple(mine.shape)} where the parameter "
                f"is {tuple(theirs.shape)}",
            )
        _is_near_gradient(mine.detach(), theirs, name, what)


def _is_near_gradient(mine: Tensor, theirs: Tensor, name: str, what: str) -> None:
    off, size = float((mine - theirs).abs().max()), float(theirs.abs().max())
    if off < CLOSE * (1 + size):
        return
    ratio = float((mine * theirs).sum() / theirs.square().sum().clamp(min=1e-12))
    times = abs(mine - ratio * theirs).max() < CLOSE * (1 + size)
    told = (
        f"It is {ratio:.3g} times the derivative: a sign or a factor."
        if times
        else (
            "Usually a bias, a weight or a term is left out, or another law of h is averaged over."
        )
    )
    require(
        False,
        f"the phase of {name} over {what} is off by {off:.3g} from autograd's derivative of the "
        f"{'energy' if 'h' in what.split('(')[-1] else 'free energy'}, whose largest entry is "
        f"{size:.3g}. {told}",
    )


def _near(mine: Tensor, theirs: Tensor, what: str) -> None:
    off = largest_difference(mine, theirs)
    require(off < CLOSE * (1 + float(theirs.abs().max())), f"{what} differ by {off:.3g}")


def _numbers(
    example: Example, seeds: Sequence[int], visible: int, device: torch.device = CPU
) -> dict[str, list[Tensor]]:
    """All that a model gives, each with the replica first."""
    model = made(example, seeds, visible, device)
    v = rows(model, seeds)
    found = {
        "parameters": [each.detach().clone() for each in model.parameters()],
        "phases": [each.detach() for each in model.phase(Particles(v))],
    }
    try:
        found["free energies"] = [model.free_energy(v).detach()]
    except ValueError:  # none with these options; ``shapes`` tells
        assert np.isfinite(found["phases"][0].cpu().numpy()).all()
    model.project(END, Noise(seeds, "project", device=device))
    found["projected parameters"] = [each.detach() for each in model.parameters()]
    return found
