"""What is counted while torch and kernels work."""

import pytest
import torch

from ebmbench import Chains, Cost, Noise, product_cost
from ebmbench.checks.failure import Failed
from ebmbench.checks.oracle.reference import ReferenceKernel
from ebmbench.checks.work import Work, require_counted
from support.two_layer import random_model, random_spins

R, N, V, H = 2, 7, 5, 3
KERNEL = ReferenceKernel(ReferenceKernel.Options())


def work_of(does):
    with Work() as work:
        does()
    return work.done


@pytest.mark.parametrize(
    "product",
    [
        lambda v, W: v @ W,
        lambda v, W: torch.bmm(v, W),
        lambda v, W: torch.einsum("rnv,rvh->rnh", v, W),
        lambda v, W: torch.baddbmm(torch.zeros(1), v, W),
    ],
)
def test_a_product_of_all_replicas_is_what_product_cost_says(product):
    v, W = torch.ones(R, N, V), torch.ones(R, V, H)
    done, expected = work_of(lambda: product(v, W)), R * product_cost(N, V, H)
    assert done.macs == expected.macs
    assert expected.bytes <= done.bytes <= expected.bytes + 4  # with what is added to


def test_products_with_a_vector_and_those_of_autograd_are_counted():
    W, v = torch.ones(V, H), torch.ones(H)
    assert work_of(lambda: W @ v).macs == V * H
    assert work_of(lambda: torch.dot(v, v)).macs == H
    leaf = torch.ones(N, V, requires_grad=True)
    assert work_of(lambda: (leaf @ W).sum().backward()).macs == 2 * N * V * H


def test_what_is_done_element_by_element_is_not_counted():
    v = torch.ones(R, N, V)
    assert work_of(lambda: torch.tanh(v * v + v).sum(-1)) == Cost()


@pytest.mark.parametrize("how", ["sweep", "run_chains"])
def test_a_sweep_is_what_the_kernel_counts_and_counts_once(how):
    model, work = random_model(V, H, R), Work()
    kernel, chains = work.counted(KERNEL), Chains(random_spins(R, N, V))
    with work:
        ended = getattr(kernel, how)(model, chains, 3, 1.0, Noise(range(R), "x"))
    expected = R * KERNEL.sweep_cost(model, N, 3)
    assert work.done[:3] == expected[:3]
    assert torch.equal(ended.v, KERNEL.sweep(model, chains, 3, 1.0, Noise(range(R), "x")).v)
    assert kernel.remembers == KERNEL.remembers
    assert work.counted(None) is None


def test_a_third_of_what_is_done_must_be_counted():
    done = Cost(macs=300, bytes=600)
    require_counted(Cost(macs=100, bytes=200), done, "cost() counts")
    with pytest.raises(Failed, match=r"cost\(\) counts 99 multiply-adds .* 300"):
        require_counted(Cost(macs=99, bytes=200), done, "cost() counts")
    with pytest.raises(Failed, match="199 bytes"):
        require_counted(Cost(macs=100, bytes=199), done, "cost() counts")
