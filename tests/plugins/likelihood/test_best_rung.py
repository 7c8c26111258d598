import torch

from ebmbench_likelihood.best_rung import best_rung


def test_the_best_rung_is_near_the_lowest_of_all():
    rungs = torch.arange(1, 1010).double()
    F = torch.stack([(rungs.log() - target) ** 2 for target in (0.0, 3.1, 5.7, 9.0)])
    log_z = torch.zeros_like(F)
    best = best_rung(log_z, lambda index: F.gather(1, index))
    assert torch.equal(best.nll, F.gather(1, best.rung).squeeze(1))
    assert (best.nll - F.amin(1) < 1e-3).all()


def test_rungs_whose_log_z_is_not_known_are_passed_over():
    rungs = torch.arange(1, 102).double()
    log_z = torch.where(rungs > 11, torch.nan, 0.0).repeat(2, 1)
    log_z[1] = torch.nan
    best = best_rung(log_z, lambda index: -rungs.repeat(2, 1).gather(1, index))
    assert best.rung[0].item() == 10
    assert torch.equal(best.nll, torch.tensor([-11.0, torch.inf]).double())
