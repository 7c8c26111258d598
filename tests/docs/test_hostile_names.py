"""Names that would like to be more than that, on the site's pages and in what is published."""

from __future__ import annotations

import json
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from test_site_pages import REGISTRY, said

from ebmbench.report.committed.publish import Stored, publish
from site_pages.committed import reports_in
from site_pages.gallery import gallery
from site_pages.leaderboards import leaderboard_pages
from site_pages.methods import method_pages
from site_pages.plain_names import plain_names
from support import journal_example as example

markdown = pytest.importorskip("markdown", reason="pip install 'ebmbench[docs]'")
pytest.importorskip("latex2mathml", reason="pip install 'ebmbench[docs]'")

ROOT = Path(__file__).parents[2]
HOSTILE = {
    "tags": '<img src=x onerror="alert(1)"><script>alert(2)</script>',
    "attributes": 'x {: onclick="alert(3)" .place }',
    "quotes": "\"'`</code><b>",
    "ticks": "`a` ``b` \\`<i>`",
    "links": "[a](javascript:alert(4)) ![b](../../c.png)",
    "rows": "a | b \\| c",
    "formulas": "$E$ and $$x$$",
    "right to left": "\u202e\u05d0\u05d1\u05d2 (1)",
    "long": "a-very-long-name-" * 30,
    "paths": "../../../etc/passwd",
    "entities": "&lt;b&gt;&#60;",
}
ALLOWED = {"class", "style", "href", "id", "title", "markdown", "src", "alt", "loading", "scope"}


class Reader(HTMLParser):
    """All tags, attributes and texts."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text = set(), set(), ""
        self.addresses = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        self.addresses += [value for name, value in attributes if name in ("href", "src")]

    def handle_data(self, data):
        self.text += data


def html_of(text):
    from site_pages.formulas import Formulas

    config = yaml.safe_load((ROOT / "properdocs.yml").read_text())["markdown_extensions"]
    names = [name if isinstance(name, str) else next(iter(name)) for name in config]
    return markdown.markdown(text, extensions=[*names, Formulas()])


def renamed(name):
    """The example's summary with a method, its dataset and its sampler of a name."""
    text = json.dumps(said(), ensure_ascii=False)
    for known in ("Twin", "bars", "stranger"):
        text = text.replace(json.dumps(known), json.dumps(name, ensure_ascii=False))
    return json.loads(text)


@pytest.mark.parametrize("kind", HOSTILE)
def test_on_the_sites_pages_a_name_is_text_and_no_page_lies_elsewhere(kind, tmp_path):
    name = HOSTILE[kind]
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "summary.json").write_text(json.dumps(renamed(name)))
    (folder / "README.md").write_text("# toy\n")
    reports = reports_in(tmp_path)
    pages = {**leaderboard_pages(reports, REGISTRY), **method_pages(reports, REGISTRY)}
    assert not [path for path in pages if ".." in path or path.count("/") != 1]
    mine = {path: text for path, text in pages.items() if path.startswith("leaderboards/")}
    for text in [*mine.values(), pages["methods/cd.md"], pages["methods/pid.md"]]:
        found = Reader(html_of(text))
        assert not found.tags & {"script", "img", "b", "i", "math", "body", "iframe"}
        assert found.attributes <= ALLOWED, found.attributes - ALLOWED
        pages_of = [each.partition("#")[0] for each in found.addresses]
        assert not [each for each in pages_of if "javascript" in each or "passwd" in each]
    shown = "".join(" ".join(Reader(html_of(text)).text.split()) for text in mine.values())
    assert " ".join(name.split()) in shown
    card = Reader(gallery(reports, []))
    assert not card.tags & {"script", "b", "i"}


def test_names_that_turn_the_direction_turn_only_themselves(tmp_path):
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "summary.json").write_text(json.dumps(renamed(HOSTILE["right to left"])))
    (folder / "README.md").write_text("# toy\n")
    text = "".join(leaderboard_pages(reports_in(tmp_path), REGISTRY).values())
    before, _, after = unescape(text).partition("\u202e")
    assert before.endswith("<bdi>")
    assert "</bdi>" in after.split("\u202e")[0]


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_published_of_such_names_stays_in_its_folder(kind, tmp_path):
    name = HOSTILE[kind]
    run = example.changed(
        example.run(), methods=("Fast", "Slow", name, "Ghost"), datasets=(name,), skips=()
    )
    records = [
        example.changed(r, method=name if r.method == "Twin" else r.method, dataset=name)
        for r in example.records()
    ]
    run = example.changed(run, cells=tuple(r.id for r in records))
    there = tmp_path / "deep" / "reports" / "toy"
    stored = Stored(tmp_path / "runs", run, records, lambda id_: {})
    publish(stored, there, page=True, unfinished=True)
    written = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {file.parent for file in written} == {there}
    assert all(len(file.name) < 200 and file.name.isprintable() for file in written)
    readme = Reader(html_of(plain_names((there / "README.md").read_text("utf-8"))))
    assert not readme.tags & {"script", "iframe", "body"}
    assert not [each for each in readme.attributes if each.startswith("on")]
    pictures = {each for each in readme.addresses if each.endswith(".png")}
    assert pictures <= {file.name for file in written}
    assert any(file.suffix == ".png" for file in written)


def test_code_and_formulas_keep_their_braces():
    text = "`{a: 1}` and $2^{16}$\n\n```yaml\n{name: <b>}\n```\n\n$$\nx_{i}\n$$\n"
    assert plain_names(text) == text
    assert plain_names(r"\<b> {#id} \\<i> \&amp;") == r"&lt;b> &#123;#id&#125; \\<i> &amp;amp;"
