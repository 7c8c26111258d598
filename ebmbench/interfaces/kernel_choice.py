"""Which kernel sweeps a model on a device: the one asked for, or the fastest."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch

from ebmbench.errors import ComponentError
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.model import Model
from ebmbench.isolation.contained import contained

AUTO = "auto"


Failed = Callable[[ComponentError], object]
"""Called with why a kernel cannot be asked."""


def kernel_for(
    kernels: Iterable[type[GibbsKernel]],
    model: Model,
    device: torch.device,
    name: str = AUTO,
    failed: Failed = lambda error: None,
) -> type[GibbsKernel] | None:
    """The kernel called ``name``, or of all the fastest, if it can sweep the model on the device.

    Kernels are asked with their default options; None where none of them can.

    Raises:
        ComponentError: the one kernel asked for fails; where any will do it is passed over, and
            ``failed`` is called.
    """
    found = []
    for kernel in kernels:
        if name not in (AUTO, kernel.name):
            continue
        try:
            if _can_sweep(kernel, model, device):
                found.append(kernel)
        except ComponentError as error:
            if name != AUTO:
                raise
            failed(error)
    return fastest(found)


def fastest(kernels: Iterable[type[GibbsKernel]]) -> type[GibbsKernel] | None:
    """The kernel of highest priority; None where there is none."""
    return max(kernels, key=lambda kernel: kernel.priority, default=None)


def _can_sweep(component: type[GibbsKernel], model: Model, device: torch.device) -> bool:
    with contained(f"kernel '{component.name}'"):
        kernel = component(component.Options())
        return kernel.usable(device) is None and kernel.supports(model, device) is None
