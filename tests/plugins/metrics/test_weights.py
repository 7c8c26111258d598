import numpy as np
import pytest
import torch

from ebmbench_metrics import Weights
from support.two_layer import TwoLayerModel, numbers, random_model, view_of

METRIC = Weights(Weights.Options())


@pytest.mark.parametrize("shape", [(5, 11), (11, 5)])
def test_the_parts_are_their_formulas(shape):
    from scipy.stats import kurtosis

    model = random_model(*shape, scale=0.3)
    found = METRIC.measure(view_of(model))
    for r in range(2):
        W = numbers(model, r)[0]
        s = np.linalg.svd(W, compute_uv=False)
        expected = {
            "mean": W.mean(),
            "std": W.std(),
            "kurtosis": kurtosis(W, axis=None, fisher=False),
            "largest": s[0],
            "modes": (s**2).sum() ** 2 / (s**4).sum(),
        }
        assert {part: value[r].item() for part, value in found.items()} == pytest.approx(expected)


def test_one_pattern_is_one_mode_and_equal_ones_count_all():
    one = torch.outer(torch.ones(5), torch.ones(3))
    all_ = torch.eye(5)[:, :3]
    found = METRIC.measure(view_of(TwoLayerModel(torch.stack([one, all_]))))
    assert found["modes"].tolist() == pytest.approx([1, 3])
    assert found["kurtosis"][0].isnan()  # no weight differs


def test_no_weights_have_no_modes():
    found = METRIC.measure(view_of(TwoLayerModel(torch.zeros(2, 5, 3))))
    assert found["modes"].isnan().all()
    assert found["largest"].tolist() == [0, 0]
