"""What components may look at and not change; and what metrics may give."""

import math

import pytest
import torch

from ebmbench import NegativePhase
from ebmbench.errors import ComponentError
from ebmbench.training.train import train_replicas
from ebmbench.training.untouched import Untouched
from support.suites import SMALL, plan


@pytest.fixture
def recipe(tmp_path):
    """CD-2's, with hamming and then nll, both measured before training too."""
    text = SMALL.replace("at: {every: 2}", "at: {every: 1}")
    return next(each for each in plan(tmp_path, text).recipes if each.method_name == "CD-2")


def trained(recipe):
    return train_replicas(recipe, [3, 5], lambda progress: None)


def metric_of(recipe, name):
    return next(each.metric.component for each in recipe.metrics if each.name == name)


def meddling(monkeypatch, recipe, meddle, name="hamming"):
    """The metric does something beside measuring."""
    component = metric_of(recipe, name)
    measure = component.measure

    def measured(metric, view):
        meddle(view)
        return measure(metric, view)

    monkeypatch.setattr(component, "measure", measured)


def giving(monkeypatch, recipe, parts, name="hamming"):
    monkeypatch.setattr(metric_of(recipe, name), "measure", lambda metric, view: parts)


@torch.no_grad()
def spoil_parameters(view):
    for each in view.model.parameters():
        each.mul_(0)


def test_parameters_that_a_metric_changes_are_put_back_and_it_fails(recipe, monkeypatch):
    sound = trained(recipe)
    meddling(monkeypatch, recipe, spoil_parameters)
    outcome = trained(recipe)
    assert "changes the model's parameters" in outcome.evaluator.failed["hamming"]
    assert outcome.evaluator.curves["nll.train"].value == sound.evaluator.curves["nll.train"].value
    for mine, theirs in zip(
        outcome.built.model.parameters(), sound.built.model.parameters(), strict=True
    ):
        assert torch.equal(mine, theirs)


@pytest.mark.parametrize("part", ["train", "test"])
def test_data_that_a_metric_changes_end_the_training(part, recipe, monkeypatch):
    meddling(monkeypatch, recipe, lambda view: getattr(view.data, part)[:, :1].zero_())
    with pytest.raises(ComponentError, match=rf"metric 'hamming': data.{part} was changed in pl"):
        trained(recipe)


def test_data_that_a_sampler_changes_end_the_training(recipe, monkeypatch):
    sampler = recipe.sampler.component
    monkeypatch.setattr(sampler, "start", lambda self, model, data, noise: data.train.zero_())
    with pytest.raises(ComponentError, match=r"sampler 'cd': data.train.* was changed in place"):
        trained(recipe)


def test_a_batch_that_a_sampler_changes_ends_the_training(recipe, monkeypatch):
    sampler = recipe.sampler.component
    particles = sampler.particles

    def spoiling(self, model, batch, state, noise):
        batch.v.zero_()
        return particles(self, model, batch, state, noise)

    monkeypatch.setattr(sampler, "particles", spoiling)
    with pytest.raises(ComponentError, match="sampler 'cd': it changes the batch in place"):
        trained(recipe)


def test_parameters_that_a_sampler_changes_end_the_training(recipe, monkeypatch):
    sampler = recipe.sampler.component
    particles = sampler.particles

    def spoiling(self, model, batch, state, noise):
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(1)
        return particles(self, model, batch, state, noise)

    monkeypatch.setattr(sampler, "particles", spoiling)
    with pytest.raises(ComponentError, match="sampler 'cd': it changes the parameters in place"):
        trained(recipe)


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        (lambda phase: None, "returns a NoneType, not a NegativePhase"),
        (lambda phase: phase, "not a NegativePhase|no tuple of"),
        (lambda phase: NegativePhase(None, None, None), "its phase is no tuple of 1 tensors"),
        (lambda phase: NegativePhase((1.0,), None, None), "a float, not a tensor"),
        (lambda phase: NegativePhase((phase[0][:, :1],), None, None), r"a part of its phase is \("),
        (lambda phase: NegativePhase((phase[0].double(),), None, None), "torch.float64, where"),
        (lambda phase: NegativePhase(phase, None, None, phase), "no pair of parameters and a mask"),
        (
            lambda phase: NegativePhase(phase, None, None, (phase, None)),
            "no mask of [0-9]+ replica",
        ),
        (
            lambda phase: NegativePhase(phase, None, None, ((), torch.ones(len(phase[0])) > 0)),
            "its restore is no tuple of 1 tensors",
        ),
    ],
)
def test_what_is_no_negative_phase_names_the_sampler(returned, told, recipe, monkeypatch):
    sampler = recipe.sampler.component

    def wrong(self, model, batch, state, noise):
        return returned(model.phase(batch))

    monkeypatch.setattr(sampler, "negative_phase", wrong)
    monkeypatch.setattr(sampler, "whole_update", lambda self, model, moments: None)
    with pytest.raises(ComponentError, match=f"sampler 'cd': .*({told})"):
        trained(recipe)


def test_what_a_sampler_raises_names_it(recipe, monkeypatch):
    def failing(self, model, batch, state, noise):
        raise TypeError("no")

    monkeypatch.setattr(recipe.sampler.component, "particles", failing)
    with pytest.raises(ComponentError, match="sampler 'cd': TypeError: no"):
        trained(recipe)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_value_that_is_not_finite_at_the_end_has_a_reason(value, recipe, monkeypatch):
    giving(monkeypatch, recipe, {"train": torch.tensor([1.0, value])})
    evaluator = trained(recipe).evaluator
    assert evaluator.unmeasured(0) == {}
    assert evaluator.unmeasured(1) == {"hamming": f"hamming.train is {value} at epoch 3"}


def test_no_reason_is_made_up_where_the_metric_says_why(recipe, monkeypatch):
    giving(monkeypatch, recipe, {"train": torch.tensor([1.0, math.nan])})
    monkeypatch.setattr(metric_of(recipe, "hamming"), "missing", {"train": "there is no pair"})
    assert trained(recipe).evaluator.unmeasured(1) == {}


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"a\nb|c": torch.ones(2)}, "gives 'a\\nb|c': a name of letters"),
        ({"train": torch.ones(2, dtype=torch.cfloat)}, "torch.complex64, not"),
        ({"train": torch.ones(3)}, "(3,) torch.float32, not (2,)"),
    ],
)
def test_what_is_no_value_is_a_failure_of_the_metric(parts, says, recipe, monkeypatch):
    giving(monkeypatch, recipe, parts)
    evaluator = trained(recipe).evaluator
    assert says in evaluator.failed["hamming"]


def test_changes_in_place_are_seen_through_views_and_only_those():
    rows = torch.ones(3, 5)
    shared, untouched = rows.expand(2, 3, 5), Untouched({"rows": (rows, {"more": [rows]})})
    _ = shared * 2 + rows.sum()
    assert untouched.changed() == []
    rows[0].add_(1)
    assert untouched.changed() == ["rows"]
