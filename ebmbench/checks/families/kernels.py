"""Contracts of kernels."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from ebmbench.checks.cases import KernelCase, kernel_cases
from ebmbench.checks.examples import Example
from ebmbench.checks.failure import Failed, NotApplicable, require
from ebmbench.checks.families import kernel_statistics
from ebmbench.checks.oracle.enumeration import hidden_units
from ebmbench.checks.oracle.reference import ReferenceKernel
from ebmbench.checks.side_effects import global_generators_at_rest, nothing_written
from ebmbench.checks.trees import largest_difference, same, same_bits
from ebmbench.checks.work import Work, require_counted
from ebmbench.interfaces.model import Model
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Chains
from ebmbench.numerics.units.spins import SPINS

SEEDS = (3, 7, 11)
ROWS = 13
WIDE = 37  # V: more than a vector, and no multiple of one
BETAS = (0.4, 1.0, 1.7)


def supports(example: Example) -> None:
    """``usable`` and ``supports`` give a reason or None."""
    for case in kernel_cases(example):
        for said in (
            case.kernel.usable(case.device),
            case.kernel.supports(case.model(), case.device),
        ):
            require(said is None, f"on {case.name} it says '{said}' and yet was chosen")


def shapes(example: Example) -> None:
    """A sweep gives v (R, N, V) of its units and the h (R, N, H) it was drawn from, of v's type."""
    for case in kernel_cases(example):
        model = case.model(SEEDS)
        for start, begun in _beginnings(case, model).items():
            v, h = _swept(case, model, begun)
            sizes = (len(SEEDS), ROWS)
            _has_shape("v", v, (*sizes, model.visible), begun, f"{case.name}, from {start}")
            _has_shape("h", h, (*sizes, hidden_units(model)), begun, f"{case.name}, from {start}")
            fault = model.units.fault_of(v.flatten(0, 1))
            require(fault is None, f"v {fault} after a sweep of {case.name} from {start}")


def replicas(example: Example) -> None:
    """A replica alone gives the spins that it gives in a block, bit for bit."""
    for case in kernel_cases(example):
        for visible in (5, WIDE):
            one, other = (
                _swept(
                    case,
                    case.model(seeds, visible),
                    _chains(case, seeds, visible),
                    3,
                    seeds,
                )
                for seeds in (SEEDS, SEEDS[1:2])
            )
            mine, theirs = [each[1] for each in one], [each[0] for each in other]
            require(
                same(mine, theirs),
                f"on {case.name} (V = {visible}), seed {SEEDS[1]} alone gives other spins than "
                f"in a block of {len(SEEDS)}. Usually numbers are drawn over the replica axis, or "
                "do not come from 'noise'.",
            )


def same_seed(example: Example) -> None:
    """The same streams give the same spins, later draws others."""
    for case in kernel_cases(example):
        model, v = case.model(SEEDS, WIDE), _chains(case, SEEDS, WIDE)
        noise = Noise(SEEDS, "sweep", device=case.device)
        first, second = (case.kernel.sweep(model, Chains(v), 2, 1.0, noise).v for _ in range(2))
        again, _ = _swept(case, model, v)
        require(
            same_bits(first, again),
            f"on {case.name}, the same streams gave other spins the "
            "second time: draw from 'noise' only, and remember nothing.",
        )
        require(
            not torch.equal(first, second),
            f"on {case.name}, a second sweep drew the numbers "
            "of the first again: noise.advance(2 * k) moves the streams on.",
        )


def shared_spins(example: Example) -> None:
    """Spins are those of every kernel, bit for bit, from the same streams; 2k draws a sweep."""
    found = [each for each in kernel_cases(example) if each.two_layer and not each.kernel.remembers]
    if not found:
        raise NotApplicable("none of the models that it sweeps here is two layers of spins alone")
    for case in found:
        for visible, beta in ((5, 1.0), (WIDE, 0.7)):
            _as_the_reference(case, visible, beta)


def own_temperatures(example: Example) -> None:
    """Chains with inverse temperatures of their own get the spins that each temperature gives."""
    for case in kernel_cases(example):
        model, v = case.model(SEEDS), _chains(case, SEEDS)
        own = torch.tensor(BETAS, dtype=torch.float64, device=case.device)
        betas = own[torch.arange(len(SEEDS) * ROWS, device=case.device) % 3].view(-1, ROWS)
        mixed = _swept(case, model, v, beta=betas)
        for value in BETAS:
            plain = _swept(case, model, v, beta=value)
            there = betas == value
            differing = sum(
                int((a[there] != b[there]).sum()) for a, b in zip(mixed, plain, strict=True)
            )
            require(
                differing == 0,
                f"on {case.name}, {differing} spins of chains at beta = {value:g} are others "
                "where the chains beside them have other temperatures: beta may be (R, N), a "
                "number for each chain, and a chain's spins are those of its own.",
            )


def current_parameters(example: Example) -> None:
    """A sweep is of the parameters as they are, whatever was swept before."""
    for case in kernel_cases(example):
        fresh = replace(case, kernel=example.build())
        model, v = case.model(SEEDS), _chains(case, SEEDS)
        _swept(case, model, v)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.mul_(-0.7)
        differing = sum(
            int((mine != theirs).sum())
            for mine, theirs in zip(_swept(case, model, v), _swept(fresh, model, v), strict=True)
        )
        require(
            differing == 0,
            f"on {case.name}, after the parameters have changed in place, {differing} spins are "
            "not those of a new kernel. Usually couplings of the sweep before are kept: work them "
            "out from the model that is given.",
        )


def run_chains(example: Example) -> None:
    """``run_chains`` gives the v of ``sweep``, and h only where the kernel remembers it."""
    for case in kernel_cases(example):
        model, v = case.model(SEEDS), _chains(case, SEEDS)
        swept, drawn = _swept(case, model, v, 3)
        noise = Noise(SEEDS, "sweep", device=case.device)
        ran, kept = case.kernel.run_chains(model, Chains(v), 3, 1.0, noise)
        require(
            torch.equal(ran, swept),
            f"on {case.name}, run_chains ends at another v than sweep from the same streams",
        )
        remembers = case.kernel.remembers
        require(
            (kept is not None) == remembers and (kept is None or torch.equal(kept, drawn)),
            f"on {case.name}, run_chains gives {'no' if kept is None else 'an'} h where "
            f"'remembers' is {remembers}",
        )


def global_generators(example: Example) -> None:
    """The random generators of torch, numpy and Python stay where they are."""
    for case in kernel_cases(example):
        with global_generators_at_rest():
            _swept(case, case.model(SEEDS), _chains(case, SEEDS))


def inputs(example: Example) -> None:
    """Neither v nor the parameters are changed in place."""
    for case in kernel_cases(example):
        model, v = case.model(SEEDS), _chains(case, SEEDS)
        watched: dict[str, list[Tensor]] = {
            "v": [v],
            "the model's parameters": list(model.parameters()),
        }
        before = {what: [each.detach().clone() for each in tree] for what, tree in watched.items()}
        _swept(case, model, v, 3)
        for what, tree in watched.items():
            require(
                largest_difference(tree, before[what]) == 0,
                f"on {case.name}, {what} changed in a sweep: work on a copy.",
            )


def cost(example: Example) -> None:
    """``sweep_cost`` grows by the same with every step, and with chains at most in proportion."""
    for case in kernel_cases(example):
        model, kernel = case.model(), case.kernel
        one, three, five, wider = (
            kernel.sweep_cost(model, n, k) for n, k in ((10, 1), (10, 3), (10, 5), (20, 1))
        )
        units = 10 * (model.units.draws(model.visible) + hidden_units(model))
        require(
            one.randoms == units,
            f"on {case.name}, sweep_cost counts {one.randoms:g} random "
            f"numbers for 10 chains, which have {units} units to draw.",
        )
        for name, a, b, c, d in zip(
            ("macs", "randoms", "bytes"), one[:3], three[:3], five[:3], wider[:3], strict=True
        ):
            require(
                a < b <= 3.0001 * a and abs((c - b) - (b - a)) <= 1e-6 * c and a < d <= 2.0001 * a,
                f"on {case.name}, sweep_cost counts {a:g} {name} for 10 chains and 1 step, "
                f"{b:g} for 3 steps, {c:g} for 5 and {d:g} for 20 chains: every step counts the "
                "same, beside what is done once, and chains at most in proportion.",
            )
        _counts_what_is_done(case)


def files(example: Example) -> None:
    """Nothing is written to the disk."""
    for case in kernel_cases(example):
        with nothing_written():
            _swept(case, case.model(SEEDS), _chains(case, SEEDS))


CHECKS = {
    "supports": supports,
    "shapes": shapes,
    "no-drift": kernel_statistics.no_drift,
    "biases": kernel_statistics.biases,
    "beta": kernel_statistics.beta,
    "steps": kernel_statistics.steps,
    "current-parameters": current_parameters,
    "replicas": replicas,
    "same-seed": same_seed,
    "shared-spins": shared_spins,
    "own-temperatures": own_temperatures,
    "run-chains": run_chains,
    "global-generators": global_generators,
    "inputs": inputs,
    "cost": cost,
    "files": files,
}


def _counts_what_is_done(case: KernelCase) -> None:
    """Of two layers of spins what every kernel does stands for what is done outside torch."""
    model, what = case.model(SEEDS), f"on {case.name}, sweep_cost of {ROWS} chains counts"
    with Work() as work:
        _swept(case, model, _chains(case, SEEDS))
    counted = case.kernel.sweep_cost(model, ROWS, 2)
    require_counted(counted, work.done * (1 / len(SEEDS)), what)
    if case.two_layer:
        reference = ReferenceKernel(ReferenceKernel.Options())
        require_counted(counted, reference.sweep_cost(model, ROWS, 2), what)


def _chains(case: KernelCase, seeds: tuple[int, ...], visible: int = 5) -> Tensor:
    """Where chains start: rows of the model's units, as many as there can be from ``visible``."""
    noise, units = Noise(seeds, "chains", device=case.device), case.units
    return units.random(ROWS, units.suited(visible), noise)


def _swept(
    case: KernelCase,
    model: Model,
    v: Tensor,
    k: int = 2,
    seeds: tuple[int, ...] = SEEDS,
    beta: float | Tensor = 1.0,
) -> tuple[Tensor, Tensor]:
    """v and h after k sweeps."""
    noise = Noise(seeds, "sweep", device=case.device)
    return _both(case.kernel.sweep(model, Chains(v), k, beta, noise), case)


def _both(chains: Chains, case: KernelCase) -> tuple[Tensor, Tensor]:
    v, h = chains
    if h is None:
        raise Failed(f"a sweep of {case.name} gives no h: give the one that v was drawn from.")
    return v, h


def _beginnings(case: KernelCase, model: Model) -> dict[str, Tensor]:
    """Where chains may start; of spins also some units erased, and patterns that have moved."""
    if model.units != SPINS:
        return {"random rows": _chains(case, SEEDS)}
    spins = _chains(case, SEEDS)
    some = torch.arange(model.visible, device=case.device) < model.visible // 2
    return {
        "spins": spins,
        "erased units": spins * some,
        "real numbers": spins * (0.3 + 0.7 * some),
    }


def _has_shape(name: str, found: Tensor, shape: tuple[int, ...], begun: Tensor, where: str) -> None:
    require(
        found.shape == shape and found.dtype == begun.dtype and found.device == begun.device,
        f"{name} is {tuple(found.shape)} {found.dtype} on {found.device} after a sweep of {where}, "
        f"where {shape} {begun.dtype} is asked for. Usually two axes are swapped.",
    )


def _as_the_reference(case: KernelCase, visible: int, beta: float) -> None:
    model, v = case.model(SEEDS, visible), _chains(case, SEEDS, visible)
    noise, its = (Noise(SEEDS, "sweep", device=case.device) for _ in range(2))
    reference = ReferenceKernel(ReferenceKernel.Options())
    mine = _both(case.kernel.sweep(model, Chains(v), 3, beta, noise), case)
    theirs = _both(reference.sweep(model, Chains(v), 3, beta, its), case)
    differing = sum(int((a != b).sum()) for a, b in zip(mine, theirs, strict=True))
    if differing or noise.step != its.step:
        raise Failed(
            f"on {case.name} (V = {visible}, beta = {beta:g}), {differing} of "
            f"{sum(each.numel() for each in mine)} spins are not those of the plain kernel, after "
            f"{noise.step} draws where that made {its.step}. Kernels share their spins, so that a "
            "comparison does not hang on the kernel: fields_of_sweeps(model), and "
            "its draw_hidden and draw_visible in turn."
        )
