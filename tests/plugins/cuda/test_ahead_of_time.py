"""The kernels as machine code for an A100 and an H100, compiled without either at hand.

pytest tests/plugins/cuda/test_ahead_of_time.py -s     shows the table.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ebmbench_cuda.tuning import CHIPS

pytest.importorskip("triton", reason="triton is not installed: pip install 'ebmbench[cuda]'")
pytestmark = pytest.mark.soak

PROGRAM = Path(__file__).with_name("ahead_of_time.py")
FMA_PER_DRAW = 7  # five of the polynomial, two of the comparison
DRAWING = ("half step", "pattern step", "persistent", "draw step")


@pytest.fixture(scope="module")
def kernels():
    """What came of every kernel on every chip."""
    environment = {name: each for name, each in os.environ.items() if name != "TRITON_INTERPRET"}
    ended = subprocess.run(
        [sys.executable, PROGRAM], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    print(table(found))
    return found


def table(kernels):
    """Registers, spills, shared memory and the matrix instructions, one line for each kernel."""
    lines = [
        f"\n{'chip':6} {'kernel':26} {'registers':>9} {'spills':>6} {'shared':>8}  instructions"
    ]
    for each in kernels:
        matrix = {name: n for name, n in each["instructions"].items() if "MMA" in name}
        shown = ", ".join(f"{name} {n}" for name, n in matrix.items())
        lines.append(
            f"{each['chip']:6} {each['name']:26} {each['registers']:9} {spills(each):6} "
            f"{each['shared']:8}  {shown}"
        )
    return "\n".join(lines)


def spills(kernel):
    """Loads and stores of registers that did not fit."""
    return kernel["instructions"].get("LDL", 0) + kernel["instructions"].get("STL", 0)


def name_of(kernel):
    return f"{kernel['name']} on {kernel['chip']}"


def test_no_register_spills(kernels):
    assert [name_of(each) for each in kernels if spills(each)] == []


def test_shared_memory_is_within_the_chips(kernels):
    large = [each for each in kernels if each["shared"] > CHIPS[each["chip"]].shared]
    assert [name_of(each) for each in large] == []


def test_fields_are_products_of_int8_on_tensor_cores(kernels):
    """16 chains of the persistent kernel are too few for Hopper's own instruction: 64 at least."""
    for each in kernels:
        if each["name"].startswith(("draw step", "pattern step")):  # fields or overlaps are given
            continue
        own = each["chip"] == "sm_90" and not each["name"].startswith("persistent")
        assert each["instructions"].get("IGMMA" if own else "IMMA"), name_of(each)


def test_moments_are_products_of_tf32_on_tensor_cores(kernels):
    for each in kernels:
        if each["name"] == "moments":
            name = "HGMMA" if each["chip"] == "sm_90" else "HMMA"
            assert each["instructions"].get(name), name_of(each)


def test_draws_are_rounded_where_the_formula_says(kernels):
    """No product and sum that the formula keeps apart is contracted to one instruction."""
    for each in kernels:
        if each["draws"]:
            assert each["instructions"]["FFMA"] == FMA_PER_DRAW * each["draws"], name_of(each)


def test_draws_use_no_approximate_functions(kernels):
    for each in kernels:
        if each["name"].startswith(DRAWING):
            assert "MUFU" not in each["instructions"], name_of(each)
