"""The compiled kernel against the plain reference: the same spins, all of them."""

import pytest
import torch

from ebmbench import Chains, Noise
from ebmbench.numerics.threads import use_threads
from ebmbench_cpu import NumbaKernel, prepared
from support import kernels
from support.kernels import SHAPES, chains, differing_spins, own_temperatures, ra_rbm, rbm
from support.no_drift import assert_distributed_as, assert_frequencies, drawn_exactly

KERNEL = NumbaKernel(NumbaKernel.Options())
shapes = pytest.mark.parametrize(("R", "N", "V", "H"), SHAPES)
starts = pytest.mark.parametrize("start", ["spins", "erased", "continuous"])


@pytest.fixture(params=[1, 2, 3], ids="{} threads".format)
def any_threads(request):
    use_threads(request.param)
    yield
    use_threads(None)


@pytest.fixture(params=[True, False], ids=["compared", "multiplied"])
def either_way(request, monkeypatch):
    """How overlaps with patterns that are spins are found."""
    monkeypatch.setattr(prepared, "comparing_pays", lambda *_: request.param)


@shapes
@starts
@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("bias", [True, False])
def test_an_rbms_spins_are_the_references(R, N, V, H, start, k, bias):
    assert differing_spins(KERNEL, rbm(R, V, H, bias), chains(R, N, V, start), k) == 0


@shapes
@starts
@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("K", [1, 7, 37])
@pytest.mark.usefixtures("either_way")
def test_a_pattern_models_spins_are_the_references(R, N, V, H, start, k, K):
    assert differing_spins(KERNEL, ra_rbm(R, V, H, K), chains(R, N, V, start), k) == 0


@shapes
@starts
@pytest.mark.usefixtures("either_way", "any_threads")
def test_so_they_are_where_each_chain_has_a_temperature_of_its_own(R, N, V, H, start):
    v, betas = chains(R, N, V, start), own_temperatures(R, N)
    for model in (rbm(R, V, H), ra_rbm(R, V, H)):
        assert differing_spins(KERNEL, model, v, 2, betas) == 0


@starts
@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.usefixtures("either_way")
def test_chains_whose_hidden_units_nobody_wants_end_where_a_sweeps_do(start, k):
    v = chains(2, 139, 53, start)
    for model in (rbm(2, 53, 101), ra_rbm(2, 53, 101)):
        swept, _ = KERNEL.sweep(model, Chains(v), k, 0.7, Noise(range(2), "x"))
        run, h = KERNEL.run_chains(model, Chains(v), k, 0.7, Noise(range(2), "x"))
        assert h is None
        assert torch.equal(run, swept)


@shapes
@starts
@pytest.mark.parametrize("K", [1, 7, 37])
@pytest.mark.usefixtures("any_threads")
def test_so_are_those_of_patterns_that_are_no_spins(R, N, V, H, start, K):
    model = ra_rbm(R, V, H, K, off_spins=True)
    assert differing_spins(KERNEL, model, chains(R, N, V, start), 2) == 0
    betas = own_temperatures(R, N)
    assert differing_spins(KERNEL, model, chains(R, N, V, start), 2, betas) == 0


def test_large_and_small_patterns_do_not_overflow():
    for size in (1e-12, 1e9):
        model = ra_rbm(2, 53, 101, off_spins=True)
        model.xi_v.data *= size
        assert differing_spins(KERNEL, model, chains(2, 37, 53, "erased"), 2) == 0


def test_patterns_of_zero_give_fair_spins():
    model = ra_rbm(1, 53, 101)
    model.xi_h.data *= 0.0
    v, h = KERNEL.sweep(model, Chains(chains(1, 4001, 53, "spins")), 1, 1.0, Noise([1], "x"))
    assert abs(v.mean().item()) < 4 / (4001 * 53) ** 0.5
    assert abs(h.mean().item()) < 4 / (4001 * 101) ** 0.5


@pytest.mark.parametrize("rows", [1, 13, 512])
@pytest.mark.usefixtures("any_threads", "either_way")
def test_neither_threads_nor_the_rows_beside_matter(rows):
    for model in (rbm(3, 53, 101), ra_rbm(3, 53, 101), ra_rbm(3, 53, 101, off_spins=True)):
        v = chains(3, 521, 53, "spins")
        alone, _ = KERNEL.sweep(
            model, Chains(v[:, :rows].contiguous()), 2, 1.0, Noise(range(3), "x")
        )
        together, _ = KERNEL.sweep(model, Chains(v), 2, 1.0, Noise(range(3), "x"))
        assert torch.equal(alone, together[:, :rows])


@pytest.mark.usefixtures("any_threads")
def test_large_weights_and_large_biases_do_not_overflow():
    model = rbm(2, 53, 101, std=1e6)
    model.b.data *= 1e9
    assert differing_spins(KERNEL, model, chains(2, 37, 53, "erased"), 2) == 0


def test_sweeps_of_other_models_in_between_leave_no_trace():
    """Of as many units in both layers, too: both sides' couplings are of one shape then."""
    kernel = NumbaKernel(NumbaKernel.Options())
    models = [rbm(2, 53, 53), rbm(2, 53, 101), rbm(2, 37, 53), rbm(3, 53, 53), rbm(2, 51, 53)]
    shapes = ((53, 53), (53, 101), (51, 53))
    models += [ra_rbm(2, V, H, off_spins=True) for V, H in shapes]
    for model in (*models, *reversed(models)):
        v = chains(model.replicas, 37, model.visible, "spins")
        assert differing_spins(kernel, model, v, 2) == 0


def test_a_frozen_model_is_packed_once_until_another_is_swept(monkeypatch):
    kernel, packed = NumbaKernel(NumbaKernel.Options()), []
    pack = prepared.pack
    monkeypatch.setattr(prepared, "pack", lambda *args: packed.append(args) or pack(*args))
    frozen, other = rbm(2, 53, 37), rbm(2, 53, 37, std=0.2)
    frozen.frozen = True
    for model, times in ((frozen, 1), (frozen, 1), (other, 2), (other, 3), (frozen, 4)):
        assert differing_spins(kernel, model, chains(2, 13, 53, "spins"), 2) == 0
        assert len(packed) == times


def test_a_smaller_model_that_is_padded_alike_finds_nothing_of_the_larger_one():
    for V, H in ((11, 5), (7, 11)):
        assert differing_spins(KERNEL, rbm(2, V, H), chains(2, 13, V, "spins"), 2) == 0


def test_weights_of_zero_give_fair_spins():
    model = rbm(1, 53, 101, bias=False, std=0.0)
    v, h = KERNEL.sweep(model, Chains(chains(1, 4001, 53, "spins")), 1, 1.0, Noise([1], "x"))
    assert abs(v.mean().item()) < 4 / (4001 * 53) ** 0.5
    assert abs(h.mean().item()) < 4 / (4001 * 101) ** 0.5


def test_a_diverged_replica_does_not_touch_its_neighbour():
    model = rbm(2, 53, 101)
    v = chains(2, 37, 53, "spins")
    healthy, _ = KERNEL.sweep(model, Chains(v), 2, 1.0, Noise([0, 1], "x"))
    model.W.data[0, 3, 5] = float("nan")
    model.W.data[0, 7, 7] = float("inf")
    sick, _ = KERNEL.sweep(model, Chains(v), 2, 1.0, Noise([0, 1], "x"))
    assert torch.equal(healthy[1], sick[1])
    assert (sick.abs() == 1).all()


@pytest.mark.parametrize("k", [1, 4, 16])
@pytest.mark.parametrize("model", [rbm(2, 5, 3), rbm(2, 5, 3, std=3.0), ra_rbm(2, 5, 3, K=2)])
@pytest.mark.usefixtures("either_way")
def test_a_sweep_leaves_the_distribution_unchanged(model, k):
    v, _ = KERNEL.sweep(model, Chains(drawn_exactly(model)), k, 1.0, Noise(range(2), "sweep"))
    assert_distributed_as(model, v)


def test_draws_follow_sigmoid_of_twice_the_field():
    """Every hidden unit of one replica given v, against its own probability."""
    R, N, V, H = 1, 20_011, 17, 37
    model = rbm(R, V, H)
    v = chains(R, 1, V, "spins").expand(R, N, V).contiguous()
    _, h = KERNEL.sweep(model, Chains(v), 1, 0.7, Noise([5], "x"))
    p = torch.sigmoid(2 * 0.7 * model.hidden_field(v[:, :1])).detach()[0, 0].double()
    for unit in range(H):
        ups = (h[0, :, unit] > 0).long().numpy()
        assert_frequencies(ups, torch.stack([1 - p[unit], p[unit]]).numpy())


def test_it_is_what_auto_takes_on_a_cpu():
    assert NumbaKernel.priority > kernels.REFERENCE.priority
    assert KERNEL.supports(rbm(1, 5, 3), torch.device("cpu")) is None
    assert "CPU" in str(KERNEL.supports(rbm(1, 5, 3), torch.device("cuda")))
