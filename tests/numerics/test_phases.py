"""A phase taken part by part: the sum over all of them, the same bits by any number of threads."""

from __future__ import annotations

import pytest
import torch

from ebmbench import Noise, Particles
from ebmbench.numerics import phase_in_parts, rows_of_part
from ebmbench.numerics.threads import at_most
from ebmbench_gibbs import RBM

R, V, H = 2, 5, 7


def random_particles(N, weighted):
    noise = Noise(range(R), "particles")
    log_weight = noise.normal(N, 1).squeeze(2) if weighted else None
    return Particles(noise.coins(N, V), log_weight=log_weight)


def random_model():
    model = RBM(RBM.Options(hidden=H, init_std=0.5, bias=True), V, Noise(range(R), "init"))
    for bias in (model.a, model.b):
        bias.data = 0.1 * torch.arange(1.0, 1 + bias.numel()).view(bias.shape)
    return model


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("rows", [1, 3, 11, 13])
def test_the_parts_add_up_to_the_whole(rows, weighted, monkeypatch):
    monkeypatch.setattr("ebmbench.numerics.phases.NUMBERS", rows * H)
    model, particles = random_model(), random_particles(11, weighted)
    free_energy = model.free_energy(particles.v).unsqueeze(2)
    slopes = torch.autograd.grad(particles.weighted(free_energy).sum(), tuple(model.parameters()))
    found = model.phase(particles)
    for mine, slope in zip(found, slopes, strict=True):
        torch.testing.assert_close(mine, slope)
        assert not mine.requires_grad


def test_the_number_of_threads_changes_no_bit(monkeypatch):
    monkeypatch.setattr("ebmbench.numerics.phases.NUMBERS", 64 * H)
    model, particles = random_model(), random_particles(1000, weighted=True)
    found = []
    for threads in (1, 2, 5):
        with at_most(threads):
            torch.set_num_threads(1)
            found.append(model.phase(particles))
    for more in found[1:]:
        assert all(map(torch.equal, found[0], more))


def test_no_part_has_more_than_its_share_of_memory():
    seen = []

    def phase(part):
        seen.append(part.v.shape[1])
        return (part.v.sum(1),)

    width = 1000
    phase_in_parts(Particles(Noise([0], "many").coins(1001, V)), width, phase)
    assert sum(seen) == 1001
    assert max(seen) * width * 4 <= 2**20


def test_a_particle_that_is_too_wide_is_a_part_by_itself():
    assert rows_of_part(10**9) == 1
