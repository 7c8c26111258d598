"""What is really done, as ``Cost`` counts it: products of tensors, and what kernels sweep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from ebmbench.checks.failure import require
from ebmbench.interfaces.cost import Cost
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.model import Model
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Chains
from ebmbench.numerics.trees import leaves

LOOSE, PART = 3.0, "third"  # counts are formulas of the sizes, and leave out what is small

aten = torch.ops.aten
BY_VECTOR = {aten.mv, aten.dot}  # products that torch's own table leaves out; aten.addmv is a mv


class Work(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Within it, the multiply-adds and bytes of all products of tensors, of all replicas together.

    A product's multiply-adds are those of torch's own table, its bytes those of its operands and
    of what comes out, each once, as float32. What is done element by element is not counted, nor
    what is done outside torch: the sum is a lower bound. Where a kernel from ``counted`` sweeps,
    its ``sweep_cost`` stands for what it does, in torch or elsewhere.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.done = Cost()
        self._sweeping = False

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """No: nothing is compiled here, and to skip it torch would import its compiler, 2 s."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        found = func(*args, **(kwargs or {}))
        if not self._sweeping:
            macs = _macs(func.overloadpacket, args, kwargs or {}, found)
            operands = sum(each.numel() for each in (*leaves(args), *leaves(found))) if macs else 0
            self.done += Cost(macs, bytes=4.0 * operands)
        return found

    def counted(self, kernel: GibbsKernel | None) -> GibbsKernel | None:
        """The kernel, its sweeps counted here."""
        return None if kernel is None else cast(GibbsKernel, CountedKernel(kernel, self))

    @contextmanager
    def sweep_of(self, cost: Cost, replicas: int) -> Iterator[None]:
        """A sweep that costs each replica so much; a sweep within it is part of it."""
        outermost, self._sweeping = not self._sweeping, True
        try:
            yield
        finally:
            if outermost:
                self.done += replicas * cost
                self._sweeping = False


class CountedKernel:
    """A kernel in all but what it is called, whose sweeps are counted."""

    def __init__(self, kernel: GibbsKernel, work: Work) -> None:
        self._kernel, self._work = kernel, work

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kernel, name)

    def sweep(
        self, model: Model, chains: Chains, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        """The kernel's own."""
        return self._counted(self._kernel.sweep, model, chains, k, beta, noise)

    def run_chains(
        self, model: Model, chains: Chains, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        """The kernel's own."""
        return self._counted(self._kernel.run_chains, model, chains, k, beta, noise)

    def _counted(
        self,
        does: Callable[[Model, Chains, int, float | Tensor, Noise], Chains],
        model: Model,
        chains: Chains,
        k: int,
        beta: float | Tensor,
        noise: Noise,
    ) -> Chains:
        cost = self._kernel.sweep_cost(model, chains.v.shape[1], k)
        with self._work.sweep_of(cost, model.replicas):
            return does(model, chains, k, beta, noise)


def require_counted(counted: Cost, done: Cost, what: str) -> None:
    """Fail unless multiply-adds and bytes are counted, give or take a factor, that are done.

    Args:
        counted: what a component says.
        done: what was seen.
        what: who counts, for a sentence: "cost() of 7 rows counts".
    """
    for name, said, seen in (
        ("multiply-adds", counted.macs, done.macs),
        ("bytes", counted.bytes, done.bytes),
    ):
        require(
            LOOSE * said >= seen,
            f"{what} {said:g} {name} per replica, where its products of tensors and its sweeps "
            f"take {seen:g}: less than a {PART} of it. Count every product that is made, with "
            "product_cost(rows, inner, columns), and every sweep, with sweep_cost.",
        )


def _macs(packet: Any, args: tuple[Any, ...], kwargs: Any, found: Any) -> float:
    """Multiply-adds of an operation of torch; 0 where it is no product."""
    if packet in BY_VECTOR:
        return float(args[0].numel())
    if packet not in flop_registry:
        return 0.0
    flops = flop_registry[packet](*args, **kwargs, out_val=cast(Tensor, found))
    return float(flops) / 2
