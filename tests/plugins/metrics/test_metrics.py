import pytest
import torch

from ebmbench import Noise
from ebmbench_gibbs import RBM, TorchKernel
from ebmbench_metrics import Hamming, Spectrum
from support.two_layer import random_model, random_spins, splits_of, view_of

KERNEL = TorchKernel(TorchKernel.Options())


def hamming(model, keep=None, **options):
    R, V = model.replicas, model.visible
    data = splits_of(random_spins(R, 7, V, seed=1), random_spins(R, 11, V, seed=2))
    if keep is not None:
        data = data._replace(keep=torch.tensor(keep))
    view = view_of(model, kernel=KERNEL)
    view = type(view)(**{**view.__dict__, "data": data})
    return Hamming(Hamming.Options(**options)).measure(view)


def test_a_model_without_weights_gets_half_of_the_pixels_wrong():
    model = RBM(RBM.Options(hidden=3, init_std=0), 5, Noise([1, 2], "init"))
    for value in hamming(model, samples=3001).values():
        assert torch.allclose(value, torch.full((2,), 0.5), atol=0.02)


def test_kept_pixels_are_right_where_they_are_clamped():
    model = RBM(RBM.Options(hidden=3, init_std=0), 5, Noise([1, 2], "init"))
    keep = [True, True, False, False, True]
    clamped = hamming(model, keep, samples=3001, clamp=True, steps=3)
    assert torch.allclose(clamped["test"], torch.full((2,), 0.2), atol=0.02)


def test_one_step_follows_the_conditional_probabilities():
    """The expected distance by enumeration of the hidden units."""
    from support import exact

    model = random_model(5, 3, scale=0.8)
    keep = torch.tensor([True, True, False, False, False])
    data = random_spins(2, 7, 5, seed=1)
    measured = hamming(model, keep.tolist(), samples=20_000)["train"]
    h = torch.from_numpy(exact.states(3)).float()  # (8, 3)
    for r in range(2):
        start = torch.where(keep, data[r], 0.0)
        log_p = torch.nn.functional.logsigmoid(2 * (start @ model.W[r]).unsqueeze(1) * h).sum(-1)
        right = torch.sigmoid(2 * (h @ model.W[r].T).unsqueeze(0) * data[r].unsqueeze(1))
        expected = 1 - (log_p.exp().unsqueeze(-1) * right).sum(1).mean()
        assert measured[r].item() == pytest.approx(expected.item(), abs=4e-3)


def test_no_more_images_are_looked_at_than_asked_for():
    model = random_model(5, 3)
    few, all_ = hamming(model, images=2), hamming(model)
    assert not torch.equal(few["train"], all_["train"])


def test_the_spectrum_is_the_singular_values_largest_first():
    model = random_model(5, 3)
    found = Spectrum(Spectrum.Options(values=2)).measure(view_of(model))
    assert list(found) == ["1", "2"]
    eigenvalues = torch.linalg.eigvalsh(model.W.mT @ model.W).flip(-1)
    assert torch.allclose(torch.stack(list(found.values()), 1) ** 2, eigenvalues[:, :2], rtol=1e-4)
