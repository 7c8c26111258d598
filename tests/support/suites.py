"""A small suite for tests, and what else a test needs of suites."""

from __future__ import annotations

from pathlib import Path

from ebmbench.interfaces.installed.registry import Registry
from ebmbench.plan.plan import make_plan
from ebmbench.suite.overrides import Overrides
from ebmbench.suite.suite import read_suite

SMALL = """\
# A small suite for tests.
#
# Takes a second.
suite: small
seeds: 3
datasets:
  bars3: {name: bars, size: 3}
methods:
  RAPID:
    model: {name: ra-rbm, hidden: 11, patterns: 3}
    sampler: {name: pid}
    optimizer: {name: sgd, lr: 0.02}
    batch: {size: 2, last: fixed}
  CD-2:
    model: {name: rbm, hidden: 11}
    sampler: {name: cd, k: 2}
    optimizer: {name: adam, lr: 0.01}
    batch: {size: 2}
train: {epochs: 3}
metrics:
  - {name: hamming, samples: 7}
  - {name: nll, at: {every: 2}}
report:
  baseline: CD-2
  target: {metric: hamming.test, below: 0.3}
quick:
  train: {epochs: 1}
"""


def write(folder: Path, text: str = SMALL, name: str = "small.yaml") -> Path:
    """The text as a file."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def read(folder: Path, text: str = SMALL, **overrides):
    """The suite of this text."""
    return read_suite(write(folder, text), Registry.discover(), Overrides(**overrides))


def plan(folder: Path, text: str = SMALL, **overrides):
    """The plan of this text."""
    return make_plan(read(folder, text, **overrides), Registry.discover())
