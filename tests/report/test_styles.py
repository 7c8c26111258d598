"""The looks of methods."""

from __future__ import annotations

from itertools import combinations

from ebmbench.report.figures.styles import styles_of


def test_methods_differ_in_colour_and_in_marker_and_in_dashes():
    looks = styles_of(["a", "b", "c", "d", "e"]).values()
    for what in ("colour", "marker", "dashes"):
        assert len({getattr(style, what) for style in looks}) == 5


def test_many_methods_still_look_different():
    names = [str(i) for i in range(50)]
    assert len(set(styles_of(names).values())) == 50


def test_of_23_methods_those_of_one_colour_differ_in_line_and_in_marker():
    looks = styles_of([str(i) for i in range(23)]).values()
    for one, other in combinations(looks, 2):
        if one.colour == other.colour:
            assert one.dashes != other.dashes
            assert one.marker != other.marker
    assert len({(style.colour, style.dashes) for style in looks}) == 23


def test_every_second_round_of_the_colours_has_hollow_markers():
    looks = [*styles_of([str(i) for i in range(17)]).values()]
    assert [style.hollow for style in looks] == [False] * 8 + [True] * 8 + [False]
    assert looks[0].point["markeredgewidth"] == 0
    assert looks[8].point["markerfacecolor"] == "white"
    assert looks[8].point["markeredgewidth"] > 0
