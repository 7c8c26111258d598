"""Names of values that nothing gives, and settings without effect: told, with place and remedy."""

import pytest

from ebmbench.errors import ConfigError
from ebmbench.interfaces.installed.registry import Registry
from support.command_line import ebmbench
from support.suites import SMALL, plan, read, write

SWEPT = SMALL.replace("k: 2}", "k: 2}\n    sweep: {sampler.k: [1, 3, 7]}")


def complaint(folder, text, **overrides):
    with pytest.raises(ConfigError) as caught:
        plan(folder, text, **overrides)
    return str(caught.value)


WHERE_VALUES_ARE_NAMED = {
    "columns": "report:\n  columns: [{}]",
    "margin": "report:\n  margin: {{{}: 0.01}}",
    "gates": "gates: {{{}: 5%}}\nreport:",
    "target": "report:\n  target: {{metric: {}, below: 0.3}}",
}


@pytest.mark.parametrize("where", WHERE_VALUES_ARE_NAMED)
@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        ("hamming", "Choose hamming.train or hamming.test."),
        ("hamming.tset", "Choose hamming.train or hamming.test."),
        ("haming.test", "Did you mean 'hamming.test'?"),
        ("nll", "Choose nll.train, nll.test or nll.log_z."),
    ],
)
def test_a_value_that_no_metric_gives_is_told(where, value, remedy, tmp_path):
    text = SMALL.replace("  target: {metric: hamming.test, below: 0.3}\n", "")
    said = complaint(tmp_path, text.replace("report:", WHERE_VALUES_ARE_NAMED[where].format(value)))
    assert f"no metric of the suite gives '{value}'. {remedy}" in said
    assert said.startswith(f"{tmp_path}/small.yaml:2")


@pytest.mark.parametrize(
    "metric",
    Registry.discover().families["metrics"].values(),
    ids=lambda entry: entry.component.name,
)
def test_every_metric_of_ours_names_its_values(metric):
    assert metric.component.parts is not None or "parts_with" in vars(metric.component)


MEANINGLESS = {
    "a target on the worse side": (
        "below: 0.3",
        "above: 0.3",
        "25:34: report.target.above: 'above' is the worse side of hamming.test, of which lower",
    ),
    "a target that all reach": ("below: 0.3", "below: 1.5", "report.target.below: always reached"),
    "a target that none reaches": ("below: 0.3", "below: 0", "report.target.below: never reached"),
    "a gate of 5 without per cent": (
        "report:",
        "gates: {hamming.test: 5}\nreport:",
        "gates.hamming.test: no loss exceeds 5: hamming.test is from 0 to 1. Did you mean 5%?",
    ),
    "a level to warn from without per cent": (
        "report:",
        "gates: {hamming.test: {warn: 2, fail: 5%}}\nreport:",
        "Did you mean 2%?",
    ),
    "a margin that all differences are within": (
        "  baseline",
        "  margin: {hamming.test: 1}\n  baseline",
        "report.margin.hamming.test: no two values differ by more than 1",
    ),
    "a gate where neither way is better": (
        "report:",
        "gates: {nll.log_z: 5%}\nreport:",
        "gates.nll.log_z: neither way is better",
    ),
    "an epoch past the end": (
        "at: {every: 2}",
        "epochs: [1, 4]",
        "metrics.1: epoch 4 is past the end, epoch 3",
    ),
    "a batch larger than the data": (
        "batch: {size: 2}",
        "batch: {size: 100}",
        "18:19: methods.CD-2.batch.size: 100 rows are more than there are to train on: bars3 has 4",
    ),
}


@pytest.mark.parametrize("case", MEANINGLESS)
def test_what_has_no_effect_is_told(case, tmp_path):
    old, new, says = MEANINGLESS[case]
    assert old in SMALL
    assert says in complaint(tmp_path, SMALL.replace(old, new, 1))


def test_a_target_that_every_method_skips_is_told(tmp_path):
    text = SMALL.replace("{name: nll, at: {every: 2}}", "{name: features}")
    text = text.replace("metric: hamming.test, below", "metric: features.test, above")
    said = complaint(tmp_path, text)
    assert "report.target.metric: every method skips 'features': the dataset has no labels" in said


def test_a_batch_larger_than_some_of_the_data_is_a_note(tmp_path):
    more = "bars3: {name: bars, size: 3}\n  coins: {name: coins, visible: 9}"
    text = SMALL.replace("bars3: {name: bars, size: 3}", more)
    (note,) = plan(tmp_path, text.replace("batch: {size: 2}", "batch: {size: 50}")).notes
    assert "methods.CD-2.batch.size: 50 rows are more than" in str(note)


def test_epochs_of_the_full_suite_may_lie_past_the_end_of_a_smaller_one(tmp_path):
    text = SMALL.replace("at: {every: 2}", "epochs: [3]")
    assert plan(tmp_path, text, quick=True).cells
    assert plan(tmp_path, text, epochs=2).cells


@pytest.mark.parametrize("setting", ["methods.CD-2.sampler.k=9", "methods.CD-2.sampler={k: 9}"])
def test_setting_an_option_that_is_swept_is_told(setting, tmp_path):
    said = complaint(tmp_path, SWEPT, settings=(setting,))
    assert "methods.CD-2.sampler.k: sampler.k is swept" in said
    assert "methods.CD-2.sweep={sampler.k: [...]}" in said


def test_a_sweep_itself_can_be_set(tmp_path):
    suite = read(tmp_path, SWEPT, settings=("methods.CD-2.sweep={sampler.k: [9]}",))
    assert [*suite.methods] == ["RAPID", "CD-2[k=9]"]


def test_a_sweep_that_is_not_taken_over_is_a_note(tmp_path):
    text = SWEPT.replace("train:", "  CD-5: {extends: CD-2}\ntrain:", 1)
    (note,) = read(tmp_path, text).notes
    assert "methods.CD-5.extends: 'CD-2' is swept, and its sweep is not taken over" in str(note)
    ended = ebmbench("validate", write(tmp_path, text))
    assert f"note: {note}" in ended.err
    given = text.replace("{extends: CD-2}", "{extends: CD-2, sampler: {k: 5}}")
    assert not read(tmp_path, given).notes


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ({}, ()),
        ({"quick": True}, ("quick", "epochs 1")),
        ({"only": ("CD-2",)}, ("only CD-2",)),
        ({"seeds": "2"}, ("seeds 2",)),
        ({"seeds": "[0, 1, 2, 3]"}, ()),
        ({"settings": ("seeds=[1]",)}, ("seeds [1]",)),
        ({"epochs": 2}, ("epochs 2",)),
        ({"epochs": 5}, ()),
    ],
)
def test_a_suite_knows_how_it_was_narrowed(overrides, says, tmp_path):
    assert read(tmp_path, SMALL, **overrides).narrowed == says


def test_the_size_of_a_plan_is_told_in_its_factors(tmp_path):
    text = SMALL.replace("bars3:", "coins: {name: coins, visible: 9}\n  bars3:")
    ended = ebmbench("validate", write(tmp_path, text))
    assert "valid, 12 cells: 2 datasets x 2 methods x 3 seeds, 0 skips" in ended.out, ended.err
