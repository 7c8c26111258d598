"""The looks of methods."""

from __future__ import annotations

from ebmbench.report.figures.styles import styles_of


def test_methods_differ_in_colour_and_in_marker_and_in_dashes():
    looks = styles_of(["a", "b", "c", "d", "e"]).values()
    for what in ("colour", "marker", "dashes"):
        assert len({getattr(style, what) for style in looks}) == 5


def test_many_methods_still_look_different():
    names = [str(i) for i in range(50)]
    assert len(set(styles_of(names).values())) == 50
