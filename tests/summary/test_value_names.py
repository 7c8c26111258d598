"""The names of values."""

from __future__ import annotations

from ebmbench.summary import in_spectrum, metric_of, part_of


def test_names_split_at_the_first_dot():
    assert (metric_of("nll.train"), part_of("nll.train")) == ("nll", "train")
    assert (metric_of("gradient_error"), part_of("gradient_error")) == ("gradient_error", "")
    assert in_spectrum("spectrum.12")
    assert not in_spectrum("hamming.test")
