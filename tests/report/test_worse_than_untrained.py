"""A method that is ahead though values of it are worse than untrained, told in the same breath."""

from __future__ import annotations

import pytest

from ebmbench.report.answer import answer
from ebmbench.report.headline import headline
from ebmbench.summary import summarise
from support import journal_example as example

WORSE = "worse than before training"


def ending(end, method="Fast", seeds=example.SEEDS, values=("nll.train", "nll.test"), of=None):
    """The example's records, or others, with another end of a method's values on some seeds.

    On its other seeds they are half of what they were before training.
    """
    found = []
    for record in example.all_well() if of is None else of:
        for value in values if record.method == method else ():
            before = record.curves[value].value
            last = end if record.seed in seeds else before[0] / 2
            record = example.with_values(record, value, [*before[:-1], last])
        found.append(record)
    return found


def never_better(records):
    """With all values of the metric ``nll`` worse at each moment than at the one before."""
    for value in ("nll.train", "nll.test"):
        records = [
            example.with_values(
                r, value, [11.0 + k + r.seed / 9 for k in range(len(example.EPOCHS))]
            )
            for r in records
        ]
    return records


def said(records, run=None):
    summary = summarise(run or example.run(), records)
    return headline(summary, summary.boards[0])


def test_who_wins_is_told_in_one_sentence_with_what_is_worse_than_untrained():
    first = said(ending(7.5e9))[0]
    assert first.startswith("Fast wins on bars")
    assert first.endswith(
        f", though its nll.train and nll.test are {WORSE} on all 6 seeds "
        "(nll.test 7.50e9 on average, 11.00 before)."
    )


@pytest.mark.parametrize("end", [12.0, 1e40])
def test_it_is_told_on_how_many_seeds_however_far_they_are(end):
    records = ending(end, seeds=[1, 4], values=["nll.test"], of=ending(5.0))
    assert f", though its nll.test is {WORSE} on 2 of 6 seeds" in said(records)[0]


def test_averages_that_are_better_than_before_are_not_told():
    first = said(ending(12.0, seeds=[1, 4]))[0]
    assert first.endswith(f"though its nll.train and nll.test are {WORSE} on 2 of 6 seeds.")


def test_values_on_unlike_numbers_of_seeds_are_told_with_the_most():
    records = ending(12.0, seeds=[1, 4], values=["nll.test"], of=ending(12.0, seeds=[0, 1, 4]))
    assert f"nll.train and nll.test are {WORSE} on up to 3 of 6 seeds" in said(records)[0]


def test_nothing_is_said_of_who_ended_better_or_has_not_won():
    assert WORSE not in " ".join(said(ending(5.0)))
    assert WORSE not in " ".join(said(ending(7.5e9, method="Twin", of=ending(5.0))))


def test_nothing_is_said_of_a_value_that_training_makes_better_for_nobody():
    """Its nature is to get worse: chains of untrained models mix best."""
    records = never_better(example.all_well())
    assert WORSE not in " ".join(said(records))
    assert f"are {WORSE}" in said(ending(5.0, method="Twin", of=records))[0]


def test_of_the_value_that_decides_it_is_said_always():
    run = example.run(target=None, columns=["nll.test", "hamming.test"])
    told = next(each for each in said(never_better(example.all_well()), run) if WORSE in each)
    assert f"nll.test is {WORSE} on all 6 seeds (nll.test 16.28 on average, 11.28 before)" in told


def test_where_all_explode_it_is_enough_that_a_value_was_better_once():
    records = ending(7.5e9, method="Twin", of=ending(7.5e9, method="Slow", of=ending(7.5e9)))
    assert f"nll.test are {WORSE} on all 6 seeds" in said(records)[0]


def test_noise_within_the_interval_of_the_untrained_values_is_not_worse():
    def with_a_start(record, value):
        before = record.curves[value].value
        start = 11.0 + (record.seed - 2.5) / 10
        end = 11.05 if record.method == "Fast" else before[-1]
        return example.with_values(record, value, [start, *before[1:-1], end])

    records = [with_a_start(r, "nll.test") for r in ending(5.0, values=["nll.train"])]
    assert WORSE not in " ".join(said(records))


def test_where_higher_is_better_lower_is_worse():
    run = example.run_with_nll(better="higher")
    others_better = ending(20.0, method="Twin", of=ending(20.0, method="Slow"))
    assert f"are {WORSE} on all 6 seeds" in said(ending(-3.0, of=others_better), run)[0]
    assert WORSE not in said(ending(7.5e9, of=others_better), run)[0]


@pytest.mark.parametrize("seeds", [1, 2])
def test_with_few_seeds_it_is_told_of_who_is_ahead(seeds):
    records = [record for record in ending(7.5e9) if record.seed < seeds]
    (told,) = [each for each in said(records) if "Fast is ahead" in each]
    assert f"are {WORSE} on {'1 of 1 seed' if seeds == 1 else 'all 2 seeds'}" in told


def test_where_the_first_place_is_shared_it_is_told_right_after():
    run = example.run(target={"metric": "gradient_error", "below": 0.01})
    _, second, *_ = said(ending(7.5e9, method="Slow"), run)
    assert second.startswith(f"Slow's nll.train and nll.test are {WORSE} on all 6 seeds")


def test_it_is_told_of_who_is_ahead_on_another_value_alone():
    run = example.run(target=None, baseline=None, columns=["nll.test", "hamming.test"])
    first, *others = said(example.all_well(), run)
    assert WORSE not in first
    (told,) = [each for each in others if "on hamming.test Fast is better than" in each]
    assert f", though its nll.test is {WORSE} on all 6 seeds" in told
    assert "nll.train" not in told  # no column of the main table


def test_of_many_methods_only_some_are_told_one_by_one():
    names = [f"M{number}" for number in range(9)]
    records = [
        example.changed(r, method=name, id=f"{name}--{r.seed}")
        for name in names
        for r in ending(7.5e9, method="Twin")
        if r.method == "Twin"
    ]
    others = [r for r in example.all_well() if r.method == "Slow"]
    cells = [r.id for r in (*records, *others)]
    run = example.changed(example.run(), methods=(*names, "Slow"), cells=cells, skips=())
    told = said([*records, *others], run)
    assert sum(each.startswith("M") and "'s nll" in each for each in told) == 4
    assert f"Values of M4, M5, M6, M7 and M8 are not finite or {WORSE}, too." in told


def test_over_several_datasets_it_is_told_of_which():
    run = example.changed(example.run(), datasets=("bars", "bas"))
    there = [example.changed(r, dataset="bas", id=r.id + "x") for r in ending(5.0)]
    first = answer(summarise(run, [*ending(7.5e9), *there]))[0]
    assert first.endswith(f", though it has values that are {WORSE} on bars.")
