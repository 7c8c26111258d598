"""What a terminal shows while a run goes on: lines that fit it, whatever there is to say."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from ebmbench.api.progress.live import BETWEEN, LiveWatcher
from ebmbench.api.progress.scene import FINAL, Scene
from ebmbench.api.progress.screen import Room, screen
from ebmbench.api.progress.sparkline import LEVELS, PLAIN_LEVELS, sparkline
from ebmbench.api.progress.tally import Tally
from ebmbench.api.progress.words import shortened, that_fit
from ebmbench.running.progress import Event
from ebmbench.training.evaluator import Progress
from support.progress_example import Clock, blocks_of, named

WIDTHS = [60, 80, 100, 120]
LONG = "Centred PCD-10 with a name beyond all measure"
METHODS = ["Exact", "PCD-10", LONG, "CD-10 torch-Adam", "RAPID"]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tally(tmp_path, clock):
    """Five methods: one is done, one has lost a seed, two are at work, one waits."""
    block = blocks_of(tmp_path)[0]
    return standing([named(block, method) for method in METHODS], clock)


def standing(blocks, clock, scene=FINAL):
    """Two minutes into a run of five methods."""
    made = Tally(blocks, [4.0, 1.0, 1.0, 1.0, 1.0], 2, scene, clock)
    for index in (0, 1):
        made.start(index)
        for epoch, value in enumerate((0.5, 0.25, 0.125, 0.0625)):
            clock.now += 10
            made.advance(Event(index, Progress(epoch, value, 100 * epoch, 2.0 * epoch)))
    made.end(0, ["done"] * 3)
    made.end(1, ["done", "done", "diverged"])
    for index in (2, 3):
        made.start(index)
    for epoch in (0, 1):
        clock.now += 20
        made.advance(Event(2, Progress(epoch, 0.4, 77 * epoch, 1.5 * epoch)))
    made.advance(Event(2, Progress(1, 0.4, 77, 1.5, measuring="nll-ais")))
    return made


def shown(tally, width, height=40):
    """The lines of a terminal."""
    console = Console(file=io.StringIO(), width=width, height=height)
    console.print(screen(tally, Room(width, height)))
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal_and_no_word_is_cut(tally, width):
    lines = shown(tally, width)
    assert max(map(len, lines)) <= width
    assert lines[0].startswith("67 %")
    assert "6 of 15 cells, 80 s left, 2 min so far" in lines[0]
    assert lines[1] == "getting CD-10 torch-Adam ready, measuring nll-ais"
    assert {"method", "newest", "updates/s", "left"} <= set(lines[2].split() + lines[3].split())
    rows = {line.split("  ")[0]: line.split() for line in lines[3:]}
    assert rows["Exact"][-3:] == ["0.0625", "150", "done"]
    assert rows["PCD-10"][-4:] == ["0.0625", "150", "1", "lost"]
    assert rows["RAPID"][-1] == "waits"
    cut = next(line for line in lines if line.startswith("Centred")).split("\u2026")[0]
    assert LONG.startswith(cut)
    assert LONG[len(cut)] in " -"
    assert [line[-4:] for line in lines if line.startswith("Centred")] == ["80 s"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("target", ["nll.test", "gibbs_accessibility.train", "x" * 50])
def test_the_target_is_named_in_whole_words_or_not_at_all(tmp_path, clock, width, target):
    block = blocks_of(tmp_path)[0]
    lines = shown(standing([named(block, each, target=target) for each in METHODS], clock), width)
    assert max(map(len, lines)) <= width
    heading = "".join(
        line for line in lines[2 : next(i for i, x in enumerate(lines) if "Exact" in x)]
    )
    parts = target.replace("_", "_ ").replace(".", ". ").split()
    assert all(part in heading for part in parts) or not any(part in heading for part in parts)
    assert "\u2026" not in heading


def test_wide_terminals_show_more(tally):
    bars = [next(line for line in shown(tally, width) if "Exact" in line) for width in WIDTHS]
    curves = [sum(letter in LEVELS for letter in line) for line in bars]
    assert curves == sorted(curves)
    assert curves[0] < curves[-1]
    assert ["3/3" in line for line in bars] == [False, True, True, True]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("height", [6, 8, 9, 10, 24])
def test_what_a_low_terminal_cannot_show_is_counted(tmp_path, clock, width, height):
    lines = shown(
        standing([named(b, m) for b in blocks_of(tmp_path)[:1] for m in METHODS], clock),
        width,
        height,
    )
    assert len(lines) < max(height, 7)
    kept = [
        name
        for name in ("Exact", "PCD-10", "Centred", "CD-10 torch", "RAPID")
        if any(line.startswith(name) for line in lines)
    ]
    more = [line for line in lines if line.startswith("and ")]
    assert more == ([f"and {5 - len(kept)} more"] if len(kept) < 5 else [])
    assert kept  # the busiest
    assert "Centred" in kept


def test_the_busiest_stay(tmp_path, clock):
    block = blocks_of(tmp_path)[0]
    blocks = [named(block, f"M{number}") for number in range(30)]
    tally = Tally(blocks, [1.0] * 30, 2, clock=clock)
    for index in (7, 21):
        tally.start(index)
    tally.end(3, ["done"] * 3)
    lines = shown(tally, 80, 12)
    assert [line.split()[0] for line in lines[3:-1]] == ["M0", "M1", "M2", "M4", "M5", "M7", "M21"][
        : len(lines) - 4
    ]
    assert lines[-1] == f"and {30 - (len(lines) - 4)} more"


def test_datasets_are_named_where_there_are_several(tmp_path, clock):
    block = blocks_of(tmp_path)[0]
    tally = Tally([named(block, "CD", "one"), named(block, "CD", "two")], [1.0, 1.0], clock=clock)
    assert [row.name for row in tally.rows] == ["CD on one", "CD on two"]


def test_workers_that_are_not_there_yet_are_counted(tally, tmp_path, clock):
    fresh = Tally(blocks_of(tmp_path), [1.0] * 3, 2, clock=clock)
    assert "starting 2 workers" in shown(fresh, 80)[1]
    fresh.start(0)
    assert shown(fresh, 80)[1] == "starting 1 worker, getting RAPID ready"
    fresh.start(1)
    assert "starting" not in shown(fresh, 80)[1]
    assert "starting" not in shown(tally, 80)[1]


@pytest.mark.parametrize("width", WIDTHS)
def test_trials_of_a_search_are_counted_by_their_method(tmp_path, clock, width):
    block = blocks_of(tmp_path)[0]
    names = ["CD[1]", "CD[2]", "CD[3]", "PCD[1]", "PCD[2]"]
    of = {name: name.split("[")[0] for name in names}
    blocks = [named(block, name) for name in names]
    lines = shown(standing(blocks, clock, Scene("search 1 of 3", of)), width)
    assert max(map(len, lines)) <= width
    assert "search 1 of 3, 2 of 5 trials" in lines[0]
    assert [line.split()[0] for line in lines[-2:]] == ["CD", "PCD"]
    if width >= 70:
        assert lines[2].split()[1] == "trials"
        assert lines[-2].split()[1] == "2/3"


@pytest.mark.parametrize(
    ("better", "kept"), [("lower", [0.5, 0.3, 0.3]), ("higher", [0.5, 0.5, 0.9])]
)
def test_a_search_shows_the_best_so_far_over_the_trials_that_ended(tmp_path, clock, better, kept):
    block = blocks_of(tmp_path)[0]
    names = ["CD[1]", "CD[2]", "CD[3]", "CD[4]"]
    of = dict.fromkeys(names, "CD")
    blocks = [named(block, name, target="nll.test") for name in names]
    tally = Tally(blocks, [1.0] * 4, 1, Scene("search", of, better), clock)
    for index, value in enumerate((0.5, 0.3, 0.9, 0.1)):
        clock.now += 10
        tally.start(index)
        clock.now += 10
        tally.advance(Event(index, Progress(3, value, 30, 1.0)))
        if index < 3:
            tally.end(index, ["done"] * 3)
    (row,) = tally.rows
    assert row.trend == tuple(enumerate(kept, start=1))
    assert (row.epoch, row.value) == (3, kept[-1])
    lines = shown(tally, 100)
    assert "best nll.test" in lines[2]
    assert "newest" not in lines[2]
    assert sum(letter in LEVELS for letter in lines[-1]) >= 20


def test_a_time_that_is_left_does_not_jump_on_the_screen(tally, clock):
    assert shown(tally, 100)[0].count("80 s left") == 1
    work = tally.works[2]
    clock.now += 0.5
    work.heard, work.began = clock.now, clock.now - 4000.0  # as if it were fifty times as slow
    assert tally.left > 1000
    assert tally.shown_left < 2 * 80


def test_what_is_left_is_told_by_the_method_s_own_pace(tally, clock):
    by_name = {row.name: row for row in tally.rows}
    assert by_name[LONG].left == pytest.approx(40 * 2 / 1 / 1)  # an epoch took 40 s with the start
    assert by_name["RAPID"].left is None
    clock.now += 30
    assert {row.name: row.left for row in tally.rows}[LONG] == pytest.approx(50)


def test_a_block_that_goes_on_is_not_as_fast_as_it_looks(tmp_path, clock):
    """Of ten epochs nine were trained before: the tenth takes what it takes."""
    block = blocks_of(tmp_path, epochs=10)[0]
    tally = Tally([block], [1.0], 1, clock=clock)
    tally.works[0].__dict__["base"] = 0.8
    assert tally.done == pytest.approx(0.8)
    tally.start(0)
    clock.now += 10
    tally.advance(Event(0, Progress(9, 0.5)))
    assert tally.left == pytest.approx(10)


@pytest.mark.parametrize(("epoch", "share"), [(None, "0 %"), (1, "33 %"), (3, "99 %")])
def test_a_method_that_failed_stays_where_it_was(tmp_path, clock, epoch, share):
    tally = Tally(blocks_of(tmp_path), [1.0] * 3, 1, clock=clock)
    tally.start(0)
    if epoch is not None:
        tally.advance(Event(0, Progress(epoch, 0.5)))
    tally.end(0, ["failed"] * 3)
    lines = shown(tally, 100)
    failed = next(line for line in lines if line.endswith("3 lost"))
    assert f" {share} " in failed
    assert lines[0].startswith("33 %")  # nothing more is to be done of it
    tally.end(1, ["done", "diverged", "done"])
    tally.end(2, [])  # by another command
    assert [line.count("100 %") for line in shown(tally, 100)[-3:]] == [0, 1, 1]


def test_no_line_takes_longer_than_all_together(tmp_path, clock):
    """Of two workers one is at each method; one that is free takes what waits."""
    block = blocks_of(tmp_path)[0]
    blocks = [named(block, method) for method in ("CD", "PCD", "PCD", "PCD")]
    tally = Tally(blocks, [1.0] * 4, 2, clock=clock)
    for index in (0, 1):
        tally.start(index)
    clock.now += 30
    for index in (0, 1):
        tally.advance(Event(index, Progress(1, 0.5)))
    _, pcd = tally.rows
    assert pcd.left > tally.left > 60
    assert max(row.left for row in tally.shown_rows) <= tally.shown_left + 1e-9
    assert [line.split()[-2:] for line in shown(tally, 80)[-2:]] == [["60", "s"], ["2", "min"]]
    assert "2 min left" in shown(tally, 80)[0]


def test_nothing_is_done_before_it_is(tmp_path, clock):
    tally = Tally(blocks_of(tmp_path, epochs=1000), [1.0] * 3, 1, clock=clock)
    for index in range(3):
        tally.start(index)
        tally.advance(Event(index, Progress(999)))
    assert shown(tally, 80)[0].startswith("99 %")
    for index in range(3):
        tally.end(index, ["done"] * 3)
    assert shown(tally, 80)[0].startswith("100 %")


def test_a_curve_shows_where_it_fell():
    assert sparkline(((0, 1.0), (5, 0.0)), 10, 11) == LEVELS[7] * 5 + LEVELS[0] * 6
    assert sparkline(((0, 1.0), (5, 0.0)), 10, 11, plain=True).isascii()
    assert sparkline(((0, 1e-8), (1, 1.0)), 1, 2) == LEVELS[0] + LEVELS[7]
    assert sparkline(((0, 0.01), (5, 1.0), (10, 100.0)), 10, 3)[1] in LEVELS[3:5]  # by logarithm
    assert sparkline(((0, -1e308), (1, 1e308)), 1, 2) == LEVELS[0] + LEVELS[7]
    assert sparkline(((0, 1.0),), 10, 11) == sparkline((), 0, 11) == ""
    assert len(LEVELS) == len(PLAIN_LEVELS)


def test_words_are_kept_whole():
    assert shortened("CD-10 torch-Adam", 16) == "CD-10 torch-Adam"
    assert shortened("CD-10 torch-Adam", 13) == "CD-10 torch-\u2026"
    assert shortened("CD-10 torch-Adam", 10) == "CD-10\u2026"
    assert shortened("Natural PCD-10", 10) == "Natural\u2026"
    assert shortened("Antidisestablishment", 8) == "Antidis\u2026"
    assert that_fit(["one", "twenty-one", "two"], 9) == "one, two"


def test_a_cut_name_still_says_on_which_dataset_it_is():
    assert shortened("CD-10 torch-Adam on bars", 20, " on bars") == "CD-10 torch\u2026 on bars"
    assert shortened("CD-10 on bars", 10, " on bars") == "CD-10 on\u2026"


def test_it_is_drawn_now_and_then_and_what_is_lost_is_told_at_once(tmp_path, clock):
    stream = io.StringIO()
    console = Console(file=stream, width=80, force_terminal=True, _environ={"TERM": "xterm"})
    with LiveWatcher(console, clock=clock) as watcher:
        watcher.begin(blocks_of(tmp_path), [1.0] * 3, {"epochs: 2, was 3": 4}, workers=2)
        drawn = stream.getvalue().count("updates/s")
        for _ in range(100):
            watcher.progress(Event(0, Progress(1, 0.5)))
        assert stream.getvalue().count("updates/s") == drawn
        clock.now += BETWEEN
        watcher.tick()
        assert stream.getvalue().count("updates/s") == drawn + 1
        watcher.end(0, ["done", "diverged", "done"], ["no longer finite after epoch 1"])
        assert (
            "RAPID on bars3, seeds 0-2: 1 diverged, 2 done: no longer finite" in stream.getvalue()
        )
    text = stream.getvalue()
    assert "4 of them again: epochs: 2, was 3" in text
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 1  # the cursor is back


@pytest.mark.parametrize("width", [40, 60, 80])
def test_what_is_told_above_is_broken_between_words(tmp_path, clock, width):
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=True, _environ={"TERM": "xterm"})
    why = "the parameters [W] of all three replicas were no longer finite after epoch 1234567"
    with LiveWatcher(console, clock=clock) as watcher:
        watcher.begin(blocks_of(tmp_path), [1.0] * 3, {f"because {why}": 4}, workers=2)
        watcher.end(0, ["diverged"] * 3, [why])
        watcher.wait(3)
    lines = [re.sub("\x1b\\[[0-9;?]*[A-Za-z]", "", line) for line in stream.getvalue().splitlines()]
    told = [line.strip() for line in lines]
    assert max(map(len, told)) <= width
    assert " ".join(told).count(why) == 2
    assert "3 cells are left to another command" in " ".join(told)


def test_without_colour_there_is_none(tmp_path, clock):
    stream = io.StringIO()
    environment = {"TERM": "xterm-256color", "NO_COLOR": "1"}
    console = Console(file=stream, width=80, force_terminal=True, _environ=environment)
    with LiveWatcher(console, clock=clock) as watcher:
        watcher.begin(blocks_of(tmp_path), [1.0] * 3, {}, workers=2)
        watcher.progress(Event(0, Progress(1, 0.5)))
        clock.now += BETWEEN
        watcher.tick()
    codes = [part.split("m")[0] for part in stream.getvalue().split("\x1b[")[1:] if "m" in part[:6]]
    assert not [
        code
        for code in codes
        if any(each[:1] in "349" and len(each) > 1 for each in code.split(";"))
    ]
