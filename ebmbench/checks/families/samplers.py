"""Contracts of samplers."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ebmbench.checks.cases import devices, plain_data, sampler_cases
from ebmbench.checks.examples import Example
from ebmbench.checks.failure import Failed, NotApplicable, require
from ebmbench.checks.families import sampler_statistics
from ebmbench.checks.families.current_parameters import current_parameters
from ebmbench.checks.model_cases import CPU, ModelCase
from ebmbench.checks.side_effects import global_generators_at_rest, nothing_written
from ebmbench.checks.trees import copied, largest_difference, same
from ebmbench.checks.work import Work, require_counted
from ebmbench.interfaces.cost import Cost
from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import NegativePhase, Sampler, State, wrong_phase
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.stored_trees import NotStorableError, restored, stored, types_in
from ebmbench.numerics.trees import leaves
from ebmbench.numerics.units.spins import SPINS

SEEDS = (3, 7, 11)
WIDE = 37  # V where a row must not come up twice by chance
UPDATES = 3


class CountingNoise(Noise):
    """Counts the numbers that a replica draws, in all of its parts."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._parts, self._counted = 1, Counter[str]()

    @property
    def drawn(self) -> int:
        """How many so far."""
        return self._counted.total()

    def split(self, parts: int) -> Noise:
        """As Noise's, counted here."""
        split = super().split(parts)
        assert isinstance(split, CountingNoise)
        split._parts = self._parts * parts
        return split

    def words(self, rows: int, columns: int) -> Tensor:
        """As Noise's."""
        self._count(rows * columns)
        return super().words(rows, columns)

    def normal(self, rows: int, columns: int) -> Tensor:
        """As Noise's."""
        self._count(rows * columns)
        return super().normal(rows, columns)

    def spins(
        self,
        field: Tensor,
        beta: float | Tensor = 1.0,
        step: Any = 1.0,
        given: int | None = None,
    ) -> Tensor:
        """As Noise's."""
        self._count(field[0].numel())
        return super().spins(field, beta, step, given)

    def _count(self, of_a_stream: int) -> None:
        self._counted["numbers"] += self._parts * of_a_stream


class Play:
    """A sampler at work on a model, an update at a time."""

    def __init__(
        self,
        example: Example,
        case: ModelCase,
        seeds: Sequence[int] = SEEDS,
        visible: int = 5,
        device: torch.device = CPU,
        noise: Callable[..., Noise] = Noise,
    ) -> None:
        self.model = case.model(seeds, visible, device)
        self.sampler: Sampler = example.build(case.kernel)
        self.data = _data(self.model, seeds, device)
        self.noise = noise(seeds, "negative", device=device)
        start = Noise(seeds, "start", device=device)
        self.state: State = self.sampler.start(self.model, self.data, start)

    def batch(self, rows: int = 7) -> Particles:
        """The first rows of the training data."""
        return Particles(self.data.train[:, :rows])

    def look(self) -> NegativePhase:
        """The negative phase from here; the state stays."""
        return self.sampler.negative_phase(self.model, self.batch(), self.state, self.noise)

    def update(self) -> NegativePhase:
        """The negative phase, and on to the next state."""
        found = self.look()
        self.state = found.state
        return found

    @torch.no_grad()
    def learn(self) -> None:
        """A step of the parameters, the same wherever it is taken."""
        for parameter in self.model.parameters():
            parameter.mul_(0.7)


def supports(example: Example) -> None:
    """``supports`` gives a reason or None, without a kernel too, and keeps its word."""
    for case in sampler_cases(example):
        sampler: Sampler = example.build(None)
        said = sampler.supports(case.model([0]), plain_data(units=case.units))
        require(
            said is None or (isinstance(said, str) and bool(said.strip())),
            f"'supports' returned {said!r} without a kernel: give a sentence, or None",
        )
        if said is None:
            _works_without_kernel(example, case)


def shapes(example: Example) -> None:
    """A phase has a tensor per parameter, of its shape; particles are (R, N, V), detached."""
    for case in sampler_cases(example):
        play = Play(example, case)
        for _ in range(2):
            found = play.update()
            _phase_has_shapes(found, play.model)
            wrong = wrong_phase(found, list(play.model.parameters()))
            require(wrong is None, f"on {case.name}, {wrong}")
            _particles_have_shapes(found.particles, play.model)
            require(
                (found.particles is not None) == play.sampler.shows_particles,
                f"shows_particles is {play.sampler.shows_particles} and the negative phase has "
                f"{'none' if found.particles is None else 'some'}: say which it is, as a suite may "
                "choose an optimiser that looks at them.",
            )


def replicas(example: Example) -> None:
    """A replica alone gives the numbers that it gives in a block, bit for bit."""
    for case in sampler_cases(example):
        for visible in (5, WIDE):
            block, alone = (
                Play(example, case, SEEDS, visible),
                Play(example, case, SEEDS[1:2], visible),
            )
            for update in range(1, UPDATES + 1):
                mine = [part[1] for part in block.update().phase]
                theirs = [part[0] for part in alone.update().phase]
                require(
                    same(mine, theirs),
                    f"on {case.name} (V = {visible}), update {update}, seed {SEEDS[1]} alone "
                    f"differs from the same seed in a block of {len(SEEDS)} by up to "
                    f"{largest_difference(mine, theirs):.1e}. Usually something is summed or drawn "
                    "over the replica axis, the first one, or numbers do not come from 'noise'.",
                )


def same_seed(example: Example) -> None:
    """The same seeds give the same numbers, and other seeds others."""
    for case in sampler_cases(example):
        one, again = (Play(example, case) for _ in range(2))
        for _ in range(UPDATES):
            require(
                same(one.update().phase, again.update().phase),
                f"on {case.name}, the same seeds gave other numbers the second time. Usually "
                "numbers are drawn from a generator of its own, or something is remembered "
                "between two trainings.",
            )


def state(example: Example) -> None:
    """All that goes from an update to the next is in the state; looking changes nothing."""
    for case in sampler_cases(example):
        play, again = Play(example, case), Play(example, case)
        if not same(play.update().phase, again.update().phase):
            raise NotApplicable("the same seeds give other numbers: see the check same-seed")
        play.learn()
        _goes_on(example, case, play)


def checkpoints(example: Example) -> None:
    """A state that was stored and read again is the same: a training can be interrupted."""
    for case in sampler_cases(example):
        play, other = Play(example, case), Play(example, case)
        types = {*types_in(play.state)}
        play.update()
        try:
            form, tensors = stored(play.state)
            other.state = restored(json.loads(json.dumps(form)), tensors, types)
        except NotStorableError as error:
            raise Failed(
                f"on {case.name}, {error}: a training cannot be interrupted and go on. Keep "
                "tensors, arrays and plain values, in lists, tuples, dicts, and in such named "
                "tuples and dataclasses as the state holds from the start."
            ) from None
        require(
            same(play.state, other.state),
            f"on {case.name}, the state is another one once it was stored and read again: "
            f"{play.state!r:.80} is read as {other.state!r:.80}.",
        )


def chains_advance(example: Example) -> None:
    """Chains in the state move with every update, and the phase is over where they got to."""
    for case in sampler_cases(example):
        play = Play(example, case, visible=WIDE)
        state, before = play.state, _chains(play)
        found = play.update()
        if found.particles is not None:  # a row or two that stay are a constant, and no chains
            before = [each for each in before if each.shape[1] >= found.particles.v.shape[1]]
        if not before:
            raise NotApplicable("it keeps no chains in its state")
        require(
            any(not torch.equal(old, new) for old, new in _pairs(state, play.state)),
            f"on {case.name}, the state after an update holds the same configurations "
            f"{tuple(before[0].shape)} as before it: stale chains. Return the new ones as the "
            "state.",
        )
        if found.particles is not None:
            _not_among(found.particles.v, before, case)


def data_leak(example: Example) -> None:
    """No row of the batch is among the particles as it stands; the test split is never read."""
    for case in sampler_cases(example):
        play = Play(example, case, visible=WIDE)
        found = play.update()
        if found.particles is not None:
            copies = _rows_of(found.particles.v, play.batch().v)
            require(
                copies == 0,
                f"on {case.name}, {copies} of {found.particles.v[..., 0].numel()} particles are "
                "rows of the batch, unchanged: data leaks into the negative phase, which then "
                "cancels part of the data phase. Let every particle take at least one step.",
            )
        _reads_no_test_data(example, case)


def global_generators(example: Example) -> None:
    """The random generators of torch, numpy and Python stay where they are."""
    for case in sampler_cases(example):
        with global_generators_at_rest():
            play = Play(example, case)
            for _ in range(UPDATES):
                play.update()


def inputs(example: Example) -> None:
    """Batch, state and parameters are as before: nothing is changed in place."""
    for case in sampler_cases(example):
        play = Play(example, case)
        play.update()
        inputs_now = {
            "the batch": play.data.train,
            "the state that it was given": play.state,
            "the model's parameters": list(play.model.parameters()),
        }
        before = {what: copied(tree, what) for what, tree in inputs_now.items()}
        play.look()
        for what, tree in inputs_now.items():
            require(
                same(tree, before[what]),
                f"on {case.name}, {what} changed by up to "
                f"{largest_difference(tree, before[what]):.2g}: it is changed in place. Work on a "
                "copy, and return what is new.",
            )


def cost(example: Example) -> None:
    """``cost`` counts random numbers, products and sweeps, and grows no faster than the batch."""
    for case in sampler_cases(example):
        work = Work()
        watched = replace(case, kernel=work.counted(case.kernel))
        play = Play(example, watched, noise=CountingNoise)
        rows = play.batch().v.shape[1]
        small, large = (play.sampler.cost(play.model, n) for n in (rows, 2 * rows))
        for name, one, two in zip(("macs", "randoms", "bytes"), small[:3], large[:3], strict=True):
            require(
                0 <= one <= two <= 2.0001 * one + 1e-9,
                f"cost() counts {one:g} {name} for {rows} rows and {two:g} for {2 * rows}: the "
                "count must be finite and grow at most in proportion to the batch.",
            )
        work.done = Cost()  # what chains did before the first update is no part of one
        with work:
            play.update()
        if case.plain:
            _counts_what_is_drawn(play, small.randoms, rows)
        done = work.done * (1 / len(SEEDS))
        require_counted(small, done, f"on {case.name}, cost() of {rows} rows counts")


def files(example: Example) -> None:
    """Nothing is written to the disk."""
    for case in sampler_cases(example):
        with nothing_written():
            Play(example, case).update()


def device(example: Example) -> None:
    """On a GPU the phase is that on the CPU, apart from rounding."""
    if len(devices()) == 1:
        raise NotApplicable("no GPU here")
    for case in sampler_cases(example):
        if case.kernel is None or case.kernel.usable(devices()[1]) is None:
            _same_on_gpu(example, case)


CHECKS = {
    "supports": supports,
    "shapes": shapes,
    "no-drift": sampler_statistics.no_drift,
    "biases": sampler_statistics.biases,
    "current-parameters": current_parameters,
    "steps": sampler_statistics.steps,
    "chains-advance": chains_advance,
    "data-leak": data_leak,
    "forgets-the-data": sampler_statistics.forgets_the_data,
    "replicas": replicas,
    "same-seed": same_seed,
    "state": state,
    "checkpoints": checkpoints,
    "global-generators": global_generators,
    "inputs": inputs,
    "cost": cost,
    "files": files,
    "device": device,
}


class _Shape(NamedTuple):
    """What a tensor of the particles is called, and its axes."""

    name: str
    found: Tensor | None
    axes: str
    sizes: tuple[int | None, ...]


def _works_without_kernel(example: Example, case: ModelCase) -> None:
    try:
        Play(example, _without_kernel(case)).update()
    except Exception as error:
        raise Failed(
            f"without a kernel 'supports' says that it trains {case.name}, and then it fails: "
            f"{error}. Return self.sweeper.cannot_sweep(model) from 'supports'."
        ) from error


def _without_kernel(case: ModelCase) -> ModelCase:
    return replace(case, kernel=None)


def _phase_has_shapes(found: NegativePhase, model: Model) -> None:
    parameters = list(model.named_parameters())
    require(
        isinstance(found, NegativePhase) and len(found.phase) == len(parameters),
        f"negative_phase gave no NegativePhase of {len(parameters)} tensors, one per parameter, "
        "in the order of model.parameters()",
    )
    for (name, parameter), part in zip(parameters, found.phase, strict=True):
        require(
            part.shape == parameter.shape and part.dtype == parameter.dtype,
            f"the phase of parameter {name} is {tuple(part.shape)} {part.dtype} where the "
            f"parameter is {tuple(parameter.shape)} {parameter.dtype}. Usually axes are swapped, "
            "or a sum over particles is missing.",
        )
        require(
            not part.requires_grad,
            f"the phase of {name} holds the graph of autograd: "
            "detach it, or memory grows with every update.",
        )
        require(bool(part.isfinite().all()), f"the phase of {name} is not finite.")


def _particles_have_shapes(particles: Particles | None, model: Model) -> None:
    if particles is None:
        return
    v, h, log_weight = particles
    R, V, H = model.replicas, model.visible, getattr(model, "hidden", None)
    for name, found, axes, sizes in (
        _Shape("particles.v", v, "(R, N, V)", (R, None, V)),
        _Shape("particles.h", h, "(R, N, H)", (R, None, H)),
        _Shape("particles.log_weight", log_weight, "(R, N)", (R, None)),
    ):
        if found is None:
            continue
        fits = found.dim() == len(sizes) and all(
            size in (None, real) for size, real in zip(sizes, found.shape, strict=True)
        )
        require(
            fits and found.shape[1] == v.shape[1],
            f"{name} is {tuple(found.shape)} and must be {axes} with R = {R}, V = {V}, H = {H}. "
            "Usually two axes are swapped: the replica is always the first one.",
        )
        require(not found.requires_grad, f"{name} holds the graph of autograd: detach it.")


def _goes_on(example: Example, case: ModelCase, play: Play) -> None:
    """A fresh sampler, given the state and the streams, goes on as the old one does."""
    stored, noise = copied(play.state, "the state"), copied(play.noise, "noise")
    play_noise, play.noise = play.noise, copied(play.noise, "noise")
    play.look()  # a look, as metrics take one; it must leave no trace
    play.noise = play_noise
    other = Play(example, case)
    other.learn()
    other.state, other.noise = stored, noise
    for update in range(1, UPDATES + 1):
        mine, theirs = play.update(), other.update()
        require(
            same(mine.phase, theirs.phase) and same(mine.state, theirs.state),
            f"on {case.name}, a fresh sampler that is given a stored state and the same streams "
            f"goes on differently ({largest_difference(mine.phase, theirs.phase):.2g} in update "
            f"{update}). Something lives in the object and not in the state: a counter, chains, or "
            "what was worked out from older parameters. Return it as part of the state.",
        )


def _chains(play: Play) -> list[Tensor]:
    """Configurations (R, N, V) of the state that are not the data."""
    splits = (play.data.train, play.data.test)
    return [
        each
        for each in leaves(play.state)
        if each.dim() == 3
        and each.shape[::2] == (play.model.replicas, play.model.visible)
        and each.shape[1]
        and not any(_rows_of(each, split) for split in splits)
    ]


def _pairs(before: State, after: State) -> list[tuple[Tensor, Tensor]]:
    """Configurations in two states, one beside the other; a constant beside chains is one, too."""
    pairs = zip(leaves(before), leaves(after), strict=False)
    return [(old, new) for old, new in pairs if old.dim() == 3 and old.shape == new.shape]


def _not_among(v: Tensor, before: list[Tensor], case: ModelCase) -> None:
    for old in before:
        particles = v[..., 0].numel()
        require(
            _rows_of(v, old) < particles,  # some may have had all their moves refused
            f"on {case.name}, all {particles} particles are configurations of the state before the "
            "update, unchanged: the phase is taken over stale chains. Sweep first, and take the "
            "phase over where the chains got to.",
        )


def _rows_of(v: Tensor, of: Tensor) -> int:
    """How many rows of ``v`` (R, N, V) are among those of ``of`` (R, M, V), each in its replica."""
    if v.shape[::2] != of.shape[::2]:
        return 0
    return int((v.unsqueeze(2) == of.unsqueeze(1)).all(-1).any(-1).sum())


def _reads_no_test_data(example: Example, case: ModelCase) -> None:
    one, again, other = (Play(example, case) for _ in range(3))
    phase = one.update().phase
    if not same(phase, again.update().phase):
        return  # the check same-seed tells
    data = other.data._replace(test=_others(other))
    other.state = other.sampler.start(other.model, data, Noise(SEEDS, "start"))
    require(
        same(phase, other.update().phase),
        f"on {case.name}, the negative phase depends on the test split: data leaks from what is "
        "held out. Use data.train only.",
    )


def _counts_what_is_drawn(play: Play, counted: float, rows: int) -> None:
    noise = play.noise
    assert isinstance(noise, CountingNoise)
    require(
        math.isclose(noise.drawn, counted),
        f"an update of {rows} rows draws {noise.drawn} random numbers per replica and cost() "
        f"counts {counted:g}. Usually 'cost' was not overridden, or chains take other steps than "
        "it counts: return self.sweeper.sweep_cost(model, chains, k) + self.sweeper.phase_cost("
        "model, chains).",
    )


def _same_on_gpu(example: Example, case: ModelCase) -> None:
    cpu, gpu = Play(example, case), Play(example, case, device=devices()[1])
    for one, other in zip(cpu.update().phase, gpu.update().phase, strict=True):
        require(other.device.type == "cuda", f"on a GPU the phase lies on {other.device}")
        off = largest_difference(one, other.cpu())
        require(
            off < 1e-3, f"on {case.name}, the phase on a GPU differs by {off:.2g} from the CPU's"
        )


def _data(model: Model, seeds: Sequence[int], device: torch.device) -> Splits:
    """Random rows of the model's units, each replica its own."""
    noise, units, visible = Noise(seeds, "rows", device=device), model.units, model.visible
    train, test = (units.random(rows, visible, noise) for rows in (13, 11))
    keep = torch.arange(visible, device=device) < visible // 2
    return Splits(train, test, (1, visible), keep, units=units)


def _others(play: Play) -> Tensor:
    """Other rows than those to test on: spins turned, or drawn anew."""
    test, units = play.data.test, play.model.units
    if units == SPINS:
        return -test
    return units.random(test.shape[1], test.shape[2], Noise(SEEDS, "others", device=test.device))
