"""Docstrings as Markdown: formulas stay as they are written."""

from reference_pages.markdown import prose, table


def test_what_markdown_would_take_for_its_own_is_text():
    assert prose("<dF>_model over [a] * b") == r"&lt;dF&gt;\_model over \[a\] \* b"


def test_code_and_indented_blocks_stay():
    assert prose("``a_b`` and `c*d`::\n\n    x_y = <z>") == "``a_b`` and `c*d`:\n\n    x_y = <z>"


def test_a_block_of_code_shows_no_backticks():
    assert prose("Says::\n\n    a  as ``b`` has it") == "Says:\n\n    a  as b has it"


def test_what_is_between_double_stars_is_in_bold_and_powers_are_not():
    assert prose("Free. **Not from the same**: it") == "Free. **Not from the same**: it"
    assert prose("x**2 + y**2 and 2 ** 3 ** 4") == r"x\*\*2 + y\*\*2 and 2 \*\* 3 \*\* 4"


def test_roles_become_code():
    said = prose("as :class:`ebmbench.numerics.FixedPoint` has it")
    assert said == "as ``ebmbench.numerics.FixedPoint`` has it"


def test_arguments_become_a_list_with_an_entry_each():
    text = "Does it.\n\nArgs:\n    x: one\n        thing.\n    y: another."
    assert prose(text) == "Does it.\n\nArgs:\n\n- x: one thing.\n- y: another."
    assert prose("Args:\n    x: one\n        thing.") == "Args:\n\n- x: one thing."


def test_a_bar_does_not_end_a_cell_but_in_code_it_is_left_alone():
    assert table(("a",), [("x | y `int | null`",)]).splitlines()[2] == "| x &#124; y `int | null` |"
