"""The phase of many particles: the same as formulas say, whoever takes which part."""

import pytest
import torch

from ebmbench import Noise, Particles, Patterns
from ebmbench.numerics.threads import use_threads
from ebmbench_rapid import RARBM
from ebmbench_rapid.thin_phase import FEW
from ebmbench_rapid.wide_phase import PARTICLES, PIECE, RUN, TILE, wide_phase

SHAPES = [  # R, N, V, H, K: none a whole number of tiles, runs or pieces; and all of them
    (2, FEW + 1, 7, 3, 2),
    (1, RUN + 5, 50, PIECE + TILE + 13, 19),
    (3, 2 * RUN, 64, TILE, 16),
    (2, PARTICLES + 37, 23, 70, 33),
]
shapes = pytest.mark.parametrize(("R", "N", "V", "H", "K"), SHAPES)


def model_and_particles(R, N, V, H, K):
    noise = Noise(range(R), "wide")
    model = RARBM(RARBM.Options(hidden=H, patterns=K), V, Noise(range(R), "init"))
    for xi in model.parameters():
        xi.data *= 2 * noise.uniform(*xi.shape[1:])
    return model, Particles(noise.coins(N, V), None, noise.normal(N, 1)[..., 0])


@pytest.fixture(params=[1, 2, 3], ids="{} threads".format)
def any_threads(request):
    use_threads(request.param)
    yield
    use_threads(None)


@shapes
def test_it_is_the_phase_in_float64(R, N, V, H, K):
    model, particles = model_and_particles(R, N, V, H, K)
    patterns = Patterns(model.xi_v.double(), model.xi_h.double(), model.scale)
    v, _, log_weight = particles
    expected = patterns.phase(Particles(v.double(), None, log_weight.double()), torch.tanh)
    for found, right in zip(model.phase(particles), expected, strict=True):
        assert (found - right).abs().max() < 3e-6 * right.abs().max()


@shapes
@pytest.mark.usefixtures("any_threads")
def test_neither_threads_nor_other_replicas_change_a_bit(R, N, V, H, K):
    model, particles = model_and_particles(R, N, V, H, K)
    together = model.phase(particles)
    use_threads(1)
    for r in range(R):
        xi_v, xi_h = (xi[r : r + 1].detach() for xi in model.parameters())
        v, _, log_weight = particles
        mine = Particles(v[r : r + 1], None, log_weight[r : r + 1])
        alone = wide_phase(mine, xi_v, xi_h, model.scale)
        for one, all_of_them in zip(alone, together, strict=True):
            assert torch.equal(one[0], all_of_them[r])


def test_a_diverged_replica_stays_alone():
    model, particles = model_and_particles(2, RUN, 20, 70, 5)
    healthy = model.phase(particles)
    model.xi_h.data[0, 1, 3] = float("nan")
    sick = model.phase(particles)
    assert sick[0][0].isnan().any()
    for before, after in zip(healthy, sick, strict=True):
        assert torch.equal(before[1], after[1])
