import pytest
import torch
from pydantic import ValidationError
from torch import nn

from ebmbench import Model, Noise
from ebmbench.training.optimizer import OPTIMIZERS, Optimizer, OptimizerOptions


class OneMatrix(Model):
    """F(v) = -sum(w v), a model to move about."""

    name = "one-matrix"

    def __init__(self, w):
        super().__init__(self.Options(), w.shape[1], Noise(range(len(w)), "x"))
        self.w = nn.Parameter(w)

    def free_energy(self, v):
        return -(v @ self.w.unsqueeze(-1)).squeeze(-1)


def gradients(n, R=2, V=5):
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(R, V, generator=generator) for _ in range(n)]


def trained(options, grads, epochs=1):
    model = OneMatrix(torch.zeros(2, 5))
    optimizer = Optimizer(model, options)
    for epoch in range(1, epochs + 1):
        for gradient in grads:
            optimizer.step((gradient,), (torch.zeros_like(gradient),), epoch)
        optimizer.end_epoch(epoch)
    return model.w.detach(), optimizer


@pytest.mark.parametrize("name", sorted(OPTIMIZERS.keys() - {"natural"}))  # that needs particles
def test_replicas_do_not_see_each_other(name):
    options = OptimizerOptions(name=name, lr=0.1)
    grads = gradients(7)
    together, _ = trained(options, grads)
    model = OneMatrix(torch.zeros(1, 5))
    optimizer = Optimizer(model, options)
    for gradient in grads:
        optimizer.step((gradient[1:],), (torch.zeros(1, 5),), 1)
    assert torch.equal(together[1:], model.w.detach())


def test_a_step_goes_down_data_minus_negative():
    model = OneMatrix(torch.zeros(2, 5))
    data, negative = torch.full((2, 5), 3.0), torch.full((2, 5), 1.0)
    Optimizer(model, OptimizerOptions(name="sgd", lr=0.5)).step((data,), (negative,), 1)
    assert torch.equal(model.w.detach(), torch.full((2, 5), -1.0))


def test_lr_decays_each_epoch_while_above_the_floor():
    options = OptimizerOptions(name="sgd", lr=1.0, decay=0.5, floor=0.2)
    _, optimizer = trained(options, gradients(1), epochs=10)
    assert optimizer.torch.param_groups[0]["lr"] == 0.125


def test_decay_can_begin_later():
    options = OptimizerOptions(name="sgd", lr=1.0, decay=0.5, decay_after=8)
    _, optimizer = trained(options, gradients(1), epochs=10)
    assert optimizer.torch.param_groups[0]["lr"] == 0.25


def test_epoch_bias_correction_is_the_published_adam():
    """m and v decay per update; both are corrected by the epoch's number (rapid.py, Adam_pm)."""
    grads, lr, epochs = gradients(3), 0.01, 4
    w, m, v = torch.zeros(2, 5), torch.zeros(2, 5), torch.zeros(2, 5)
    for epoch in range(1, epochs + 1):
        for g in grads:
            m = 0.9 * m + 0.1 * g
            v = 0.999 * v + 0.001 * g * g
            w = w - lr * (m / (1 - 0.9**epoch)) / ((v / (1 - 0.999**epoch)).sqrt() + 1e-8)
    ours, _ = trained(OptimizerOptions(name="adam", lr=lr, bias_correction="epoch"), grads, epochs)
    torchs, _ = trained(OptimizerOptions(name="adam", lr=lr), grads, epochs)
    assert torch.allclose(ours, w, atol=1e-6)
    assert not torch.allclose(ours, torchs, atol=1e-3)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"name": "rmspop", "lr": 0.1}, "Did you mean 'rmsprop'?"),
        ({"name": "sgd", "lr": 0.1, "momentun": 0.9}, "Did you mean 'momentum'?"),
        ({"name": "sgd", "lr": 0.1, "momentum": -1.0}, "refuses this"),
        ({"name": "sgd", "lr": 0.1, "bias_correction": "epoch"}, "for adam only"),
        ({"name": "lbfgs", "lr": 0.1}, "no such optimiser"),
    ],
)
def test_wrong_options_are_refused_with_a_remedy(options, says):
    with pytest.raises(ValidationError, match="(?s)" + says.replace("?", r"\?")):
        OptimizerOptions(**options)


def test_cost_counts_what_the_optimiser_remembers():
    model = OneMatrix(torch.zeros(2, 5))
    sgd, momentum, adam = (
        Optimizer(model, OptimizerOptions(**options)).cost(model).bytes
        for options in (
            {"name": "sgd", "lr": 1.0},
            {"name": "sgd", "lr": 1.0, "momentum": 0.9},
            {"name": "adam", "lr": 1.0},
        )
    )
    assert sgd < momentum < adam
