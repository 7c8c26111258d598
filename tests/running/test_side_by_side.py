"""Two and three commands in one folder share its work."""

import re
import time

import pytest

from support.runs import numbers_of, records, run, start, suite_with, values, wait_for

SLOW = suite_with("slow").replace("epochs: 3}", "epochs: 20}", 1).replace("seeds: 3", "seeds: 6")


@pytest.fixture(scope="module")
def whole(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    assert run(folder, SLOW, "--jobs", 0).code == 0
    return folder


def trained(out):
    """How many cells a command says that it has finished."""
    return sum(int(count) for count in re.findall(r": (\d+) done", out))


@pytest.mark.parametrize("jobs", [(0, 1), (2, 0, 1)], ids=str)
def test_commands_that_start_together_do_the_work_once(jobs, site, whole, tmp_path):
    commands = [start(site, tmp_path, SLOW, "--jobs", count) for count in jobs]
    ended = [command.communicate(timeout=300) for command in commands]
    assert [command.returncode for command in commands] == [0] * len(jobs), ended
    assert sum(trained(out) for out, _ in ended) == len(records(whole))
    assert values(tmp_path) == values(whole)
    assert numbers_of(tmp_path) == numbers_of(whole)
    assert not [*(tmp_path / "runs/small/claims").iterdir()]


def test_what_a_killed_command_was_at_is_done_by_the_other(site, whole, tmp_path):
    first = start(site, tmp_path, SLOW, "--jobs", 0)
    wait_for(lambda: [*tmp_path.glob("runs/small/claims/*.claim")])
    second = start(site, tmp_path, SLOW, "--jobs", 0)
    time.sleep(2)
    first.kill()
    first.communicate()
    _, err = second.communicate(timeout=300)
    assert second.returncode == 0, err
    assert values(tmp_path) == values(whole)
