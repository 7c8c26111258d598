"""Formulas as the search shows them: as text that says the same."""

from __future__ import annotations

import pytest

from site_pages.search import sections

pytest.importorskip("latex2mathml", reason="pip install 'ebmbench[docs]'")


def typeset(formula: str, display: str = "inline") -> str:
    from site_pages import formulas

    return formulas.typeset(formula, display)


def shown(formula: str) -> str:
    (found,) = sections(f"<h1 id='a'>T</h1><p>So {typeset(formula)}.</p>", "x.html", "T")
    return found.text.removeprefix("So ").removesuffix(".")


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (r"2^{16}", "2^16"),
        (r"2^V", "2^V"),
        (r"v_i", "v_i"),
        (r"f_{t-1}(v)", "f_(t\u22121)(v)"),
        (r"x = W^\top v + b", "x = W^\u22a4v+b"),
        (r"\frac{1}{2}", "1/2"),
        (r"p(v) = \frac{e^{-F(v)}}{Z}", "p(v) = (e^(\u2212F(v)))/Z"),
        (r"\log Z \ge \log \sum_{v} e^{-F(v)}", "log Z ≥ log ∑_v e^(\u2212F(v))"),
        (r"\sum_{t=1}^{T} f_t", "∑_(t = 1)^T f_t"),
        (r"\sqrt{x}", "√x"),
        (r"\hat Z", "Z"),
    ],
)
def test_a_formula_reads_as_it_is_meant(formula, said):
    assert shown(formula) == said


def test_a_formula_by_itself_and_one_in_a_heading_are_text_too():
    page = (
        f"<h2 id='z'>What {typeset('Z_0')} is</h2><div>{typeset('E', 'block')}</div><p>After.</p>"
    )
    (found,) = sections(page, "x.html", "T")
    assert (found.title, found.text) == ("What Z_0 is", "E After.")
