"""CosSim: rates of each replica and parameter array that follow what gradients agree on."""

import pytest
import torch
from pydantic import ValidationError

from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from support.two_layer import random_model

V, H, R = 5, 3, 2


def drawn(like, turn):
    generator = torch.Generator().manual_seed(turn)
    return [torch.randn(each.shape, generator=generator) for each in like]


def stepped(gradients, **options):
    """The model, and its optimiser, after a step along each gradient."""
    model = random_model(V, H, R, biases="ab")
    options = {"name": "cossim", "lr": 0.01, **options}
    optimizer = Optimizer(model, OptimizerOptions(**options))
    for gradient in gradients:
        nothing = tuple(map(torch.zeros_like, gradient))
        optimizer.step(tuple(gradient), nothing, 1)
    return model, optimizer


def rates(optimizer):
    return [each["rate"].flatten() for each in optimizer.torch.state.values()]


def test_rates_and_parameters_by_hand():
    """Each array of each replica by itself; the first step has nothing to compare with."""
    model = random_model(V, H, R, biases="ab")
    parameters = [each.detach().clone() for each in model.parameters()]
    gradients = [drawn(parameters, turn) for turn in range(6)]
    rate = [[0.01] * R for _ in parameters]
    for turn, gradient in enumerate(gradients):
        for array, g in enumerate(gradient):
            for r in range(R):
                if turn:
                    dot = float((g[r] * gradients[turn - 1][array][r]).sum())
                    grown = rate[array][r] * (1.1 if dot > 0 else 0.9)
                    rate[array][r] = min(grown, 0.012)
                parameters[array][r] -= rate[array][r] * g[r]
    found, optimizer = stepped(gradients, delta=0.1, max_lr=0.012)
    for mine, its in zip(found.parameters(), parameters, strict=True):
        torch.testing.assert_close(mine.detach(), its)
    ours = [[float(each) for each in array] for array in rates(optimizer)]
    assert ours == [pytest.approx(array) for array in rate]
    assert len({each for array in rate for each in array}) > 3  # they went ways of their own


def test_rates_grow_along_a_slope_up_to_the_largest_and_fall_where_it_turns():
    model = random_model(V, H, R, biases="ab")
    slope = drawn(model.parameters(), 0)
    _, up = stepped([slope] * 11, delta=0.01)
    assert all(torch.allclose(each, torch.tensor(0.01 * 1.01**10)) for each in rates(up))
    _, most = stepped([slope] * 11, delta=0.5, max_lr=0.05)
    assert all((each == torch.tensor(0.05)).all() for each in rates(most))
    turning = [[(-1) ** turn * each for each in slope] for turn in range(11)]
    _, down = stepped(turning, delta=0.01)
    assert all(torch.allclose(each, torch.tensor(0.01 * 0.99**10)) for each in rates(down))


def test_a_gradient_at_right_angles_or_of_nothing_leaves_the_rate():
    model = random_model(V, H, R, biases="ab")
    slope = drawn(model.parameters(), 0)
    nothing = [torch.zeros_like(each) for each in slope]
    _, optimizer = stepped([slope, nothing, slope], delta=0.1)
    assert all((each == torch.tensor(0.01)).all() for each in rates(optimizer))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"lr": 0.2}, "lr: 0.2: should not be above max_lr, 0.1"),
        ({"max_lr": -1.0}, "max_lr: -1.0: should be above 0"),
        ({"delta": 1.0}, "delta: 1.0: should be from 0 to below 1"),
        ({"max": 1.0}, "cossim has no option 'max'. Did you mean 'max_lr'"),
        ({"decay": 0.9}, "cossim finds its rates itself"),
        ({"weight_decay": {"W": 0.1}}, "cossim has no option 'weight_decay'"),
    ],
)
def test_wrong_options_are_refused(options, says):
    with pytest.raises(ValidationError, match=says):
        OptimizerOptions(**{"name": "cossim", "lr": 0.01, **options})
