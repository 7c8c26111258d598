"""Pictures of metrics: what is stored beside a record, and what survives a kill."""

import json
import shutil
from pathlib import Path

import pytest
import torch

from ebmbench.interfaces.depiction import Curves, Images
from ebmbench.journal.documents import PictureAbout
from ebmbench.journal.journal import Journal
from ebmbench.journal.pictures import Pictures
from support.command_line import ebmbench
from support.suites import SMALL, write

R, N, P = 2, 5, 7
SHAPE = (2, 3)

PLUGIN = '''
import torch
from ebmbench import Curves, Images, Metric, Particles, Sampler, hookimpl

class Depicting(Metric):
    """A number, five images and a curve of each replica, for tests."""
    name = "depicting"
    def measure(self, view):
        R = view.model.replicas
        pixels = view.noise.uniform(5, 9) * 2 - 1
        marks = torch.arange(5).expand(R, 5) % 2
        x = torch.linspace(0, 1, 7)
        return {
            "": torch.ones(R),
            "grid": Images(pixels, (3, 3), marks, ("odd", "even")),
            "line": Curves(x, view.epoch + x.expand(R, 7), "x", "y"),
        }

class Awkward(Sampler):
    """A sampler that misbehaves in the way asked for, for tests."""
    def particles(self, model, batch, state, noise):
        return Particles(batch.v), state

class Breaking(Awkward):
    name = "breaking"
    def negative_phase(self, model, batch, state, noise):
        raise ArithmeticError("it does not add up")

class Exploding(Awkward):
    name = "exploding"
    def negative_phase(self, model, batch, state, noise):
        found = super().negative_phase(model, batch, state, noise)
        found.phase[0][0] = torch.inf
        return found

@hookimpl
def ebmbench_metrics():
    return [Depicting]

@hookimpl
def ebmbench_samplers():
    return [Breaking, Exploding]
'''
SUITE = SMALL.replace(
    "  - {name: hamming, samples: 7}", "  - {name: hamming, samples: 7}\n  - {name: depicting}"
)


@pytest.fixture(scope="module", autouse=True)
def _plugin(tmp_path_factory):
    """A plugin with a metric that depicts is installed."""
    site = tmp_path_factory.mktemp("site")
    info = site / "showing-1.0.dist-info"
    info.mkdir()
    (site / "showing.py").write_text(PLUGIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: showing\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[ebmbench]\nshowing = showing\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site)
        yield


@pytest.fixture(scope="module")
def finished(_plugin, tmp_path_factory):
    """The journal of a finished run."""
    return run(tmp_path_factory.mktemp("finished"))


@pytest.fixture
def copy(finished, tmp_path):
    """A copy of it to be changed."""
    return Journal(shutil.copytree(finished.folder, tmp_path / "small"))


def run(folder, text=SUITE, *arguments):
    file = write(folder, text)
    ended = ebmbench("run", file, "--runs", folder, "--jobs", 0, "--json", *arguments)
    assert ended.out, ended.err
    return Journal(folder / "small")


def by_method(journal):
    records = journal.read(journal.read_run().cells)
    return {(r.method, r.seed): r for r in records}


def with_sampler(name):
    return SUITE.replace(
        "train:", f"  Odd: {{extends: CD-2, sampler: {{name: {name}}}}}\ntrain:", 1
    )


def test_images_and_curves_lie_beside_the_record_that_speaks_of_them(finished):
    record = by_method(finished)["CD-2", 1]
    epochs = (0, 1, 2, 3)
    assert record.pictures == {
        "depicting.grid": PictureAbout(kind="images", legend=("odd", "even"), epochs=epochs),
        "depicting.line": PictureAbout(kind="curves", x_label="x", y_label="y", epochs=epochs),
    }
    arrays = finished.pictures(record.id)
    assert len(arrays) == len(epochs) * 4
    assert arrays["depicting.grid@3/pixels"].shape == (5, 3, 3)
    assert arrays["depicting.line@2/y"].tolist() == pytest.approx(
        (2 + torch.linspace(0, 1, 7)).tolist()
    )
    assert record.curves["depicting"].value == (1.0,) * 4


def test_a_replicas_pictures_are_its_own_whoever_shares_its_block(finished, tmp_path):
    alone = run(tmp_path, SUITE, "--seeds", "[2]")
    mine, same = (by_method(j)["CD-2", 2].id for j in (finished, alone))
    assert mine == same
    for name, array in finished.pictures(mine).items():
        assert torch.equal(array, alone.pictures(same)[name])


def test_a_replica_that_diverged_has_no_pictures_and_the_others_have(tmp_path):
    journal = run(tmp_path, with_sampler("exploding"))
    records = by_method(journal)
    assert records["Odd", 0].status == "diverged"
    assert records["Odd", 0].pictures == {}
    assert journal.pictures(records["Odd", 0].id) == {}
    assert records["Odd", 1].status == "done"
    assert journal.pictures(records["Odd", 1].id)


def test_a_cell_that_failed_has_no_pictures(tmp_path):
    journal = run(tmp_path, with_sampler("breaking"))
    record = by_method(journal)["Odd", 0]
    assert (record.status, record.pictures) == ("failed", {})
    assert journal.pictures(record.id) == {}


def test_pictures_are_written_before_the_record(tmp_path, monkeypatch):
    """A kill between the two leaves pictures without a record: the cell runs again."""

    def killed(self, record):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "write", killed)
        file = write(tmp_path, SUITE)
        ended = ebmbench("run", file, "--runs", tmp_path, "--jobs", 0)
    assert ended.code == 130
    left = sorted(path.suffix for path in (tmp_path / "small/cells").iterdir())
    assert left == [".safetensors"]
    journal = run(tmp_path)
    assert all(journal.pictures(r.id) for r in by_method(journal).values())


def test_the_report_draws_them(finished):
    page = (finished.report / "README.md").read_text("utf-8")
    for name in ("bars3-depicting.grid.png", "bars3-depicting.line.png"):
        assert f"]({name})" in page
        assert (finished.report / name).is_file()
    assert "depicting.grid on bars3 after 3 epochs, seed 0" in page


def test_a_record_that_says_nothing_of_pictures_is_read(copy):
    for file in copy.cells.glob("*.json"):
        record = json.loads(file.read_text())
        del record["pictures"]
        file.write_text(json.dumps(record))
    assert ebmbench("report", copy.folder).code == 0
    assert "depicting.grid" not in (copy.report / "README.md").read_text("utf-8")


def test_a_report_without_the_arrays_leaves_the_pictures_out(copy):
    for file in copy.cells.glob("*.safetensors"):
        file.unlink()
    assert ebmbench("report", copy.folder).code == 0
    assert "depicting.grid" not in (copy.report / "README.md").read_text("utf-8")


def test_export_knows_no_pictures(finished):
    lines = ebmbench("export", finished.folder).out.splitlines()
    assert {json.loads(line)["metric"] for line in lines} >= {"depicting"}
    assert not any("grid" in line for line in lines)


def test_pixels_are_kept_to_a_127th():
    pixels = torch.linspace(-1, 1, R * N * 6).reshape(R, N, 6)
    arrays, about = Pictures.of({"m": {11: Images(pixels, SHAPE)}}, 1)
    assert list(arrays) == ["m@11/pixels"]
    kept = arrays["m@11/pixels"]
    assert kept.dtype == torch.int8
    assert kept.shape == (N, *SHAPE)
    assert (kept.reshape(N, 6) / 127 - pixels[1]).abs().max() <= 0.5 / 127 + 1e-6
    assert about == {"m": PictureAbout(kind="images", epochs=(11,))}


def test_a_curve_keeps_its_replicas_y():
    x, y = torch.arange(P), torch.arange(R * P).reshape(R, P).double()
    arrays, _ = Pictures.of({"m": {3: Curves(x, y)}}, 1)
    assert torch.equal(arrays["m@3/y"], y[1].float())
    assert torch.equal(arrays["m@3/x"], x.float())


def test_a_cell_without_pictures_has_no_file(tmp_path):
    journal = Journal(tmp_path)
    journal.write_pictures("cell", Pictures({}, {}))
    assert not list(Path(tmp_path).rglob("*.safetensors"))
    assert journal.pictures("cell") == {}
