"""How the site reads Markdown: links of the repository, formulas, sections for the search."""

import pytest
from markdown import Markdown

from site_pages.addresses import linked, relinked, repository_name, site_name
from site_pages.search import script, sections

formulas = pytest.importorskip("site_pages.formulas", reason="pip install 'ebmbench[docs]'")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("docs/theory.md", "theory.md"),
        ("docs/reference/suite.md", "reference/suite.md"),
        ("reports/bars4/README.md", "reports/bars4/README.md"),
        ("reports/bars4/a.png", "reports/bars4/a.png"),
        ("reports/gates/simulate.py", "reports/gates/simulate.py.md"),
        ("suites/bars4.yaml", "source/suites/bars4.yaml.md"),
        ("CONTRIBUTING.md", "source/CONTRIBUTING.md"),
    ],
)
def test_a_file_of_the_repository_has_a_place_on_the_site(path, name):
    assert site_name(path) == name
    if path.endswith(".md"):
        assert repository_name(name) == path


@pytest.fixture
def root(tmp_path):
    for path in ("docs/a.md", "docs/b/c.md", "reports/r/README.md", "suites/s.yaml", "x/y/z.py"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    return tmp_path


HERE = {"a.md", "b/c.md", "reports/r/README.md", "methods/cd.md"}


@pytest.mark.parametrize(
    ("name", "written", "leads"),
    [
        ("a.md", "[r](../reports/r/README.md#top)", "[r](reports/r/README.md#top)"),
        ("b/c.md", "[r](../../reports/r/README.md)", "[r](../reports/r/README.md)"),
        ("a.md", "[c](b/c.md)", "[c](b/c.md)"),
        ("reports/r/README.md", "[a](../../docs/a.md)", "[a](../../a.md)"),
        ("reports/r/README.md", "[s](../../suites/s.yaml)", "[s](../../source/suites/s.yaml.md)"),
        ("reports/r/README.md", "[all](../../x/y)", "all"),
        ("methods/cd.md", "[a](../a.md)", "[a](../a.md)"),
        (
            "a.md",
            "[o](https://example.org/x.md) [t](#top)",
            "[o](https://example.org/x.md) [t](#top)",
        ),
        ("a.md", "`[r](../reports/r/README.md)`", "`[r](../reports/r/README.md)`"),
        ("a.md", "```\n[r](../reports/r/README.md)\n```", "```\n[r](../reports/r/README.md)\n```"),
        ("a.md", "![p](../reports/r/README.md)", "![p](reports/r/README.md)"),
    ],
)
def test_a_link_leads_where_its_target_stands(name, written, leads, root):
    assert relinked(written, name, HERE.__contains__, root) == leads


def test_what_a_page_links_to_is_found_and_code_is_not_read(root):
    text = "[s](../suites/s.yaml) `[z](../x/y/z.py)` [none](../no.md) [dir](../x)"
    assert list(linked(text, "docs/a.md", root)) == ["suites/s.yaml"]


def html(text):
    return Markdown(extensions=["fenced_code", "tables", formulas.Formulas()]).convert(text)


def test_a_formula_in_a_line_is_typeset():
    found = html("The energy $E(v, h)$ and $x_\\alpha$.")
    assert found.count("<math") == 2
    assert "$" not in found
    assert "<msub><mi>x</mi><mi>&#x003B1;</mi></msub>" in found


def test_a_formula_by_itself_may_go_over_several_lines():
    found = html("So\n\n$$\nF(v) = -a^\\top v\n- b\n$$\n\nis it.")
    assert found.count('<div class="formula"><math') == 1
    assert 'display="block"' in found
    assert "<p>is it.</p>" in found


@pytest.mark.parametrize(
    "text",
    ["costs $5 or $6 a day", "`$OUT` and `$HOME`", "```\n$$\nx\n$$\n```", "\\$x\\$", "$ x $"],
)
def test_a_dollar_may_be_a_dollar(text):
    assert "<math" not in html(text)


def test_the_name_of_a_function_stands_apart_from_what_follows():
    space = '<mspace width="0.167em"'
    assert space in formulas.typeset(r"\log Z")
    assert space not in formulas.typeset(r"\log(Z)")


def test_a_page_is_cut_into_its_sections():
    page = (
        '<h1 id="t">Title<a class="headerlink" href="#t">#</a></h1><p>One <b>two</b>.</p>'
        '<h2 id="s">A &amp; B</h2><table><tr><td>x</td><td>y</td></tr></table>'
    )
    assert sections(page, "p.html", "Page") == [
        ("p.html#t", "Page", "Title", "One two."),
        ("p.html#s", "Page", "A & B", "x y"),
    ]


def test_the_index_is_a_script_of_one_statement():
    text = script(sections("<p>a</p>", "p.html", "P"))
    assert text == 'window.searchSections = [["p.html", "P", "", "a"]];\n'
