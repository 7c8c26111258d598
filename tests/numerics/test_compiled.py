"""Compiled code gives the same bits whether it was compiled just now or taken from the cache."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import hashlib, torch
from ebmbench import Noise
from ebmbench_exact.enumeration import enumerate_states, ground_energy
from support.two_layer import TwoLayerModel

W = 0.3 * torch.randn(400, 7, 997, generator=torch.Generator().manual_seed(1))
model, noise = TwoLayerModel(W), Noise(range(400), "x")
found = enumerate_states(model)
numbers = [found.vh, found.log_z, ground_energy(model), noise.spins(W), noise.normal(3, 5)]
print([hashlib.sha256(each.contiguous().numpy().tobytes()).hexdigest() for each in numbers])
"""


@pytest.mark.soak  # everything is compiled anew
def test_fresh_and_cached_code_agree_to_the_last_bit(tmp_path):
    environment = {
        **os.environ,
        "NUMBA_CACHE_DIR": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    fresh, cached = (
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    )
    assert fresh == cached
    assert fresh.count(",") == 4
