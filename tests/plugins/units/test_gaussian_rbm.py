"""The Gaussian RBM against quadrature over its visible units, by its definition."""

import numpy as np
import pytest
import torch
from test_potts_rbm import slope

from ebmbench import Chains, Moment, Noise, Particles
from ebmbench_gibbs import CD, PCD
from ebmbench_units import GaussianRBM, HiddenSpinsKernel
from ebmbench_units.gaussian_rbm import mean_and_variance
from support import exact
from support.no_drift import CHAINS, assert_frequencies

R, V, H = 2, 2, 3
END = Moment(epoch=1, update=1, epoch_ends=True)
KERNEL = HiddenSpinsKernel(HiddenSpinsKernel.Options())
GRID = np.linspace(-12, 12, 601)


def gaussian(seeds=range(R), visible=V, **options):
    made = GaussianRBM.Options(**{"hidden": H, **options})
    return GaussianRBM(made, visible, Noise(seeds, "init"))


def moved(seeds=range(R), **options):
    """A model whose parameters are random."""
    model, noise = gaussian(seeds, **options), Noise(seeds, "moved")
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(0.5 * noise.normal(1, parameter[0].numel()).view_as(parameter))
    return model


def numbers(model, replica):
    W, a, b = (each[replica].detach().double().numpy() for each in (model.W, model.a, model.b))
    sigma = np.full(V, model.options.sigma) if model.z is None else of_z(model.z[replica])
    return W, a, b, sigma


def of_z(z):
    return np.exp(z.detach().double().numpy() / 2)


def points():
    """A grid of v, (601^2, 2)."""
    return np.stack(np.meshgrid(GRID, GRID, indexing="ij"), -1).reshape(-1, V)


def energies(model, replica, v):
    """E(v, h) of rows v and all h, (N, 2^H)."""
    W, a, b, sigma = numbers(model, replica)
    h = exact.states(H)
    of_v = ((v - a) ** 2 / (2 * sigma**2)).sum(1)
    return of_v[:, None] - (v / sigma**2) @ W @ h.T - h @ b


def log_p_h(model, replica):
    """log of the sum over the grid of exp(-E), for each h: an integral over v, (2^H,)."""
    weight = -energies(model, replica, points())
    return np.logaddexp.reduce(weight, axis=0) + 2 * np.log(GRID[1] - GRID[0])


OPTIONS = [{}, {"sigma": 0.7}]


@pytest.mark.parametrize("options", OPTIONS, ids=["sigma learned", "sigma given"])
def test_free_energy_sums_hidden_units_out(options):
    model, v = moved(**options), Noise(range(R), "rows").normal(11, V)
    F = model.free_energy(v).detach()
    h = torch.from_numpy(exact.states(H)).float().repeat(R, 11, 1)
    of_pairs = model.energy(v.repeat_interleave(2**H, 1), h).detach().view(R, 11, -1)
    for r in range(R):
        E = energies(model, r, v[r].double().numpy())
        assert F[r].numpy() == pytest.approx(-np.logaddexp.reduce(-E, axis=1), abs=1e-4)
        assert of_pairs[r].numpy() == pytest.approx(E, abs=1e-4)


@pytest.mark.parametrize("options", OPTIONS, ids=["sigma learned", "sigma given"])
def test_log_z_is_the_integral_over_v(options):
    model = moved(**options)
    for r in range(R):
        integral = np.logaddexp.reduce(log_p_h(model, r))
        assert model.log_z()[r].item() == pytest.approx(integral, abs=1e-6)
    F = model.free_energy(torch.from_numpy(points()).float().expand(R, -1, -1)).detach().double()
    over_F = (-F).logsumexp(1) + 2 * np.log(GRID[1] - GRID[0])
    assert torch.allclose(over_F, model.log_z(), atol=1e-5)


@pytest.mark.parametrize("given", [False, True], ids=["h summed out", "h given"])
@pytest.mark.parametrize("options", OPTIONS, ids=["sigma learned", "sigma given"])
def test_a_phase_is_the_slope_of_the_mean_energy(options, given):
    model = moved(**options).double()
    v = Noise(range(R), "rows").normal(11, V).double()
    h = Noise(range(R), "h").coins(11, H).double() if given else None
    weight = Noise(range(R), "weights").uniform(1, 11).squeeze(1).double()

    def mean():
        cost = model.energy(v, h) if given else model.free_energy(v)
        return (weight * cost).sum(1)

    found = model.phase(Particles(v, h, weight.log()))
    assert len(found) == len(list(model.parameters()))
    for parameter, phase in zip(model.parameters(), found, strict=True):
        for index in range(parameter[0].numel()):
            slopes = slope(parameter, index, mean)
            assert torch.allclose(phase.flatten(1)[:, index], slopes, atol=1e-7)


def drawn_exactly(model):
    """v of CHAINS pairs (v, h): h by its integrated weight, v normal given h."""
    rng, rows = np.random.default_rng(0), []
    for r in range(R):
        W, a, _, sigma = numbers(model, r)
        h = exact.states(H)[rng.choice(2**H, CHAINS, p=p_h(model, r))]
        rows.append(a + h @ W.T + sigma * rng.normal(size=(CHAINS, V)))
    return torch.from_numpy(np.stack(rows)).float()


def p_h(model, replica):
    weight = log_p_h(model, replica)
    return np.exp(weight - np.logaddexp.reduce(weight))


@pytest.mark.parametrize("k", [1, 4, 16])
def test_a_sweep_leaves_the_distribution_unchanged(k):
    """By the states of h, and by the means and squares of v."""
    model = moved()
    start = drawn_exactly(model)
    v, h = KERNEL.sweep(model, Chains(start), k, 1.0, Noise(range(R), "sweep"))
    for r in range(R):
        index = ((h[r] > 0) * 2 ** torch.arange(H - 1, -1, -1)).sum(-1)
        assert_frequencies(index.numpy(), p_h(model, r))
        W, a, _, sigma = numbers(model, r)
        mean = a + exact.states(H) @ W.T  # of v given h, (2^H, V)
        for power, expected in ((1, mean), (2, mean**2 + sigma**2)):
            found = v[r].double().numpy() ** power
            error = found.std(0) / np.sqrt(CHAINS)
            assert (abs(found.mean(0) - p_h(model, r) @ expected) < 4 * error).all()


@pytest.mark.parametrize("beta", [0.5, 2.0])
def test_at_another_temperature_v_is_wider_or_narrower_given_h(beta):
    model = moved()
    h = torch.ones(R, CHAINS, H)
    v = model.draw_visible(h, beta, Noise(range(R), "v")).detach().double()
    for r in range(R):
        W, a, _, sigma = numbers(model, r)
        error = sigma / np.sqrt(beta * CHAINS)
        assert (abs(v[r].mean(0).numpy() - (a + W.sum(1))) < 4 * error).all()
        assert v[r].std(0).numpy() == pytest.approx(sigma / np.sqrt(beta), rel=0.02)


def test_at_first_it_has_the_means_and_deviations_of_the_data_but_no_less_than_the_floor():
    train = Noise(range(R), "data").normal(5001, V) * torch.tensor([2.0, 1e-4]) + 3
    model = gaussian(floor=0.1)
    model.start_from(train)
    assert torch.allclose(model.a, train.double().mean(1).float(), atol=1e-5)
    assert torch.allclose(model.z[:, 0].exp(), train[..., 0].var(1), rtol=1e-3)
    assert model.z[:, 1].exp().sqrt().tolist() == pytest.approx([0.1, 0.1], rel=1e-5)
    given = gaussian(sigma=0.7)
    given.start_from(train)
    assert torch.equal(given.a, model.a)
    assert given.z is None


def test_means_and_variances_are_those_of_all_parts_together():
    rows = Noise([0], "rows").normal(9001, 2)
    mean, variance = mean_and_variance(rows)
    assert torch.allclose(mean, rows.double().mean(1))
    assert torch.allclose(variance, rows.double().var(1, correction=0))


def test_no_sigma_falls_below_the_floor():
    model = moved(floor=0.8)
    model.project(END, Noise(range(R), "project"))
    assert (model.z.exp().sqrt() >= 0.8 - 1e-6).all()
    assert (model.z.exp().sqrt() > 0.81).any()


@pytest.mark.parametrize(
    "sampler",
    [CD(CD.Options(k=1), KERNEL), PCD(PCD.Options(k=1, chains=500), KERNEL)],
    ids=lambda sampler: sampler.name,
)
def test_samplers_train_it_to_two_clusters(sampler):
    """Half of the rows around (1, 1), half around (-1, -1): one hidden unit's work.

    Clusters that chains go between: where they do not, PCD gets their weights wrong.
    """
    noise = Noise(range(R), "data")
    train = noise.coins(1000, 1) + 0.7 * noise.normal(1000, V)
    model = gaussian(hidden=1, init_std=0.3)
    model.start_from(train)
    squares = [((train - c).double() ** 2).sum(-1) / (2 * 0.49) for c in (1, -1)]
    p = sum(torch.exp(-square) / (2 * np.pi * 0.49) / 2 for square in squares)
    of_clusters = -p.log().mean(1)
    assert (nll(model, train) > of_clusters + 0.2).all()
    state, negative = sampler.start(model, None, Noise(range(R), "start")), Noise(range(R), "n")
    for _ in range(1500):
        batch = Particles(train)
        found = sampler.negative_phase(model, batch, state, negative)
        state = found.state
        with torch.no_grad():
            for parameter, data, of_model in zip(
                model.parameters(), model.phase(batch), found.phase, strict=True
            ):
                parameter.sub_(0.05 * (data - of_model))
        model.project(END, negative)
    assert ((nll(model, train) - of_clusters).abs() < 0.02).all()


def nll(model, v):
    return (model.free_energy(v).double().mean(1) + model.log_z()).detach()
