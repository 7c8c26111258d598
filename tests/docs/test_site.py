"""The site builds, no link on it leads nowhere, and reading it asks no host for anything."""

import json
import re
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "reports"


class Read(HTMLParser):
    """What a page loads, leads to, and can be led to."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.leads, self.anchors = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        self.anchors |= {about[name] for name in ("id", "name") if about.get(name)}
        if tag == "a":
            self.leads += [about["href"]] if about.get("href") else []
        else:
            named = ("src", "href", "data", "poster", "srcset", "action", "xlink:href")
            self.loads += [about[name] for name in named if about.get(name)]


@cache
def read(page):
    return Read(page.read_text(encoding="utf-8"))


def pages(site):
    found = sorted(site.rglob("*.html"))
    assert len(found) > 80
    return found


def test_it_has_every_page_written_by_hand_and_from_the_code(site):
    for name in ("index", "first-sampler", "ci", "reference/samplers", "reference/commands"):
        assert (site / f"{name}.html").is_file()
    assert "Gibbs steps per update" in (site / "reference/samplers.html").read_text()


def test_it_has_every_report_and_every_picture_of_one(site):
    for file in (*REPORTS.rglob("README.md"), *REPORTS.rglob("*.png")):
        name = "index.html" if file.name == "README.md" else file.name
        assert (site / "reports" / file.parent.relative_to(REPORTS) / name).is_file()


def test_every_sampler_and_every_judged_dataset_has_a_page(site):
    for name in ("cd", "pid", "exact", "jarzynski", "index"):
        assert (site / "methods" / f"{name}.html").is_file()
    for name in ("bars", "debd", "modes", "mnist", "index"):
        assert (site / "leaderboards" / f"{name}.html").is_file()


def test_a_type_with_a_bar_stays_in_its_cell(site):
    page = unescape((site / "reference/samplers.html").read_text())
    assert re.search(r"<td><code[^>]*>traced \| pattern</code></td>", page)


def test_it_holds_no_source_of_its_own(site):
    assert not list(site.rglob("*.py"))
    assert not list(site.rglob("main.html"))


def test_no_page_loads_anything_from_a_host(site):
    for page in pages(site):
        for address in read(page).loads:
            assert not re.match(r"(\w+:)?//|\w+:", address), f"{page}: {address}"
            assert (page.parent / unquote(address.partition("#")[0])).exists(), f"{page}: {address}"


def test_neither_styles_nor_scripts_load_anything(site):
    texts = {file: file.read_text() for file in (site / "assets").iterdir()}
    assert {file.suffix for file in texts} == {".css", ".js", ".svg"}
    for file, text in texts.items():
        known = text.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|url\(|@import|fetch\(|XMLHttpRequest|import\(", known), file


def test_every_link_and_anchor_leads_somewhere(site):
    for page in pages(site):
        for address in read(page).leads:
            if re.match(r"\w+:", address):
                assert address.startswith(("https://", "mailto:")), f"{page}: {address}"
                continue
            path, _, anchor = address.partition("#")
            there = (page.parent / unquote(path)).resolve() if path else page
            there = there / "index.html" if there.is_dir() else there
            assert there.is_file(), f"{page}: {address}"
            if anchor and there.suffix == ".html":
                assert unquote(anchor) in read(there).anchors, f"{page}: {address}"


def test_no_markdown_is_left_on_a_page(site):
    for page in pages(site):
        text = re.sub(r"<(pre|code|title|script)\b.*?</\1>", "", page.read_text(), flags=re.S)
        assert not re.search(r"\]\([\w./-]+\)|\$\$|^\| |<!-- gallery|&lt;details", text, re.M), page


def test_formulas_are_typeset(site):
    for name in ("theory", "likelihood"):
        page = (site / f"{name}.html").read_text()
        assert page.count("<math") > 15
        assert "\\" not in re.sub(r"<(pre|code)\b.*?</\1>", "", page, flags=re.S)


def test_the_gallery_shows_every_report_and_study(site):
    page = read(site / "results.html")
    for file in REPORTS.rglob("README.md"):
        assert f"reports/{file.parent.relative_to(REPORTS).as_posix()}/index.html" in page.leads
    shown = [address for address in page.loads if address.startswith("thumbnails/")]
    assert len(shown) > 20
    assert all((site / name).stat().st_size < 100_000 for name in shown)


@pytest.fixture(scope="module")
def index(site):
    text = (site / "search-index.js").read_text()
    return json.loads(re.fullmatch(r"window\.searchSections = (.*);\n", text, re.S)[1])


def test_the_index_knows_every_page_by_addresses_that_exist(site, index):
    addresses = {address.partition("#")[0] for address, *_ in index}
    left_out = {p.relative_to(site).as_posix() for p in (site / "source").rglob("*")}
    code = {p.relative_to(site).as_posix() for p in site.rglob("*.py.html")}
    every = {p.relative_to(site).as_posix() for p in pages(site)}
    assert every - left_out - code <= addresses <= every
    for address, *_ in index:
        page, _, anchor = address.partition("#")
        assert not anchor or anchor in read(site / page).anchors, address


def test_the_index_says_what_a_section_says(index):
    (found,) = [s for s in index if s[0] == "theory.html#energy-and-free-energy"]
    assert found[1:3] == ["Energy, phases, patterns", "Energy and free energy"]
    assert "Given one layer, the other is drawn unit by unit" in found[3]
    assert "#" not in found[2]
