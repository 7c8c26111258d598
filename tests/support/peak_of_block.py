"""How much memory training a block really takes: run in a process of its own, once per case.

python -m support.peak_of_block DATASET HIDDEN METHOD KERNEL REPLICAS prints the bytes as JSON.
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from ebmbench.interfaces.installed.registry import Entry, Registry
from ebmbench.numerics.threads import at_most
from ebmbench.plan.cell import Cell
from ebmbench.plan.plan import make_plan
from ebmbench.running.blocks.block import Block
from ebmbench.running.blocks.run_block import train_block
from ebmbench.running.memory import keep_freed_memory
from ebmbench.suite.overrides import Overrides
from ebmbench.suite.suite import read_suite
from support.wide import Wide

SUITE = """\
suite: memory
seeds: 1
datasets:
  bars4: {{name: bars, size: 4, split: published}}
  wide: {{name: wide, rows: {rows}}}
methods:
  CD-10:
    model: {{name: rbm, hidden: {hidden}}}
    sampler: {{name: cd, k: 10}}
    kernel: {kernel}
    optimizer: {{name: adam, lr: 0.001}}
    batch: {{size: {batch}}}
  PCD-10: {{extends: CD-10, sampler: {{name: pcd, k: 10, chains: {chains}}}}}
  RAPID:
    kernel: {kernel}
    model: {{name: ra-rbm, hidden: {hidden}, patterns: 8}}
    sampler: {{name: pid}}
    optimizer: {{name: sgd, lr: 0.02}}
    batch: {{size: {batch}}}
train: {{epochs: {epochs}}}
metrics: [{{name: hamming}}]
report: {{baseline: CD-10}}
"""
SMALL = {"epochs": 1, "hidden": 5, "chains": 7, "rows": 11, "batch": 2}
LARGE = {"chains": 2048, "rows": 401}
BATCH = {"bars4": 1, "wide": 200}
EPOCHS = {"bars4": 5, "wide": 20}  # some fifty updates: holes in memory come with time


def plan(folder, **sizes):
    registry = Registry.discover()
    registry.families["datasets"]["wide"] = Entry("datasets", Wide, "tests", "tests", "1")
    file = Path(folder) / "suite.yaml"
    file.write_text(SUITE.format(**sizes), encoding="utf-8")
    return make_plan(read_suite(file, registry, Overrides()), registry)


def train(recipe, replicas):
    """A block, as a worker would; nothing is measured on the way."""
    cells = tuple(Cell(replace(recipe, metrics=()), seed, str(seed)) for seed in range(replicas))
    train_block(Block(cells), lambda progress: None)


def recipe_of(plan, dataset, method):
    cells = (cell.recipe for cell in plan.cells)
    return next(r for r in cells if (r.dataset_name, r.method_name) == (dataset, method))


def status(line):
    """Bytes of a line of this process's account."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(each.split()[1]) for each in lines if each.startswith(line))


def hand_back_freed_memory():
    """What was freed is not to be taken for what is held, nor to be used again unseen."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc
    if trim is not None:
        gc.collect()
        trim(0)


def measure(dataset, hidden, method, kernel, replicas):
    """The peak above a process that has imported, planned and compiled everything."""
    keep_freed_memory()
    with tempfile.TemporaryDirectory() as folder, at_most(1):
        small = recipe_of(plan(folder, kernel=kernel, **SMALL), dataset, method)
        for few in (1, 2):  # one replica and several are compiled apart
            train(small, few)
        sizes = {"hidden": hidden, "batch": BATCH[dataset], "epochs": EPOCHS[dataset], **LARGE}
        large = plan(folder, kernel=kernel, **sizes)
        recipe = recipe_of(large, dataset, method)
        hand_back_freed_memory()
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        before = status("VmRSS")
        train(recipe, replicas)
        return {
            "measured": status("VmHWM") - before,
            "predicted": large.estimate(recipe).memory.of(replicas),
        }


if __name__ == "__main__":
    dataset, hidden, method, kernel, replicas = sys.argv[1:]
    print(json.dumps(measure(dataset, int(hidden), method, kernel, int(replicas))))
