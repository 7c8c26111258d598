"""What a run shows while it goes."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from ebmbench.api.progress import MOST_LINES, LiveWatcher, PlainWatcher, watcher_for
from ebmbench.running.blocks.block import Block
from ebmbench.running.progress import Event
from support.suites import SMALL, plan


@pytest.fixture
def blocks(tmp_path):
    """A block of each of three methods, one of which has brackets in its name."""
    text = SMALL.replace("k: 2}", "k: 2}\n    sweep: {sampler.k: [1, 3]}", 1)
    cells = plan(tmp_path, text.replace("baseline: CD-2", "baseline: RAPID")).cells
    return [Block(cells[start : start + 3]) for start in (0, 3, 6)]


def shown(watcher_class, blocks, **console):
    stream = io.StringIO()
    with watcher_class(Console(file=stream, width=120, **console)) as watcher:
        watcher.begin(blocks, [1.0, 2.0, 1.0], {"epochs: 2, was 3": 4})
        watcher.progress(Event(1, 2, 0.1234))
        watcher.progress(Event(2, 1, None))
        watcher.end(2, ["done", "done", "failed"])
    return stream.getvalue()


def test_without_a_terminal_there_are_plain_lines(blocks):
    assert shown(PlainWatcher, blocks).splitlines() == [
        "9 cells to run in 3 blocks",
        "4 of them again: epochs: 2, was 3",
        " 58 % CD-2[k=3] on bars3, seeds 0-2: 2 done, 1 failed",
    ]


def test_in_a_terminal_there_is_a_bar_for_all_and_one_for_each_block(blocks):
    screen = shown(LiveWatcher, blocks, force_terminal=True)
    for part in ("all", "CD-2[k=1] on bars3, seeds 0-2", "epoch 2/3, hamming.test 0.123"):
        assert part in screen
    assert "2 done, 1 failed" in screen
    assert "4 of them again: epochs: 2, was 3" in screen


def test_the_console_decides_which():
    assert isinstance(watcher_for(Console(force_terminal=True)), LiveWatcher)
    assert isinstance(watcher_for(Console(file=io.StringIO())), PlainWatcher)


def test_many_blocks_do_not_get_a_line_each(blocks):
    stream = io.StringIO()
    many = [blocks[0]] * (MOST_LINES + 1)
    with PlainWatcher(Console(file=stream, width=120)) as watcher:
        watcher.begin(many, [1.0] * len(many), {})
        for index in range(len(many)):
            watcher.end(index, ["failed" if index == 7 else "done"])
    _, *lines = stream.getvalue().splitlines()
    assert [line.rsplit(", ", 1)[-1].split(": ")[1] for line in lines] == ["1 failed", "1 done"]


def test_a_suite_without_epochs_is_measured(blocks):
    untrained = Block(
        tuple(replace(c, recipe=replace(c.recipe, epochs=0)) for c in blocks[0].cells)
    )
    stream = io.StringIO()
    with LiveWatcher(Console(file=stream, width=120, force_terminal=True)) as watcher:
        watcher.begin([untrained], [1.0], {})
        watcher.progress(Event(0, 0, None))
    assert "measured" in stream.getvalue()
