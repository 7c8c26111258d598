"""Why cells run again: told by what has changed since."""

from support.command_line import ebmbench
from support.suites import SMALL, write


def ran(tmp_path, text=SMALL, *options):
    file = write(tmp_path, text)
    ended = ebmbench("run", file, "--runs", tmp_path / "runs", "--jobs", 0, *options)
    assert ended.code == 0, ended.err
    return [line for line in ended.out.splitlines() if "of them again" in line]


def test_cells_that_run_again_say_why_and_others_nothing(tmp_path):
    assert ran(tmp_path) == []
    assert ran(tmp_path) == []
    slower = SMALL.replace("lr: 0.01", "lr: 0.001")
    assert ran(tmp_path, slower) == ["3 of them again: optimizer.lr: 0.001, was 0.01"]
    assert ran(tmp_path, slower, "--force") == []
    told = ran(tmp_path, slower.replace("lr: 0.02", "lr: 0.2"), "--epochs", 2)
    assert "3 of them again: epochs: 2, was 3" in told
    assert "3 of them again: epochs: 2, was 3; optimizer.lr: 0.2, was 0.02" in told


def test_inputs_that_are_gone_or_spoiled_are_no_reason_to_fail(tmp_path):
    ran(tmp_path)
    for file in (tmp_path / "runs" / "small" / "inputs").iterdir():
        file.write_text("no JSON")
    told = ran(tmp_path, SMALL.replace("k: 2", "k: 1"))
    assert told == ["3 of them again: what the results there are made of was not stored"]
