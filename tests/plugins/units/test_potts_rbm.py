"""The Potts RBM against all its states, by its definition."""

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from ebmbench import Chains, Moment, Noise, Particles, Splits
from ebmbench_gibbs import CD, FPCD, PCD, RDM
from ebmbench_units import HiddenSpinsKernel, PottsRBM
from support import exact
from support.no_drift import CHAINS, assert_frequencies

R, L, Q, H = 2, 3, 3, 2
V = L * Q
END = Moment(epoch=1, update=1, epoch_ends=True)
KERNEL = HiddenSpinsKernel(HiddenSpinsKernel.Options())


def potts(seeds=range(R), visible=V, **options):
    return PottsRBM(PottsRBM.Options(**{"hidden": H, "states": Q, **options}), visible, init(seeds))


def init(seeds=range(R)):
    return Noise(seeds, "init")


def moved(seeds=range(R), size=0.7):
    """A model whose parameters are random, in no gauge."""
    model, noise = potts(seeds), Noise(seeds, "moved")
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(size * noise.normal(1, parameter[0].numel()).view_as(parameter))
    return model


def states():
    """All rows (Q^L, V): every combination of one column of each site."""
    picks = np.stack(np.meshgrid(*[range(Q)] * L, indexing="ij"), -1).reshape(-1, L)
    return np.eye(Q)[picks].reshape(-1, V)


def energies(model, replica):
    """E of all pairs of states, (Q^L, 2^H)."""
    W, a, b = (parameter[replica].detach().double().numpy() for parameter in model.parameters())
    v, h = states(), exact.states(H)
    return -(v @ W @ h.T) - (v @ a)[:, None] - h @ b


def p_v(model, replica):
    weight = -energies(model, replica)
    return np.exp(weight - np.logaddexp.reduce(weight, axis=None)).sum(1)


def all_rows(replicas=R):
    return torch.from_numpy(states()).float().expand(replicas, -1, -1)


def test_free_energy_sums_hidden_units_out_and_log_z_everything():
    model = moved()
    F, log_z = model.free_energy(all_rows()), model.log_z()
    for r in range(R):
        weight = -energies(model, r)
        assert F[r].tolist() == pytest.approx(-np.logaddexp.reduce(weight, axis=1), abs=1e-5)
        assert log_z[r].item() == pytest.approx(np.logaddexp.reduce(weight, axis=None), abs=1e-6)


def test_log_z_of_many_hidden_units_is_summed_in_parts(monkeypatch):
    model = moved()
    whole = model.log_z()
    monkeypatch.setattr("ebmbench_units.hidden_spins.STATES", 3)
    assert torch.allclose(model.log_z(), whole, rtol=0, atol=1e-12)
    assert "H=21 are too many hidden units" in potts(hidden=21).cannot_sum()


def test_energy_is_that_of_the_definition():
    model, h = moved(), exact.states(H)
    v = all_rows().repeat_interleave(len(h), 1)
    of_pairs = model.energy(v, torch.from_numpy(h).float().repeat(R, len(states()), 1))
    for r in range(R):
        assert of_pairs[r].tolist() == pytest.approx(energies(model, r).ravel(), abs=1e-5)


def test_bringing_numbers_to_the_gauge_leaves_p_as_it_is():
    model = moved()
    before = [p_v(model, r) for r in range(R)]
    model.project(END, Noise(range(R), "project"))
    for r in range(R):
        assert p_v(model, r) == pytest.approx(before[r], abs=1e-6)
    assert model.W.view(R, L, Q, H).sum(2).abs().max() < 1e-5
    assert model.a.view(R, L, Q).sum(2).abs().max() < 1e-5


def test_what_is_added_to_all_states_of_a_site_is_taken_off_again():
    one, other = moved(), moved()
    of_W = Noise(range(R), "gauge").normal(L, H).repeat_interleave(Q, 1)
    with torch.no_grad():
        other.W.add_(of_W)
        other.a.add_(Noise(range(R), "gauge of a").normal(1, L).repeat_interleave(Q, 2)[:, 0])
        other.b.sub_(of_W.view(R, L, Q, H)[:, :, 0].sum(1))
    for model in (one, other):
        model.project(END, Noise(range(R), "project"))
    for mine, theirs in zip(one.parameters(), other.parameters(), strict=True):
        assert torch.allclose(mine, theirs, atol=1e-5)


@pytest.mark.parametrize("given", [False, True], ids=["h summed out", "h given"])
def test_a_phase_is_the_slope_of_the_mean_energy(given):
    model = moved().double()
    v = all_rows().double()[:, ::2]
    h = Noise(range(R), "h").coins(v.shape[1], H).double() if given else None
    weight = Noise(range(R), "weights").uniform(1, v.shape[1]).squeeze(1).double()
    particles = Particles(v, h, weight.log())

    def mean():
        cost = model.energy(v, h) if given else model.free_energy(v)
        return (weight * cost).sum(1)

    for parameter, phase in zip(model.parameters(), model.phase(particles), strict=True):
        for index in range(parameter[0].numel()):
            slopes = slope(parameter, index, mean)
            assert torch.allclose(phase.flatten(1)[:, index], slopes, atol=1e-7)


def slope(parameter, index, mean, step=1e-5):
    """By finite differences, of all replicas at once."""
    at = parameter.data.flatten(1)[:, index]
    found = []
    for sign in (1, -1):
        at += sign * step
        found.append(mean().detach())
        at -= sign * step
    return (found[0] - found[1]) / (2 * step)


def drawn_exactly(model):
    rng = np.random.default_rng(0)
    rows = [rng.choice(Q**L, CHAINS, p=p_v(model, r)) for r in range(R)]
    return torch.from_numpy(states()[np.stack(rows)]).float()


@pytest.mark.parametrize("k", [1, 4, 16])
def test_a_sweep_leaves_the_distribution_unchanged(k):
    model = moved()
    v, h = KERNEL.sweep(model, Chains(drawn_exactly(model)), k, 1.0, Noise(range(R), "sweep"))
    assert h.shape == (R, CHAINS, H)
    for r in range(R):
        assert_frequencies(model.units.index_of(v)[r].numpy(), p_v(model, r))


def test_at_first_units_are_independent_with_the_frequencies_of_the_data():
    rng = np.random.default_rng(0)
    index = rng.choice(Q**L, (R, 500), p=np.linspace(1, 3, Q**L) / np.linspace(1, 3, Q**L).sum())
    train = torch.from_numpy(states()[index]).float()
    model = potts(init_std=0.0, pseudocount=2.0)
    model.start_from(train)
    for r in range(R):
        f = (train[r].double().sum(0).numpy() + 2 / Q) / 502
        assert p_v(model, r) @ states() == pytest.approx(f, abs=1e-6)
    untouched = potts(bias_start="zero")
    untouched.start_from(train)
    assert not untouched.a.any()


def test_a_state_that_the_data_lack_is_not_impossible():
    train = torch.from_numpy(states()[:1]).float().expand(R, 10, -1)
    model = potts()
    model.start_from(train)
    assert model.a.isfinite().all()


def data(n=400):
    """Sites that tend to be in the same state."""
    same = states().reshape(-1, L, Q).sum(1).max(1)  # sites in the commonest state
    weight = np.exp(1.2 * same)
    rng = np.random.default_rng(1)
    return torch.from_numpy(states()[rng.choice(Q**L, (R, n), p=weight / weight.sum())]).float()


@pytest.mark.parametrize(
    "sampler",
    [
        CD(CD.Options(k=1), KERNEL),
        PCD(PCD.Options(k=2, chains=400), KERNEL),
        FPCD(FPCD.Options(k=1, chains=400, fast_lr=0.02), KERNEL),
        RDM(RDM.Options(k=10, chains=400), KERNEL),
    ],
    ids=lambda sampler: sampler.name,
)
def test_samplers_train_it_to_what_no_independent_sites_can_have(sampler):
    train, model = data(), potts(hidden=4, init_std=0.1)
    model.start_from(train)
    independent = nll(model, train)
    splits = Splits(train, train, (1, V), torch.zeros(V) > 0, units=model.units)
    state, noise = sampler.start(model, splits, Noise(range(R), "start")), Noise(range(R), "n")
    for _ in range(400):
        batch = Particles(train)
        found = sampler.negative_phase(model, batch, state, noise)
        state = found.state
        with torch.no_grad():
            for parameter, data_phase, model_phase in zip(
                model.parameters(), model.phase(batch), found.phase, strict=True
            ):
                parameter.sub_(0.05 * (data_phase - model_phase))
        model.project(END, noise)
    counts = torch.stack([torch.bincount(i, minlength=Q**L) for i in model.units.index_of(train)])
    share = counts.double() / train.shape[1]
    least = -(share * share.clamp(min=1e-9).log()).sum(1)
    assert (nll(model, train) - least < 0.2 * (independent - least)).all()


def nll(model, v):
    return (model.free_energy(v).double().mean(1) + model.log_z()).detach()


def test_rdm_draws_from_means_of_spins_alone():
    rdm = RDM(RDM.Options(start="data-mean"), KERNEL)
    assert "sites of 3 states" in rdm.supports(potts(), None)


def test_a_replica_alone_has_the_numbers_that_it_has_in_a_block():
    together, alone = moved(), moved(seeds=[1])
    assert torch.equal(together.free_energy(all_rows())[1], alone.free_energy(all_rows(1))[0])
    swept = [
        KERNEL.sweep(model, Chains(all_rows(len(seeds))), 3, 1.0, Noise(seeds, "sweep")).v
        for model, seeds in ((together, range(R)), (alone, [1]))
    ]
    assert torch.equal(swept[0][1], swept[1][0])


def test_a_site_has_two_states_at_least():
    with pytest.raises(ValidationError, match="greater than or equal to 2"):
        potts(states=1)
