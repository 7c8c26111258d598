"""What a run prints where nothing can move."""

import io

import pytest
from rich.console import Console

from ebmbench.api.progress import Scene, watcher_for
from ebmbench.api.progress.live import LiveWatcher
from ebmbench.api.progress.plain import MOST_LINES, SECONDS_BETWEEN_LINES, PlainWatcher
from ebmbench.running.progress import Event
from ebmbench.training.evaluator import Progress
from support.progress_example import Clock, blocks_of


@pytest.fixture
def blocks(tmp_path):
    return blocks_of(tmp_path)


def console():
    return Console(file=io.StringIO(), width=120)


def lines(watcher):
    return watcher._console.file.getvalue().splitlines()


def test_there_is_a_line_when_a_block_ends(blocks):
    watcher = PlainWatcher(console())
    with watcher:
        watcher.begin(blocks, [1.0, 2.0, 1.0], {"epochs: 2, was 3": 4}, workers=2)
        watcher.progress(Event(1, Progress(2, 0.1234)))
        watcher.progress(Event(2, Progress(1)))
        watcher.end(2, ["done", "done", "failed"], ["no memory"])
    assert lines(watcher) == [
        "9 cells to run in 3 blocks by 2 workers",
        "4 of them again: epochs: 2, was 3",
        " 58 % CD-2[k=3] on bars3, seeds 0-2: 2 done, 1 failed: no memory",
    ]


def test_one_of_a_kind_is_not_told_as_many(tmp_path):
    watcher = PlainWatcher(console())
    watcher.begin(blocks_of(tmp_path, seeds=1)[:1], [1.0], {}, workers=1)
    watcher.end(0, ["done"])
    assert lines(watcher) == [
        "1 cell to run in 1 block by 1 worker",
        "100 % RAPID on bars3, seed 0: 1 done",
    ]


def test_while_a_block_runs_there_is_a_line_now_and_then(blocks):
    clock = Clock()
    watcher = PlainWatcher(console(), clock=clock)
    watcher.begin(blocks, [1.0, 2.0, 1.0], {}, workers=2)
    watcher.tick()
    clock.now += 1 + SECONDS_BETWEEN_LINES
    watcher.tick()
    watcher.start(0)
    watcher.progress(Event(0, Progress(0)))
    clock.now += 1 + SECONDS_BETWEEN_LINES
    watcher.progress(Event(0, Progress(1, 0.5, measuring="nll-ais")))
    watcher.progress(Event(0, Progress(1, 0.5)))
    clock.now += 1 + SECONDS_BETWEEN_LINES
    watcher.progress(Event(0, Progress(2, 0.25)))
    assert lines(watcher)[1:] == [
        "  0 % starting 2 workers",
        "  8 % RAPID on bars3, seeds 0-2: epoch 1/3, measuring nll-ais; 3 min left",
        " 17 % RAPID on bars3, seeds 0-2: epoch 2/3, hamming.test 0.25; 3 min left",
    ]


def test_many_blocks_do_not_get_a_line_each(blocks):
    watcher = PlainWatcher(console())
    many = [blocks[0]] * (MOST_LINES + 1)
    watcher.begin(many, [1.0] * len(many), {})
    for index in range(len(many)):
        watcher.end(index, ["failed" if index == 7 else "done"])
    _, *others = lines(watcher)
    assert [line.rsplit(", ", 1)[-1].split(": ")[1] for line in others] == ["1 failed", "1 done"]


def test_a_search_is_told_as_such(blocks):
    of = {block.recipe.method_name: "CD-2" for block in blocks}
    watcher = PlainWatcher(console(), Scene("search", of))
    watcher.begin(blocks, [1.0, 2.0, 1.0], {}, workers=2)
    assert lines(watcher) == ["3 trials, 9 cells to run in 3 blocks by 2 workers"]


def test_a_suite_without_epochs_is_measured(tmp_path):
    clock = Clock()
    watcher = PlainWatcher(console(), clock=clock)
    watcher.begin(blocks_of(tmp_path, epochs=0), [1.0] * 3, {})
    clock.now += 1 + SECONDS_BETWEEN_LINES
    watcher.progress(Event(0, Progress(0)))
    assert lines(watcher)[-1].startswith(" 33 % RAPID on bars3, seeds 0-2: measured")


@pytest.mark.parametrize(
    ("moves", "environment"),
    [
        (True, {"TERM": "xterm-256color"}),
        (False, {"TERM": "dumb"}),
        (False, {"TERM": "xterm-256color", "TTY_INTERACTIVE": "0"}),
    ],
)
def test_the_terminal_decides_which(moves, environment):
    found = watcher_for(Console(force_terminal=True, _environ=environment))
    assert isinstance(found, LiveWatcher if moves else PlainWatcher)


def test_without_a_terminal_nothing_moves():
    assert isinstance(watcher_for(console()), PlainWatcher)
