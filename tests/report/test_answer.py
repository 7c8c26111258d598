"""The sentences that a report opens with, right on results made up."""

from __future__ import annotations

import pytest

from ebmbench.journal.documents import MethodTuning, TrialEnd, Tuning
from ebmbench.report.answer import answer
from ebmbench.suite.tuning.keys import TuningSpec
from ebmbench.summary import summarise
from support import sweep_example
from support.result_example import result, spread

GOOD, BAD = spread(0.1, turn=1), spread(0.3, turn=2)


def said(ends, **how) -> str:
    return " ".join(answer(result(ends, **how)))


def first(ends, **how) -> str:
    return answer(result(ends, **how))[0]


def test_a_clear_win_says_by_how_much_how_surely_and_at_what_cost():
    text = said({"bars": {"A": GOOD, "CD": BAD}})
    assert text.startswith(
        "A wins on bars: its error.test is 0.1000, the baseline CD's 0.3000 (67 % lower). "
        "It is better on all 6 seeds, p < 0.001. "
    )
    assert "An update of A takes 1.00 ms, about as long as CD's" in text


def test_a_tie_within_the_margin_has_no_winner():
    near = {"A": spread(0.300, turn=1), "CD": BAD}
    text = said({"bars": near}, margin=0.05)
    assert text.startswith("No winner on bars: A and CD are equivalent on error.test")
    assert "within the margin of 0.05" in text
    assert "wins" not in text


def test_a_tie_without_a_margin_stays_open():
    text = said({"bars": {"A": spread(0.299, turn=1), "CD": BAD}})
    assert text.startswith("No clear winner on bars: A and CD share the first place")
    assert "that is not told from the baseline CD's 0.3000" in text
    assert "seeds might settle it" in text or "might not settle it" in text


@pytest.mark.parametrize(("seeds", "told"), [(1, "1 seed tells"), (2, "2 seeds tell")])
def test_too_few_seeds_give_no_verdict(seeds, told):
    text = said({"bars": {"A": GOOD[:seeds], "CD": BAD[:seeds]}})
    assert text.startswith(f"No verdict on bars: {told} nothing apart, it takes 3 at least.")
    assert "By the bare means A is ahead" in text
    assert "wins" not in text


def test_who_is_ahead_reads_so_though_its_interval_leaves_it_one_digit():
    """0.656 in two digits against 0.657 in three."""
    text = said({"bars": {"A": [0.316, 0.996], "CD": [0.6569, 0.6571]}})
    assert "A is ahead on error.test: 0.656 against the baseline CD's 0.657." in text
    wide = [0.316, 0.996, 0.5, 0.812]
    text = said({"bars": {"A": wide, "CD": spread(0.657, 0.0001, seeds=4)}})
    assert "A has the best mean, 0.656, but that is not told from the baseline CD's 0.657;" in text


def test_equal_seeds_are_not_certainty():
    text = said({"bars": {"A": [0.0] * 5, "CD": spread(0.1, seeds=5)}})
    assert text.startswith("No clear winner on bars")
    assert "0 on all 5 seeds (up to 52 % of all seeds may differ)" in text


def test_thirty_equal_seeds_may_win():
    text = said({"bars": {"A": [0.0] * 30, "CD": spread(0.3, seeds=30)}})
    assert text.startswith("A wins on bars: its error.test is 0, the baseline CD's 0.3000")


def test_a_method_that_failed_on_all_seeds_is_named_and_wins_nothing():
    text = said({"bars": {"A": GOOD, "CD": BAD, "X": ["failed"] * 6}})
    assert text.startswith("A wins on bars")
    assert "X lost all 6 seeds (6 failed), which count as its worst value." in text


def test_all_others_may_have_failed():
    text = said({"bars": {"A": GOOD, "CD": ["failed"] * 6}})
    assert text.startswith("Only A has a final error.test on bars, 0.1000 ± 0.0079; CD has none.")
    assert "wins" not in text


def test_a_method_that_diverged_on_half_its_seeds_has_not_won_by_the_others():
    text = said({"bars": {"A": [*GOOD[:3], *["diverged"] * 3], "CD": BAD}})
    assert text.startswith("No clear winner on bars: CD and A share the first place")
    assert "By the seeds that ended well A is ahead" in text
    assert "A lost 3 of 6 seeds (3 diverged)" in text


def test_opposite_results_on_two_datasets_are_told():
    text = said({"bars": {"A": GOOD, "CD": BAD}, "bas": {"A": BAD, "CD": GOOD}})
    assert text.startswith("A wins on bars: its error.test is 67 % lower than the runner-up's.")
    assert "The baseline CD wins on bas" in text
    assert "Results are opposite: A is better than CD on bars, and worse on bas." in text


def test_one_winner_on_all_datasets_is_told_once():
    text = said({name: {"A": GOOD, "CD": BAD} for name in ("bars", "bas", "mnist")})
    assert text.startswith("A wins on all 3 datasets: its error.test is 67 % lower than")
    assert text.count("wins") == 1
    assert "one report of twenty" in text


def test_a_win_here_and_nothing_there():
    open_here = {"A": GOOD, "CD": spread(0.1, turn=9)}
    text = said({"bars": {"A": GOOD, "CD": BAD}, "bas": open_here})
    assert text.startswith("A wins on bars")
    assert "No clear winner on bas: " in text
    assert "share the first place" in text
    assert "Only A may be first on all of them." in text
    assert "opposite" not in text


def test_quality_that_is_bought_says_its_price():
    ends = {"A": GOOD, "CD": BAD}
    text = said({"bars": ends}, seconds={"A": 0.02, "CD": 0.001})
    assert "An update of A takes 20.0 ms, 20 times as long as CD's 1.00 ms." in text
    twice = said({"bars": ends, "bas": ends}, seconds={"A": 0.02, "CD": 0.001})
    assert "An update of A takes 20 times as long as CD's." in twice


def test_where_the_first_place_is_shared_the_cheapest_is_named():
    ends = {"A": spread(0.3, turn=1), "CD": BAD}
    text = said({"bars": ends}, seconds={"A": 0.02, "CD": 0.001})
    cheapest = "Of those that share the first place, CD is the cheapest to train, 50.0 ms a seed"
    assert f"{cheapest}; A takes 20 times as long." in text


def test_who_is_not_surely_better_than_the_baseline_has_not_won():
    wild = spread(0.35, 0.34, turn=5)
    text = said({"bars": {"A": GOOD, "B": spread(0.2, turn=4), "CD": wild}})
    assert text.startswith("No clear winner on bars: A and the erratic CD share the first place")
    assert "and is better than the runner-up B, but not surely than the erratic CD" in text
    assert "Against the baseline CD, A and B are undecided." in text


def test_who_is_better_than_the_runner_up_but_not_among_all_pairs_has_not_won():
    best = spread(0.1, 0.001, turn=1)
    worse = [x + more for x, more in zip(best, spread(0.02, 0.0134, turn=3), strict=True)]
    others = {f"M{n}": spread(0.15, 0.1, turn=n + 4) for n in range(6)}
    text = said({"bars": {"CD": BAD, "A": best, "B": worse, **others}})
    assert "A has the best mean, 0.1" in text
    better = "and is better than the runner-up B; but judged with all other pairs at once"
    assert f"{better}, it is not told from the erratic B, the erratic M0" in text
    assert "not surely" not in text


def test_who_is_worse_than_the_baseline_and_shares_the_first_place_is_explained():
    """Verdicts are a smaller family than places, which are of all pairs."""
    baseline = spread(0.1, 0.001, turn=1)
    worse = [x + more for x, more in zip(baseline, spread(0.02, 0.0134, turn=3), strict=True)]
    others = {f"M{n}": spread(0.12, 0.1, turn=n + 4) for n in range(6)}
    text = said({"bars": {"CD": baseline, "B": worse, **others}})
    assert "Against the baseline CD, B is worse" in text
    assert "Places compare all pairs, which tells fewer apart: so B may be first." in text


def test_the_baseline_itself_may_win():
    text = said({"bars": {"A": BAD, "B": spread(0.5), "CD": GOOD}})
    assert text.startswith("The baseline CD wins on bars")
    assert "the runner-up A's 0.3000" in text
    assert "Against the baseline CD, B is worse." in text


def test_a_method_alone_has_nobody_to_beat():
    text = said({"bars": {"CD": GOOD}})
    assert text.startswith("CD is alone on bars, so there is nothing to compare it with")
    assert "wins" not in text


@pytest.mark.parametrize("datasets", [["bars"], ["bars", "bas"]])
def test_nothing_is_said_of_what_has_not_finished(datasets):
    text = said({name: {"A": [], "CD": []} for name in datasets})
    assert text.startswith("Nothing to compare yet on ")
    assert len(text) < 60


def test_where_everything_is_lost_that_is_told():
    text = said({"bars": {"A": ["failed"] * 3, "CD": ["diverged"] * 3}})
    assert text.startswith("Nothing to compare yet on bars: 6 seeds diverged or failed")


def test_higher_may_be_better():
    text = said({"bars": {"A": spread(0.9, turn=1), "CD": BAD}}, better="higher")
    assert text.startswith(
        "A wins on bars: its error.test is 0.9000, the baseline CD's 0.3000 (3 times as high)."
    )


def test_of_many_methods_those_that_share_the_first_place_are_counted():
    near = {f"M{i}": spread(0.2 + 0.001 * i, 0.02, turn=i) for i in range(8)}
    far = {f"W{i}": spread(0.6, turn=20 + i) for i in range(3)}
    ends = {**near, **far, "CD": spread(0.7, turn=40)}
    assert first({"bars": ends}) == (
        "No clear winner on bars: 8 of 12 methods share the first place on error.test "
        "(M0, M1, M2, M3 and 4 others)."
    )


def test_another_value_may_tell_another_story():
    ends = {"bars": {"A": GOOD, "CD": BAD}}
    far = {"bars": {"A": spread(1300, turn=3), "CD": spread(5, turn=4)}}
    near = {"bars": {"A": spread(5.001, turn=3), "CD": spread(5, turn=4)}}
    assert "But on nll CD is better than A: 5.0000 against 1300.0" in said(ends, others=far)
    assert "Others have the better mean, not told apart, on nll (CD)." in said(ends, others=near)


def test_an_untrained_run_says_so_and_has_no_price():
    text = said({"bars": {"A": GOOD, "CD": BAD}}, epochs=0)
    assert text.startswith("A wins on bars")
    assert "Nothing was trained" in text
    assert "update" not in text


def test_a_tuned_run_says_who_was_tuned():
    trial = TrialEnd(number=1, settings={"lr": 0.1}, values=(0.1,), epochs=3, macs=1.0)
    spec = TuningSpec(metric="error.test", trials=8)
    mine = (MethodTuning(dataset="bars", method="A", trials=(trial,), chosen=1),)
    tuning = Tuning(spec=spec, better="lower", seeds=(100,), methods=mine)
    text = said({"bars": {"A": GOOD, "CD": BAD}}, tuning=tuning)
    assert "Methods were tuned by 8 trials each" in text
    assert "not so CD." in text


def test_a_sweep_says_at_how_many_values_a_line_is_better():
    run = sweep_example.run()
    text = " ".join(answer(summarise(run, sweep_example.records(run))))
    assert text.startswith("On bars over size of things, Wide is better than Narrow at 6 of 7")
    assert "undecided at 1" in text
    assert "no verdict on it" in text
    assert "wins" not in text


@pytest.mark.parametrize("seed", range(12))
def test_no_sentence_says_more_than_the_tables(seed):
    """Whoever is said to win is alone in the first place, and better than its runner-up."""
    means = [0.1, 0.11, 0.12 + 0.02 * (seed % 4)]
    ends = {
        f"d{i}": {m: spread(x, 0.02, turn=seed + 7 * i + 3 * n) for n, (m, x) in enumerate(
            zip(("A", "B", "CD"), means, strict=True))}
        for i in range(1 + seed % 3)
    }  # fmt: skip
    summary = result(ends)
    text = " ".join(answer(summary))
    for method in ("A", "B", "CD"):
        alone = [str(b.places[method]) == "1" for b in summary.boards]
        assert (f"{method} wins" in text) == any(alone)
    for board in summary.boards:
        lead = board.leads["error.test"]
        if str(board.places[lead.best]) == "1":
            assert lead.comparison.verdict == "better"


def test_while_cells_are_missing_the_answer_is_one_so_far():
    done = said({"bars": {"A": GOOD, "CD": BAD}})
    text = said({"bars": {"A": GOOD, "CD": BAD[:4]}})
    assert text.startswith("So far, with 2 of 12 cells without a result: A wins on bars")
    assert "So far" not in done
