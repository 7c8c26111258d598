"""Names in Markdown: shown as they were written, whatever they are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ebmbench.report.markdown.escape import Markup, bold, code, escaped
from ebmbench.report.markdown.table import table

MARKS = r"""ab1 <>*_`[]()!#|~&;\/-+.="'{}:"""
texts = st.text(MARKS, max_size=30).map(str.strip)


def shown(markdown, inline="text"):
    """What a reader sees of a paragraph, and the kinds of all that is in it."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    (inner,) = [token for token in tokens if token.type == "inline"]
    return "".join(child.content for child in inner.children), [t.type for t in tokens]


@given(texts.filter(bool))
def test_a_reader_sees_a_text_as_it_was_written(text):
    content, kinds = shown(escaped(text))
    assert content == text
    assert kinds == ["paragraph_open", "inline", "paragraph_close"]


@given(texts)
def test_a_cell_of_a_table_stays_one_cell(text):
    html = MarkdownIt("commonmark").enable("table").render(table(["a", "b"], [[text, "x"]]))
    assert html.count("<td>") == 2
    assert html.count("<") == html.count("</") * 2  # every tag is a table's own, and closed


@pytest.mark.parametrize("text", ["<b>", "*x*", "[x](y)", "`x`", "a\nb", "&lt;", "_x_", "# x"])
def test_no_name_is_markup(text):
    content, _ = shown(escaped(text))
    assert content == text.replace("\n", " ")


@pytest.mark.parametrize("text", ["CD[k=1,lr=0.1]", "hamming.test", "a_b", "<0.001", "~5 (3 to 9)"])
def test_what_acts_nowhere_stays_as_it_is(text):
    assert escaped(text) == text


def test_markup_stays_markup():
    assert escaped(bold("a*b")) == r"**a\*b**"
    assert escaped(Markup("**x**")) == "**x**"


@given(st.text("ab`", min_size=1, max_size=12).filter(lambda text: text.strip("`")))
def test_code_is_shown_as_code(text):
    content, _ = shown(code(text))
    assert content == text
