"""Worker processes of this machine pass the checks of executors, and what those cannot see."""

import os
import pickle
import time
from dataclasses import dataclass

import pytest

from ebmbench.checks import checks_of
from ebmbench.executors import Ended, LocalPool, Printed, Task, Told
from ebmbench.executors.messages import Messages


@pytest.mark.parametrize("check", checks_of(LocalPool), ids=str)
def test_it_passes_the_checks_of_executors(check):
    check()


@dataclass(frozen=True)
class Chatty(Task):
    """Prints and tells a lot, and dies or not."""

    megabytes: int
    dies: bool = False

    def run(self, tell, stop):
        print("x" * (self.megabytes << 20))
        tell(bytes(self.megabytes << 20))
        print("that was all")
        if self.dies:
            os._exit(5)
        return "returned"


def ends(pool, count):
    news = []
    while sum(isinstance(each, Ended) for each in news) < count:
        news += pool.news(0.2)
    return news


def test_megabytes_that_are_printed_and_told_arrive_and_the_last_lines_of_them_are_kept():
    with LocalPool(LocalPool.Options(jobs=1)) as pool:
        pool.submit(7, Chatty(3, dies=True))
        *news, end = ends(pool, 1)
    assert [len(each.what) for each in news if isinstance(each, Told)] == [3 << 20]
    assert sum(len(each.text) for each in news if isinstance(each, Printed)) > 3 << 20
    assert (end.lost, end.exit_code) == (True, 5)
    assert end.last_lines[-1] == "that was all"
    assert all(len(line) <= 300 for line in end.last_lines)


def test_the_last_that_a_task_tells_comes_before_its_end():
    with LocalPool(LocalPool.Options(jobs=2)) as pool:
        for number in range(20):
            pool.submit(number, Chatty(0))
        news = ends(pool, 20)
    ended = set()
    for each in news:
        assert each.number not in ended
        if isinstance(each, Ended):
            ended.add(each.number)


def test_leaving_while_tasks_run_ends_them_at_once():

    began = time.monotonic()
    with LocalPool(LocalPool.Options(jobs=1)) as pool:
        pool.submit(0, Endless())
        while not [*pool.news(0.2)]:
            pass
    assert time.monotonic() - began < 100


@dataclass(frozen=True)
class Endless(Task):
    def run(self, tell, stop):
        tell("begun")
        time.sleep(1000)


def test_half_a_message_is_none_until_the_rest_is_there(tmp_path):
    messages = Messages(tmp_path)
    messages.teller(3)("whole")
    file = tmp_path / "3.messages"
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:-2])
    assert [*messages.news(3)] == ["whole"]
    assert [*messages.news(3)] == []
    with file.open("ab") as stream:
        stream.write(whole[-2:])
    assert [*messages.news(3)] == ["whole"]
    assert pickle.loads(whole[8:]) == "whole"
    messages.drop(3)
    assert [*messages.news(3)] == []
