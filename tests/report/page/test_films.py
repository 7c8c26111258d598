"""Images over training: frames one below the other, and as many as fit."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from ebmbench.report.gallery import Gallery, Grid
from ebmbench.report.page import films as films_file
from ebmbench.report.page.films import MOST_FRAMES, _film, _thinned, films
from ebmbench.summary import summarise
from support import journal_example as example
from support.page_example import GRID, images


def grid(epoch, pixels=None):
    return Grid(np.ones((5, 2, 3)) if pixels is None else pixels, None, (), epoch, 0)


def test_a_frame_is_a_grid_and_frames_stand_below_each_other():
    pixels = np.full((5, 2, 3), -1.0)
    pixels[3] = 1.0
    film = _film(("bars", "m", "A"), [grid(0), grid(7, pixels)], 2)
    picture = np.array(Image.open(io.BytesIO(film.picture)).convert("L"))
    rows = -(-5 // film.columns)
    assert picture.shape == (2 * rows * 2, film.columns * 3)
    top = rows * 2 + 2 * (3 // film.columns)
    left = 3 * (3 % film.columns)
    white = np.zeros_like(picture[rows * 2 :])
    white[top - rows * 2 : top - rows * 2 + 2, left : left + 3] = 255
    assert (picture[rows * 2 :] == white).all()


def test_black_and_white_takes_one_bit_and_grey_stays_grey():
    grey = np.linspace(-1, 1, 30).reshape(5, 2, 3)
    bit, shades = (_film(("d", "m", "A"), [grid(0, p)], 1).picture for p in (None, grey))
    assert Image.open(io.BytesIO(bit)).mode == "1"
    found = np.array(Image.open(io.BytesIO(shades)).convert("L")).max()
    assert found == 255
    assert Image.open(io.BytesIO(shades)).mode == "L"


@pytest.mark.parametrize(("most", "kept"), [(24, list(range(10))), (3, [0, 4, 9]), (1, [9])])
def test_first_and_last_moments_stay(most, kept):
    assert [g.epoch for g in _thinned([grid(e) for e in range(10)], most)] == kept


def test_where_films_are_too_large_moments_are_left_out_then_films(monkeypatch):
    records = [example.changed(r, pictures=GRID) for r in example.all_well()]
    summary = summarise(example.run(), records)
    gallery = Gallery(records, images)
    assert len(films(summary, gallery)[0].epochs) == 3
    whole = sum(len(f.picture) for f in films(summary, gallery)) * 4 / 3
    monkeypatch.setattr(films_file, "MOST_BYTES", whole - 1)
    assert {len(f.epochs) for f in films(summary, gallery)} < {3, 1} | {2}
    monkeypatch.setattr(films_file, "MOST_BYTES", 10)
    assert films(summary, gallery) == []
    assert MOST_FRAMES[-1] == 1
