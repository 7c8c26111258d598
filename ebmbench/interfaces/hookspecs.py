"""The hooks, in the order a run meets them. A hook returns classes and does nothing else."""

import pluggy

from ebmbench.interfaces.dataset import Dataset
from ebmbench.interfaces.executor import Executor
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.metric import Metric
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import Sampler

hookspec = pluggy.HookspecMarker("ebmbench")
hookimpl = pluggy.HookimplMarker("ebmbench")


@hookspec
def ebmbench_datasets() -> list[type[Dataset]]:  # type: ignore[empty-body]
    """What is learned."""


@hookspec
def ebmbench_models() -> list[type[Model]]:  # type: ignore[empty-body]
    """What learns: p(v) = exp(-F(v)) / Z."""


@hookspec
def ebmbench_kernels() -> list[type[GibbsKernel]]:  # type: ignore[empty-body]
    """What sweeps a model, on some device."""


@hookspec
def ebmbench_samplers() -> list[type[Sampler]]:  # type: ignore[empty-body]
    """What supplies the negative phase."""


@hookspec
def ebmbench_metrics() -> list[type[Metric]]:  # type: ignore[empty-body]
    """What is measured."""


@hookspec
def ebmbench_executors() -> list[type[Executor]]:  # type: ignore[empty-body]
    """What works at a run's blocks, here or on other machines."""
