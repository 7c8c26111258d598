"""The files of a figure: how wide it is, its fonts, and that they are the same each time."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib import rc_context
from matplotlib.image import imread

from ebmbench.errors import ConfigError
from ebmbench.report.paper.catalogue import figures
from ebmbench.report.paper.layout import WIDTHS, pages_of, width_of
from ebmbench.report.paper.write import picture_files, write
from support import journal_example as example

POINT = 25.4 / 72  # mm


def written(source, file, figure="hamming", width="single", **options):
    asked = {"data": "csv", "latex": False, **options}
    (content,) = figures(source)[figure]
    return write(source, content, file, width_of(width), **asked).picture


@pytest.mark.parametrize(("width", "mm"), [("single", 86), ("double", 178), ("120", 120)])
@pytest.mark.parametrize("figure", ["hamming", "spectrum", "pareto", "cost"])
def test_a_picture_is_as_wide_as_a_column_to_half_a_millimetre(source, tmp_path, figure, width, mm):
    pdf = written(source, tmp_path / "f.pdf", figure, width).read_bytes()
    box = re.search(rb"/MediaBox \[([\d. ]+)\]", pdf)[1].split()
    assert float(box[2]) * POINT == pytest.approx(mm, abs=0.5)
    svg = written(source, tmp_path / "f.svg", figure, width).read_text()
    assert float(re.search(r'<svg [^>]*width="([\d.]+)pt"', svg)[1]) * POINT == pytest.approx(
        mm, abs=0.5
    )
    pixels = imread(written(source, tmp_path / "f.png", figure, width)).shape[1]
    assert pixels * 25.4 / 300 == pytest.approx(mm, abs=0.5)


def test_a_pdf_embeds_its_fonts_as_truetype(source, tmp_path):
    pdf = written(source, tmp_path / "f.pdf").read_bytes()
    assert b"/FontFile2" in pdf
    assert b"/Subtype /Type3" not in pdf


def test_an_svg_needs_no_font(source, tmp_path):
    svg = written(source, tmp_path / "f.svg").read_text()
    assert "<text" not in svg
    assert "font-family" not in svg


@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_the_same_run_gives_the_same_bytes_whatever_the_settings(source, tmp_path, ending):
    first = written(source, tmp_path / f"a.{ending}").read_bytes()
    with rc_context({"font.size": 30, "savefig.dpi": 40, "axes.facecolor": "red"}):
        again = written(source, tmp_path / f"b.{ending}").read_bytes()
    assert first == again
    assert not re.search(rb"CreationDate|<dc:date>|Matplotlib v", first)


def test_without_a_file_each_dataset_has_one_of_its_own(source):
    (content,) = figures(source)["hamming"]
    assert picture_files(source, [content], None, None) == [Path("toy-bars-hamming.pdf")]
    assert picture_files(source, [content], None, "svg") == [Path("toy-bars-hamming.svg")]


@pytest.mark.parametrize(
    ("file", "form", "said"),
    [("f", None, "End it in .pdf"), ("f.txt", None, "no format"), ("f.pdf", "svg", "is to be svg")],
)
def test_a_file_whose_format_is_in_doubt_is_an_error(source, file, form, said):
    (content,) = figures(source)["hamming"]
    with pytest.raises(ConfigError, match=said):
        picture_files(source, [content], Path(file), form)


def test_one_file_for_several_datasets_is_an_error(source):
    (content,) = figures(source)["hamming"]
    with pytest.raises(ConfigError, match="--dataset"):
        picture_files(source, [content, content], Path("f.pdf"), None)


PAGE = 240  # mm


def content_of(source, values, methods):
    """The learning curves of so many values, of so many methods."""
    summary = source.summary
    found = figures(source)["hamming"][0]
    curve = found.panels[0].curves[summary.run.methods[0]]
    names = [f"M{i}" for i in range(methods)]
    panel = replace(found.panels[0], curves=dict.fromkeys(names, curve), seeds={}, absent={})
    parts = [replace(panel, value=f"nll.{i}", title=f"nll.{i}") for i in range(values)]
    many = replace(summary, run=example.changed(summary.run, methods=names))
    return replace(source, summary=many), replace(found, parts=parts, lost={})


@pytest.mark.parametrize("width", ["single", "double"])
@pytest.mark.parametrize(("values", "methods"), [(3, 10), (3, 23), (6, 23), (1, 30)])
def test_many_methods_fit_on_a_page(source, tmp_path, width, values, methods):
    source, content = content_of(source, values, methods)
    pages = pages_of(content, WIDTHS[width])
    assert [p.value for page in pages for p in page.panels] == [p.value for p in content.panels]
    for page in pages if len(pages) == 1 else pages[:1]:
        files = write(source, page, tmp_path / "f.pdf", WIDTHS[width], "csv", latex=False)
        box = re.search(rb"/MediaBox \[([\d. ]+)\]", files.picture.read_bytes())[1].split()
        assert float(box[3]) * POINT < PAGE + 0.5


def test_what_fits_stays_together_and_what_does_not_has_a_file_for_each_value(source):
    _, content = content_of(source, 3, 10)
    assert pages_of(content, WIDTHS["single"]) == [content]
    source, content = content_of(source, 3, 23)
    pages = pages_of(content, WIDTHS["single"])
    names = [file.name for file in picture_files(source, pages, None, "pdf")]
    assert names == [f"toy-bars-hamming-{i}.pdf" for i in range(3)]
    with pytest.raises(ConfigError, match=r"nll\.0, nll\.1, nll\.2 together are higher"):
        picture_files(source, pages, Path("f.pdf"), None)


@pytest.mark.parametrize("width", ["singel", "3", "4000", "nan"])
def test_a_width_that_no_page_has_is_an_error(width):
    with pytest.raises(ConfigError, match="--width"):
        width_of(width)
    assert width_of("90mm") == 90
    assert width_of("single") == WIDTHS["single"]


@pytest.mark.parametrize("figure", ["hamming", "spectrum", "pareto", "cost"])
def test_a_figure_is_written_over_itself_and_over_nobody_elses_numbers(source, tmp_path, figure):
    for data in ("csv", "jsonl"):
        written(source, tmp_path / "f.pdf", figure, data=data, latex=True)
        written(source, tmp_path / "f.pdf", figure, data=data, latex=True)
    for ending, options in (("csv", {}), ("jsonl", {"data": "jsonl"}), ("tex", {"latex": True})):
        theirs = tmp_path / f"paper.{ending}"
        theirs.write_text("my,precious,data\n")
        with pytest.raises(ConfigError, match="is there already and no"):
            written(source, tmp_path / "paper.pdf", figure, **options)
        assert theirs.read_text() == "my,precious,data\n"
        assert not (tmp_path / "paper.pdf").exists()
        theirs.unlink()


def test_a_folder_that_is_not_there_is_not_made(source, tmp_path):
    with pytest.raises(ConfigError, match="no such folder"):
        written(source, tmp_path / "nowhere" / "f.pdf")
