"""Contracts of metrics."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import inf

import torch
from torch import Tensor

from ebmbench.checks.cases import metric_cases
from ebmbench.checks.examples import Example
from ebmbench.checks.failure import Failed, require
from ebmbench.checks.model_cases import ModelCase
from ebmbench.checks.side_effects import global_generators_at_rest, nothing_written
from ebmbench.checks.trees import copied, largest_difference, same
from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.depiction import Curves, Depiction, Images
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.metric import Metric, View
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import NegativePhase, Sampler, State
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Chains, Particles

SEEDS = (3, 7, 11)
ROUNDING = 1e-5  # of a value that may lie on the end of its range
VISIBLE = 6  # images of 2 x 3
PART = re.compile(r"[A-Za-z0-9_.-]*")
Measured = Mapping[str, Tensor | Depiction]


class OneStep(Sampler):
    """<dF>_model over chains that take a step from the batch; notes whether it was asked."""

    name = "one-step"
    any_units = True

    def __init__(self, kernel: GibbsKernel | None) -> None:
        super().__init__(self.Options(), kernel)
        self.asked = False

    def supports(self, model: Model, data: Splits) -> str | None:
        """Whatever the kernel sweeps."""
        return self.sweeper.cannot_sweep(model)

    def negative_phase(
        self, model: Model, batch: Particles, state: State, noise: Noise
    ) -> NegativePhase:
        """One step from the batch."""
        self.asked = True
        return super().negative_phase(model, batch, state, noise)

    def particles(
        self, model: Model, batch: Particles, state: State, noise: Noise
    ) -> tuple[Particles, State]:
        """The chains."""
        v, h = self.sweeper.run_chains(model, Chains(batch.v), 1, 1.0, noise)
        return Particles(v, h), state


def values(example: Example) -> None:
    """Values are (R,) and in their range, pictures (R, ...); what is said is of parts there are."""
    metric: Metric = example.build()
    for case in metric_cases(example, splits):
        found = metric.measure(view_of(case))
        for part, value in found.items():
            require(
                bool(PART.fullmatch(part)),
                f"a part is called '{part}': use letters, digits, -, _ "
                "and dots, so that it can be exported",
            )
            _has_shape(part, value, case)
            if isinstance(value, Tensor):
                _is_declared(metric, part)
                _is_in_range(metric, part, value)
        for what, told in (
            ("better", metric.better),
            ("unit", metric.unit),
            ("range", metric.range),
        ):
            named = set(told) if isinstance(told, Mapping) else set()
            require(
                not named or not found or bool(named & set(found)),
                f"'{what}' speaks of {', '.join(sorted(named))}, and measure() gives none of them: "
                f"it gives {', '.join(found)}",
            )


def _is_declared(metric: Metric, part: str) -> None:
    known = metric.parts_with(metric.options)
    require(
        known is None or part in known,
        f"it gives '{part}', which 'parts' does not name: {', '.join(map(repr, known or ()))}. A "
        "suite could not ask for it.",
    )


def _is_in_range(metric: Metric, part: str, value: Tensor) -> None:
    ends = metric.range.get(part) if isinstance(metric.range, Mapping) else metric.range
    low, high = ends or (None, None)
    known = value[value.isfinite()].double()
    outside = known[(known < _or(low, -inf) - ROUNDING) | (known > _or(high, inf) + ROUNDING)]
    require(
        len(outside) == 0,
        f"'{part}' is {outside.tolist()[:1]}, outside of what 'range' says, {ends}: intervals and "
        "verdicts rely on it.",
    )


def _or(end: float | None, otherwise: float) -> float:
    return otherwise if end is None else end


def missing(example: Example) -> None:
    """Values are finite, or ``missing`` tells the reader why they are not."""
    metric: Metric = example.build()
    for case in metric_cases(example, splits)[:1]:
        for part, value in metric.measure(view_of(case)).items():
            if isinstance(value, Tensor) and not value.isfinite().all():
                require(
                    bool(metric.why_missing(part)),
                    f"'{part}' is not finite on {case.name}, and 'missing' does not say when that "
                    "is so. A division by zero, or the log of one?",
                )


def replicas(example: Example) -> None:
    """A replica alone has the values that it has in a block, bit for bit."""
    metric: Metric = example.build()
    for case in metric_cases(example, splits):
        block, alone = (metric.measure(view_of(case, seeds)) for seeds in (SEEDS, SEEDS[1:2]))
        require(set(block) == set(alone), "a replica alone has other parts than in a block")
        for part, value in block.items():
            mine, theirs = _of_replica(value, 1), _of_replica(alone[part], 0)
            require(
                same(mine, theirs),
                f"on {case.name}, '{part}' of seed {SEEDS[1]} alone differs from the same seed in "
                f"a block of {len(SEEDS)} by {largest_difference(mine, theirs):.2g}. Usually a "
                "mean over the replica axis, or numbers that are not from view.noise.",
            )


def same_seed(example: Example) -> None:
    """Measuring twice gives the same values."""
    metric: Metric = example.build()
    for case in metric_cases(example, splits)[:1]:
        first, again = (metric.measure(view_of(case)) for _ in range(2))
        for part, value in first.items():
            mine, theirs = _of_replica(value, 0), _of_replica(again[part], 0)
            require(
                same(mine, theirs),
                f"on {case.name}, '{part}' is another number the second time: "
                "draw from view.noise only, and remember nothing.",
            )


def looking_changes_nothing(example: Example) -> None:
    """Parameters, data and state are as before: measuring never changes training."""
    metric: Metric = example.build()
    for case in metric_cases(example, splits)[:1]:
        view = view_of(case)
        looked_at = {
            "the model's parameters": list(view.model.parameters()),
            "the data": [view.data.train, view.data.test],
            "the sampler's state": view.state,
        }
        before = {what: copied(tree, what) for what, tree in looked_at.items()}
        metric.measure(view)
        for what, tree in looked_at.items():
            require(
                same(tree, before[what]),
                f"on {case.name}, {what} changed: a metric only looks. Work on a copy.",
            )
        trained = any(each.grad is not None for each in view.model.parameters())
        require(
            not trained,
            f"on {case.name}, parameters were given a gradient: measure under "
            "torch.no_grad(), or with torch.autograd.grad.",
        )


def needs_negative(example: Example) -> None:
    """``needs_negative`` is said where the negative phase is looked at."""
    metric: Metric = example.build()
    for case in metric_cases(example, splits)[:1]:
        view = view_of(case)
        metric.measure(view)
        assert isinstance(view.sampler, OneStep)
        require(
            metric.needs_negative or not view.sampler.asked,
            f"on {case.name}, it looks at view.negative() and does not say so: set "
            "needs_negative = True, or it fails where a model is measured untrained.",
        )


def other_rows(example: Example) -> None:
    """It works on one row, and on as many test rows as training rows."""
    metric: Metric = example.build()
    for train, test in ((1, 1), (5, 5)):
        for case in metric_cases(example, splits)[:1]:
            data = splits(case, train=train, test=test)
            view = replace(view_of(case), data=data)
            if metric.supports(view.model, data, view.kernel) is not None:
                continue
            try:
                metric.measure(view)
            except Exception as error:
                raise Failed(
                    f"with {train} training and {test} test rows it fails: {type(error).__name__}: "
                    f"{error}. Cope, or say so in 'supports'."
                ) from error


def global_generators(example: Example) -> None:
    """The random generators of torch, numpy and Python stay where they are."""
    metric: Metric = example.build()
    for case in metric_cases(example, splits)[:1]:
        with global_generators_at_rest():
            metric.measure(view_of(case))


def files(example: Example) -> None:
    """Nothing is written to the disk."""
    metric: Metric = example.build()
    for case in metric_cases(example, splits)[:1]:
        with nothing_written():
            metric.measure(view_of(case))


CHECKS: dict[str, Callable[[Example], None]] = {
    "values": values,
    "missing": missing,
    "replicas": replicas,
    "same-seed": same_seed,
    "looking-changes-nothing": looking_changes_nothing,
    "needs-negative": needs_negative,
    "other-rows": other_rows,
    "global-generators": global_generators,
    "files": files,
}


def splits(
    case: ModelCase, seeds: Sequence[int] = SEEDS, train: int = 13, test: int = 11
) -> Splits:
    """Labelled images of 2 x 3 spins, each replica its own; two labels at least.

    Or rows of the model's own units, as many as there can be from 6 on.
    """
    noise, visible = Noise(seeds, "images"), case.units.suited(VISIBLE)
    rows, held_out = (case.units.random(n, visible, noise) for n in (train, test))
    of_train, of_test = ((torch.arange(n) % 2).expand(len(seeds), -1) for n in (train, test))
    keep = torch.arange(visible) < visible // 2
    image = (2, visible // 2) if visible % 2 == 0 else (1, visible)
    return Splits(rows, held_out, image, keep, of_train, of_test, units=case.units)


def view_of(case: ModelCase, seeds: Sequence[int] = SEEDS) -> View:
    """A view of the case's model in training."""
    sampler = OneStep(case.kernel)
    noise, negative = Noise(seeds, "metric"), Noise(seeds, "negative view")
    model = case.model(seeds, VISIBLE)
    return View(model, splits(case, seeds), sampler, None, case.kernel, 3, noise, negative)


def _has_shape(part: str, value: Tensor | Depiction, case: ModelCase) -> None:
    R = len(SEEDS)
    if isinstance(value, Tensor):
        require(
            value.shape == (R,) and not value.requires_grad,
            f"on {case.name}, '{part}' is {tuple(value.shape)}: it must be a number per replica, "
            f"({R},), detached from autograd.",
        )
    elif isinstance(value, Images):
        h, w = value.shape
        require(
            value.pixels.shape[::2] == (R, h * w),
            f"the pixels of '{part}' are {tuple(value.pixels.shape)}: (R, N, {h * w}) is asked for",
        )
    elif isinstance(value, Curves):
        require(
            value.y.shape == (R, *value.x.shape),
            f"the curve '{part}' has x "
            f"{tuple(value.x.shape)} and y {tuple(value.y.shape)}: y must be (R, P)",
        )
    else:
        raise Failed(f"'{part}' is a {type(value).__name__}: give a tensor (R,), Images or Curves")


def _of_replica(value: Tensor | Depiction, replica: int) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value[replica]]
    return list(value.arrays(replica).values())
