"""The pictures of metrics: what is read of the journal, and how images are drawn."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ebmbench.journal.documents import BlockShare, CellRecord, PictureAbout
from ebmbench.report.figures.canvas import canvas
from ebmbench.report.figures.grids import FRAME, GAP, MARKS, MOST_IMAGES, draw_grid, mosaic
from ebmbench.report.gallery import Gallery, Grid

ABOUT = {
    "m.seen": PictureAbout(kind="images", legend=("train", "test"), epochs=(0, 7)),
    "m.line": PictureAbout(kind="curves", x_label="x", y_label="y", epochs=(7,)),
}


def record(seed, status="done", pictures=ABOUT):
    return CellRecord(
        id=f"c{seed}",
        dataset="bars",
        method="A",
        seed=seed,
        status=status,
        reason=None,
        pictures=pictures,
        block=BlockShare(replicas=1, seconds=1.0),
        environment={},
    )


def arrays(id_):
    seed = int(id_[1:])
    return {
        "m.seen@0/pixels": torch.zeros(5, 2, 3, dtype=torch.int8),
        "m.seen@7/pixels": torch.full((5, 2, 3), 127 - seed, dtype=torch.int8),
        "m.seen@7/marks": torch.tensor([0, 1, 1, 0, 1]),
        "m.line@7/x": torch.arange(3.0),
        "m.line@7/y": torch.arange(3.0) + seed,
    }


def grid(n, shape=(2, 3), marks=None, legend=()):
    return Grid(np.ones((n, *shape)), marks, legend, 7, 0)


def test_images_are_those_of_the_first_finished_seed_at_the_last_epoch():
    gallery = Gallery([record(3, "diverged"), record(5), record(6)], arrays)
    found = gallery.grid("bars", "A", "m.seen")
    assert (found.seed, found.epoch, found.legend) == (5, 7, ("train", "test"))
    assert found.pixels.shape == (5, 2, 3)
    assert np.allclose(found.pixels, (127 - 5) / 127)


def test_curves_are_means_over_all_seeds():
    curve = Gallery([record(5), record(6), record(7)], arrays).curve("bars", "A", "m.line")
    assert curve.epochs == (0, 1, 2)
    assert [i.mean for i in curve.values] == [6, 7, 8]
    assert curve.values[0].n == 3


@pytest.mark.parametrize("other", [("bars", "B", "m.seen"), ("bas", "A", "m.seen")])
def test_another_method_or_dataset_has_none(other):
    assert Gallery([record(5)], arrays).grid(*other) is None


def test_without_arrays_or_pictures_there_is_nothing_to_show():
    assert Gallery([record(5)]).grid("bars", "A", "m.seen") is None
    assert Gallery([record(5)]).curve("bars", "A", "m.line") is None
    assert Gallery([record(5, pictures={})], arrays).names("bars") == {}


def test_names_come_with_what_is_stored_of_them():
    assert Gallery([record(5)], arrays).names("bars") == ABOUT


def test_a_mosaic_holds_every_image_in_a_frame_of_its_marks_colour():
    marks = np.array([0, 1])
    whole = mosaic(grid(2, (36, 36), marks, ("train", "test")))
    side = 36 + 2 * FRAME
    assert whole.shape == (side, 2 * side + GAP, 3)
    blue, green = (tuple(int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)) for c in MARKS[:2])
    assert tuple(whole[0, 0]) == blue
    assert tuple(whole[0, side + GAP]) == green
    assert (whole[FRAME:-FRAME, FRAME : side - FRAME] == 1).all()


def test_small_images_are_magnified_and_grey_is_between_black_and_white():
    pixels = np.array([[[-1.0, 0.0, 1.0], [1.0, 0.0, -1.0]]])
    whole = mosaic(Grid(pixels, None, (), 7, 0))[FRAME:-FRAME, FRAME:-FRAME]
    assert whole.shape == (24, 36, 3)
    assert [whole[0, x, 0] for x in (0, 17, 35)] == [0.0, 0.5, 1.0]


def test_only_so_many_images_are_drawn():
    side = 2 * FRAME + GAP + 36
    assert mosaic(grid(MOST_IMAGES + 7, (36, 36))).shape[:2] == (10 * side - GAP,) * 2


def test_the_legend_counts_all_images():
    figure, (ax,) = canvas(1)
    draw_grid(ax, "A", grid(5, marks=np.array([0, 1, 1, 0, 1]), legend=("_train", "test")))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["_train 2", "test 3"]
    assert figure.axes[0].get_title() == "A"
