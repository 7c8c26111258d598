"""SGD and Adam, compiled: torch's steps, on any number of threads.

To the last bit of torch's fused form where that fills whole vector registers; its last few elements
and its terms one by one are computed by other instructions.
"""

import pytest
import torch
from torch import nn

from ebmbench.numerics.threads import at_most
from ebmbench.numerics.updates.compiled_step import PIECE, CompiledStep, fits

WAYS = [
    ("sgd", {}),
    ("sgd", {"weight_decay": 0.01}),
    ("sgd", {"momentum": 0.9}),
    ("sgd", {"momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01}),
    ("sgd", {"momentum": 0.5, "nesterov": True, "weight_decay": 0.01}),
    ("adam", {}),
    ("adam", {"weight_decay": 0.01}),
    ("adam", {"betas": [0.5, 0.9], "eps": 1e-3}),
]
TORCH = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}


def drawn(*shape, count=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator) for _ in range(count)]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("name", "arguments"), WAYS)
@pytest.mark.parametrize("shape", [(2, 8, 8), (3, 8, 16), (1, 2 * PIECE + 64)])
@pytest.mark.parametrize("lr", [0.02, 1 / 3])
def test_steps_are_torchs_to_the_last_bit(shape, name, arguments, threads, lr):
    (start,) = drawn(*shape)
    parameter, mine = nn.Parameter(start.clone()), nn.Parameter(start.clone())
    reference = TORCH[name]([parameter], lr=lr, fused=True, **arguments)
    compiled = CompiledStep(name, arguments, [mine])
    with at_most(threads):
        for turn in range(1, 6):
            d, n = drawn(*shape, count=2, seed=turn)
            parameter.grad = d - n
            reference.step()
            compiled.step((d,), (n,), compiled.next_numbers(lr, None))
            assert torch.equal(mine, parameter)


@pytest.mark.parametrize("arguments", [each for name, each in WAYS if name == "sgd"])
def test_sgd_terms_one_by_one_give_these_bits_too(arguments):
    (start,) = drawn(3, 7)
    parameter, mine = nn.Parameter(start.clone()), nn.Parameter(start.clone())
    reference = torch.optim.SGD([parameter], lr=0.3, foreach=False, **arguments)
    compiled = CompiledStep("sgd", arguments, [mine])
    for turn in range(1, 6):
        d, n = drawn(3, 7, count=2, seed=turn)
        parameter.grad = d - n
        reference.step()
        compiled.step((d,), (n,), compiled.next_numbers(0.3, None))
        assert torch.equal(mine, parameter)


@pytest.mark.parametrize("arguments", [each for name, each in WAYS if name == "adam"])
def test_adams_terms_one_by_one_are_a_rounding_away(arguments):
    (start,) = drawn(3, 7)
    parameter, mine = nn.Parameter(start.clone()), nn.Parameter(start.clone())
    reference = torch.optim.Adam([parameter], lr=0.01, foreach=False, **arguments)
    compiled = CompiledStep("adam", arguments, [mine])
    for turn in range(1, 6):
        d, n = drawn(3, 7, count=2, seed=turn)
        parameter.grad = d - n
        reference.step()
        compiled.step((d,), (n,), compiled.next_numbers(0.01, None))
        with torch.no_grad():
            assert torch.allclose(mine, parameter, rtol=2**-22, atol=1e-8)
            mine.copy_(parameter)


def test_phases_may_lie_in_memory_as_they_like():
    (x,), (d, n) = drawn(2, 5, 7), drawn(2, 5, 7, count=2, seed=1)
    ways = []
    for data in (d.mT.contiguous().mT, d):
        parameter = nn.Parameter(x.clone())
        compiled = CompiledStep("sgd", {}, [parameter])
        compiled.step((data,), (n,), compiled.next_numbers(0.5, None))
        ways.append(parameter)
    assert torch.equal(*ways)


def test_what_is_stepped_in_place_must_be_float32_that_lies_in_a_row():
    x = torch.zeros(2, 5, 7)
    assert fits(x)
    assert not fits(x.double())
    assert not fits(x.mT)


def test_other_optimisers_and_options_are_torchs_own():
    x = [torch.zeros(2, 5)]
    assert CompiledStep.takes("adam", {"betas": [0.9, 0.99]}, x)
    assert not CompiledStep.takes("adam", {"amsgrad": True}, x)
    assert not CompiledStep.takes("adamw", {}, x)
    assert not CompiledStep.takes("sgd", {"maximize": True}, x)
