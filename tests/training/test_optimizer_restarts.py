"""An optimiser that starts again with some replicas, at half the learning rate."""

import copy

import pytest
import torch
from test_optimizer import OneMatrix, gradients

from ebmbench.training.optimizer import ELEMENTWISE, Optimizer, OptimizerOptions

ONE = torch.tensor([False, True])
EXACT = {
    "sgd": [{}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}],
    "adam": [{}, {"betas": [0.5, 0.9], "weight_decay": 0.1}, {"amsgrad": True}],
    "adamw": [{"weight_decay": 0.0}],  # decay is shortened along with the rest
    "rmsprop": [{}, {"momentum": 0.5, "centered": True}],
    "adagrad": [{}],
    "adadelta": [{}],
}
"""Optimisers whose steps count nothing, or correct for what they count."""


def stepping(options, grads, replicas=2):
    """An optimiser and its parameters after steps along ``grads``, (R, V) each."""
    model = OneMatrix(torch.linspace(-1, 1, 5).expand(replicas, 5).clone())
    optimizer = Optimizer(model, options)
    for gradient in grads:
        step(optimizer, gradient)
    return optimizer, model.w


def step(optimizer, gradient):
    optimizer.step((gradient,), (torch.zeros_like(gradient),), 1)


@pytest.mark.parametrize(("name", "arguments"), [(n, each) for n in EXACT for each in EXACT[n]])
def test_it_steps_as_a_fresh_one_of_half_the_learning_rate(name, arguments):
    options = OptimizerOptions(name=name, lr=0.1, **arguments)
    grads = gradients(9)
    optimizer, w = stepping(options, grads[:4])
    optimizer.restart(ONE)
    fresh, expected = stepping(OptimizerOptions(name=name, lr=0.05, **arguments), [])
    with torch.no_grad():
        expected.copy_(w)
    for gradient in grads[4:]:
        step(optimizer, gradient)
        step(fresh, gradient)
        torch.testing.assert_close(w[1], expected[1], rtol=2e-5, atol=2e-6)
    assert not torch.allclose(w[0], expected[0], rtol=1e-3)


@pytest.mark.parametrize("name", sorted(ELEMENTWISE))
def test_the_other_replicas_do_not_notice_to_the_last_bit(name):
    options, grads = OptimizerOptions(name=name, lr=0.1), gradients(9)
    _, untouched = stepping(options, grads)
    optimizer, w = stepping(options, grads[:4])
    optimizer.restart(ONE)
    before = w[1].detach().clone()
    for gradient in grads[4:]:
        step(optimizer, gradient)
    assert torch.equal(w[0], untouched[0])
    assert w.isfinite().all()
    assert (w[1] - before).abs().min() > 1e-4  # it goes on


@pytest.mark.parametrize("name", sorted(ELEMENTWISE))
@pytest.mark.parametrize("at", [2, 6])
def test_a_replica_steps_the_same_alone_whenever_the_others_are_restarted(name, at):
    options, grads = OptimizerOptions(name=name, lr=0.1), gradients(9)
    optimizer, w = stepping(options, [])
    alone, expected = stepping(options, [], replicas=1)
    for update, gradient in enumerate(grads):
        if update == at:
            optimizer.restart(~ONE)
        if update == 4:
            optimizer.restart(ONE)
            alone.restart(torch.tensor([True]))
        step(optimizer, gradient)
        step(alone, gradient[1:])
    assert torch.equal(w[1:], expected)


def test_each_restart_halves_the_learning_rate_again():
    optimizer, w = stepping(OptimizerOptions(name="sgd", lr=0.8), [])
    for _ in range(3):
        optimizer.restart(ONE)
    before = w.detach().clone()
    step(optimizer, torch.ones(2, 5))
    torch.testing.assert_close(before - w, torch.tensor([[0.8], [0.1]]).expand(2, 5))


@pytest.mark.parametrize("name", ["sgd", "adam", "nadam"])
def test_what_was_restarted_is_part_of_where_a_training_stands(name):
    options, grads = OptimizerOptions(name=name, lr=0.1), gradients(9)
    optimizer, w = stepping(options, grads[:4])
    optimizer.restart(ONE)
    step(optimizer, grads[4])
    other, its = stepping(options, [])
    with torch.no_grad():
        its.copy_(w)
    other.restore(copy.deepcopy(optimizer.standing()))
    for gradient in grads[5:]:
        step(optimizer, gradient)
        step(other, gradient)
    assert torch.equal(w, its)
