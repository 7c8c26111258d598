import pytest
import torch

from ebmbench import Binarize, Chains, Noise, Particles
from ebmbench_gibbs import RBM, TorchKernel
from ebmbench_rapid import PID, RARBM

V, H, K, R = 5, 11, 3, 2
KERNEL = TorchKernel(TorchKernel.Options())


def model_off_the_spins():
    model = RARBM(RARBM.Options(hidden=H, patterns=K), V, Noise(range(R), "init"))
    for xi in model.parameters():
        xi.data += 0.4 * torch.randn(xi.shape, generator=torch.Generator().manual_seed(3))
    return model


def particles(model, **options):
    batch = Particles(torch.ones(R, 1, V))
    found, _ = PID(PID.Options(**options), KERNEL).particles(
        model, batch, None, Noise(range(R), "pid")
    )
    return found


def test_traced_takes_the_signs_of_the_visible_patterns():
    model = model_off_the_spins()
    found = particles(model)
    assert torch.equal(found.v, model.xi_v.detach().sign())
    assert found.h is None


def test_pattern_takes_the_patterns_as_they_stand():
    model = model_off_the_spins()
    found = particles(model, hidden="pattern")
    assert torch.equal(found.v, model.xi_v)
    assert torch.equal(found.h, model.xi_h)


def test_chains_start_at_the_signs_or_at_the_patterns_as_they_are():
    model = model_off_the_spins()
    by_start = [particles(model, k=1, start=start).v for start in ("sign", "continuous")]
    noise = Noise(range(R), "pid")
    expected, _ = KERNEL.sweep(model, Chains(model.xi_v.detach()), 1, 1.0, noise)
    assert torch.equal(by_start[1], expected)


def test_the_published_update_of_the_patterns():
    """Eqs. of the published SGD_xi, written out with W and explicit outer products."""
    model = model_off_the_spins()
    data = torch.ones(R, 4, V)
    data[:, 1:3, ::2] = -1
    scale = K**-0.5
    for r in range(R):
        xi_v, xi_h = model.xi_v[r].detach(), model.xi_h[r].detach()
        W = xi_h.T @ xi_v * scale  # (H, V)

        def delta(v, n, W=W, xi_v=xi_v, xi_h=xi_h):
            t = torch.tanh(v @ W.T)
            d_v = torch.einsum("bj,bk->kj", v, t @ xi_h.T) / n * scale
            d_h = torch.einsum("bj,kj,ba->ka", v, xi_v, t) / n * scale
            return d_v, d_h

        positive, negative = delta(data[r], 4), delta(xi_v.sign(), K)
        ours_positive = model.phase(Particles(data))
        ours_negative = model.phase(particles(model))
        for p, n, op, on in zip(positive, negative, ours_positive, ours_negative, strict=True):
            assert torch.allclose(p - n, on[r] - op[r], atol=1e-5)


def test_a_model_without_patterns_is_refused_with_the_reason():
    plain = RBM(RBM.Options(hidden=H), V, Noise(range(R), "init"))
    reason = PID(PID.Options(), KERNEL).supports(plain, None)
    assert "'rbm' has none" in reason
    assert "ra-rbm" in reason


def test_no_markov_chain_costs_no_random_numbers():
    """Appendix D: per particle, PID costs a small fraction of CD-10's Gibbs steps."""
    from ebmbench_gibbs import CD

    ra = RARBM(RARBM.Options(hidden=1000, patterns=8), 16, Noise([0], "init"))
    plain = RBM(RBM.Options(hidden=1000), 16, Noise([0], "init"))
    pid = PID(PID.Options(), KERNEL).cost(ra, 8)
    cd = CD(CD.Options(k=10), KERNEL).cost(plain, 8)
    assert pid.randoms == 0
    assert cd.randoms == 10 * 8 * 1016
    assert pid.macs < 0.1 * cd.macs


def test_counted_work_grows_as_appendix_d_says():
    def pid_macs(hidden, patterns):
        model = RARBM(RARBM.Options(hidden=hidden, patterns=patterns), 16, Noise([0], "i"))
        return PID(PID.Options(), KERNEL).cost(model, 1).macs

    assert 1.95 < pid_macs(2000, 8) / pid_macs(1000, 8) < 2.0
    assert 3.95 < pid_macs(1000, 16) / pid_macs(1000, 8) < 4.05


def negative_macs(rule, every="update", V=784, H=3000, K=190, **options):
    binarize = Binarize(rule=rule, every=every)
    model = RARBM(RARBM.Options(hidden=H, patterns=K, binarize=binarize), V, Noise([0], "i"))
    return PID(PID.Options(**options), KERNEL).cost(model, 1).macs


def phase_macs(V, H, K):
    return K * (2 * K * (V + H) + K * H)


@pytest.mark.parametrize(("rule", "every"), [("clip", "update"), ("none", 1), ("sign", "epoch")])
def test_few_patterns_are_swept_by_factors_whatever_their_numbers(rule, every):
    """MNIST as in the paper: 2.7 G multiply-adds of sweeps, of which with W formed 9.4 G."""
    V, H, K, k = 784, 3000, 190, 10
    sweeps = negative_macs(rule, every, k=k) - phase_macs(V, H, K)
    assert sweeps == k * 2 * K * K * (V + H)
    assert round(sweeps / 1e9, 1) == 2.7


def test_many_patterns_are_swept_with_weights_even_where_they_are_spins():
    V, H, K = 5, 11, 7  # K (V + H) > V H
    assert negative_macs("sign", V=V, H=H, K=K, k=1) == phase_macs(V, H, K) + 3 * K * V * H


def test_the_patterns_own_hidden_part_needs_no_field():
    V, H, K = 16, 1000, 8
    assert negative_macs("sign", V=V, H=H, K=K) == phase_macs(V, H, K)
    joint = negative_macs("sign", V=V, H=H, K=K, hidden="pattern")
    assert joint == phase_macs(V, H, K) - K * K * H
    assert round(phase_macs(V, H, K) / joint, 2) == 1.49
