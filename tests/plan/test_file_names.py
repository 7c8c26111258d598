"""One function makes the names of files: bounded, portable, and no other names' file."""

from hypothesis import given
from hypothesis import strategies as st

from ebmbench.plan.file_names import file_name, readable

names = st.lists(st.text(max_size=300), min_size=1, max_size=3)


@given(names)
def test_any_names_make_a_name_that_every_file_system_takes(given_names):
    made = file_name(*given_names)
    assert 0 < len(made.encode()) <= 100
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.=_-")
    assert not made.startswith((".", "-"))


alike = st.lists(st.text("aAbB-. \u2264\u6761", max_size=4), min_size=1, max_size=3)


@given(alike, alike)
def test_other_names_make_another_file_even_where_capitals_are_small_letters(some, others):
    same = some == others
    assert (file_name(*some).lower() == file_name(*others).lower()) == same


def test_names_of_plain_words_stay_as_they_are():
    assert file_name("bars3", "hamming", "over", "sampler.k") == "bars3-hamming-over-sampler.k"


@given(st.text(max_size=400))
def test_the_readable_part_of_a_cells_name_is_bounded(name):
    assert len(readable(name).encode()) <= 80
