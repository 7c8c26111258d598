"""Kinds of visible units: their states, what is no row of them, and draws."""

import numpy as np
import pytest
import torch
from scipy.stats import chisquare

from ebmbench import Noise
from ebmbench.numerics import REALS, SPINS, OneHot

Q3 = OneHot(3)


@pytest.mark.parametrize(
    ("units", "visible", "count"), [(SPINS, 5, 32), (Q3, 6, 9), (OneHot(2), 6, 8)]
)
def test_states_are_all_there_are_in_the_order_of_their_index(units, visible, count):
    states = units.states(visible)
    assert states.shape == (count, visible)
    assert units.index_of(states).tolist() == list(range(count))
    assert units.fault_of(states) is None


def test_equal_means_the_same():
    assert OneHot(3) == Q3 != OneHot(4)
    assert len({SPINS, REALS, Q3, OneHot(2)}) == 4


@pytest.mark.parametrize(
    ("units", "row", "says"),
    [
        (SPINS, [1.0, 0, -1], "holds 0 where spins are"),
        (Q3, [1.0, 0, 0, 0.5, 0, 0.5], "holds 0.5, where a column of a state is 0 or 1"),
        (Q3, [-1.0, 1, 1, 1, 0, 0], "holds -1, where a column"),
        (Q3, [1.0, 0, 0, 1, 0, 1], "has a site 1 in 2 states, where it is in one"),
        (Q3, [0.0, 0, 0, 1, 0, 0], "has a site 0 in 0 states"),
        (Q3, [1.0, 0, 0, 1], "has 4 columns, no multiple of 3 states"),
        (REALS, [1.0, torch.inf], "holds inf, which is not finite"),
    ],
)
def test_what_is_no_row_of_them_is_told(units, row, says):
    rows = torch.tensor([row])
    assert says in units.fault_of(rows)


@pytest.mark.parametrize("units", [SPINS, Q3, REALS])
def test_random_rows_are_rows_and_each_replicas_own(units):
    rows = units.random(11, 6, Noise([0, 1], "rows"))
    assert rows.shape == (2, 11, 6)
    assert rows.dtype == torch.float32
    assert units.fault_of(rows.flatten(0, 1)) is None
    assert torch.equal(units.random(11, 6, Noise([1], "rows"))[0], rows[1])
    assert not torch.equal(rows[0], rows[1])


def test_a_site_is_in_each_state_alike():
    rows = Q3.random(30_000, 6, Noise([0], "rows"))[0]
    assert chisquare(rows[:, :3].sum(0)).pvalue > 1e-5
    assert chisquare(np.bincount(Q3.index_of(rows), minlength=9)).pvalue > 1e-5


def test_columns_are_made_enough_for_whole_sites():
    assert [Q3.suited(visible) for visible in (5, 6, 7)] == [6, 6, 9]
    assert (SPINS.suited(7), Q3.draws(6), SPINS.draws(6)) == (7, 2, 6)


def test_states_are_drawn_by_their_logits():
    logits = torch.tensor([[0.3, -1.0, 2.0, 0.0, 0.5, -0.2]])
    n = 100_000
    drawn = Q3.drawn(logits.expand(1, n, -1), Noise([4], "draw"))
    p = torch.softmax(logits.view(2, 3).double(), -1).numpy()
    for site in (0, 1):
        seen = drawn[0, :, 3 * site : 3 * site + 3].sum(0).double().numpy()
        assert chisquare(seen, n * p[site]).pvalue > 1e-5
    both = np.bincount(Q3.index_of(drawn[0]), minlength=9)
    assert chisquare(both, n * np.outer(*p).ravel()).pvalue > 1e-5


def test_what_is_certain_is_drawn_and_nothing_overflows():
    logits = torch.tensor([[[1e4, 0, 0, 0, -1e4, 1e4], [0, 0, 3e38, -3e38, 0, 0]]])
    drawn = Q3.drawn(logits, Noise([0], "draw"))
    assert drawn[0, 0].tolist() == [1, 0, 0, 0, 0, 1]
    assert drawn[0, 1, :4].tolist() == [0, 0, 1, 0]


def test_a_replica_draws_the_same_alone_and_among_others():
    logits = Noise(range(3), "logits").normal(17, 6)
    together = Q3.drawn(logits, Noise(range(3), "draw"))
    assert torch.equal(Q3.drawn(logits[2:], Noise([2], "draw"))[0], together[2])
