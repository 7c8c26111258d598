"""Three libraries' chains as samplers: against full enumeration, and beside ours in a suite."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from ebmbench import Noise, Particles
from support import exact
from support.no_drift import CHAINS, assert_distributed_as, assert_frequencies, drawn_exactly
from support.two_layer import numbers, random_model, random_spins, row_of_state, splits_of

ROOT = Path(__file__).parents[2]
V, H, N, R = 5, 3, 7, 2
PEERS = {
    "sklearn": ("sklearn", "ebmbench_sklearn", "BernoulliChains"),
    "rbms": ("rbms.bernoulli_bernoulli.classes", "ebmbench_rbms", "RbmsChains"),
    "thrml": ("thrml", "ebmbench_thrml", "ThrmlChains"),
}

OF_CHAINS = [f" {name}" for name in PEERS]


@pytest.fixture(params=PEERS)
def peer(request):
    """The sampler's class; a skip where its library is not installed."""
    library, plugin, name = PEERS[request.param]
    pytest.importorskip(library, reason=f"the library {library} is not installed")
    return getattr(pytest.importorskip(plugin), name)


def made(peer, **options):
    return peer(peer.Options(**options), None)


def chains_of(sampler, model, v, seeds=range(R), purpose="peer"):
    return sampler.particles(model, Particles(v), None, Noise(seeds, purpose))[0].v


models = pytest.mark.parametrize(
    "model",
    [random_model(V, H, R, 0.5), random_model(V, H, R, 0.7, ("a", "b"), seed=3)],
    ids=["without biases", "with biases"],
)


@models
@pytest.mark.parametrize("k", [1, 4])
def test_chains_leave_the_distribution_unchanged(peer, model, k):
    v = chains_of(made(peer, k=k), model, drawn_exactly(model))
    assert_distributed_as(model, v)


@pytest.mark.parametrize("k", [1, 3])
def test_k_steps_from_a_state_are_k_steps(peer, k):
    """No drift would let a chain stand still; so chains are held to T^k, T enumerated."""
    model = random_model(V, H, 1, 0.7, ("a", "b"), seed=5)
    start = torch.tensor([1.0, -1.0, -1.0, 1.0, 1.0])
    joint = exact.joint(*numbers(model, 0))
    h_given_v = joint / joint.sum(1, keepdims=True)
    v_given_h = (joint / joint.sum(0, keepdims=True)).T
    step = torch.from_numpy(h_given_v @ v_given_h).matrix_power(k)
    v = chains_of(made(peer, k=k), model, start.expand(1, CHAINS, V), [3])
    assert_frequencies(row_of_state(v)[0], step[row_of_state(start).item()].numpy())


def test_the_same_seed_gives_the_same_chains_alone_and_in_a_block(peer):
    model, v = random_model(V, H, R), random_spins(R, N, V)
    both = chains_of(made(peer, k=3), model, v)
    assert torch.equal(both, chains_of(made(peer, k=3), model, v))
    one = random_model(V, H, R)
    one.W.data, one.replicas = one.W.data[1:], 1
    assert torch.equal(both[1:], chains_of(made(peer, k=3), one, v[1:], [1]))


def test_replicas_and_updates_draw_different_numbers(peer):
    model = random_model(V, H, 1, 0.01)
    model.W.data = model.W.data.expand(R, -1, -1)
    v = torch.ones(R, N, V)
    sampler, noise = made(peer), Noise(range(R), "peer")
    first, second = (sampler.particles(model, Particles(v), None, noise)[0].v for _ in range(2))
    assert not torch.equal(first[0], first[1])
    assert not torch.equal(first, second)


def test_no_global_generator_is_touched(peer):
    import numpy as np

    before = torch.get_rng_state(), np.random.get_state()[1].copy()
    chains_of(made(peer), random_model(V, H, R), random_spins(R, N, V))
    assert torch.equal(before[0], torch.get_rng_state())
    assert (before[1] == np.random.get_state()[1]).all()


def test_persistent_chains_go_on_from_where_they_stand(peer):
    sampler, noise = made(peer, chains=CHAINS), Noise(range(R), "peer")
    model = random_model(V, H, R, 0.5)
    data = splits_of(random_spins(R, N, V), random_spins(R, N, V))
    assert sampler.start(model, data, noise).shape == (R, CHAINS, V)
    state = drawn_exactly(model)
    for _ in range(2):
        particles, state = sampler.particles(model, Particles(data.train), state, noise)
    assert torch.equal(particles.v, state)
    assert_distributed_as(model, state)


def test_chains_from_the_batch_keep_its_weights(peer):
    log_weight = torch.full((R, N), -1.0)
    batch = Particles(random_spins(R, N, V), log_weight=log_weight)
    model, noise = random_model(V, H, R), Noise(range(R), "peer")
    particles, state = made(peer).particles(model, batch, None, noise)
    assert torch.equal(particles.log_weight, log_weight)
    assert state is None


def test_another_kind_of_model_is_refused_with_a_reason(peer):
    class Other:
        name = "other"

    assert "not two layers" in made(peer).supports(Other(), None)
    assert made(peer).supports(random_model(V, H, R), None) is None


def test_a_new_version_of_the_library_is_another_method(peer):
    from importlib.metadata import version

    distribution = {"sklearn": "scikit-learn"}.get(peer.name, peer.name)
    assert version(distribution) in peer.version


def test_cost_counts_the_chains_that_are_swept(peer):
    model = random_model(V, H, R)
    few, many = made(peer), made(peer, chains=3 * N)
    step = 2 * V * H
    assert few.cost(model, N).macs == N * step + model.phase_cost(N).macs
    assert many.cost(model, N).randoms == 3 * N * (V + H)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("suite", "libraries", "methods"),
    [
        (
            "peers",
            {"sklearn": "sklearn", "rbms": "rbms.training.pcd", "thrml": "thrml"},
            [
                *(f"{ours}{peer}" for ours in ("CD-1", "PCD-5") for peer in ("", *OF_CHAINS)),
                *("PCD-5 centred", "PCD-5 rbms gradient", "PCD-5 rbms training"),
                *("PCD-1 SGD", "PCD-1 sklearn training", "Rdm-10", "Rdm-10 thrml gradient"),
            ],
        ),
        (
            "peers-objectives",
            {"ebmkit": "ebm"},
            ["CD-1", "PL", "PL ebmkit", "Ratio", "Ratio ebmkit", "Concrete ebmkit"],
        ),
    ],
)
def test_the_suite_ranks_them_beside_ours(suite, libraries, methods, tmp_path):
    for library in libraries.values():
        pytest.importorskip(library, reason=f"the library {library} is not installed")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    for name in libraries:
        project = ROOT / f"plugins/contrib/ebmbench-{name}"
        subprocess.run(["cp", "-r", project, tmp_path / name], check=True)
        install = ["pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target"]
        command = [sys.executable, "-m", *install, tmp_path / "site", tmp_path / name]
        subprocess.run(command, check=True)
    run = ["ebmbench", "run", ROOT / f"suites/{suite}.yaml", "--quick", "--runs", tmp_path / "runs"]
    ended = subprocess.run(
        [sys.executable, "-m", *map(str, run)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    report = (tmp_path / f"runs/{suite}/report/README.md").read_text()
    for method in methods:
        assert f"| {method} " in report
