import pytest
import torch

from ebmbench import Model
from ebmbench_metrics import Features
from support.two_layer import TwoLayerModel, random_spins, splits_of, view_of

COPY = 40 * torch.eye(5)[:, :3]  # hidden unit j is visible unit j; units 3 and 4 are not seen


def labelled(label_of, W=COPY, rows=101):
    """A view of a model on coins whose labels are a function of the pixels."""
    train, test = random_spins(2, rows, 5, seed=1), random_spins(2, 53, 5, seed=2)
    view = view_of(TwoLayerModel(W.expand(2, -1, -1).clone()))
    labels = {"train_labels": label_of(train), "test_labels": label_of(test)}
    data = splits_of(train, test)._replace(**labels)
    return type(view)(**{**view.__dict__, "data": data})


def up(v, pixel):
    return (v[..., pixel] > 0).long()


def measured(view, **options):
    return Features(Features.Options(**options)).measure(view)


@pytest.mark.parametrize("hidden", ["sampled", "mean"])
def test_classes_that_hidden_units_hold_are_told(hidden):
    four = labelled(lambda v: 2 * up(v, 0) + up(v, 1))
    found = measured(four, hidden=hidden)
    assert found["train"].tolist() == [1, 1]
    assert found["test"].tolist() == [1, 1]


def test_classes_that_they_do_not_hold_are_told_from_the_pixels_only():
    found = measured(labelled(lambda v: up(v, 4), rows=1009), baseline=True)
    assert list(found) == ["train", "test", "pixels_train", "pixels_test"]
    assert found["pixels_test"].tolist() == [1, 1]
    assert ((found["test"] - 0.5).abs() < 0.25).all()


def test_sampled_units_tell_less_than_their_means_where_they_are_noisy():
    view = labelled(lambda v: up(v, 0), W=0.2 * COPY / 40, rows=503)
    assert (measured(view, hidden="mean")["train"] == 1).all()
    assert (measured(view)["train"] < 0.8).all()


def test_only_the_rows_asked_for_are_looked_at():
    view = labelled(lambda v: up(v, 0))
    view.data.train_labels[:, 7:] = 5  # would be a class of its own
    assert measured(view, rows=7)["train"].tolist() == [1, 1]


def test_a_single_class_is_always_told():
    view = labelled(lambda v: torch.zeros(v.shape[:2], dtype=torch.int64))
    view.data.test_labels[:, :11] = 1
    found = measured(view)
    assert found["train"].tolist() == [1, 1]
    assert found["test"].tolist() == pytest.approx([42 / 53] * 2)


class OneLayer(Model):
    """F(v) = 0."""

    name = "one-layer"

    def free_energy(self, v):
        return v.sum(-1)


def test_what_is_missing_is_said():
    view = labelled(lambda v: up(v, 0))
    metric = Features(Features.Options())
    assert metric.supports(view.model, view.data, None) is None
    unlabelled = view.data._replace(train_labels=None)
    assert metric.supports(view.model, unlabelled, None) == "the dataset has no labels"
    one_layer = OneLayer(OneLayer.Options(), 5, view.noise)
    assert "'one-layer' has no hidden layer" in metric.supports(one_layer, view.data, None)
