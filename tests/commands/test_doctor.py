"""What `doctor` finds, on whole and on broken installations."""

import json
from importlib.metadata import version

import pytest

from ebmbench import GibbsKernel
from ebmbench.commands.inspection import installation as room
from ebmbench.commands.inspection.devices import THAT_MATTER, Device
from ebmbench.errors import PluginError
from ebmbench.interfaces.installed.registry import Entry, Registry
from ebmbench.interfaces.installed.which_plugins import ONLY
from ebmbench.numerics import philox
from support.command_line import ebmbench

CPU, GPU = Device("cpu", "a processor"), Device("cuda:0", "a GPU")


class Fast(GibbsKernel):
    """For one kind of device only, and the fastest there."""

    name = "fast"
    priority = 1000

    def usable(self, device):
        return None if device.type == "cuda" else "needs a GPU"

    supports = sweep = sweep_cost = None


class Failing(Fast):
    """Fails when asked."""

    name = "failing"

    def usable(self, device):
        raise ArithmeticError("it does not add up")


@pytest.fixture
def kernels(monkeypatch):
    """Two kernels beside those installed, and a GPU."""
    registry = Registry.discover()
    for component in (Fast, Failing):
        entry = Entry("kernels", component, "tests", "tests", "1.0")
        registry.families["kernels"][component.name] = entry
    monkeypatch.setattr(room, "_registry", lambda: registry)
    monkeypatch.setattr(room, "devices", lambda: [CPU, GPU])
    found = room.examined()
    return {kernel["name"]: kernel["problems"] for kernel in found["kernels"]}, found["auto"]


def test_one_json_document_says_it_all():
    ended = ebmbench("doctor", "--json")
    assert ended.code == 0
    found = json.loads(ended.out)
    assert found["devices"][0]["device"] == "cpu"
    assert found["devices"][0]["problem"] is None
    assert found["versions"]["torch"] == version("torch")
    assert set(found["instruction_sets"]["numba"]) <= set(THAT_MATTER)
    assert found["threads"]["cores"] >= 1
    assert {kernel["name"] for kernel in found["kernels"]} == set(
        Registry.discover().names("kernels")
    )


def test_the_screen_names_every_kernel_and_device():
    ended = ebmbench("doctor")
    assert ended.code == 0
    for part in ("cpu", "cuda", "instructions", "numba cache", "taken by auto"):
        assert part in ended.out
    assert all(name in ended.out for name in Registry.discover().names("kernels"))


def test_a_kernel_says_itself_where_it_cannot_run(kernels):
    problems, _ = kernels
    assert problems["fast"] == {"cpu": "needs a GPU", "cuda:0": None}


def test_auto_takes_the_fastest_of_those_that_can_run(kernels):
    problems, auto = kernels
    assert auto["cuda:0"] == "fast"
    assert auto["cpu"] != "fast"
    assert problems[auto["cpu"]]["cpu"] is None


def test_a_kernel_that_fails_is_a_finding(kernels):
    problems, _ = kernels
    assert "ArithmeticError: it does not add up" in problems["failing"]["cpu"]


def test_a_device_without_use_has_a_reason_and_no_kernels(monkeypatch):
    gone = Device("cuda", problem="no driver")
    monkeypatch.setattr(room, "devices", lambda: [CPU, gone])
    found = room.examined()
    assert found["auto"]["cuda"] is None
    assert all(kernel["problems"]["cuda"] for kernel in found["kernels"])
    assert "not usable: no driver" in ebmbench("doctor").out


def test_two_plugins_that_claim_one_name_are_a_finding(monkeypatch):
    def clash():
        raise PluginError("two plugins claim kernel 'x'")

    monkeypatch.setattr(Registry, "discover", clash)
    ended = ebmbench("doctor")
    assert ended.code == 0
    assert "two plugins claim kernel 'x'" in ended.out


def test_without_plugins_there_are_no_kernels_and_no_error(monkeypatch):
    monkeypatch.setenv(ONLY, "")
    found = json.loads(ebmbench("doctor", "--json").out)
    assert found["kernels"] == []
    assert found["auto"]["cpu"] is None


def test_a_package_that_is_missing_is_said_to_be(monkeypatch):
    monkeypatch.setattr(room, "PACKAGES", ("torch", "there-is-no-such-package"))
    assert room.examined()["versions"]["there-is-no-such-package"] is None
    assert "there-is-no-such-package not installed" in " ".join(ebmbench("doctor").out.split())


def test_the_folder_of_compiled_code_is_asked_whether_it_can_be_written(monkeypatch):
    asked = []
    monkeypatch.setattr(room.os, "access", lambda path, mode: asked.append(path))
    assert not room.examined()["numba_cache"]["writable"]
    assert str(asked[0]) == philox.fill_words.stats.cache_path
    assert "NOT writable" in ebmbench("doctor").out
