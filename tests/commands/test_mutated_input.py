"""Whatever stands in a file, it is understood, or told with its place; a hundred of each kind.

With ``-m soak`` it is thousands.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ebmbench import ConfigError, DataError, Noise
from ebmbench.api.planning import planned
from ebmbench.compare.baseline_file import read_baseline
from ebmbench.journal import checkpoints
from ebmbench.journal.checkpoints import Checkpoints
from ebmbench.journal.stored import UnreadableError, read_record, write_document
from ebmbench.suite.overrides import Overrides
from ebmbench_data import NPZ, Text
from support import journal_example
from support.spoiled import VALUES, places
from support.suites import SMALL

ROOT = Path(__file__).parents[2]
BITS = np.random.default_rng(0).integers(0, 2, (7, 5))
WORDS = ["cd", "pcd", "rbm", "bars", "nll", "auto", "epochs", "every", "CD-2", "bars3", "name"]
HOSTILE = VALUES | st.sampled_from([*WORDS, 10**9, 1e300, -0.0, "1e3", "0x10", "!!python/x", "*a"])


def mutations(few, many):
    """Twice the same test: as many examples as an ordinary run has time for, and thousands."""

    def both(test):
        def marked(count, name, *marks):
            chosen = settings(
                max_examples=count,
                deadline=None,
                derandomize=True,
                suppress_health_check=[*HealthCheck],
            )
            return pytest.param(chosen(given(data=st.data())(test)), id=name, marks=marks)

        @pytest.mark.parametrize(
            "look", [marked(few, "few"), marked(many, "many", pytest.mark.soak, pytest.mark.long)]
        )
        def looked(look, tmp_path_factory):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                look(tmp_path_factory.mktemp("mutated"))

        looked.__doc__ = test.__doc__
        return looked

    return both


def told(error):
    """Check that an error says place and problem."""
    assert error.problems
    for problem in error.problems:
        assert problem.place
        assert problem.problem
        assert "Traceback" not in str(problem)


@st.composite
def changed(draw, document):
    """A document with up to three of its values changed, gone, misspelt or doubled."""
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(sorted(places(document), key=str)))
        if not path:
            continue
        document = yaml.safe_load(yaml.safe_dump(document))
        holder = document
        for key in path[:-1]:
            holder = holder[key]
        kind = draw(st.sampled_from(["value", "gone", "misspelt", "more"]))
        if kind == "value":
            holder[path[-1]] = draw(HOSTILE)
        elif kind == "gone":
            del holder[path[-1]]
        elif isinstance(holder, dict):
            held = holder[path[-1]] if kind == "more" else holder.pop(path[-1])
            holder[f"{path[-1]}{draw(st.sampled_from(['x', ' ', '-2', '?']))}"] = held
        else:
            holder.append(draw(HOSTILE))
    return document


@st.composite
def edited(draw, content):
    """Bytes with up to three edits: cut, changed, doubled, or with something put in."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        stop = min(len(content), at + draw(st.integers(0, 40)))
        put = draw(st.binary(max_size=6) | st.sampled_from([b"\0", b"\n", b"{", b": ", b"nan"]))
        kind = draw(st.sampled_from(["cut", "changed", "doubled", "put", "short"]))
        content = {
            "cut": content[:at] + content[stop:],
            "changed": content[:at] + put + content[at + len(put) :],
            "doubled": content[:stop] + content[at:],
            "put": content[:at] + put + content[at:],
            "short": content[:at],
        }[kind]
    return content


SUITES = [SMALL, (ROOT / "suites/smoke.yaml").read_text()]
TREES = [yaml.safe_load(text) for text in SUITES]
AS_DATA = (
    st.sampled_from(TREES)
    .flatmap(changed)
    .map(lambda tree: yaml.safe_dump(tree, allow_unicode=True))
)
AS_TEXT = (
    st.sampled_from(SUITES)
    .map(str.encode)
    .flatmap(edited)
    .map(lambda content: content.decode("utf-8", errors="replace") + "\n")
)


@mutations(100, 3000)
def test_a_suite_is_planned_or_told(folder, data):
    text = data.draw(AS_DATA | AS_TEXT)
    try:
        planned(f"# a suite\n{text}", Overrides())
    except ConfigError as error:
        told(error)


@mutations(100, 3000)
def test_a_baseline_is_read_or_told(folder, data):
    file = folder / "baseline.jsonl"
    file.write_bytes(data.draw(edited((ROOT / "baselines/smoke.jsonl").read_bytes())))
    try:
        read_baseline(file)
    except ConfigError as error:
        told(error)


@mutations(100, 3000)
def test_a_record_is_read_or_told(folder, data):
    record = journal_example.records()[0]
    file = folder / f"{record.id}.json"
    write_document(file, record)
    file.write_bytes(data.draw(edited(file.read_bytes())))
    try:
        read_record(file)
    except UnreadableError as error:
        told(error)


@mutations(100, 3000)
def test_a_checkpoint_is_read_or_told(folder, data):
    import torch

    kept = Checkpoints(folder)
    kept.write(["a"], (1, 3), ([["tensor", "0"]], {"0": torch.ones(3)}))
    (file,) = kept.files()
    file.write_bytes(data.draw(edited(file.read_bytes())))
    try:
        kept.tensors(checkpoints.read(file))
    except UnreadableError as error:
        told(error)


def npz(folder):
    np.savez(folder / "own.npz", train=BITS, test=BITS[:3], train_labels=np.arange(7) % 3)
    return NPZ, folder / "own.npz"


def table(folder):
    rows = "\n".join(",".join(map(str, row)) for row in BITS)
    (folder / "own.csv").write_text(f"a,b,c,d,e\n{rows}\n")
    return Text, folder / "own.csv"


@mutations(100, 2000)
def test_a_data_file_is_loaded_or_told(folder, data):
    dataset, file = data.draw(st.sampled_from([npz, table]))(folder)
    file.write_bytes(data.draw(edited(file.read_bytes())))
    try:
        dataset(dataset.Options(file=str(file))).load(Noise([0], "data"))
    except (DataError, ConfigError) as error:
        said = str(error)
    else:
        return
    assert str(file) in said
