"""The gallery: a card per report and study, with its first picture."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote

from site_pages.committed import Report, Study
from site_pages.tables import lead_text, provenance

WIDTH = 480  # pixels of a thumbnail
COLOURS = 64
MARK = "<!-- gallery -->"


def thumbnail(picture: Path) -> bytes:
    """A small version of a picture, on white as it was drawn."""
    from PIL import Image

    with Image.open(picture) as found:
        flat = Image.new("RGB", found.size, "white")
        flat.paste(found, mask=found.getchannel("A") if found.mode == "RGBA" else None)
        flat.thumbnail((WIDTH, 2 * WIDTH))
        stream = io.BytesIO()
        flat.quantize(COLOURS).save(stream, "PNG", optimize=True)
        return stream.getvalue()


def thumbnails(shown: Sequence[Report | Study], reports: Path) -> Iterator[tuple[str, bytes]]:
    """Name on the site, and content, of each thumbnail."""
    for each in shown:
        if each.pictures:
            yield _name(each), thumbnail(reports / each.path / each.pictures[0])


def gallery(reports: Sequence[Report], studies: Sequence[Study]) -> str:
    """The cards as HTML, for a page at the root of the site."""
    studied = [_card(each, each.title, each.lead, "") for each in studies]
    reported = [
        _card(each, each.path, each.title, f"{_methods(each)}, {provenance(each)}.{_first(each)}")
        for each in reports
    ]
    return "\n\n".join(
        [
            "**[Leaderboards](leaderboards/index.md)** tell where methods stand on each dataset, "
            "with the interval that each place carries; **[methods](methods/index.md)**, what each "
            "does and where it stands. Both are written from the reports below.",
            "## Studies",
            "What several runs show together, or what was simulated with the code that decides.",
            _cards(studied),
            "## Reports",
            "Each is one suite, one command and all its numbers.",
            _cards(reported),
        ]
    )


def _methods(report: Report) -> str:
    return "1 method" if report.methods == 1 else f"{report.methods} methods"


def _first(report: Report) -> str:
    """Who has the first place, where the report has one dataset and tells places."""
    boards = [board for board in report.boards if board.has_places]
    return f" {_plain(lead_text(boards[0]))}" if len(boards) == len(report.boards) == 1 else ""


def _cards(cards: Sequence[str]) -> str:
    return '<div class="gallery">\n' + "\n".join(cards) + "\n</div>"


def _card(each: Report | Study, title: str, text: str, facts: str) -> str:
    picture = (
        f'<img src="{escape(quote(_name(each)))}" alt="" loading="lazy">' if each.pictures else ""
    )
    return (
        f'<a class="card" href="reports/{escape(quote(each.path))}/index.html">'
        f'<span class="thumb">{picture}</span>'
        f'<span class="card-title">{escape(title)}</span>'
        f'<span class="card-text">{escape(_plain(text))}</span>'
        + (f'<span class="card-facts">{escape(facts)}</span>' if facts else "")
        + "</a>"
    )


def _name(each: Report | Study) -> str:
    return f"thumbnails/{each.path.replace('/', '-')}.png"


def _plain(markdown: str) -> str:
    """Without marks and links, and not too long."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown).replace("*", "").replace("`", "")
    text = unescape(re.sub(r"</?bdi>", "", text))
    return text if len(text) <= 190 else text[:190].rsplit(" ", 1)[0] + " …"
