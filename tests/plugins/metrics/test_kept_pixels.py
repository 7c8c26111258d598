import pytest
import torch

from ebmbench import Noise
from ebmbench_gibbs import TorchKernel
from ebmbench_metrics import Hamming
from ebmbench_metrics.kept_pixels import kept_pixels, random_pixels
from support.two_layer import random_model, view_of

REGIONS = {  # of 3 x 5 images, at a share of 0.4
    "top": ["#####", ".....", "....."],
    "bottom": [".....", ".....", "#####"],
    "left": ["##...", "##...", "##..."],
    "right": ["...##", "...##", "...##"],
    "centre": [".###.", ".###.", "....."],
    "checkerboard": ["#.#.#", ".#.#.", "#.#.#"],
}


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_of_an_image_that_is_not_square(region):
    kept = kept_pixels(region, 0.4, (3, 5)).reshape(3, 5)
    assert ["".join(".#"[int(pixel)] for pixel in row) for row in kept] == REGIONS[region]


def test_random_pixels_are_a_share_of_each_image_and_others_for_each():
    kept = random_pixels(0.4, 1009, 7, Noise([1, 2], "keep"))
    assert kept.shape == (2, 1009, 7)
    assert (kept.sum(-1) == 3).all()
    assert torch.allclose(kept.float().mean((0, 1)), torch.tensor(3 / 7), atol=0.05)


def measured(region, share=0.5, **changed):
    view = view_of(random_model(15, 3), kernel=TorchKernel(TorchKernel.Options()))
    data = view.data._replace(image=(3, 5), **changed)
    metric = Hamming(Hamming.Options(keep=region, share=share, samples=11))
    assert metric.supports(view.model, data, view.kernel) is None
    return metric.measure(type(view)(**{**view.__dict__, "data": data}))


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_gives_what_a_dataset_that_keeps_it_gives(region):
    keep = kept_pixels(region, 0.4, (3, 5))
    by_dataset, by_option = measured("dataset", keep=keep), measured(region, 0.4)
    for part in ("train", "test"):
        assert torch.equal(by_dataset[part], by_option[part])


def test_clamped_random_pixels_are_right():
    model = random_model(5, 3, scale=0.0)
    view = view_of(model, kernel=TorchKernel(TorchKernel.Options()))
    options = Hamming.Options(keep="random", share=0.6, clamp=True, samples=701)
    for value in Hamming(options).measure(view).values():
        assert torch.allclose(value, torch.full((2,), 0.2), atol=0.02)  # half of 2 of 5


def test_a_region_that_leaves_nothing_to_reconstruct_is_refused():
    view = view_of(random_model(5, 3), kernel=TorchKernel(TorchKernel.Options()))
    reason = Hamming(Hamming.Options(keep="top")).supports(view.model, view.data, view.kernel)
    assert reason == "keep: top erases nothing of 1 x 5 images"
