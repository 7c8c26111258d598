"""What every Gibbs kernel is held to: the reference's spins, draw by draw."""

import torch

from ebmbench import Chains, Noise
from ebmbench_gibbs import RBM, TorchKernel
from ebmbench_rapid import RARBM

REFERENCE = TorchKernel(TorchKernel.Options())

# (R, N, V, H): distinct primes, fewer and more than a vector, a tile and a row tile.
SHAPES = [(2, 7, 5, 3), (3, 2, 37, 61), (2, 139, 53, 101), (1, 521, 17, 211), (1, 3, 1, 2)]


def rbm(R, V, H, bias=True, std=0.5):
    model = RBM(RBM.Options(hidden=H, init_std=std, bias=bias), V, Noise(range(R), "init"))
    for index, part in enumerate((model.a, model.b) if bias else ()):
        part.data.normal_(0, 0.3, generator=torch.Generator().manual_seed(index))
    return model


def ra_rbm(R, V, H, K=7, off_spins=False):
    model = RARBM(RARBM.Options(hidden=H, patterns=K), V, Noise(range(R), "init"))
    if off_spins:  # as within an epoch
        for xi in model.parameters():
            xi.data += 0.3 * torch.randn(xi.shape, generator=torch.Generator().manual_seed(3))
    return model


def chains(R, N, V, start):
    """(R, N, V): spins; some units erased; or patterns that an optimiser has moved."""
    v = Noise(range(R), "chains").coins(N, V)
    if start == "erased":
        v[..., V // 2 :] = 0
    if start == "continuous":
        v[..., V // 2 :] *= 0.3
    return v


def own_temperatures(R, N):
    """An inverse temperature for each chain, (R, N): several, in no order, and 0 among them."""
    few = torch.tensor([0.7, 0.0, 1.0, 2.3, 0.7, 0.03, 1.9], dtype=torch.float64)
    return few[torch.randint(7, (R, N), generator=torch.Generator().manual_seed(R * N))]


def differing_spins(kernel, model, v, k, beta=0.7, reference=REFERENCE):
    """How many of all spins differ between two kernels, on the same words."""
    seeds = range(model.replicas)
    ours = kernel.sweep(model, Chains(v), k, beta, Noise(seeds, "sweep"))
    theirs = reference.sweep(model, Chains(v), k, beta, Noise(seeds, "sweep"))
    return sum(int((one != other).sum()) for one, other in zip(ours, theirs, strict=True))
