"""A pretended GPU: tensors that say they are on a CUDA device, and are computed on the CPU.

It refuses what a GPU refuses: tensors of both devices in one operation and numpy; and while work is
recorded, all that would wait for the device or copy from the CPU. ``record`` stands in for a CUDA
graph: it keeps every operation with its operands' memory, and puts back what was changed.
"""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map

aten = torch.ops.aten
ASKS = {aten._local_scalar_dense.default, aten.equal.default, aten.is_nonzero.default}
MOVES = {aten._to_copy.default, aten.copy_.default}

_recording: list | None = None
_before: dict = {}


class Pretended(torch.Tensor):
    """A tensor on the pretended GPU; ``held`` has its numbers.

    What torch itself takes it for is a tensor without numbers ("meta"): that needs no driver.
    """

    __torch_function__ = torch._C._disabled_torch_function_impl
    device = torch.device("cuda:0")
    is_cuda = True
    is_cpu = False

    @staticmethod
    def __new__(cls, held):
        pretended = torch.Tensor._make_wrapper_subclass(
            cls,
            held.size(),
            strides=held.stride(),
            storage_offset=held.storage_offset(),
            dtype=held.dtype,
            device=torch.device("meta"),
        )
        pretended.held = held
        return pretended

    @classmethod
    def __torch_dispatch__(cls, function, types, arguments=(), options=None):
        return compute(function, arguments, options or {})

    def tolist(self):
        return self.cpu().tolist()

    def numpy(self):
        raise TypeError("can't convert cuda:0 device type tensor to numpy")

    def __repr__(self):
        return f"Pretended({self.held})"


class Dispatch(TorchDispatchMode):
    """Takes what is made on, or moved to, the pretended GPU."""

    def __torch_dispatch__(self, function, types, arguments=(), options=None):
        return compute(function, arguments, options or {})


def compute(function, arguments, options):
    """An operation on the device that its tensors are on, or that it names."""
    tensors = tensors_of((arguments, options))
    device = options.get("device")
    on_gpu = any(isinstance(each, Pretended) for each in tensors)
    to_gpu = device is not None and torch.device(device).type in ("cuda", "meta")
    if not on_gpu and not to_gpu:
        return function(*arguments, **options)
    refuse(function, tensors, device, to_gpu)
    if device is not None:
        options = {**options, "device": "cpu"}
    held_arguments, held_options = tree_map(held, (arguments, options))
    result = done(function, held_arguments, held_options)
    if function._schema.is_mutable and not isinstance(result, (list, type(None))):
        return arguments[0] if "out" not in options else options["out"]
    back = device is not None and not to_gpu
    return result if back else tree_map(wrapped, result)


def refuse(function, tensors, device, to_gpu):
    """Raise what a GPU raises."""
    others = [each for each in tensors if not isinstance(each, Pretended) and each.dim()]
    if others and function not in MOVES and len(others) < len(tensors):
        raise RuntimeError(f"{function}: expected all tensors to be on the same device")
    moved = function in MOVES and (
        to_gpu != isinstance(tensors[0], Pretended)
        if device is not None
        else len({type(each) is Pretended for each in tensors}) > 1
    )
    if _recording is not None and (function in ASKS or moved):
        raise RuntimeError(f"{function}: operation not permitted when stream is capturing")


def done(function, arguments, options):
    """The operation, noted where work is recorded."""
    if _recording is None:
        return function(*arguments, **options)
    remember(function, arguments)
    result = function(*arguments, **options)
    fresh = [] if function._schema.is_mutable else made(result, arguments)

    def again():
        once_more = tree_flatten(function(*arguments, **options))[0]
        for place, target in fresh:
            target.copy_(once_more[place])

    _recording.append(again)
    return result


def remember(function, arguments):
    """Copy what an operation is about to change."""
    if not function._schema.is_mutable:
        return
    for each in tensors_of(arguments):
        storage = each.untyped_storage()
        _before.setdefault(storage.data_ptr(), (storage, storage.clone()))


def made(result, arguments):
    """The tensors of a result that have memory of their own, each with its place."""
    known = set(map(place_of, tensors_of(arguments)))
    return [
        (index, each)
        for index, each in enumerate(tree_flatten(result)[0])
        if isinstance(each, torch.Tensor) and place_of(each) not in known
    ]


def tensors_of(tree):
    return [each for each in tree_flatten(tree)[0] if isinstance(each, torch.Tensor)]


def place_of(tensor):
    return tensor.untyped_storage().data_ptr()


def held(leaf):
    return leaf.held if isinstance(leaf, Pretended) else leaf


def wrapped(leaf):
    return Pretended(leaf) if type(leaf) is torch.Tensor else leaf


def on_gpu(tensor):
    """A copy on the pretended GPU."""
    return Pretended(tensor.detach().clone())


def record(work):
    """Note the operations of ``work``; what does them again."""
    global _recording
    _recording, operations = [], []
    try:
        work()
        operations = _recording
    finally:
        _recording = None
        for storage, copy in _before.values():
            storage.copy_(copy)
        _before.clear()

    def replay():
        for again in operations:
            again()

    return replay


def launched(launch):
    """A launch of a kernel that takes tensors of the CPU, for those of the pretended GPU."""

    def go(*arguments):
        there = tree_map(held, arguments)
        if _recording is None:
            launch(*there)
        else:
            _recording.append(lambda: launch(*there))

    return go


@contextmanager
def pretended_gpu():
    """Within, there is a device "cuda:0"; a bare "cuda" would ask the driver which."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.cuda, "_lazy_init", lambda: None)
        patch.setattr(torch.cuda, "synchronize", lambda device=None: None)
        torch._C._set_only_lift_cpu_tensors(True)  # torch.tensor(..., device) in two steps
        try:
            with Dispatch():
                yield torch.device("cuda:0")
        finally:
            torch._C._set_only_lift_cpu_tensors(False)
