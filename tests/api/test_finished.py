"""A run that is there: columns, report, comparison, trained models and samples from them."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

import ebmbench
from support.command_line import ebmbench as command
from support.suites import SMALL


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("python")
    return ebmbench.run(SMALL, keep="parameters", runs=folder / "runs", jobs=0, progress=False)


def test_it_is_found_by_its_folder_and_by_its_suites_name(finished):
    by_name = ebmbench.open_run("small", runs=finished.folder.parent)
    assert by_name.records == ebmbench.open_run(finished.folder).records == finished.records
    with pytest.raises(ebmbench.ConfigError, match="There are: small"):
        ebmbench.open_run("smal", runs=finished.folder.parent)


def test_values_are_columns_of_one_length(finished):
    values = finished.values()
    names = ["dataset", "method", "seed", "metric", "epoch", "update", "seconds", "value"]
    assert list(values) == names
    lines = command("export", finished.folder).out.splitlines()
    rows = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    assert rows == list(map(json.loads, lines))


def test_costs_have_a_row_per_method(finished):
    costs = finished.costs()
    assert costs["method"] == ["RAPID", "CD-2"]
    assert all(len(column) == 2 for column in costs.values())


def test_a_notebook_shows_the_report_with_its_pictures(finished):
    assert finished._repr_markdown_().startswith("# small")
    page = finished.report()._repr_html_()
    assert "<table>" in page
    assert 'src="data:image/png;base64,' in page
    assert 'src="bars3' not in page


def test_a_run_is_held_against_another_or_a_baseline(finished, tmp_path):
    file = tmp_path / "small.jsonl"
    assert command("baseline", finished.folder, "-o", file).code == 0
    for base in (finished, finished.folder, file):
        compared = finished.compare(base)
        assert compared.exit_code() == 0
        assert {each.comparison.verdict for each in compared.compared.matched} == {"equivalent"}
        assert "hamming.test" in compared._repr_markdown_()
        assert "<table>" in compared._repr_html_()


def test_a_model_is_what_it_was_at_the_end(finished):
    """Its likelihood is the one that was measured after the last epoch."""
    for method in ("RAPID", "CD-2"):
        for seed in range(3):
            model = finished.model(method, seed)
            record = next(r for r in finished.records if (r.method, r.seed) == (method, seed))
            pairs = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * model.visible)
            log_z = torch.logsumexp(-model.free_energy(pairs.unsqueeze(0)).double(), -1)
            assert log_z.item() == pytest.approx(record.curves["nll.log_z"].last, rel=1e-5)


def test_samples_follow_the_models_distribution(finished):
    model = finished.model("CD-2", seed=1)
    v, h = ebmbench.sample(model, n=20_000, steps=30, seed=5)
    assert (v.shape, h.shape) == ((1, 20_000, 9), (1, 20_000, 11))
    states = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * 9)
    p = torch.softmax(-model.free_energy(states.unsqueeze(0)).double(), -1)[0]
    index = ((v[0] > 0).long() * 2 ** torch.arange(8, -1, -1)).sum(-1)
    seen = torch.bincount(index, minlength=512) / 20_000
    expected = (p * (1 - p) / 20_000).sqrt().sum() * np.sqrt(2 / np.pi)
    assert (seen - p).abs().sum() < 1.3 * expected
    assert torch.equal(ebmbench.sample(model, n=20_000, steps=30, seed=5).v, v)


def test_the_command_draws_the_same_samples(finished, tmp_path):
    file = tmp_path / "samples.npz"
    options = ("--method", "CD-2", "--seed", 1, "-n", 7, "--steps", 30, "--draw", 5, "-o", file)
    ended = command("sample", finished.folder, *options)
    assert ended.code == 0, ended.err
    drawn = np.load(file, allow_pickle=False)
    expected = ebmbench.sample(finished.model("CD-2", 1), n=7, steps=30, seed=5)
    assert np.array_equal(drawn["v"], expected.v[0].numpy())
    assert drawn["v"].dtype == drawn["h"].dtype == np.int8


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--method", "CD-3"], "method: no such method: 'CD-3'. Did you mean 'CD-2'?"),
        (["--method", "CD-2", "--seed", 9], "CD-2 has no seed 9. There are: 0, 1, 2."),
        (["--method", "CD-2", "--dataset", "bars4"], "no such dataset: 'bars4'"),
    ],
)
def test_what_is_not_there_cannot_be_sampled_from(options, says, finished, tmp_path):
    ended = command("sample", finished.folder, *options, "-o", tmp_path / "samples.npz")
    assert ended.code == 2
    assert says in ended.err
    assert "Traceback" not in ended.err


def test_parameters_that_were_not_kept_are_told_and_made_when_asked_for(tmp_path):
    def run(keep):
        return ebmbench.run(
            SMALL, seeds=1, quick=True, keep=keep, runs=tmp_path, jobs=0, progress=False
        )

    without = run(None)
    with pytest.raises(ebmbench.ConfigError, match="were not kept"):
        without.model("CD-2")
    kept = run("parameters")
    assert kept.document.cells == without.document.cells  # not another result
    assert kept.values()["value"] == without.values()["value"]
    assert kept.model("CD-2").replicas == 1
    files = {file: file.stat().st_mtime_ns for file in kept.folder.glob("cells/*")}
    run("parameters")
    assert files == {file: file.stat().st_mtime_ns for file in kept.folder.glob("cells/*")}


def test_parameters_are_kept_again_after_a_forced_run_that_kept_none(tmp_path):
    def run(keep, force=False):
        return ebmbench.run(
            SMALL, seeds=1, quick=True, keep=keep, runs=tmp_path, jobs=0, force=force,
            progress=False,
        )  # fmt: skip

    kept = run("parameters").model("CD-2")
    without = run(None, force=True)
    assert not list(without.folder.glob("cells/*.parameters.safetensors"))
    with pytest.raises(ebmbench.ConfigError, match="were not kept"):
        without.model("CD-2")
    assert torch.equal(run("parameters").model("CD-2").W, kept.W)


def test_parameters_whose_record_knows_no_model_are_made_again(tmp_path):
    def run():
        return ebmbench.run(
            SMALL, seeds=1, quick=True, keep="parameters", runs=tmp_path, jobs=0, progress=False
        )

    kept = run()
    for record in kept.records:  # the files of parameters stay
        kept.journal.write(record.model_copy(update={"model": None}))
    assert run().model("CD-2").replicas == 1


def test_a_broken_file_of_parameters_is_told(tmp_path):
    run = ebmbench.run(
        SMALL, seeds=1, quick=True, keep="parameters", runs=tmp_path, jobs=0, progress=False
    )
    (first, *_) = sorted(run.folder.glob("cells/*CD-2*.parameters.safetensors"))
    first.write_bytes(first.read_bytes()[:100])
    with pytest.raises(ebmbench.ConfigError, match="not the arrays of a cell") as error:
        run.model("CD-2")
    assert str(first) in str(error.value)


def test_the_parameters_of_another_cell_are_refused(tmp_path):
    run = ebmbench.run(
        SMALL, seeds=2, quick=True, keep="parameters", runs=tmp_path, jobs=0, progress=False
    )
    first, second = sorted(run.folder.glob("cells/*CD-2*.parameters.safetensors"))
    first.write_bytes(second.read_bytes())
    with pytest.raises(ebmbench.ConfigError, match="holds the arrays of another cell"):
        run.model("CD-2", 0)
    assert run.model("CD-2", 1).replicas == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"n": 0}, "n: 0 is not a whole number from 1 on"),
        ({"n": 1.5}, "n: 1.5 is not"),
        ({"steps": 0}, "steps: 0 is not"),
        ({"seed": -1}, "seed: -1 is not"),
        ({"seed": 2**70}, "below 2^63"),
        ({"n": 10**12}, "n: no memory for 1000000000000 chains. Draw fewer"),
    ],
)
def test_what_cannot_be_drawn_is_told(options, says, finished):
    with pytest.raises(ebmbench.ConfigError) as error:
        ebmbench.sample(finished.model("CD-2"), **{"n": 3, "steps": 2, **options})
    assert says in str(error.value)


def test_samples_do_not_go_into_a_folder(finished, tmp_path):
    ended = command("sample", finished.folder, "--method", "CD-2", "-n", 3, "-o", tmp_path)
    assert (ended.code, "is a folder" in ended.err) == (2, True)


def test_a_model_of_another_version_is_refused(finished, monkeypatch):
    model = finished.model("CD-2")
    monkeypatch.setattr(type(model), "version", "77")
    with pytest.raises(ebmbench.ConfigError, match="with version 1 of the model 'rbm'"):
        finished.model("CD-2")
