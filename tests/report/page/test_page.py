"""The page as a file: what it holds, what it asks nobody for, and what names cannot do to it."""

from __future__ import annotations

import ast
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

import ebmbench.report.page as page_room
from ebmbench.journal.documents import Components, MethodParts, Named
from ebmbench.report import write_report
from ebmbench.report.answer import answer
from ebmbench.report.headline import headline
from ebmbench.report.page.tables import sections
from ebmbench.report.parts import Heading, Table
from ebmbench.report.sections import compared
from ebmbench.summary import summarise
from support import journal_example as example
from support.page_example import EVIL, Reader, numbers_of, page_of
from support.result_example import result, spread

ASKS = {"src", "href", "action", "poster", "data", "srcset", "formaction"}


@pytest.fixture(scope="module")
def read(page):
    return Reader(page.read_text("utf-8"))


def test_it_asks_no_host_for_anything(read):
    asked = [value for _, each in read.elements for name, value in each.items() if name in ASKS]
    assert asked
    assert all(value.startswith(("#", "data:")) for value in asked)
    policy = next(e["content"] for e in read.all("meta") if "http-equiv" in e)
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy


def test_style_and_scripts_are_within_and_no_script_is_unknown_to_the_policy(read):
    assert not read.all("link")
    assert [each.get("type") for each in read.all("script")] == ["application/json", None, None]
    assert "script-src 'sha256-" in next(e["content"] for e in read.all("meta") if "content" in e)


def test_headings_are_in_order_and_ids_once(read):
    levels = [int(tag[1]) for tag, _ in read.elements if tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [each["id"] for _, each in read.elements if "id" in each]
    assert len(ids) == len(set(ids))
    labels = {each["aria-labelledby"] for _, each in read.elements if "aria-labelledby" in each}
    assert labels <= set(ids)
    targets = {a["href"][1:] for a in read.all("a")}
    assert targets <= set(ids)


def test_every_table_has_a_caption_and_every_head_a_scope(read):
    assert len(read.all("caption")) == len(read.all("table")) > 5
    assert {each.get("scope") for each in read.all("th")} == {"row", "col"}


def test_without_scripts_there_are_tables_and_pictures(read):
    pictures = read.all("img")
    assert len(pictures) == 7  # hamming, nll, gradient error, spectrum, images, price, update
    assert all(each["src"].startswith("data:image/png") for each in pictures)
    captions = [text for tag, text in read.texts if tag == "figcaption"]
    for each, caption in zip(pictures, captions, strict=True):
        assert each["alt"].split(". ") == [
            caption.partition(": ")[0],  # the rest would be read out twice
            "The numbers are in the tables of this chapter.",
        ]
    cells = read.text("th") + read.text("td") + read.text("strong")
    for said in (
        "Fast",
        "Slow",
        "Twin",
        "0.00984\u00a0±\u00a00.00017",
        "baseline",
        "x86_64, 2 cores",
    ):
        assert said in cells


@pytest.mark.parametrize(
    "said",
    [
        "Fast wins on bars: its hamming.test is 0.00984",
        "Twin on bars, seed 5 failed: out of memory",
        "Slow on bars: 1 seed without a result",
        "Ghost on bars: needs a body",
        "curves are over 4 seeds; 1 diverged, 1 failed",
        "Twin is Slow with other noise.",
        "Holm",
        "Verdicts and places go by hamming.test. Final values after 100 epochs",
        "3f2a9c0011",
    ],
)
def test_it_says(read, said):
    assert said in "".join(text for tag, text in read.texts if tag not in ("script", "style"))


def test_it_says_what_was_compared_as_the_markdown_report_does(tmp_path):
    def method(sampler, **options):
        return MethodParts(
            model=Named(name="rbm", version="1", options={"hidden": 12}),
            sampler=Named(name=sampler, version="1", options=options),
            optimizer={"name": "sgd", "lr": 0.1},
            batch={"size": 10},
        )

    methods = {"Fast": method("cd", k=3), "Slow": method("pcd", k=1), "Twin": method("pcd", k=1)}
    components = Components(datasets={}, metrics={}, methods=methods)
    run = example.changed(example.run(), components=components)
    text = page_of(tmp_path, run).read_text("utf-8")
    mine = text.split('id="compared"')[1].split("</section>")[0]
    for part in compared(summarise(run, example.records())):
        if isinstance(part, Table):
            assert all(head in mine for head in part.head)
            assert all(str(cell) in mine for row in part.rows for cell in row)


def test_a_second_table_is_named_by_its_columns_and_repeats_no_sentence():
    said = "The same for all: batch 10."
    first, second = (
        Table(["Method", "k"], [["A", "1"]]),
        Table(["Method", "p", "q"], [["A", "", ""]]),
    )
    (section,) = sections([Heading("What differs"), first, said, second])
    tables = [part for part in section.parts if not isinstance(part, str)]
    assert [each.caption for each in tables] == ["What differs", "What differs: p, q"]
    assert said in section.parts


def test_the_suite_stands_there_as_it_was_written(tmp_path):
    text = "# <b>Toy</b>\nsuite: toy & co\n"
    file = page_of(tmp_path, example.changed(example.run(), text=text))
    assert text in Reader(file.read_text("utf-8")).text("code")


def test_the_same_records_write_the_same_bytes(tmp_path):
    files = [
        page_of(tmp_path / name, records=records)
        for name, records in {"a": example.records(), "b": example.records()[::-1]}.items()
    ]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_names_stay_text(evil):
    text = evil.read_text("utf-8")
    read = Reader(text)
    assert len(read.all("script")) == 3
    assert not [each for _, each in read.elements if "onerror" in each]
    assert not read.all("b")
    names = read.text("th")
    assert EVIL in names
    assert "<b>Slow</b>" in names
    assert numbers_of(evil)["lines"][0]["name"] == EVIL


def test_a_suites_own_markdown_fetches_nothing(tmp_path):
    title = "*Emphasis*, ![picture](http://x.example/a.png) and [a](javascript:alert(1))"
    read = Reader(page_of(tmp_path, example.changed(example.run(), title=title)).read_text("utf-8"))
    assert read.text("em").startswith("Emphasis")
    assert all(each["src"].startswith("data:") for each in read.all("img"))
    assert not any("javascript" in each["href"] for each in read.all("a"))


def test_html_alone_leaves_only_the_page(tmp_path):
    page_of(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["index.html"]


def test_markdown_alone_leaves_no_page(summary, tmp_path):
    (file,) = write_report(summary, example.records(), tmp_path, forms=["markdown"])
    assert file.name == "README.md"
    assert not (tmp_path / "index.html").exists()


def test_over_several_datasets_it_opens_with_the_answer(tmp_path):
    ends = {"A": spread(0.1), "CD": spread(0.3)}
    summary = result({"bars": ends, "bas": ends})
    (file,) = write_report(summary, [], tmp_path, forms=["html"])
    said = Reader(file.read_text("utf-8")).text("p")
    assert said.index(answer(summary)[0]) < said.index(headline(summary, summary.boards[0])[0])


def test_a_run_without_any_record_has_a_page(tmp_path):
    summary = summarise(example.run(), [])
    (file,) = write_report(summary, [], tmp_path, forms=["html"])
    assert "Nothing to compare yet" in Reader(file.read_text("utf-8")).text("p")


def test_the_page_imports_no_training_and_no_plugin():
    for file in Path(page_room.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                module = node.module or ""
                assert not module.startswith(("ebmbench.training", "ebmbench_", "torch")), file


def test_the_library_is_there_with_its_licence():
    folder = Path(page_room.__file__).parent / "assets" / "plotly"
    assert "Permission is hereby granted" in (folder / "LICENSE").read_text("utf-8")
    assert "MIT" in (folder / "plotly-basic.min.js").read_text("utf-8")[:300]


def test_a_wheel_holds_all_that_the_page_is_made_of(tmp_path):
    from hatchling.builders.wheel import WheelBuilder

    root = Path(__file__).parents[3]
    (wheel,) = WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])
    assets = Path(page_room.__file__).parent / "assets"
    wanted = {str(file.relative_to(root)) for file in assets.rglob("*") if file.is_file()}
    assert len(wanted) > 10
    assert wanted <= set(zipfile.ZipFile(wheel).namelist())
