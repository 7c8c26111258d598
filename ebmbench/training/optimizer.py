"""Optimisers of ``torch.optim`` by name, with the schedules that the field uses."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal

import torch
from pydantic import ConfigDict, Field, model_validator
from torch import Tensor

from ebmbench.errors import did_you_mean
from ebmbench.interfaces.component import Options
from ebmbench.interfaces.cost import Cost
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import Sampler
from ebmbench.numerics.phases import Phase
from ebmbench.numerics.updates.compiled_step import CompiledStep
from ebmbench.numerics.updates.steps import Numbers
from ebmbench.training.schedule import MOST_EPOCHS
from ebmbench.training.steps.bounds import LARGEST
from ebmbench.training.steps.centred import Centred, CentredOptions
from ebmbench.training.steps.change import Change, Taken
from ebmbench.training.steps.cossim import CosSim
from ebmbench.training.steps.couplings import not_couplings
from ebmbench.training.steps.misfit import Misfit
from ebmbench.training.steps.natural import Natural, NaturalGradient
from ebmbench.training.steps.restarts import Restarts
from ebmbench.training.steps.weight_decay import WeightDecay, decays_of, unknown_names

# Those that act on each element by itself. Others (LBFGS, Muon, Adafactor) would let one replica
# change another's numbers.
ELEMENTWISE: dict[str, Any] = {
    cls.__name__.lower(): cls
    for cls in (
        torch.optim.Adadelta,
        torch.optim.Adagrad,
        torch.optim.Adam,
        torch.optim.AdamW,
        torch.optim.Adamax,
        torch.optim.ASGD,
        torch.optim.NAdam,
        torch.optim.RAdam,
        torch.optim.RMSprop,
        torch.optim.Rprop,
        torch.optim.SGD,
    )
}

OPTIMIZERS: dict[str, Any] = {**ELEMENTWISE, "cossim": CosSim, "natural": Natural}
"""Those, and ours; all step one replica whatever the others do."""

REGISTERS = 64  # numbers: a whole number of any machine's vector registers


class OptimizerOptions(Options):
    """An optimiser of ``torch.optim`` by its name in lower case, and its own keyword arguments.

    Or one of ours: ``cossim``, whose rates grow up to ``max_lr`` (0.1) by a share ``delta`` (0.002)
    with each gradient that agrees with the one before, and fall with one that does not; or
    ``natural``, whose step solves (F + ``damping``) d = gradient (1.0), F the Fisher information
    over at most ``particles`` (100) of the negative phase, by ``iterations`` (20) of conjugate
    gradients.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    name: str = Field(
        description="Class of torch.optim, in lower case: sgd, adam, ...; or cossim, natural"
    )
    lr: float = Field(gt=0, le=LARGEST, description="Learning rate; cossim's at the start")
    decay: float = Field(
        1.0, gt=0, le=1, description="Factor on lr after each epoch; of parameters: weight_decay"
    )
    decay_after: int = Field(0, ge=0, le=MOST_EPOCHS, description="Epochs before the decay begins")
    floor: float = Field(0.0, ge=0, le=LARGEST, description="lr decays only while it is above this")
    weight_decay: WeightDecay | None = Field(
        None,
        description="Share of a parameter that is added to its gradient; one for all, or by name, "
        "as {W: 1e-4}, and then parameters that are not named do not decay. Default: torch's",
    )
    gradient: CentredOptions | None = Field(
        None, description="What is stepped along in place of the plain gradient"
    )
    bias_correction: Literal["step", "epoch"] = Field(
        "step",
        description="Whether Adam corrects its bias by the update's number, or by the epoch's as "
        "the paper's code does, which makes early steps about three times smaller",
    )

    @model_validator(mode="after")
    def _torch_knows_these(self) -> OptimizerOptions:
        cls = OPTIMIZERS.get(self.name)
        if cls is None:
            raise ValueError(
                f"no such optimiser: '{self.name}'. {did_you_mean(self.name, list(OPTIMIZERS))}"
            )
        called = f"torch's {cls.__name__}" if self.name in ELEMENTWISE else self.name
        known = [p for p in _options_of(cls) if p not in ("params", "lr")]
        given = {**(self.model_extra or {})}
        if self.weight_decay is not None:
            given["weight_decay"] = 0.0  # pydantic has seen to its numbers
        for key, argument in given.items():
            if key not in known:
                raise ValueError(f"{called} has no option '{key}'. {did_you_mean(key, known)}")
            if not _can_be_reckoned_with(argument):
                said = f"should be finite numbers, none above {LARGEST:g}"
                raise ValueError(f"{key}: {argument}: {said}")
        if self.bias_correction == "epoch" and cls is not torch.optim.Adam:
            raise ValueError("bias_correction: epoch is for adam only")
        if self.decay != 1 and cls is CosSim:
            raise ValueError("decay: cossim finds its rates itself. Leave it out")
        if self.gradient and cls is Natural:
            raise ValueError("gradient: natural is one itself. Leave it out, or take sgd")
        try:
            _after_two_steps(self, torch.zeros(1))
        except Exception as error:  # of any kind: betas of one number are an IndexError
            raise ValueError(f"{called} refuses this: {error}") from None
        return self

    @property
    def arguments(self) -> dict[str, Any]:
        """What goes to torch's class as it stands."""
        own = dict(self.model_extra or {})
        if isinstance(self.weight_decay, int | float):
            own["weight_decay"] = self.weight_decay
        return own


class Optimizer:
    """Steps all replicas' parameters along <dF>_data - <dF>_model."""

    def __init__(self, model: Model, options: OptimizerOptions) -> None:
        self.options = options
        cls = OPTIMIZERS[options.name]
        arguments = {**_in_one_pass(cls, model), **_on_the_device(cls, model), **options.arguments}
        if "capturable" in arguments:  # torch would warn of updates that are not recorded
            warnings.filterwarnings("ignore", "This instance was constructed with capturable")
        self._parameters = tuple(model.parameters())
        decays = decays_of(options.weight_decay, model)
        groups = _groups(self._parameters, decays)
        self.torch = _without_compiler(cls)(groups, lr=options.lr, **arguments)
        self.compiled: CompiledStep | None = None
        how = options.name, options.arguments, self._parameters
        if CompiledStep.takes(*how):
            self.compiled = CompiledStep(*how, decays)
        self.change = _change(options, model)
        self._nothing = tuple(map(torch.zeros_like, self._parameters)) if self.change else ()
        self.restarts: Restarts | None = None

    def step(self, data: Phase, negative: Phase, epoch: int, taken: Taken | None = None) -> None:
        """One update with the gradient of the negative log-likelihood.

        Args:
            data, negative: both phases.
            epoch: from 1.
            taken: what they were taken over; may be None where the gradient is the plain one.
        """
        if self.change:
            assert taken is not None
            data, negative = self.change(data, negative, taken), self._nothing
        if self.restarts is None:
            self._step(data, negative, epoch)
            return
        with self.restarts.shortened(self._parameters, self._count + 1):
            self._step(data, negative, epoch)

    @torch.no_grad()
    def restart(self, replicas: Tensor) -> None:
        """Forget what is remembered of ``replicas`` (R,) bool, and halve their learning rate.

        For good: their steps are half as long from then on, whatever the schedule. Adam and AdamW
        correct their biases as at the start again, unless they do by epochs, and AdamW's weight
        decay is as much less in these steps; what the others count goes on.
        """
        if self.restarts is None:
            self.restarts = self._no_restarts()
        self.restarts.add(replicas)
        if self.change:
            self.change.forget(replicas)
        for name, remembered in self._remembered():
            remembered[replicas] = self.lr if name == "step_size" else 0.0  # that of rprop

    def _step(self, data: Phase, negative: Phase, epoch: int) -> None:
        if self.compiled:
            self.compiled.step(data, negative, self.next_numbers(epoch))
            return
        for parameter, d, n in zip(self._parameters, data, negative, strict=True):
            parameter.grad = d - n
        if self.options.bias_correction == "epoch":
            self._pretend_steps(epoch - 1)  # Adam adds one before it corrects
        self.torch.step()

    def next_numbers(self, epoch: int) -> Numbers:
        """What the next step of an optimiser that is ``compiled`` is made with."""
        assert self.compiled is not None
        by_epoch = self.options.bias_correction == "epoch"
        return self.compiled.next_numbers(self.lr, epoch if by_epoch else None)

    @property
    def lr(self) -> float:
        """The learning rate as it stands."""
        return float(self.torch.param_groups[0]["lr"])

    def standing(self) -> dict[str, Any]:
        """What it remembers, to go on from."""
        more = {
            "change": self.change and self.change.standing(),
            "restarts": self.restarts and (self.restarts.factor, self.restarts.fades),
        }
        if self.compiled is None:
            return {"torch": self.torch.state_dict(), **more}
        of_steps = {"count": self.compiled.count, "moments": self.compiled.moments}
        return {"lr": self.lr, **of_steps, **more}

    def restore(self, remembered: Mapping[str, Any]) -> None:
        """Remember what it did before."""
        if self.change:
            self.change.restore(remembered["change"])
        if remembered["restarts"] is not None:
            self.restarts = self._no_restarts()
            self.restarts.factor, self.restarts.fades = remembered["restarts"]
        if self.compiled is None:
            self.torch.load_state_dict(remembered["torch"])
            return
        for group in self.torch.param_groups:
            group["lr"] = remembered["lr"]
        self.compiled.count = remembered["count"]
        for mine, theirs in zip(self.compiled.moments, remembered["moments"], strict=True):
            for moment, number in zip(mine, theirs, strict=True):
                moment.copy_(number)

    @property
    def replayable(self) -> bool:
        """Whether a step on a CUDA device can be recorded and replayed.

        True if the step count lives on the device or is not needed.
        """
        counts_none = self.options.name in ("sgd", "cossim", "natural")
        return counts_none or bool(self.torch.defaults.get("capturable"))

    def fixed_numbers(self, epoch: int) -> tuple[Any, ...]:
        """CPU numbers baked into a recorded step; if one changes, record again."""
        rates = tuple(group["lr"] for group in self.torch.param_groups)
        return (*rates, epoch if self.options.bias_correction == "epoch" else None)

    def end_epoch(self, epoch: int) -> None:
        """Decay the learning rate."""
        if epoch <= self.options.decay_after:
            return
        for group in self.torch.param_groups:
            if group["lr"] > self.options.floor:
                group["lr"] *= self.options.decay

    def cost(self, model: Model) -> Cost:
        """Per parameter: two phases read, one step written, and what the optimiser remembers."""
        moments = _moments(self.options)
        size = model.parameters_per_replica()
        step = Cost(
            macs=size * (2 + 2 * moments),
            bytes=4 * size * (6 + 2 * moments),
            held=4 * size * 2,  # beside what it remembers: terms of the step
        )
        return step + self.change.cost() if self.change else step

    def remembered(self) -> int:
        """Numbers that it keeps per parameter."""
        return _moments(self.options) + (self.change.remembers if self.change else 0)

    @property
    def _count(self) -> int:
        """Steps made so far, by those that count them."""
        if self.compiled is not None:
            return self.compiled.count
        counts = (state["step"] for state in self.torch.state.values() if "step" in state)
        return int(next(counts, 0))

    def _no_restarts(self) -> Restarts:
        first = self._parameters[0]
        by_step = self.options.bias_correction == "step" and self.options.name in ("adam", "adamw")
        betas = self.options.arguments.get("betas", (0.9, 0.999)) if by_step else None
        return Restarts(len(first), betas, first.device)

    def _remembered(self) -> Iterator[tuple[str, Tensor]]:
        """What it calls what it remembers of each parameter, and the tensor, (R, ...)."""
        if self.compiled is not None:
            moments = (moment for pair in self.compiled.moments for moment in pair)
            yield from (("moment", moment) for moment in moments if moment.numel())
            return
        for parameter, state in self.torch.state.items():
            for name, value in state.items():
                if isinstance(value, Tensor) and value.shape == parameter.shape:
                    yield name, value

    def _pretend_steps(self, steps: int) -> None:
        for state in self.torch.state.values():
            state["step"].fill_(steps)


def misfits(options: OptimizerOptions, model: Model, sampler: Sampler) -> Iterator[Misfit]:
    """Why an optimiser cannot step a model along the negative phases of a sampler."""
    yield from unknown_names(options.weight_decay, model)
    if options.gradient:
        yield from not_couplings(model, ("gradient",), biased=True)
    if options.name == "natural":
        yield from not_couplings(model, ("name",), biased=False)
        if not sampler.shows_particles:
            problem = f"the sampler '{sampler.name}' has no particles to estimate the Fisher of"
            yield Misfit(("name",), problem, "Take another sampler, or sgd.")


def _change(options: OptimizerOptions, model: Model) -> Change | None:
    """What becomes of the gradient; None where it stays as it is."""
    if options.name == "natural":
        return NaturalGradient(model, **options.arguments)
    return Centred(options.gradient, model) if options.gradient else None


@cache
def _without_compiler(cls: Any) -> Any:
    """torch's class, its methods as they are written.

    torch wraps them so that its compiler, where somebody uses it, keeps out of them. The wrappers
    import the compiler for that, which takes seconds in every process.
    """
    step = torch.no_grad()(inspect.unwrap(cls.step))
    plain = {"step": step, "add_param_group": inspect.unwrap(cls.add_param_group)}
    return type(cls.__name__, (cls,), plain)


def _groups(parameters: Sequence[Tensor], decays: Sequence[float] | None) -> list[Any]:
    """The parameters, or one group each where they do not decay alike."""
    if decays is None:
        return list(parameters)
    return [
        {"params": [parameter], "weight_decay": decay}
        for parameter, decay in zip(parameters, decays, strict=True)
    ]


def _in_one_pass(cls: type, model: Model) -> dict[str, bool]:
    """torch's fused step, where it has one: up to ten times faster than its terms one by one.

    Only where each replica's numbers fill whole vector registers. The rest of an array is computed
    by other instructions, and a replica would get other last bits alone than in a block.
    """
    whole = all(parameter[0].numel() % REGISTERS == 0 for parameter in model.parameters())
    return {"fused": True} if whole and "fused" in _options_of(cls) else {}


def _on_the_device(cls: type, model: Model) -> dict[str, bool]:
    """On a CUDA device it counts its steps there, if it can."""
    on_gpu = all(parameter.device.type == "cuda" for parameter in model.parameters())
    return {"capturable": True} if on_gpu and "capturable" in _options_of(cls) else {}


def _options_of(cls: type) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(cls).parameters


def _can_be_reckoned_with(argument: Any) -> bool:
    """Whether a number, or all in a list, is one that float32 holds."""
    if isinstance(argument, list):
        return all(map(_can_be_reckoned_with, argument))
    return not isinstance(argument, int | float) or abs(argument) <= LARGEST  # NaN is not


def _after_two_steps(options: OptimizerOptions, parameter: Tensor) -> Any:
    """torch's optimiser after two steps: numbers that it takes it may yet fail to step with."""
    arguments = {key: each for key, each in options.arguments.items() if key != "capturable"}
    cls = _without_compiler(OPTIMIZERS[options.name])
    cls([parameter], lr=options.lr, **options.arguments)
    optimizer = cls([parameter], lr=options.lr, **arguments)  # one that steps on the CPU
    for _ in range(2):
        parameter.grad = torch.ones_like(parameter)
        optimizer.step()
    return optimizer


def _moments(options: OptimizerOptions) -> int:
    """How many tensors of the parameters' size the optimiser remembers, found by stepping."""
    parameter = torch.zeros(2, 3)
    optimizer = _after_two_steps(options, parameter)
    return sum(
        isinstance(value, Tensor) and value.shape == parameter.shape
        for value in optimizer.state[parameter].values()
    )
