"""Weight decay by the names of parameters."""

import pickle

import pytest
import torch

from ebmbench.errors import ConfigError
from ebmbench.training.optimizer import ELEMENTWISE, Optimizer, OptimizerOptions
from support.suites import SMALL, plan
from support.two_layer import random_model

DECAYING = sorted(set(ELEMENTWISE) - {"rprop"})
V, H = 5, 3
NAMED = SMALL.replace("lr: 0.01}", "lr: 0.01, weight_decay: {W: 0.1}}")


def stepped(name, weight_decay, updates=5):
    """W, a and b after some updates, the same gradients whatever the options."""
    model = random_model(V, H, biases="ab")
    optimizer = Optimizer(model, OptimizerOptions(name=name, lr=0.1, weight_decay=weight_decay))
    generator = torch.Generator().manual_seed(0)
    for epoch in range(1, updates + 1):
        data, negative = (
            [torch.randn(p.shape, generator=generator) for p in model.parameters()]
            for _ in range(2)
        )
        optimizer.step(tuple(data), tuple(negative), epoch)
    return dict(model.named_parameters()), optimizer


@pytest.mark.parametrize("name", DECAYING)
def test_each_parameter_decays_as_if_all_did_as_it_does(name):
    found, _ = stepped(name, {"W": 0.3, "b": 0.1})
    for parameter, decay in (("W", 0.3), ("a", 0.0), ("b", 0.1)):
        alike, _ = stepped(name, decay)
        assert torch.equal(found[parameter], alike[parameter])
    without, _ = stepped(name, 0.0)
    assert not torch.equal(found["W"], without["W"])


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_the_step_is_compiled_all_the_same(name):
    _, optimizer = stepped(name, {"W": 0.3}, updates=1)
    assert optimizer.compiled is not None
    assert optimizer.compiled.weight_decays == (0.3, 0.0, 0.0)


@pytest.mark.parametrize("name", DECAYING)
def test_what_is_not_said_is_torchs_own(name):
    ours, optimizer = stepped(name, None)
    theirs, _ = stepped(name, optimizer.torch.defaults["weight_decay"])
    for parameter in ours:
        assert torch.equal(ours[parameter], theirs[parameter])


def test_a_wrong_name_is_told_once_whatever_the_datasets(tmp_path):
    text = NAMED.replace("{W:", "{w:").replace(
        "size: 3}\n", "size: 3}\n  bars4: {name: bars, size: 4}\n"
    )
    with pytest.raises(ConfigError) as caught:
        plan(tmp_path, text)
    (problem,) = caught.value.problems
    assert problem.path == "methods.CD-2.optimizer.weight_decay.w"
    assert problem.place.endswith("small.yaml:18:57")
    assert problem.problem == "the model 'rbm' has no parameter 'w'"
    assert problem.remedy == "Did you mean 'W'?"


def test_recipes_with_names_travel_and_tell_their_cells_apart(tmp_path):
    named, plain = plan(tmp_path, NAMED), plan(tmp_path)
    (recipe,) = (each for each in named.recipes if each.method_name == "CD-2")
    assert pickle.loads(pickle.dumps(recipe)) == recipe
    assert recipe.optimizer.weight_decay == {"W": 0.1}
    ids = [{cell.id for cell in each.cells} for each in (named, plain)]
    assert len(ids[0] & ids[1]) == 3  # RAPID's
