"""What a report says of how methods were tuned."""

import pytest

from ebmbench.journal.documents import EarlyEnd, MethodTuning, TrialEnd, Tuning
from ebmbench.report.parts import Table
from ebmbench.report.sections.tuning import tuning
from ebmbench.suite.tuning.keys import TuningSpec
from support.result_example import result, spread

LR = "optimizer.lr"
RATES = (0.001, 0.01, 0.1, 0.9)


NONE = (None, None, None, None)


def said(
    values, before=(), halving=None, better="lower", ends=(0.0005, 1.0), epochs=(3, 3, 3, 3),
    early=NONE,
):  # fmt: skip
    """The sentences of a search among ``RATES`` with these values, after the first round early."""
    trials = tuple(
        TrialEnd(
            number=number, settings={LR: rate}, values=(value,), before=before, epochs=went,
            macs=1.0, early=None if then is None else EarlyEnd(epochs=3, values=(then,)),
        )
        for number, (rate, value, went, then) in enumerate(
            zip(RATES, values, epochs, early, strict=True), start=1
        )
    )  # fmt: skip
    known = [value for value in values if value is not None]
    best = (min if better == "lower" else max)(known) if known else None
    mine = MethodTuning(
        dataset="bars", method="A", trials=trials, chosen=values.index(best) + 1 if known else 1,
        ends={LR: ends} if ends else {},
    )  # fmt: skip
    spec = TuningSpec(metric="error.test", trials=len(values), halving=halving)
    found = Tuning(spec=spec, better=better, seeds=(100,), methods=(mine,))
    summary = result({"bars": {"A": spread(0.1, turn=1), "CD": spread(0.3)}}, tuning=found)
    parts = tuning(summary, summary.boards[0])
    rows = [" ".join(row) for part in parts if isinstance(part, Table) for row in part.rows]
    return " ".join([*(part for part in parts if isinstance(part, str)), *rows])


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((0.1, 0.2, 0.3, 0.4), "A, optimizer.lr 0.001, the least tried of 0.0005 to 1"),
        ((0.4, 0.3, 0.2, 0.1), "A, optimizer.lr 0.9, the largest tried of 0.0005 to 1"),
    ],
)
def test_a_choice_at_an_end_of_what_was_searched_is_named(values, told):
    assert f"At an end of what was searched: {told}. There may be better beyond." in said(values)


def test_a_choice_from_within_is_not():
    assert "At an end" not in said((0.4, 0.1, 0.2, 0.3))
    assert "At an end" not in said((0.1, 0.2, 0.3, 0.4), ends=None)  # from a list


@pytest.mark.parametrize(("better", "before"), [("lower", 0.1), ("higher", 0.5)])
def test_a_choice_that_is_no_better_than_the_untrained_model_is_named(better, before):
    values = (0.4, 0.1, 0.2, 0.5) if better == "higher" else (0.4, 0.1, 0.2, 0.3)
    text = said(values, before=(before,), better=better)
    assert "No better than before training, by error.test" in text
    assert "of the training rows: A." in text


def test_one_that_has_learned_is_not():
    assert "before training" not in said((0.4, 0.1, 0.2, 0.3), before=(0.2,))
    assert "before training" not in said((0.4, 0.1, 0.2, 0.3))  # nothing is known


def test_where_all_trials_were_lost_nothing_was_chosen():
    text = said((None, None, None, None), before=(0.2,))
    assert "nothing, as no trial ended well; trained with optimizer.lr 0.001" in text
    assert "before training" not in text
    assert "At an end" not in text


def test_halving_tells_of_the_moment_when_all_trials_had_gone_equally_far():
    text = said((0.4, 0.1, 0.2, 0.3), halving=2, epochs=(3, 9, 27, 3), early=(None, 0.8, 0.6, None))
    assert "went equally far in the first round only, 3 epochs each" in text
    assert "Dodge" in text
    assert "A 0.525 0.419 0.345" in text  # of 0.3, 0.4, 0.6 and 0.8
    assert "A 0.3 0.4 0.6 0.8" in text


def test_a_search_of_one_round_tells_how_sensitive_methods_are_at_the_end():
    text = said((0.4, 0.1, None, 0.3))
    assert "first round only" not in text
    assert "A 0.1 0.3 0.4 lost" in text


def test_an_older_run_with_halving_says_that_nothing_is_known():
    text = said((0.4, 0.1, 0.2, 0.3), halving=2, epochs=(3, 9, 27, 3))
    assert "nor where they stood then, so nothing is said here" in text
    assert "Dodge" not in text
