"""The component: whole sweeps against the reference, and where it says it cannot run."""

from __future__ import annotations

import subprocess
import sys
from copy import deepcopy

import pytest
import torch
from side_by_side import SEEDS, assert_same_spins, erased, noise_at, swept
from torch import nn

from ebmbench import Chains, Model, Noise
from ebmbench_cuda import TritonKernel, availability
from ebmbench_cuda.work import Sides
from ebmbench_gibbs import TorchKernel
from ebmbench_rapid import RARBM
from support.kernels import own_temperatures
from support.two_layer import TwoLayerModel, random_model, random_spins

R, N, V, H = 2, 37, 53, 101
CPU, CUDA = torch.device("cpu"), torch.device("cuda")
KERNEL = TritonKernel(TritonKernel.Options())


@pytest.mark.parametrize(("biases", "beta"), [("", 1.0), ("ab", 0.7)])
def test_no_spin_of_a_sweep_differs_from_the_references(device, biases, beta):
    model = random_model(V, H, scale=0.1, biases=biases)
    assert_same_spins(model, random_spins(R, N, V), 2, device, beta)


@pytest.mark.parametrize(("visible", "hidden"), [(V, 19), (23, H), (23, 19)])
def test_no_spin_differs_where_a_layer_has_few_units(device, visible, hidden):
    model = random_model(visible, hidden, scale=0.1, biases="ab")
    assert_same_spins(model, random_spins(R, N, visible), 2, device, beta=0.7)


def test_no_spin_differs_where_each_chain_has_a_temperature_of_its_own(device):
    v, betas = random_spins(R, N, V), own_temperatures(R, N)
    for hidden in (H, 19):
        model = random_model(V, hidden, scale=0.3, biases="ab")
        assert_same_spins(model, v, 2, device, betas)
        assert_same_spins(model, v, 2, device, torch.full((R, N), 0.7, dtype=torch.float64))
        assert_same_spins(model, v[:, :1], 2, device, betas[:, :1])


@pytest.mark.parametrize("patterns", [7, 131])
def test_patterns_draw_the_same_spins(device, patterns):
    model = RARBM(RARBM.Options(hidden=H, patterns=patterns), V, Noise(range(R), "init"))
    assert_same_spins(model, random_spins(R, N, V), 2, device, beta=0.7)


@pytest.mark.parametrize("patterns", [7, 131])
def test_patterns_off_the_spins_draw_the_same_spins(device, patterns):
    model = off_the_spins(patterns)
    v, betas = random_spins(R, N, V), own_temperatures(R, N)
    assert_same_spins(model, v, 2, device)
    assert_same_spins(model, erased(v), 1, device, betas)


def off_the_spins(patterns):
    model = RARBM(RARBM.Options(hidden=H, patterns=patterns), V, Noise(range(R), "init"))
    for xi in model.parameters():
        xi.data *= Noise(range(R), "off").uniform(*xi.shape[1:])
    return model


def test_sweeps_from_erased_units_draw_the_same_spins(device):
    model = random_model(V, H, scale=0.1, biases="ab")
    assert_same_spins(model, erased(random_spins(R, N, V)), 2, device)


@pytest.mark.parametrize("hidden", [H, 19])
@pytest.mark.parametrize("k", [1, 2])
def test_sweeps_from_real_numbers_draw_the_same_spins(device, k, hidden):
    """On one kind of device; sums of float64 may differ between a GPU and a CPU."""
    assert_same_spins_of_numbers(random_model(V, hidden, scale=0.1, biases="ab"), k, device)


@pytest.mark.parametrize("k", [1, 2])
def test_so_do_those_of_patterns(device, k):
    assert_same_spins_of_numbers(off_the_spins(7), k, device)


def assert_same_spins_of_numbers(model, k, device):
    v = torch.randn(R, N, V, generator=torch.Generator().manual_seed(1))
    for beta in (1.0, own_temperatures(R, N)):
        expected = swept(TorchKernel(TorchKernel.Options()), model, v, k, beta, device)
        found = swept(KERNEL, model, v, k, beta, device)
        for one, other in zip(expected, found, strict=True):
            assert torch.equal(torch.as_tensor(one), torch.as_tensor(other))


def test_a_frozen_model_is_laid_out_once_until_another_is_swept(device, monkeypatch):
    kernel, laid_out, lay_out = TritonKernel(TritonKernel.Options()), [], Sides.of
    monkeypatch.setattr(Sides, "of", lambda *given: laid_out.append(given) or lay_out(*given))
    frozen, other = (random_model(V, H, scale=scale).to(device) for scale in (0.1, 0.2))
    frozen.frozen, v = True, random_spins(R, N, V)
    for model, times in ((frozen, 1), (frozen, 1), (other, 2), (other, 3), (frozen, 4)):
        found = kernel.sweep(model, Chains(v.to(device)), 1, 0.7, noise_at(device=device))
        expected = swept(TorchKernel(TorchKernel.Options()), deepcopy(model).cpu(), v, 1, 0.7)
        assert torch.equal(found.v.cpu(), expected[0])
        assert len(laid_out) == times


def test_replicas_draw_the_same_spins_however_they_are_grouped(device):
    model, v = random_model(V, H, scale=0.1, biases="ab"), random_spins(R, N, V)
    together = swept(KERNEL, model, v, 2, device=device)
    for r in range(R):
        parts = (part[r : r + 1].detach() for part in model.couplings())
        alone = swept(KERNEL, TwoLayerModel(*parts), v[r : r + 1], 2, 1.0, device, [SEEDS[r]])
        assert torch.equal(alone[0], together[0][r : r + 1])
        assert torch.equal(alone[1], together[1][r : r + 1])


def test_a_sweep_leaves_its_start_alone(device):
    v = random_spins(R, N, 23).to(device)
    before = v.clone()
    KERNEL.sweep(
        random_model(23, H).to(device), Chains(v), 1, 1.0, Noise(SEEDS, "start", device=device)
    )
    assert torch.equal(v, before)


def test_it_counts_what_the_reference_counts():
    model = random_model(V, H)
    reference = TorchKernel(TorchKernel.Options())
    assert KERNEL.sweep_cost(model, N, 3) == reference.sweep_cost(model, N, 3)


def test_on_a_cpu_it_asks_for_a_cuda_device(monkeypatch):
    monkeypatch.delenv("TRITON_INTERPRET", raising=False)
    model = random_model(V, H)
    assert KERNEL.usable(CPU) == "it needs a CUDA device, not cpu"
    assert KERNEL.supports(model, CPU) == KERNEL.usable(CPU)


def test_interpreted_it_runs_on_a_cpu(monkeypatch):
    pytest.importorskip("triton", reason="triton is not installed: pip install 'ebmbench[cuda]'")
    monkeypatch.setenv("TRITON_INTERPRET", "1")
    assert KERNEL.supports(random_model(V, H), CPU) is None


def test_interpreted_it_is_not_what_auto_takes():
    from ebmbench.interfaces.installed.registry import Registry

    entries = Registry.discover().families["kernels"]
    assert entries["triton"].component.priority < entries["numba"].component.priority


def test_without_triton_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(availability, "find_spec", lambda _: None)
    assert KERNEL.usable(CUDA) == "triton is not installed: pip install 'ebmbench[cuda]'"


def test_it_says_if_the_chip_is_too_old(monkeypatch):
    monkeypatch.setattr(availability, "find_spec", lambda _: True)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: (7, 5))
    assert KERNEL.usable(CUDA) == "it needs compute capability 8.0 or later, not 7.5"


def test_it_says_if_a_model_is_not_two_layers():
    class OneLayer(Model):
        name = "one-layer"
        parameters = nn.Module.parameters

        def free_energy(self, v):
            return v.sum(-1)

    problem = KERNEL.supports(OneLayer(None, V, Noise([0], "init")), CUDA)
    assert problem == "the model 'one-layer' is not two layers of spins that only couple across"


def test_the_plugin_is_imported_without_triton():
    code = (
        "import sys; sys.modules['triton'] = None\n"
        "import ebmbench_cuda\n"
        "assert ebmbench_cuda.ebmbench_kernels()[0].name == 'triton'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
