"""Broken suites: each gives place, problem and remedy, exit code 2, and no traceback."""

import pytest

from ebmbench.errors import ConfigError
from support.command_line import ebmbench
from support.suites import SMALL, plan, write


def changed(old, new):
    assert old in SMALL
    return SMALL.replace(old, new, 1)


BROKEN = {
    "a wrong key": (
        changed("k: 2}", "kk: 2}"),
        ["small.yaml:16:25: methods.CD-2.sampler.kk: no such option. Did you mean 'k'?"],
    ),
    "a wrong key at the top": (
        changed("metrics:", "metrix: 3\nmetrics:"),
        ["small.yaml:20:1: metrix: no such option. Did you mean 'metrics'?"],
    ),
    "a wrong key in a nested option": (
        changed("patterns: 3}", "patterns: 3, binarize: {rul: sign}}"),
        ["methods.RAPID.model.binarize.rul: no such option. Did you mean 'rule'?"],
    ),
    "a wrong choice": (
        changed("patterns: 3}", "patterns: 3, binarize: {rule: round}}"),
        ["small.yaml:10:69: methods.RAPID.model.binarize.rule: 'round'", "'sign', 'clip'"],
    ),
    "a word for a number": (
        changed("k: 2}", "k: two}"),
        ["small.yaml:16:28: methods.CD-2.sampler.k: 'two'", "integer", "Gibbs steps per update"],
    ),
    "a number in quotes": (
        changed("hidden: 11, patterns", "hidden: '11', patterns"),
        ["small.yaml:10:35: methods.RAPID.model.hidden: '11'", "valid integer"],
    ),
    "a yes for a number": (
        changed("k: 2}", "k: yes}"),
        ["methods.CD-2.sampler.k: yes, which YAML reads as true: should be a valid integer"],
    ),
    "a value out of range": (
        changed("k: 2}", "k: 0}"),
        ["small.yaml:16:28: methods.CD-2.sampler.k: 0: should be greater than or equal to 1"],
    ),
    "a missing key": (
        changed("train: {epochs: 3}\n", ""),
        ["small.yaml:4:1: train: is missing. Add it"],
    ),
    "a missing option": (
        changed("hidden: 11, patterns: 3}", "hidden: 11}"),
        ["small.yaml:10:", "methods.RAPID.model.patterns: is missing. Add it"],
    ),
    "an unknown component": (
        changed("name: pid", "name: pidd"),
        ["small.yaml:11:21: methods.RAPID.sampler.name: no such sampler: 'pidd'", "'pid'?"],
    ),
    "an unknown kernel": (
        changed("    sampler: {name: cd", "    kernel: torhc\n    sampler: {name: cd"),
        ["small.yaml:16:13: methods.CD-2.kernel: no such kernel: 'torhc'. Did you mean 'torch'?"],
    ),
    "an unknown optimiser": (
        changed("name: adam", "name: adam2"),
        ["small.yaml:17:16: methods.CD-2.optimizer: no such optimiser: 'adam2'", "'adam'?"],
    ),
    "a wrong option of an optimiser": (
        changed("lr: 0.01}", "lr: 0.01, beta: [0.9, 0.99]}"),
        ["methods.CD-2.optimizer: torch's Adam has no option 'beta'. Did you mean 'betas'?"],
    ),
    "a weight decay of what is no parameter": (
        changed("lr: 0.01}", "lr: 0.01, weight_decay: {w: 0.1}}").replace(
            "train:", "  CD-3: {extends: CD-2}\ntrain:", 1
        ),
        [
            "small.yaml:17:57: methods.CD-2.optimizer.weight_decay.w: the model 'rbm' has no "
            "parameter 'w'. Did you mean 'W'?"
        ],
    ),
    "a weight decay below zero": (
        changed("lr: 0.01}", "lr: 0.01, weight_decay: {W: -1}}"),
        ["small.yaml:17:57: methods.CD-2.optimizer.weight_decay.W: -1: should be greater than"],
    ),
    "a weight decay where there is none": (
        changed("name: adam, lr: 0.01}", "name: rprop, lr: 0.01, weight_decay: {W: 1}}"),
        ["methods.CD-2.optimizer: torch's Rprop has no option 'weight_decay'"],
    ),
    "a missing plugin": (
        changed("name: cd", "name: tempering").replace(
            "seeds: 3", "seeds: 3\nrequires: [ebmbench-tempering]"
        ),
        ["no such sampler: 'tempering'", "not installed: pip install ebmbench-tempering"],
    ),
    "a missing plugin from a folder beside the suite": (
        changed("name: cd", "name: tempering").replace(
            "seeds: 3", "seeds: 3\nrequires: {ebmbench-tempering: ../mine/tempering}"
        ),
        ["The suite requires ebmbench-tempering, not installed: pip install ", "/mine/tempering."],
    ),
    "a sampler that does not fit its model": (
        changed("name: ra-rbm, hidden: 11, patterns: 3", "name: rbm, hidden: 11"),
        ["small.yaml:11:14: methods.RAPID.sampler: does not fit", "'rbm' has none", "ra-rbm"],
    ),
    "no methods": (
        SMALL.split("methods:")[0] + "methods: {}\ntrain:" + SMALL.split("train:")[1],
        ["small.yaml:8:10: methods:", "at least 1"],
    ),
    "an empty file": ("", ["small.yaml:1:1: the file is empty", "suite: <name>"]),
    "only comments": ("# nothing here\n", ["small.yaml:1:1: the file is empty"]),
    "a duplicate key": (
        changed("seeds: 3\n", "seeds: 3\nseeds: 4\n"),
        ["small.yaml:6:1: seeds: the key stands twice, first at", "small.yaml:5:1. Remove one"],
    ),
    "a tab": (
        changed("  bars3:", "\tbars3:"),
        ["small.yaml:7:1: a tab", "Indent with spaces."],
    ),
    "no YAML": (changed("{name: pid}", "{name: pid"), ["small.yaml:12:", "not YAML"]),
    "a list": ("- suite\n- seeds\n", ["small.yaml:1:1: the file is not a mapping"]),
    "an alias of itself": ("suite: &a [*a]\n", ["small.yaml:1:1: an alias refers to itself"]),
    "a key that is a list": ("? [a, b]\n: 3\n", ["small.yaml:1:3: a key is not a plain word"]),
    "a Python object": (
        "suite: !!python/object/apply:os.system [true]\n",
        ["small.yaml:1:8: not YAML: could not determine a constructor"],
    ),
    "extending what is not there": (
        changed("  CD-2:\n", "  CD-2:\n    extends: RAPIDO\n"),
        ["small.yaml:15:14: methods.CD-2.extends: no such method: 'RAPIDO'", "'RAPID'?"],
    ),
    "extending in a circle": (
        changed("  CD-2:\n", "  CD-2:\n    extends: RAPID\n").replace(
            "  RAPID:\n", "  RAPID:\n    extends: CD-2\n"
        ),
        ["extend in a circle: RAPID -> CD-2 -> RAPID"],
    ),
    "a sweep that is no grid": (
        changed("k: 2}", "k: 2}\n    sweep: {sampler.k: 3}"),
        ["small.yaml:17:12: methods.CD-2.sweep: not a mapping of options to lists"],
    ),
    "a paper that nobody knows": (
        changed("baseline: CD-2", "baseline: CD-2\n  cites: [hinton2002, hinton2003]"),
        ["small.yaml:25:23: report.cites.1: 'hinton2003' is no key in references.bib of ebmbench"],
    ),
    "a baseline that is no method": (
        changed("baseline: CD-2", "baseline: CD-3"),
        ["small.yaml:24:13: report.baseline: no such method: 'CD-3'. Did you mean 'CD-2'?"],
    ),
    "a target that nothing measures": (
        changed("hamming.test", "haming.test"),
        ["report.target.metric: no metric of the suite gives 'haming.test'", "'hamming.test'?"],
    ),
    "a target with two sides": (
        changed("below: 0.3}", "below: 0.3, above: 0.4}"),
        ["report.target: give either below or above"],
    ),
    "a seed twice": (
        changed("seeds: 3", "seeds: [1, 1]"),
        ["small.yaml:5:12: seeds.1: the seed 1 stands twice, first as seeds.0. Leave one"],
    ),
    "a seed of more than 64 bits": (
        changed("seeds: 3", "seeds: [18446744073709551616]"),
        ["small.yaml:5:9: seeds.0: a whole number of more than 64 bits. Write a smaller one"],
    ),
    "a broken seed": (
        changed("seeds: 3", "seeds: [1.5]"),
        ["small.yaml:5:9: seeds.0: 1.5: should be a valid integer. It is: A number n for seeds"],
    ),
    "a negative seed": (
        changed("seeds: 3", "seeds: [-1]"),
        ["small.yaml:5:9: seeds.0: -1: should be greater than or equal to 0"],
    ),
    "a seed that is no number": (
        changed("seeds: 3", "seeds: many"),
        ["small.yaml:5:8: seeds: 'many': should be a valid integer or should be a valid list"],
    ),
    "a name that is no folder": (
        changed("suite: small", "suite: ../small"),
        ["small.yaml:4:8: suite: '../small'", "letters, digits"],
    ),
    "a split that does not exist at that size": (
        changed("size: 3}", "size: 3, split: published}"),
        ["datasets.bars3: the published split is of 4x4 images"],
    ),
    "a batch that leaves nothing": (
        changed("batch: {size: 2}", "batch: {size: 100, last: drop}"),
        ["methods.CD-2", "leave none of the 4 rows"],
    ),
    "a metric twice": (
        changed("hamming, samples: 7}", "hamming}\n  - {name: hamming, clamp: true}"),
        ["small.yaml:22:5: metrics.1: another metric's values are called 'hamming'", "as: "],
    ),
    "two moments": (
        changed("at: {every: 2}", "at: {every: 2}, epochs: [1]"),
        ["small.yaml:22:5: metrics.1: give only one of at, every and epochs"],
    ),
    "two moments in one": (
        changed("at: {every: 2}", "at: {every: 2, epochs: [1]}"),
        ["small.yaml:22:22: metrics.1.at.every: does not go with what stands beside it"],
    ),
    "a broken epoch": (
        changed("at: {every: 2}", "at: {epochs: [1.5]}"),
        ["small.yaml:22:31: metrics.1.at.epochs.0: 1.5: should be a valid integer. It is: Epochs"],
    ),
    "an epoch without end": (
        changed("at: {every: 2}", "at: {epochs: [.inf]}"),
        ["small.yaml:22:31: metrics.1.at.epochs.0: inf: should be a valid integer"],
    ),
    "every 0 epochs": (
        changed("at: {every: 2}", "at: {every: 0}"),
        ["small.yaml:22:29: metrics.1.at.every: 0: should be greater than or equal to 1"],
    ),
    "a level that is none": (
        changed("report:", "gates: {hamming.test: {fail: much}}\nreport:"),
        ["small.yaml:23:30: gates.hamming.test.fail: 'much': should be a share such as 5%"],
    ),
    "a requirement that is a number": (
        changed("seeds: 3", "seeds: 3\nrequires: [1]"),
        ["small.yaml:6:12: requires.0: 1: should be a valid string"],
    ),
    "a no for a text": (
        changed("baseline: CD-2", "baseline: no"),
        ["small.yaml:24:13: report.baseline: no, which YAML reads as false: should be a valid st"],
    ),
    "a label that is no text": (
        changed("samples: 7}", "samples: 7, as: 7}"),
        ["small.yaml:21:37: metrics.0.as: 7: should be a valid string. It is: What its values"],
    ),
    "a number in base 60": (
        changed("seeds: 3", "seeds: 1:30"),
        ["small.yaml:5:8: seeds: YAML reads 1:30 as 90. Write 90, or '1:30' in quotes if it is"],
    ),
    "a broken number in base 60": (
        changed("lr: 0.01", "lr: 1:30.5"),
        ["small.yaml:17:33: methods.CD-2.optimizer.lr: YAML reads 1:30.5 as 90.5. Write 90.5"],
    ),
    "a number in base 8": (
        changed("seeds: 3", "seeds: 010"),
        ["small.yaml:5:8: seeds: YAML reads 010 as 8. Write 8, or '010' in quotes"],
    ),
    "a rate beyond float32": (
        changed("lr: 0.01", "lr: 1e308"),
        ["17:33: methods.CD-2.optimizer.lr: 1e+308: should be less than or equal to 1e+30."],
    ),
    "an option of torch beyond float32": (
        changed("lr: 0.01", "lr: 0.01, eps: 1e300"),
        ["methods.CD-2.optimizer: eps: 1e+300: should be finite numbers, none above 1e+30"],
    ),
    "an optimiser that cannot step": (
        changed("name: adam, lr: 0.01", "name: asgd, lr: 0.01, alpha: 1e30"),
        ["small.yaml:17:16: methods.CD-2.optimizer: torch's ASGD refuses this"],
    ),
    "extending where there is no other": (
        changed("size: 3}", "size: 3, extends: x}"),
        ["no such dataset: 'x'. 'bars3' is the only dataset: leave extends: out, or add the"],
    ),
    "an unknown moment": (
        changed("at: {every: 2}", "at: {evry: 2}"),
        ["small.yaml:22:22: metrics.1.at.evry: no such option. Did you mean 'every'?"],
    ),
}


@pytest.mark.parametrize(("text", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_suite_says_place_problem_and_remedy(text, says, tmp_path):
    with pytest.raises(ConfigError) as caught:
        plan(tmp_path, text)
    message = str(caught.value)
    for part in says:
        assert part in message
    first = message.splitlines()[0]
    assert first.startswith(str(tmp_path / "small.yaml") + ":")
    assert all(problem.problem for problem in caught.value.problems)


def test_all_problems_are_found_at_once(tmp_path):
    text = changed("k: 2}", "kk: 2}").replace("name: pid", "name: pidd").replace("11,", "0,")
    with pytest.raises(ConfigError) as caught:
        plan(tmp_path, text)
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    "case",
    [name for name in BROKEN if name.startswith(("a broken", "every", "a level", "two mom"))],
)
def test_a_mistake_in_one_of_several_ways_to_write_a_thing_is_told_once(case, tmp_path):
    with pytest.raises(ConfigError) as caught:
        plan(tmp_path, BROKEN[case][0])
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("written", "number"),
    [("1e-3", 1e-3), ("1_0.5", 10.5), ("0x10", 16.0), ("01.5", 1.5), ("0.5", 0.5)],
)
def test_numbers_that_look_like_what_they_are_are_read(written, number, tmp_path):
    suite = plan(tmp_path, changed("lr: 0.01", f"lr: {written}")).suite
    assert suite.methods["CD-2"].optimizer.lr == number


def test_a_mistake_that_others_inherit_is_told_once(tmp_path):
    text = changed("k: 2}", "kk: 2}").replace("train:", "  CD-5: {extends: CD-2}\ntrain:", 1)
    with pytest.raises(ConfigError) as caught:
        plan(tmp_path, text)
    assert [problem.path for problem in caught.value.problems] == ["methods.CD-2.sampler.kk"]


def test_a_file_that_is_not_there(tmp_path):
    assert_refused([str(tmp_path / "none.yaml")], "none.yaml: no such file. Check the path.")


def test_a_file_that_is_not_utf8(tmp_path):
    file = tmp_path / "latin.yaml"
    file.write_bytes("suite: früh\n".encode("latin-1"))
    assert_refused([str(file)], "not UTF-8 text (byte 9)")


def test_a_binary_file(tmp_path):
    file = tmp_path / "binary.yaml"
    file.write_bytes(b"\x00\x01\x02")
    assert_refused([str(file)], "not YAML")


def test_a_folder(tmp_path):
    assert_refused([str(tmp_path)], "cannot be read")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--set", "methods.CD-2.sampler.k=none"], "--set methods.CD-2.sampler.k=none: methods"),
        (["--set", "methods"], "not a setting. Write path=value"),
        (["--set", "methods.CD-2.sampler.kk=3"], "Did you mean 'k'?"),
        (["--only", "CD-3"], "--only CD-3: no such method. Did you mean 'CD-2'?"),
        (["--seeds", "[3,"], "--seeds: '[3,' is not YAML"),
        (["--seeds", "0"], "--seeds: seeds: 0: should be greater than or equal to 1"),
        (["--epochs", "-1"], "--epochs: train.epochs: -1"),
        (["--device", "abacus"], "--device: no such device: 'abacus'"),
    ],
)
def test_a_wrong_command_line_says_the_same(arguments, says, tmp_path):
    assert_refused([str(write(tmp_path)), *arguments], says)


def assert_refused(arguments, says):
    ended = ebmbench("run", *arguments, "--dry-run")
    assert ended.code == 2
    assert says in ended.err
    assert "Traceback" not in ended.err
