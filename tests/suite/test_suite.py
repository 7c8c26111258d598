"""What a right suite means: extends, sweep, overrides, quick."""

import pytest

from ebmbench.errors import ConfigError
from ebmbench.training.schedule import epochs_of
from support.suites import SMALL, plan, read

EXTENDED = SMALL.replace(
    "train:",
    "  CD-5:\n    extends: CD-2\n    sampler: {k: 5}\n"
    "  Exact:\n    extends: CD-5\n    sampler: {name: exact}\ntrain:",
    1,
)
SWEPT = SMALL.replace("k: 2}", "k: 2}\n    sweep: {sampler.k: [1, 3], optimizer.lr: [0.1, 1e-2]}")


def test_a_method_may_extend_another_and_change_one_option(tmp_path):
    method = read(tmp_path, EXTENDED).methods["CD-5"]
    assert method.sampler.options.k == 5
    assert method.optimizer.lr == 0.01


def test_another_component_does_not_inherit_the_options_of_the_first(tmp_path):
    assert read(tmp_path, EXTENDED).methods["Exact"].sampler.name == "exact"


def test_a_sweep_is_a_grid_of_named_variants(tmp_path):
    methods = read(tmp_path, SWEPT.replace("baseline: CD-2", "baseline: RAPID")).methods
    assert list(methods) == [
        "RAPID",
        "CD-2[k=1,lr=0.1]",
        "CD-2[k=1,lr=0.01]",
        "CD-2[k=3,lr=0.1]",
        "CD-2[k=3,lr=0.01]",
    ]
    assert methods["CD-2[k=3,lr=0.01]"].sampler.options.k == 3


def test_a_method_does_not_inherit_the_sweep_of_the_one_it_extends(tmp_path):
    text = SWEPT.replace("train:", "  Exact: {extends: CD-2, sampler: {name: exact}}\ntrain:", 1)
    assert "Exact" in read(tmp_path, text.replace("baseline: CD-2", "baseline: RAPID")).methods


def test_only_takes_all_variants_of_a_swept_method(tmp_path):
    text = SWEPT.replace("baseline: CD-2", "baseline: RAPID")
    assert len(read(tmp_path, text, only=("CD-2",)).methods) == 4
    assert list(read(tmp_path, text, only=("CD-2[k=1,lr=0.1]",)).methods) == ["CD-2[k=1,lr=0.1]"]


def test_settings_of_the_command_line_reach_what_extends_the_method(tmp_path):
    suite = read(tmp_path, EXTENDED, settings=("methods.CD-2.optimizer.lr=0.5",))
    assert suite.methods["CD-5"].optimizer.lr == 0.5


def test_seeds_may_be_a_number_or_a_list(tmp_path):
    assert read(tmp_path, seeds="2").seeds == (0, 1)
    assert read(tmp_path, seeds="[3, 7]").seeds == (3, 7)


def test_quick_lays_the_suites_own_smaller_version_over_it(tmp_path):
    assert read(tmp_path, quick=True).spec.train.epochs == 1
    assert read(tmp_path, quick=True, epochs=2).spec.train.epochs == 2
    with pytest.raises(ConfigError, match="no smaller version"):
        read(tmp_path, SMALL.split("quick:")[0], quick=True)


def test_numbers_with_an_exponent_are_numbers(tmp_path):
    assert (
        read(tmp_path, SMALL.replace("lr: 0.02", "lr: 1e-5")).methods["RAPID"].optimizer.lr == 1e-5
    )


def test_yaml_anchors_work(tmp_path):
    text = SMALL.replace("{name: adam, lr: 0.01}", "&adam {name: adam, lr: 0.01}").replace(
        "train:", "  CD-3:\n    extends: CD-2\n    optimizer: {<<: *adam, lr: 0.3}\ntrain:", 1
    )
    assert read(tmp_path, text).methods["CD-3"].optimizer.lr == 0.3


def test_the_title_is_the_head_comments_first_paragraph(tmp_path):
    assert read(tmp_path).title == "A small suite for tests."


def test_a_cell_is_named_by_all_its_result_depends_on(tmp_path):
    ids = {cell.id for cell in plan(tmp_path).cells}
    assert len(ids) == 6
    assert {cell.id for cell in plan(tmp_path, seeds="4").cells} > ids
    changed = plan(tmp_path, settings=("methods.CD-2.sampler.k=3",)).cells
    assert {cell.id for cell in changed if cell.recipe.method_name == "RAPID"} < ids
    assert not {cell.id for cell in changed if cell.recipe.method_name == "CD-2"} & ids


def test_what_does_not_fit_one_of_several_datasets_is_skipped_with_the_reason(tmp_path):
    text = EXTENDED.replace("size: 3}", "size: 3}\n  bars5: {name: bars, size: 5}").replace(
        "hidden: 11}", "hidden: 31}"
    )
    planned = plan(tmp_path, text)
    skipped = [skip for skip in planned.skips if skip.what == "method"]
    assert [(skip.dataset, skip.method) for skip in skipped] == [("bars5", "Exact")]
    assert "too many units to enumerate" in skipped[0].reason
    assert len(planned.cells) == 3 * 7
    assert any(skip.what == "metric nll" for skip in planned.skips)


def test_a_metric_may_be_measured_in_two_ways_under_two_names(tmp_path):
    text = SMALL.replace(
        "samples: 7}", "samples: 7}\n  - {name: hamming, clamp: true, as: given-row}"
    )
    assert [each.name for each in read(tmp_path, text).metrics] == ["hamming", "given_row", "nll"]
    target = text.replace("metric: hamming.test", "metric: given_row.test")
    assert read(tmp_path, target).spec.report.target.metric == "given_row.test"


@pytest.mark.parametrize(
    ("written", "epochs"),
    [
        ("at: log", {0, 1, 2, 3}),
        ("at: {every: 2}", {0, 2, 3}),
        ("every: 2", {0, 2, 3}),
        ("at: {epochs: [1]}", {1, 3}),
        ("epochs: [1]", {1, 3}),
    ],
)
def test_a_metric_says_when_it_is_measured(written, epochs, tmp_path):
    text = SMALL.replace("samples: 7}", f"samples: 7, {written}}}")
    assert epochs_of(read(tmp_path, text).metrics[0].at, 3) == epochs
