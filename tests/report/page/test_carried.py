"""What numbers the page carries, of which seeds, and how short they are."""

from __future__ import annotations

from math import inf, nan

import pytest

from ebmbench.report.figures.panels import FEWEST_FOR_BAND, MOST_BANDS
from ebmbench.report.figures.price.prices import Price, front, prices
from ebmbench.report.figures.styles import styles_of
from ebmbench.report.page import curves as curves_file
from ebmbench.report.page.carried import shown_first
from ebmbench.report.page.curves import bands, seeds_that_fit
from ebmbench.report.page.in_script import in_script, short
from ebmbench.report.page.tables import key_of
from ebmbench.report.parts import Cell
from ebmbench.summary import summarise
from ebmbench.summary.statistics import Bounds, interval
from support import journal_example as example
from support.page_example import numbers_of, page_of


@pytest.fixture(scope="module")
def numbers(page):
    return numbers_of(page)


def value_of(numbers, name):
    return next(v for v in numbers["boards"][0]["values"] if v["name"] == name)


def test_numbers_are_short_and_what_is_not_finite_is_none():
    assert [short(x) for x in (1 / 3, 12345678.0, 5.0, nan, inf, None)] == [
        *(0.33333, 12346000, 5),
        *(None, None, None),
    ]
    assert isinstance(short(5.0), int)


def test_json_in_a_script_can_end_nothing():
    text = in_script({"a": "</script><!-- & \u2028"})
    assert not set("<>&\u2028") & set(text)


def test_every_method_has_one_colour_that_of_the_markdown_report(numbers):
    methods = [line["name"] for line in numbers["lines"]]
    looks = styles_of(methods)
    assert [line["colour"] for line in numbers["lines"]] == [looks[m].colour for m in methods]


def test_a_curve_is_the_summarys(numbers):
    summary = summarise(example.run(), example.records())
    curve = summary.boards[0].row("Slow").curves["nll.test"]
    mine = next(
        c
        for c in value_of(numbers, "nll.test")["curves"]
        if numbers["lines"][c["m"]]["name"] == "Slow"
    )
    assert mine["mean"] == [short(i.mean) for i in curve.values]
    assert mine["low"] == [short(i.low) for i in curve.values]
    moments = numbers["boards"][0]["moments"][mine["at"]]
    assert moments["epoch"] == list(curve.epochs)
    assert moments["update"] == list(curve.updates)
    assert numbers["boards"][0]["macs"][str(mine["m"])] == 2_592_000


def test_single_seeds_are_those_that_ended_well(numbers):
    found = {
        numbers["lines"][c["m"]]["name"]: [seed["s"] for seed in c["seeds"]]
        for c in value_of(numbers, "hamming.test")["curves"]
    }
    assert found == {"Fast": [0, 1, 2, 3, 4, 5], "Slow": [0, 1, 2, 3, 4], "Twin": [0, 1, 2, 3]}


def test_of_too_many_seeds_the_first_are_carried_and_the_page_says_so(tmp_path, monkeypatch):
    each = 3 * 4 * len(example.EPOCHS) + 2 * len(example.EPOCHS)  # gradient_error not of Fast
    monkeypatch.setattr(curves_file, "MOST_NUMBERS", 2 * each)
    summary = summarise(example.run(), example.records())
    assert seeds_that_fit(summary, example.records()) == (0, 1)
    file = page_of(tmp_path)
    seeds = [c["seeds"] for c in value_of(numbers_of(file), "hamming.test")["curves"]]
    assert all([seed["s"] for seed in of_method] == [0, 1] for of_method in seeds)
    assert numbers_of(file)["seeds"] == {"carried": 2, "of": 6}
    assert "the first 2 of 6 seeds one by one" in " ".join(file.read_text("utf-8").split())


def test_a_seed_that_ends_elsewhere_has_moments_of_its_own(tmp_path):
    record = example.record("Slow", 0)
    curves = {name: _later(curve) for name, curve in record.curves.items()}
    records = [example.changed(record, curves=curves), *example.records()]
    numbers = numbers_of(page_of(tmp_path, records=_once(records)))
    slow = next(c for c in value_of(numbers, "nll.test")["curves"] if c["n"] == 5)
    own = {seed["s"]: seed.get("own") for seed in slow["seeds"]}
    assert own[0]["epoch"] == [*example.EPOCHS[:-1], 90]
    assert len(own[0]["seconds"]) == len(slow["seeds"][0]["y"])


def test_what_was_measured_once_after_the_start_is_no_curve(tmp_path):
    records = [_at_the_ends(each, "hamming.") for each in example.records()]
    numbers = numbers_of(page_of(tmp_path, records=records))
    (board,) = numbers["boards"]
    assert [v["name"] for v in board["values"]] == ["nll.train", "nll.test", "gradient_error"]
    assert board["once"] == ["hamming.train", "hamming.test"]


def test_of_values_with_curves_none_is_said_to_be_measured_once(numbers):
    assert numbers["boards"][0]["once"] == []


def _at_the_ends(record, lead):
    """The record without what lies between the start and the end."""
    curves = {n: _ends_of(c) if n.startswith(lead) else c for n, c in record.curves.items()}
    return example.changed(record, curves=curves)


def _ends_of(curve):
    parts = {name: getattr(curve, name) for name in ("epoch", "update", "seconds", "value")}
    return example.changed(curve, **{name: (x[0], x[-1]) for name, x in parts.items()})


def _later(curve):
    return example.changed(curve, epoch=(*curve.epoch[:-1], 90) if len(curve.epoch) > 1 else (90,))


def _once(records):
    """The first record of each cell."""
    return list({record.id: record for record in records[::-1]}.values())


def test_an_interval_of_few_seeds_or_of_tied_ones_is_no_band():
    few = interval([1.0, 2.0, 3.0])
    tied = interval([0.0] * 5, Bounds(0.0, 1.0))
    wide = interval([1.0, 2.0, 3.0, 4.0])
    found = bands([few, tied, wide])
    assert found["low"][:2] == [None, None]
    assert found["low"][2] == short(wide.low)
    assert FEWEST_FOR_BAND == 4


def test_bands_stay_within_a_values_range():
    found = bands([interval([0.0, 0.01, 0.02, 0.5], Bounds(0.0, 1.0))])
    assert found["low"] == [0]


def test_a_page_starts_with_the_baseline_and_the_best(monkeypatch):
    summary = summarise(example.run(), example.records())
    assert shown_first(summary, summary.boards[0]) == ["Fast", "Slow", "Twin"]
    monkeypatch.setattr("ebmbench.report.page.carried.MOST_BANDS", 2)
    assert shown_first(summary, summary.boards[0]) == ["Fast", "Slow"]
    twin = summarise(example.run(baseline="Twin"), example.records())
    assert shown_first(twin, twin.boards[0]) == ["Fast", "Twin"]
    assert MOST_BANDS == 6


def price(method, mean, seconds):
    return Price(method, interval([mean]), seconds, 100 - seconds)


def test_the_front_holds_whom_none_as_cheap_is_better_than():
    found = [price("a", 3.0, 1), price("b", 2.0, 2), price("c", 2.5, 3), price("d", 1.0, 9)]
    assert front(found, "lower", "seconds") == ["a", "b", "d"]
    assert front(found, "lower", "macs") == ["d"]
    assert front(found, "higher", "seconds") == ["a"]
    same = [price("a", 2.0, 1), price("b", 2.0, 1), price("c", 2.0, 2)]
    assert front(same, "lower", "seconds") == ["a"]


def test_no_method_is_on_the_front_by_the_seeds_that_survived():
    found = [price("a", 3.0, 1), price("b", 1.0, 2)._replace(lost=2), price("c", 2.0, 3)]
    assert front(found, "lower", "seconds") == ["a", "c"]
    assert front(found[1:2], "lower", "seconds") == ["b"]


def test_a_price_is_that_of_a_whole_training(numbers):
    summary = summarise(example.run(), example.records())
    found = {p.method: p for p in prices(summary.boards[0], "hamming.test")}
    assert found["Slow"].macs == 500 * 2_592_000
    assert found["Slow"].seconds == pytest.approx(500 * 0.0013)
    value = next(v for v in numbers["boards"][0]["quality"] if v["name"] == "hamming.test")
    assert [numbers["lines"][m]["name"] for m in value["front"]["seconds"]] == ["Fast"]


def test_films_hold_every_frame(numbers):
    films = numbers["boards"][0]["films"]
    assert [numbers["lines"][film["m"]]["name"] for film in films] == ["Fast", "Slow", "Twin"]
    assert films[0]["epochs"] == [0, 10, 100]
    assert films[0]["marks"] == [[0, 1, 1, 0, 1]] * 3
    assert (films[0]["images"], films[0]["shape"]) == (5, [2, 3])


def test_rows_are_sorted_by_numbers_that_a_browser_reads():
    assert [key_of(Cell(["x"], key=k)) for k in (nan, inf, 0.5)] == ["", "Infinity", "0.5"]
