"""Machine code of the kernels for chips that are not at hand, and what it takes of them.

Run as a program, in a process of its own and without TRITON_INTERPRET: the interpreter replaces
every kernel as it is defined. It compiles what the tuning table asks for on each chip, and prints
what came of it as JSON.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from ebmbench.numerics.philox import FEW
from ebmbench_cuda import half_step, pattern_step, persistent, states
from ebmbench_cuda.sweep import LARGEST_HIDDEN, Persistent, plan_of
from ebmbench_cuda.tuning import CHIPS, DEPTH

# The disassembler is called itself; cuobjdump would look for it on PATH.
BIN = Path(triton.__file__).parent / "backends" / "nvidia" / "bin"
INSTRUCTION = re.compile(r"/\*[0-9a-f]{4,}\*/\s+(?:@!?U?P\d+\s+)?([A-Z][A-Z0-9_]*)")
USAGE = re.compile(r"REG:(\d+) STACK:(\d+)")

STREAMS = {"keys": "*i64", "scale": "*fp32", "step": "*i64"}
HALF_STEP = {
    "spins": "*i8", "planes": "*i8", "bias": "*i32", **STREAMS, "turn": "i32", "out": "*i8",
    "rows": "i32", "sources": "i32", "targets": "i32",
}  # fmt: skip
DRAW_STEP = {
    "field": "*fp64", **STREAMS, "turn": "i32", "out": "*i8", "rows": "i32", "units": "i32",
    "targets": "i32",
}  # fmt: skip
OVERLAPS = {
    "spins": "*i8", "planes": "*i8", "out": "*fp32", "rows": "i32", "sources": "i32",
    "patterns": "i32",
}  # fmt: skip
PATTERN_STEP = {
    "overlaps": "*fp32", "numbers": "*fp32", **STREAMS, "turn": "i32", "out": "*i8", "rows": "i32",
    "K": "i32", "patterns": "i32", "targets": "i32",
}  # fmt: skip
SWEEP = {
    "v": "*i8", "out_h": "*i8", "to_hidden": "*i8", "hidden_bias": "*i32", "to_visible": "*i8",
    "visible_bias": "*i32", **STREAMS, "k": "i32", "rows": "i32",
}  # fmt: skip
WEIGHTS = {
    "planes": "*i8", "bias": "*i32", "own_bias": "*i32", "scale": "*fp32", "unit": "*fp64",
    "log_weight": "*fp64", "largest": "*i64", "units": "i32", "states": "i32", "targets": "i32",
    "padded": "i32",
}  # fmt: skip
MOMENTS = {
    "planes": "*i8", "bias": "*i32", "scale": "*fp32", "log_weight": "*fp64", "log_z": "*fp64",
    "sums": "*fp32", "units": "i32", "states": "i32", "share": "i32", "targets": "i32",
    "padded": "i32",
}  # fmt: skip


class Case(NamedTuple):
    """A kernel and what it is compiled for.

    Attributes:
        name: for people.
        kernel: what Triton compiles.
        types: argument -> Triton's name of its type.
        padded: arguments that are multiples of 16, as sizes with padding are.
        options: constants, and how to compile.
        draws: spins that a thread draws, where all code that draws is unrolled.
    """

    name: str
    kernel: Any
    types: dict[str, str]
    padded: tuple[str, ...]
    options: dict[str, Any]
    draws: int | None = None


class Code(NamedTuple):
    """What compiled code takes of a chip.

    Attributes:
        registers: per thread.
        stack: bytes per thread.
        shared: bytes of shared memory per program.
        instructions: how often each stands in the code.
    """

    registers: int
    stack: int
    shared: int
    instructions: Counter[str]


def cases(chip):
    """All kernels as the table has them for a chip."""
    tiles = CHIPS[chip].tiles
    yield half_step_case("half step, few_sources", tiles.few_sources, 3, in_halves=True)
    yield half_step_case("half step, few_targets", tiles.few_targets, 3)
    yield half_step_case("half step, many", tiles.many, 3)
    yield half_step_case("half step, many, 1 digit", tiles.many, 1)
    yield half_step_case("half step, many, own temperatures", tiles.many, 3, each=True)
    options = half_step.draw_options(in_halves=False, each=False)
    draws = options["ROWS"] * options["TARGETS"] // (32 * options["num_warps"])
    yield Case("draw step", half_step.draw_step, DRAW_STEP, ("targets",), options, draws)
    options = pattern_step.overlap_options(tiles.many, 3)
    padded = ("sources", "patterns")
    yield Case("overlaps", pattern_step.overlap_step, OVERLAPS, padded, options)
    for each in (False, True):
        options = pattern_step.sum_options(each)
        draws = options["ROWS"] * options["TARGETS"] // (32 * options["num_warps"])
        padded = ("patterns", "targets")
        name = f"pattern step{', own temperatures' if each else ''}"
        yield Case(name, pattern_step.pattern_step, PATTERN_STEP, padded, options, draws)
    yield persistent_case("persistent, 3 digits", chip, LARGEST_HIDDEN, 3)
    yield persistent_case("persistent, 1 digits", chip, LARGEST_HIDDEN, 1)
    yield persistent_case("persistent, few hidden", chip, FEW, 3)
    yield persistent_case("persistent, own temperatures", chip, LARGEST_HIDDEN, 3, each=True)
    options = states.options(CHIPS[chip].exact, 3)
    yield Case("log weights", states.log_weights, WEIGHTS, ("padded",), options)
    yield Case("moments", states.moments, MOMENTS, ("padded", "share"), options)


def half_step_case(name, tile, digits, in_halves=False, each=False):
    options = half_step.options(tile, digits, in_halves, each)
    draws = tile.rows * tile.targets // (32 * tile.warps)
    return Case(name, half_step.half_step, HALF_STEP, ("sources", "targets"), options, draws)


def persistent_case(name, chip, H, digits, each=False):
    plan = plan_of(CHIPS[chip], DEPTH, H, digits)
    assert isinstance(plan, Persistent)
    options = persistent.options(plan.small, plan.sizes[1], digits, plan.in_halves, each)
    return Case(name, persistent.sweep_small, SWEEP, (), options)


def compiled(case, capability):
    """Compile a kernel for a chip such as 90."""
    names = case.kernel.arg_names
    constants = {name: value for name, value in case.options.items() if name in names}
    aligned = [name for name, kind in case.types.items() if "*" in kind or name in case.padded]
    found = triton.compile(
        ASTSource(
            fn=case.kernel,
            signature={name: case.types.get(name, "constexpr") for name in names},
            constexprs=constants,
            attrs={(names.index(name),): [["tt.divisibility", 16]] for name in aligned},
        ),
        target=GPUTarget("cuda", capability, 32),
        options={name: value for name, value in case.options.items() if name not in names},
    )
    return inspected(found.asm["cubin"], found.metadata.shared)


def inspected(cubin, shared):
    """Take machine code apart."""
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(cubin)
        file.flush()
        usage = output_of("cuobjdump", "--dump-resource-usage", file.name)
        text = output_of("nvdisasm", "-c", file.name)
    registers, stack = map(int, USAGE.search(usage).groups())
    return Code(registers, stack, shared, Counter(INSTRUCTION.findall(text)))


def output_of(program, *arguments):
    ended = subprocess.run([BIN / program, *arguments], capture_output=True, text=True, check=True)
    return ended.stdout


def rows():
    """One dictionary for each kernel and chip."""
    for chip in ("sm_80", "sm_90"):
        for case in cases(chip):
            code = compiled(case, int(chip[3:]))
            yield {"chip": chip, "name": case.name, "draws": case.draws, **code._asdict()}


if __name__ == "__main__":
    json.dump(list(rows()), sys.stdout)
