"""The formulas beside the measured cost of an update are what is counted."""

import sys
from pathlib import Path

import pytest

from ebmbench import Binarize, Noise
from ebmbench_gibbs import CD, RBM, TorchKernel
from ebmbench_rapid import PID, RARBM

sys.path.append(str(Path(__file__).parents[2] / "reports/paper"))
from appendix_d import formula

KERNEL = TorchKernel(TorchKernel.Options())
V, H, K, BATCH = 144, 1000, 40, 100


@pytest.mark.parametrize("k", [0, 10])
def test_pids_formula_is_what_is_counted_where_patterns_stay_spins(k):
    options = RARBM.Options(hidden=H, patterns=K, binarize=Binarize(every="update"))
    model = RARBM(options, V, Noise([0], "init"))
    counted = PID(PID.Options(k=k), KERNEL).cost(model, BATCH).macs
    assert counted == formula("PID", {"V": V, "H": H, "K": K, "k": k, "batch": BATCH})


def test_cds_formula_is_what_is_counted():
    model = RBM(RBM.Options(hidden=H), V, Noise([0], "init"))
    counted = CD(CD.Options(k=10), KERNEL).cost(model, BATCH).macs
    assert counted == formula("CD", {"V": V, "H": H, "K": K, "k": 10, "batch": BATCH})
