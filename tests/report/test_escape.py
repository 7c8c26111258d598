"""Names in Markdown: shown as they were written, whatever they are made of."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ebmbench.report.markdown.escape import Markup, alternative, bold, code, escaped
from ebmbench.report.markdown.table import table

MARKS = r"""ab1w $@<>*_`[]()!#|~&;\/-+.="'{}:"""
APART = ("<span>", "</span>")
texts = st.text(MARKS, max_size=30).map(str.strip)


def shown(markdown, inline="text"):
    """What a reader sees of a paragraph, and the kinds of all that is in it."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    (inner,) = [token for token in tokens if token.type == "inline"]
    seen = [child.content for child in inner.children if child.content not in APART]
    return "".join(seen), [t.type for t in tokens]


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


@pytest.mark.parametrize(
    "text",
    [
        "CD[k=1,lr=0.1]",
        "hamming.test",
        "a_b",
        "<0.001",
        "~5 (3 to 9)",
        "a.yaml:7:5: b",
        "x @ 2 GHz",
    ],
)
def test_what_acts_nowhere_stays_as_it_is(text):
    assert escaped(text) == text


ON_GITHUB = {
    "$x^2$": r"<span>\$</span>x^2<span>\$</span>",
    "http://a.b": r"http\://a.b",
    "www.a.b": r"www\.a.b",
    "a@b.c": "a<span>@</span>b.c",
    "by @me": "by <span>@</span>me",
    "like #12": "like <span>#</span>12",
    ":smile:": "<span>:</span>smile:",
    "~~x~~": r"\~\~x\~\~",
    "~5 and b~5": r"~5 and b\~5",
}


@pytest.mark.parametrize(("text", "written"), ON_GITHUB.items())
def test_what_github_alone_makes_of_a_name_is_kept_apart(text, written):
    assert escaped(text) == written
    assert shown(written)[0] == text


@given(texts.filter(bool))
@example("][")
def test_a_pictures_alternative_text_is_shown_as_it_was_written(text):
    (image,) = MarkdownIt("commonmark").parse(f"![{alternative(text)}](x.png)")[1].children
    assert image.type == "image"
    assert "".join(child.content for child in image.children) == text


def test_markup_stays_markup():
    assert escaped(bold("a*b")) == r"**a\*b**"
    assert escaped(Markup("**x**")) == "**x**"


@given(st.text("ab`", min_size=1, max_size=12).filter(lambda text: text.strip("`")))
def test_code_is_shown_as_code(text):
    content, _ = shown(code(text))
    assert content == text
