"""Where components run: what may come out, and what may not."""

import os
import pickle
import signal
import threading
import warnings

import numpy as np
import pytest
import torch

from ebmbench.errors import ComponentError, ConfigError, DataError, Problem
from ebmbench.isolation.contained import contained
from ebmbench.isolation.settings import SETTINGS, generators_kept

OTHERS = {
    "torch's default dtype": torch.float64,
    "torch's default device": torch.device("meta"),
    "torch's grad mode": False,
    "torch's number of threads": torch.get_num_threads() + 1,
    "torch's deterministic mode": True,
    "torch's precision of products": "medium",
    "numpy's errors": {**np.geterr(), "divide": "raise"},
    "the current folder": "/",
    "the limit of recursion": 4321,
    "warnings to errors": [("error", None, UserWarning, None, 0)],
}


def set_to(setting, value):
    if setting.name == "warnings to errors":
        warnings.filters[:0] = value
    else:
        setting.write(value)


def test_every_setting_is_looked_at():
    assert set(OTHERS) == {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_setting_that_a_component_changes_is_put_back_and_told(setting, capfd):
    before = setting.read()
    with contained("sampler 'x'"):
        set_to(setting, OTHERS[setting.name])
        assert setting.read() != before
    assert setting.read() == before
    assert capfd.readouterr().err == f"sampler 'x' changes {setting.name}: put back.\n"


def test_generators_are_put_back():
    torch_before, numpy_before = torch.get_rng_state(), np.random.get_state()[1]
    with generators_kept():
        torch.manual_seed(7)
        np.random.seed(7)
    assert torch.equal(torch.get_rng_state(), torch_before)
    assert (np.random.get_state()[1] == numpy_before).all()


def test_what_is_printed_goes_to_stderr(capsys):
    with contained("sampler 'x'"):
        print("hello")
    assert capsys.readouterr() == ("", "hello\n")


@pytest.mark.parametrize("error", [SystemExit(0), KeyboardInterrupt(), GeneratorExit(), OSError()])
def test_whatever_is_raised_becomes_a_components_error_with_its_name(error):
    says = f"sampler 'x': {type(error).__name__}"
    with pytest.raises(ComponentError, match=says), contained("sampler 'x'"):
        raise error


def test_the_innermost_component_is_named():
    with (
        pytest.raises(ComponentError, match=r"^kernel 'y': SystemExit"),
        contained("sampler 'x'"),
        contained("kernel 'y'"),
    ):
        raise SystemExit(0)


def test_errors_that_are_part_of_an_interface_pass():
    with pytest.raises(DataError), contained("dataset 'x'"):
        raise DataError("file", "is missing")


def test_the_users_ctrl_c_passes():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.raises(KeyboardInterrupt), contained("sampler 'x'"), contained("kernel 'y'"):
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_threads_keyboard_interrupt_is_the_components():
    found = []

    def work():
        try:
            with contained("sampler 'x'"):
                raise KeyboardInterrupt
        except ComponentError as error:
            found.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(found) == 1


def test_a_fork_does_not_come_out(tmp_path):
    with contained("sampler 'x'"):
        child = os.fork()
    (tmp_path / str(os.getpid())).touch()
    assert os.waitpid(child, 0) == (child, 0)
    assert len(list(tmp_path.iterdir())) == 1


def test_errors_come_through_pickle_as_they_are():
    for error in (
        ConfigError(Problem("file:1:1", "a.b", "is wrong", "Mend it.")),
        ComponentError("sampler 'x'", "fails"),
        DataError("file", "is missing", "Fetch it."),
    ):
        copy = pickle.loads(pickle.dumps(error))
        assert str(copy) == str(error)
        assert vars(copy) == vars(error)
