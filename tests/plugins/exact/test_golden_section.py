import torch

from ebmbench_exact.golden_section import SHARE, golden_section


def test_it_closes_in_on_the_minimum_of_each_replica():
    target = torch.tensor([-1.9, 0.0, 0.7, 3.0]).double()
    asked = []

    def function(x):
        asked.append(x)
        return (x - target).abs()

    low, high = torch.full((4,), -2.0).double(), torch.full((4,), 3.0).double()
    found = golden_section(function, low, high, turns=11)
    assert len(asked) == 13
    assert ((found.at - target).abs() <= 5 * SHARE**12 + 1e-12).all()
    assert torch.equal(found.value, (found.at - target).abs())
