"""What ProperDocs asks for as it builds the site: pages, links, formulas, the search's index."""

from __future__ import annotations

import re
import sys
from html import escape
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1]
ROOT = DOCS.parent
REPORTS = ROOT / "reports"
sys.path.insert(0, str(DOCS))

from properdocs.structure.files import File, Files  # noqa: E402
from properdocs.structure.pages import Page  # noqa: E402

from ebmbench.interfaces.installed.registry import Registry  # noqa: E402
from ebmbench.interfaces.installed.which_plugins import no_third_party  # noqa: E402
from ebmbench.report.committed import NOTES  # noqa: E402
from site_pages import gallery, search  # noqa: E402
from site_pages.addresses import CODE, linked, relinked, site_name  # noqa: E402
from site_pages.committed import Report, Study, reports_in, studies_in  # noqa: E402
from site_pages.formulas import Formulas  # noqa: E402
from site_pages.leaderboards import dataset_names, leaderboard_pages  # noqa: E402
from site_pages.methods import method_pages  # noqa: E402
from site_pages.plain_names import plain_names  # noqa: E402

found: list[search.Section] = []
DETAILS = re.compile(r"^<details>\n?", re.M)
SHORT = re.compile(r"<code>([^<\n]{1,28})</code>")  # that is not broken between two lines
TABLE = re.compile(r"<table>.*?</table>", re.S)


def on_config(config: Any) -> Any:
    """Formulas, anchors as code hosts make them, and the generated pages' place in the menu."""
    found.clear()
    config.markdown_extensions.append(Formulas())
    config.mdx_configs.setdefault("toc", {})["slugify"] = anchor
    config.nav = [_with_reports(entry) for entry in config.nav]
    return config


def on_files(files: Files, config: Any) -> Files:
    """The pages that are written from reports and code, and what pages link to."""
    reports, studies = reports_in(REPORTS), studies_in(REPORTS)
    for name, text in _written(reports).items():
        files.append(File.generated(config, name, content=text))
    for name, content in gallery.thumbnails([*studies, *reports], REPORTS):
        files.append(File.generated(config, name, content=content))
    for path in sorted(_shown()):
        files.append(_file(path, config))
    return files


def on_page_markdown(markdown: str, page: Page, config: Any, files: Files) -> str:
    """Links that lead somewhere here, the gallery in its place, folded parts as Markdown."""
    names = files.src_uris
    if page.file.src_uri.startswith("reports/"):
        markdown = plain_names(markdown)
    text = relinked(markdown, page.file.src_uri, names.__contains__, ROOT)
    if gallery.MARK in text:
        shown = gallery.gallery(reports_in(REPORTS), studies_in(REPORTS))
        text = text.replace(gallery.MARK, shown)
    return DETAILS.sub('<details markdown="1">\n', text)


def on_page_content(html: str, page: Page, config: Any, files: Files) -> str:
    """Wide tables in a box that scrolls; the sections for the search."""
    if not page.file.src_uri.startswith("source/"):
        found.extend(search.sections(html, page.file.dest_uri, str(page.title)))
    html = SHORT.sub(r'<code class="short">\1</code>', html)
    return TABLE.sub(lambda table: f'<div class="scroll">{table[0]}</div>', html)


def on_post_build(config: Any) -> None:
    """The search's index, as a script."""
    file = Path(config.site_dir) / "search-index.js"
    file.write_text(search.script(found), encoding="utf-8")


def anchor(title: str, separator: str) -> str:
    """What a heading is called in addresses, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", separator)


def _written(reports: list[Report]) -> dict[str, str]:
    with no_third_party():
        registry = Registry.discover()
    return {**leaderboard_pages(reports, registry), **method_pages(reports, registry)}


def _shown() -> set[str]:
    """Files of the repository outside ``docs/`` that have a place on the site, by path."""
    shown = {
        file.relative_to(ROOT).as_posix()
        for pattern in ("*.md", "*.png")
        for file in REPORTS.rglob(pattern)
        if file.name != NOTES  # they stand in their report
    }
    asked = [*shown, *(f.relative_to(ROOT).as_posix() for f in DOCS.rglob("*.md"))]
    while asked:
        path = asked.pop()
        if not path.endswith(".md"):
            continue
        text = (ROOT / path).read_text(encoding="utf-8")
        new = {each for each in linked(text, path, ROOT) if not each.startswith("docs/")} - shown
        shown |= new
        asked += new
    return shown


def _file(path: str, config: Any) -> File:
    """A file as it stands, or its text as a page."""
    name, file = site_name(path), ROOT / path
    if name.endswith(".md") and not path.endswith(".md"):
        language = CODE.get(file.suffix, "text")
        text = file.read_text(encoding="utf-8")
        fence = "~" * 8
        return File.generated(
            config, name, content=f"# {path}\n\n{fence}{language}\n{text}\n{fence}\n"
        )
    return File.generated(config, name, abs_src_path=str(file))


def _with_reports(entry: Any) -> Any:
    """An entry of the menu; that of the results gets all that is generated."""
    if not (isinstance(entry, dict) and "Results" in entry):
        return entry
    reports: list[Report] = reports_in(REPORTS)
    studies: list[Study] = studies_in(REPORTS)
    pages = _written(reports)
    return {
        "Results": [
            *entry["Results"],
            {"Leaderboards": _entries(pages, "leaderboards", _datasets(reports))},
            {"Methods": _entries(pages, "methods")},
            {"Studies": [{each.title: f"reports/{each.path}/README.md"} for each in studies]},
            {
                "Reports": [
                    {escape(each.path): f"reports/{each.path}/README.md"} for each in reports
                ]
            },
        ]
    }


def _datasets(reports: list[Report]) -> dict[str, str]:
    """Component -> what suites call it."""
    boards = [board for report in reports for board in report.boards]
    return {
        name: escape(dataset_names([board for board in boards if board.data.component == name]))
        for name in {board.data.component for board in boards}
    }


def _entries(pages: dict[str, str], folder: str, called: dict[str, str] | None = None) -> list[Any]:
    names = {"index": "Overview", **(called or {})}
    stems = [Path(name).stem for name in pages if name.startswith(f"{folder}/")]
    return [{names.get(stem, stem): f"{folder}/{stem}.md"} for stem in stems]
