"""Pictures within the page: smaller than those beside the Markdown, and to the eye the same."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from ebmbench.report.figures.draw import draw
from ebmbench.report.page.stills import stills

SEEN = 24  # of 255, on a colour: what an eye may see on a line or a letter


@pytest.fixture
def pictures(summary, tmp_path):
    return draw(summary, tmp_path)


def test_a_still_is_much_smaller_and_looks_the_same(pictures, tmp_path):
    shown, left_out = stills(tmp_path, pictures)
    assert left_out == 0
    for still, picture in zip(shown, pictures, strict=True):
        found = base64.b64decode(still.address.split(",")[1])
        assert len(found) < (tmp_path / picture.file).stat().st_size / 2
        few, whole = map(_pixels, (io.BytesIO(found), tmp_path / picture.file))
        assert few.shape[:2] == (still.height, still.width)
        off = abs(few - whole).max(axis=-1)
        assert off.mean() < 2
        assert (off > SEEN).mean() < 0.005


def _pixels(file):
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def test_what_would_make_the_page_too_large_is_counted(pictures, tmp_path):
    (first, *_), _ = stills(tmp_path, pictures)
    kept, left_out = stills(tmp_path, pictures, most=len(first.address))
    assert len(kept) + left_out == len(pictures)
    assert left_out
