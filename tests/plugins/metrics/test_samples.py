import pytest
import torch

from ebmbench_gibbs import TorchKernel
from ebmbench_metrics import Samples
from ebmbench_metrics.samples import classes, likeness, origin
from support.two_layer import TwoLayerModel, random_model, random_spins, splits_of, view_of

KERNEL = TorchKernel(TorchKernel.Options())


def sampled(model, **options):
    view = view_of(model, kernel=KERNEL)
    return view, Samples(Samples.Options(**options)).measure(view)


def test_the_numbers_and_the_marks_are_what_sets_say():
    view, found = sampled(random_model(5, 3), count=53, shown=53, steps=2)
    images = found["images"]
    assert images.legend == ("train", "test", "neither")
    for r in range(2):
        train, test = (
            {tuple(row) for row in part[r].tolist()} for part in (view.data.train, view.data.test)
        )
        rows = [tuple(row) for row in images.pixels[r].tolist()]
        marks = [0 if row in train else 1 if row in test else 2 for row in rows]
        assert images.marks[r].tolist() == marks
        assert [found[name][r].item() for name in images.legend] == [
            marks.count(mark) for mark in range(3)
        ]
        assert found["distinct"][r].item() == len(set(rows))
        assert set(marks) == {0, 1, 2}


def test_chains_of_a_frozen_model_stay_where_the_data_put_them():
    model = TwoLayerModel(40 * torch.eye(5).expand(2, -1, -1).clone())
    _, found = sampled(model, start="train", count=31, steps=3)
    assert found["train"].tolist() == [31, 31]
    assert found["neither"].tolist() == [0, 0]
    _, hot = sampled(model, start="train", count=31, steps=3, beta=1e-3)
    assert (hot["distinct"] > found["distinct"]).all()


def test_the_picture_shows_as_many_as_asked_for():
    assert sampled(random_model(5, 3), shown=7)[1]["images"].pixels.shape == (2, 7, 5)
    assert "images" not in sampled(random_model(5, 3), shown=0)[1]


def test_an_image_of_both_sets_counts_as_training():
    v = random_spins(2, 1, 5)
    assert origin(v, splits_of(v, v)).tolist() == [[0], [0]]
    assert origin(v, splits_of(-v, v)).tolist() == [[1], [1]]
    assert origin(v, splits_of(-v, -v)).tolist() == [[2], [2]]


def test_classes_counts_labels_by_how_even_they_are():
    labels = torch.tensor([[7, 7, 7, 7], [7, 3, 7, 3], [0, 3, 7, 9]])
    torch.testing.assert_close(classes(labels), torch.tensor([1.0, 2.0, 4.0]).double())


def test_likeness_is_that_of_the_nearest_training_image_and_of_pairs_up_to_a_sign():
    a, b = torch.ones(1, 4), torch.tensor([[1.0, 1.0, -1.0, -1.0]])
    data = splits_of(torch.cat([a, b]).unsqueeze(0), a.unsqueeze(0))._replace(
        train_labels=torch.tensor([[5, 8]]), test_labels=torch.tensor([[5]])
    )
    v = torch.cat([-a, b, torch.tensor([[1.0, 1.0, 1.0, -1.0]])]).unsqueeze(0)
    found = likeness(v, data)
    assert found["nearest"].item() == pytest.approx((1 + 1 + 0.5) / 3)
    assert found["pairwise"].item() == pytest.approx((0 + 0.5 + 0.5) / 3)
    expected = classes(torch.tensor([[5, 8, 5]]))  # the first of two that are as near
    torch.testing.assert_close(found["classes"], expected)
