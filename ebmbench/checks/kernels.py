"""Contracts of kernels."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench.checks import law_of_kernels as law
from ebmbench.checks.enumeration import hidden_units
from ebmbench.checks.reference import ReferenceKernel
from ebmbench.checks.subjects import KernelSubject, kernel_subjects
from ebmbench.checks.trees import largest_difference, same, same_bits
from ebmbench.checks.trial import Trial
from ebmbench.checks.verdict import Failed, NotApplicable, require
from ebmbench.checks.watching import global_generators_at_rest, nothing_written
from ebmbench.model import Model
from ebmbench.noise import Noise

SEEDS = (3, 7, 11)
ROWS = 13
WIDE = 37  # V: more than a vector, and no multiple of one


def supports(trial: Trial) -> None:
    """``usable`` and ``supports`` give a reason or None."""
    for subject in kernel_subjects(trial):
        for said in (
            subject.kernel.usable(subject.device),
            subject.kernel.supports(subject.model(), subject.device),
        ):
            require(said is None, f"on {subject.name} it says '{said}' and yet was chosen")


def shapes(trial: Trial) -> None:
    """A sweep gives v (R, N, V) of spins and the h (R, N, H) it was drawn from, of v's type."""
    for subject in kernel_subjects(trial):
        model = subject.model(SEEDS)
        for start, begun in _beginnings(subject, model).items():
            v, h = _swept(subject, model, begun)
            sizes = (len(SEEDS), ROWS)
            _has_shape("v", v, (*sizes, model.visible), begun, f"{subject.name}, from {start}")
            _has_shape(
                "h", h, (*sizes, hidden_units(model)), begun, f"{subject.name}, from {start}"
            )
            require(
                bool((v.abs() == 1).all()),
                f"v holds {float(v.flatten()[int((v.abs() != 1).flatten().long().argmax())]):g} "
                f"after a sweep of {subject.name} from {start}: it must hold +1 and -1 only.",
            )


def replicas(trial: Trial) -> None:
    """A replica alone gives the spins that it gives in a block, bit for bit."""
    for subject in kernel_subjects(trial):
        for visible in (5, WIDE):
            one, other = (
                _swept(
                    subject,
                    subject.model(seeds, visible),
                    _coins(subject, seeds, visible),
                    3,
                    seeds,
                )
                for seeds in (SEEDS, SEEDS[1:2])
            )
            mine, theirs = [each[1] for each in one], [each[0] for each in other]
            require(
                same(mine, theirs),
                f"on {subject.name} (V = {visible}), seed {SEEDS[1]} alone gives other spins than "
                f"in a block of {len(SEEDS)}. Usually numbers are drawn over the replica axis, or "
                "do not come from 'noise'.",
            )


def same_seed(trial: Trial) -> None:
    """The same streams give the same spins, later draws others."""
    for subject in kernel_subjects(trial):
        model, v = subject.model(SEEDS, WIDE), _coins(subject, SEEDS, WIDE)
        noise = Noise(SEEDS, "sweep", device=subject.device)
        first, second = (subject.kernel.sweep(model, v, 2, 1.0, noise)[0] for _ in range(2))
        again = subject.kernel.sweep(
            model, v, 2, 1.0, Noise(SEEDS, "sweep", device=subject.device)
        )[0]
        require(
            same_bits(first, again),
            f"on {subject.name}, the same streams gave other spins the "
            "second time: draw from 'noise' only, and remember nothing.",
        )
        require(
            not torch.equal(first, second),
            f"on {subject.name}, a second sweep drew the numbers "
            "of the first again: noise.advance(2 * k) moves the streams on.",
        )


def shared_spins(trial: Trial) -> None:
    """Spins are those of every kernel, bit for bit, from the same streams; 2k draws a sweep."""
    found = [
        each for each in kernel_subjects(trial) if each.two_layer and not each.kernel.remembers
    ]
    if not found:
        raise NotApplicable("none of the models that it sweeps here is two layers of spins alone")
    for subject in found:
        for visible, beta in ((5, 1.0), (WIDE, 0.7)):
            _as_the_reference(subject, visible, beta)


def run_chains(trial: Trial) -> None:
    """``run_chains`` gives the v of ``sweep``, and h only where the kernel remembers it."""
    for subject in kernel_subjects(trial):
        model, v = subject.model(SEEDS), _coins(subject, SEEDS)
        swept, drawn = _swept(subject, model, v, 3)
        noise = Noise(SEEDS, "sweep", device=subject.device)
        ran, kept = subject.kernel.run_chains(model, v, 3, 1.0, noise)
        require(
            torch.equal(ran, swept),
            f"on {subject.name}, run_chains ends at another v than sweep from the same streams",
        )
        remembers = subject.kernel.remembers
        require(
            (kept is not None) == remembers and (kept is None or torch.equal(kept, drawn)),
            f"on {subject.name}, run_chains gives {'no' if kept is None else 'an'} h where "
            f"'remembers' is {remembers}",
        )


def global_generators(trial: Trial) -> None:
    """The random generators of torch, numpy and Python stay where they are."""
    for subject in kernel_subjects(trial):
        with global_generators_at_rest():
            _swept(subject, subject.model(SEEDS), _coins(subject, SEEDS))


def inputs(trial: Trial) -> None:
    """Neither v nor the parameters are changed in place."""
    for subject in kernel_subjects(trial):
        model, v = subject.model(SEEDS), _coins(subject, SEEDS)
        watched: dict[str, list[Tensor]] = {
            "v": [v],
            "the model's parameters": list(model.parameters()),
        }
        before = {what: [each.detach().clone() for each in tree] for what, tree in watched.items()}
        _swept(subject, model, v, 3)
        for what, tree in watched.items():
            require(
                largest_difference(tree, before[what]) == 0,
                f"on {subject.name}, {what} changed in a sweep: work on a copy.",
            )


def cost(trial: Trial) -> None:
    """``sweep_cost`` is in proportion to the steps, and grows with chains at most so."""
    for subject in kernel_subjects(trial):
        model, kernel = subject.model(), subject.kernel
        one, longer, wider = (
            kernel.sweep_cost(model, n, k) for n, k in ((10, 1), (10, 3), (20, 1))
        )
        units = 10 * (model.visible + hidden_units(model))
        require(
            one.randoms == units,
            f"on {subject.name}, sweep_cost counts {one.randoms:g} random "
            f"numbers for 10 chains, which have {units} units to draw.",
        )
        for name, a, b, c in zip(
            ("macs", "randoms", "bytes"), one[:3], longer[:3], wider[:3], strict=True
        ):
            require(
                abs(b - 3 * a) <= 1e-6 * b and a < c <= 2.0001 * a,
                f"on {subject.name}, sweep_cost counts {a:g} {name} for 10 chains and 1 step, "
                f"{b:g} for 3 steps and {c:g} for 20 chains: steps count in proportion, chains at "
                "most so.",
            )


def files(trial: Trial) -> None:
    """Nothing is written to the disk."""
    for subject in kernel_subjects(trial):
        with nothing_written():
            _swept(subject, subject.model(SEEDS), _coins(subject, SEEDS))


CHECKS = {
    "supports": supports,
    "shapes": shapes,
    "no-drift": law.no_drift,
    "biases": law.biases,
    "beta": law.beta,
    "steps": law.steps,
    "replicas": replicas,
    "same-seed": same_seed,
    "shared-spins": shared_spins,
    "run-chains": run_chains,
    "global-generators": global_generators,
    "inputs": inputs,
    "cost": cost,
    "files": files,
}


def _coins(subject: KernelSubject, seeds: tuple[int, ...], visible: int = 5) -> Tensor:
    return Noise(seeds, "chains", device=subject.device).coins(ROWS, visible)


def _swept(
    subject: KernelSubject, model: Model, v: Tensor, k: int = 2, seeds: tuple[int, ...] = SEEDS
) -> tuple[Tensor, Tensor]:
    noise = Noise(seeds, "sweep", device=subject.device)
    return subject.kernel.sweep(model, v, k, 1.0, noise)


def _beginnings(subject: KernelSubject, model: Model) -> dict[str, Tensor]:
    """Where chains may start: spins; some units erased; patterns that an optimiser has moved."""
    spins = _coins(subject, SEEDS)
    some = torch.arange(model.visible, device=subject.device) < model.visible // 2
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


def _as_the_reference(subject: KernelSubject, visible: int, beta: float) -> None:
    model, v = subject.model(SEEDS, visible), _coins(subject, SEEDS, visible)
    noise, its = (Noise(SEEDS, "sweep", device=subject.device) for _ in range(2))
    mine = subject.kernel.sweep(model, v, 3, beta, noise)
    theirs = ReferenceKernel(ReferenceKernel.Options()).sweep(model, v, 3, beta, its)
    differing = sum(int((a != b).sum()) for a, b in zip(mine, theirs, strict=True))
    if differing or noise.step != its.step:
        raise Failed(
            f"on {subject.name} (V = {visible}, beta = {beta:g}), {differing} of "
            f"{sum(each.numel() for each in mine)} spins are not those of the plain kernel, after "
            f"{noise.step} draws where that made {its.step}. Kernels share their spins, so that a "
            "comparison does not hang on the kernel: fields from on_lattice(model), drawn by "
            "noise.spins(field, beta, lattice.step), h and v in turn."
        )
