import pytest
import torch
from pydantic import ValidationError

from ebmbench import Chains, Noise
from ebmbench_gibbs import RBM, TorchKernel
from ebmbench_rapid import RARBM, Patterns, PatternSamples
from support.two_layer import random_spins, view_of

V, H, K, R = 5, 11, 3, 2
KERNEL = TorchKernel(TorchKernel.Options())


def model_of(xi_v):
    model = RARBM(RARBM.Options(hidden=H, patterns=xi_v.shape[1]), V, Noise(range(R), "init"))
    model.xi_v.data = xi_v.clone()
    return model


def patterns(xi_v):
    view = view_of(model_of(xi_v))
    return view, Patterns(Patterns.Options()).measure(view)


def test_overlaps_with_the_data_and_with_each_other():
    xi = random_spins(R, K, V, seed=5) * torch.tensor([0.5, 1.0, 2.0]).unsqueeze(-1)
    view, found = patterns(xi)
    for r in range(R):
        nearest = [max(abs(x @ v) for v in view.data.train[r]).item() / V for x in xi[r]]
        pairs = [abs(xi[r, k] @ xi[r, other]).item() / V for k, other in ((0, 1), (0, 2), (1, 2))]
        assert found["nearest"][r].item() == pytest.approx(sum(nearest) / K)
        assert found["pairwise"][r].item() == pytest.approx(sum(pairs) / K)
    assert torch.equal(found["images"].pixels, xi.clamp(-1, 1))


def test_patterns_that_are_negatives_of_training_images_are_at_them():
    view = view_of(model_of(torch.ones(R, K, V)))
    found = Patterns(Patterns.Options()).measure(view_of(model_of(-view.data.train[:, [1, 4, 6]])))
    assert found["nearest"].tolist() == [1, 1]


def test_a_single_pattern_has_no_pairs():
    assert patterns(torch.ones(R, 1, V))[1]["pairwise"].isnan().all()


def test_the_chain_starts_at_the_pattern_and_is_shown_after_each_number_of_steps():
    xi = 0.7 * random_spins(R, K, V, seed=5)
    view = view_of(model_of(xi), kernel=KERNEL)
    options = PatternSamples.Options(pattern=2, steps=(1, 4, 6))
    images = PatternSamples(options).measure(view)["images"]
    noise = Noise(range(R), "metric")
    expected, v = [xi[:, 2:]], xi[:, 2:].sign()
    for step in range(1, 7):
        v, _ = KERNEL.sweep(view.model, Chains(v), 1, 1.0, noise)
        if step in options.steps:
            expected.append(v)
    assert torch.equal(images.pixels, torch.cat(expected, dim=1))
    assert images.legend == ("pattern", "sample")
    assert images.marks.tolist() == [[0, 1, 1, 1]] * R


def test_steps_that_do_not_grow_are_refused():
    with pytest.raises(ValidationError, match="larger than the one before"):
        PatternSamples.Options(steps=(2, 2))


def test_what_is_missing_is_said():
    plain = RBM(RBM.Options(hidden=H), V, Noise(range(R), "init"))
    for metric in (Patterns(Patterns.Options()), PatternSamples(PatternSamples.Options())):
        assert metric.supports(plain, None, KERNEL) == "the model 'rbm' has no patterns"
    model = model_of(torch.ones(R, K, V))
    beyond = PatternSamples(PatternSamples.Options(pattern=K))
    assert "pattern 3 of 3" in beyond.supports(model, None, KERNEL)
