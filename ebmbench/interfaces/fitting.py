"""Whether a model, data and what works on both fit together."""

from __future__ import annotations

from typing import Any

from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.metric import Metric
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import Sampler
from ebmbench.numerics.units.spins import SPINS


def units_misfit(model: type[Model], options: Any, data: Splits) -> str | None:
    """Why a model of these options cannot be of rows like the data's; None if it can."""
    units = model.units_of(options)
    if units == data.units:
        return None
    return f"the rows are {data.units}, and the model '{model.name}' has {units}"


def sampler_misfit(sampler: Sampler, model: Model, data: Splits) -> Any:
    """Why ``sampler`` cannot train ``model`` on ``data``; None if it can."""
    return _knows_spins_only(sampler, model) or sampler.supports(model, data)


def metric_misfit(metric: Metric, model: Model, data: Splits, kernel: GibbsKernel | None) -> Any:
    """Why ``metric`` cannot be measured on ``model`` and ``data``; None if it can."""
    return _knows_spins_only(metric, model) or metric.supports(model, data, kernel)


def _knows_spins_only(component: Sampler | Metric, model: Model) -> str | None:
    if component.any_units or model.units == SPINS:
        return None
    return f"it knows spins only, and the model '{model.name}' has {model.units}"
