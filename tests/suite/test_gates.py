"""Gates as they are written: in a suite and on the command line."""

from __future__ import annotations

import pytest

from ebmbench.errors import ConfigError
from ebmbench.suite.gates import GateSpec, allowed, gates_of, with_options
from support.suites import SMALL, read

GATES = "gates:\n  hamming.test: {warn: 2%, fail: 5 %}\n  nll.train: 0.1\n  hamming.train: 3%\n"


def test_a_suite_has_gates_in_full_and_in_short(tmp_path):
    gates = gates_of(read(tmp_path, SMALL + GATES).spec.gates)
    assert gates == {
        "hamming.test": GateSpec(warn="2%", fail="5 %"),
        "nll.train": GateSpec(fail=0.1),
        "hamming.train": GateSpec(fail="3%"),
    }


@pytest.mark.parametrize(
    ("gates", "says"),
    [
        (
            "{hammin.test: 5%}",
            "no metric of the suite gives 'hammin.test'. Did you mean 'hamming.test'",
        ),
        ("{hamming.test: much}", "gates.hamming.test"),
        ("{hamming.test: -1}", "gates.hamming.test"),
        ("{hamming.test: {}}", "give fail, warn or both"),
        ("{hamming.test: {fial: 5%}}", "Did you mean 'fail'"),
        ("{hamming.test: {warn: 10%, fail: 5%}}", "gates.hamming.test.warn: never warns"),
        ("{hamming.test: {warn: 5 %, fail: 5%}}", "gates.hamming.test.warn: never warns"),
        ("{hamming.test: {warn: 0.2, fail: 0.1}}", "gates.hamming.test.warn: never warns"),
        ("{seconds: {warn: 10%, fail: 5%}}", "gates.seconds.warn: never warns"),
    ],
)
def test_a_wrong_gate_is_told_with_its_place(gates, says, tmp_path):
    with pytest.raises(ConfigError) as error:
        read(tmp_path, f"{SMALL}gates: {gates}\n")
    assert says in str(error.value)
    assert "small.yaml:" in str(error.value)


def test_a_suite_may_gate_speed(tmp_path):
    assert gates_of(read(tmp_path, SMALL + "gates: {seconds: 10%}\n").spec.gates)


def test_the_command_line_overrides_one_level_and_keeps_the_other():
    suite = {"a": GateSpec(warn="1%", fail="5%")}
    found = with_options(suite, ["a: 7%", "b.test: 0.5"], ["b.test: 1 %"])
    assert found == {"a": GateSpec(warn="1%", fail="7%"), "b.test": GateSpec(warn="1 %", fail=0.5)}
    assert suite["a"].fail == "5%"


def test_a_warning_of_the_command_line_that_never_comes_is_told():
    suite = {"a": GateSpec(warn="1%", fail="5%")}
    with pytest.raises(ConfigError, match=r"--warn-on 'a: 7%': never warns.* Warn from less"):
        with_options(suite, [], ["a: 7%"])
    with pytest.raises(ConfigError, match=r"--warn-on 'b: 0.2': never warns"):
        with_options({}, ["b: 0.1"], ["b: 0.2"])


def test_a_failure_of_the_command_line_takes_the_place_of_the_suites_warning():
    suite = {"a": GateSpec(warn="2%", fail="5%")}
    assert with_options(suite, ["a: 1%"], []) == {"a": GateSpec(fail="1%")}
    mixed = {"a": GateSpec(warn=0.5, fail="1%")}  # who knows which is less
    assert with_options({"a": GateSpec(warn=0.5)}, ["a: 1%"], []) == mixed


@pytest.mark.parametrize("text", ["a", "a: b", ": 5%", "a: -1", "a: nan", "a: inf", "a: 5%%"])
def test_what_is_no_gate_is_refused(text):
    with pytest.raises(ConfigError, match="not a gate"):
        with_options({}, [text], [])


def test_per_cent_are_of_the_absolute_mean():
    assert allowed("5 %", -4.0) == pytest.approx(0.2)
    assert allowed(0.3, -4.0) == 0.3
