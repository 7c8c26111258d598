"""What is laid over a suite: names of any spelling are reached, and what has no effect is told."""

import pytest

from ebmbench.errors import ConfigError
from support.command_line import ebmbench
from support.suites import SMALL, read, write

NAMES = ["PCD-0", "PCD-0.5", "PCD-0.5.5", "a=b", "a=b.c", "a b"]
NAMED = SMALL.replace(
    "train:", "".join(f"  '{name}': {{extends: CD-2}}\n" for name in NAMES) + "train:", 1
)
SWEPT = SMALL.replace("k: 2}", "k: 2}\n    sweep: {sampler.k: [1, 3]}", 1)


def complaint(folder, text=SMALL, **overrides):
    with pytest.raises(ConfigError) as caught:
        read(folder, text, **overrides)
    return str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_holds_dots_or_equals_signs_is_reached_as_a_whole(name, tmp_path):
    path = f"methods.{name}.sampler.k"
    for overrides in ({"settings": (f"{path}=5",)}, {"changes": ((path, "5"),)}):
        methods = read(tmp_path, NAMED, **overrides).methods
        changed = [
            each for each in methods.values() if getattr(each.sampler.options, "k", None) == 5
        ]
        assert [each.name for each in changed] == [name]


def test_a_value_may_hold_equals_signs_and_dots(tmp_path):
    suite = read(tmp_path, settings=("report.deviations=[a=b.c]",))
    assert suite.spec.report.deviations == ["a=b.c"]


@pytest.mark.parametrize("value", ["methods.CD-2[k=1].sampler.k=5", "methods.CD-2[k=1]={}"])
def test_a_variant_of_a_sweep_is_not_set(value, tmp_path):
    said = complaint(tmp_path, SWEPT, settings=(value,))
    assert f"--set {value}: methods.CD-2: 'CD-2[k=1]' is a variant, which the sweep" in said
    assert "Set the sweep, methods.CD-2.sweep={sampler.k: [...]}" in said


def test_a_variant_that_is_none_is_told(tmp_path):
    said = complaint(tmp_path, settings=("methods.CD-2[k=1].sampler.k=5",))
    assert "no such method: 'CD-2[k=1]'. Did you mean 'CD-2'?" in said


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        (
            "methods.CDD-2.sampler.k=5",
            "methods.CDD-2: no such method: 'CDD-2'. Did you mean 'CD-2'?",
        ),
        (
            "datasets.bars4.size=4",
            "datasets.bars4: no such dataset: 'bars4'. Did you mean 'bars3'?",
        ),
        ("methods={}", "methods: an empty mapping changes nothing"),
        ("methods.CD-2.sampler={}", "methods.CD-2.sampler: an empty mapping changes nothing"),
        ("quick.train.epochs=2", "quick: has no effect. Set what it changes, as train.epochs."),
    ],
)
def test_a_setting_without_effect_is_told(setting, says, tmp_path):
    assert complaint(tmp_path, settings=(setting,)).startswith(f"--set {setting}: {says}")


def test_a_method_may_be_added(tmp_path):
    added = "methods.New={extends: CD-2, sampler: {k: 7}}"
    assert read(tmp_path, settings=(added,)).methods["New"].sampler.options.k == 7


K = "methods.CD-2.sampler.k=5"


@pytest.mark.parametrize(
    ("overrides", "both"),
    [
        ({"settings": ("train.epochs=3",), "epochs": 1}, ("--set train.epochs=3", "--epochs")),
        ({"settings": ("seeds=5",), "seeds": "3"}, ("--set seeds=5", "--seeds")),
        ({"settings": ("keep=nothing",), "keep": "parameters"}, ("--set keep=nothing", "--keep")),
        ({"settings": (K, "methods.CD-2.sampler={k: 7}")}, (K, "methods.CD-2.sampler={k: 7}")),
        ({"settings": (K, "methods.CD-2.sampler.name=exact")}, (K, "sampler.name=exact")),
        ({"changes": (("seeds", "[1]"),), "seeds": "[2]"}, ("set seeds", "--seeds")),
    ],
)
def test_what_is_set_twice_is_told_with_both_places(overrides, both, tmp_path):
    first, other = both
    said = complaint(tmp_path, **overrides)
    assert first in said.split(": has no effect beside ")[0]
    assert other in said.split(": has no effect beside ")[1]


def test_what_is_set_twice_to_the_same_value_is_fine(tmp_path):
    assert read(tmp_path, settings=("seeds=2", K, K), seeds="2").seeds == (0, 1)


QUICK = "quick:\n  train: {epochs: 1}\n"


@pytest.mark.parametrize(
    ("quick", "says"),
    [
        (
            "{methods: {CDD-2: {model: {hidden: 4}}}}",
            "small.yaml:26:26: quick.methods.CDD-2: with --quick: no such method: 'CDD-2'. Did you",
        ),
        (
            "{datasets: {bars4: {size: 4}}}",
            "small.yaml:26:27: quick.datasets.bars4: with --quick: no such dataset: 'bars4'. Did",
        ),
        (
            "{metrics: [{name: nll}]}",
            "small.yaml:25:20: report.target.metric: with --quick: no metric of the suite gives",
        ),
        (
            "{sedes: 4}",
            "small.yaml:26:9: sedes: with --quick: no such option. Did you mean 'seeds'?",
        ),
        ("{methods: {CD-2: {}}}", "quick.methods.CD-2: with --quick: an empty mapping changes"),
    ],
)
def test_the_smaller_version_is_checked_with_the_suite(quick, says, tmp_path):
    text = SMALL.replace(QUICK, f"quick: {quick}\n")
    ended = ebmbench("validate", write(tmp_path, text))
    assert ended.code == 2
    assert says in ended.err
    assert says.replace("with --quick: ", "") in complaint(tmp_path, text, quick=True)


def test_the_smaller_version_may_add_a_method(tmp_path):
    text = SMALL.replace(QUICK, "quick: {methods: {New: {extends: CD-2, sampler: {k: 3}}}}\n")
    assert [*read(tmp_path, text, quick=True).methods] == ["RAPID", "CD-2", "New"]


@pytest.mark.parametrize(
    ("quick", "says"),
    [
        ("{}", "26:8: quick: is empty: --quick changes nothing."),
        ("{seeds: 7}", "26:16: quick.seeds: 7 seeds are more than the suite's 3"),
        ("{train: {epochs: 9}}", "26:25: quick.train.epochs: 9 epochs are more than the suite's 3"),
    ],
)
def test_a_smaller_version_that_is_not_smaller_is_a_note(quick, says, tmp_path):
    text = SMALL.replace(QUICK, f"quick: {quick}\n")
    (note,) = read(tmp_path, text).notes
    assert says in str(note)
    assert not read(tmp_path).notes
