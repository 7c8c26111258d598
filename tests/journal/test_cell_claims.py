"""Who is at work on which cells."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from ebmbench.errors import ConfigError
from ebmbench.journal import claims as module
from ebmbench.journal.claims import Claims


def test_a_cell_is_claimed_once(tmp_path):
    mine, theirs = Claims(tmp_path), Claims(tmp_path)
    with mine.alive(), theirs.alive():
        assert mine.take(["a", "b"]) == ("a", "b")
        assert theirs.take(["b", "c"]) == ("c",)
        assert theirs.are_others(["a", "b", "c", "d"]) == {"a", "b"}
        assert mine.are_others(["a", "b", "c", "d"]) == {"c"}
        mine.release(["a", "b"])
        assert theirs.take(["b"]) == ("b",)
    assert [*(tmp_path / "claims").iterdir()] == []


def test_of_many_that_ask_one_gets_it(tmp_path):
    askers = [Claims(tmp_path) for _ in range(8)]
    for asker in askers:
        asker._beat()
    cells = [f"cell-{n}" for n in range(50)]
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda asker: asker.take(cells), askers))
    assert sorted(cell for each in taken for cell in each) == sorted(cells)


def test_links_are_not_needed(tmp_path, monkeypatch):
    def none(*arguments):
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", none)
    mine, theirs = Claims(tmp_path), Claims(tmp_path)
    with mine.alive(), theirs.alive():
        assert mine.take(["a"]) == ("a",)
        assert theirs.take(["a"]) == ()


def claim_of(folder, host, process, age=0.0):
    """A claim on cell "a" whose owner is there and then."""
    theirs = Claims(folder)
    theirs._beat()
    theirs.take(["a"])
    file = theirs._file_of(theirs.owner)
    file.write_text(json.dumps({"host": host, "process": process, "blocks": []}))
    at = file.stat().st_mtime - age
    os.utime(file, (at, at))
    return theirs


@pytest.mark.parametrize(
    ("host", "age", "holds"),
    [("elsewhere", 0, True), ("elsewhere", 1000, False), ("here", 0, True), ("here", 1000, False)],
)
def test_a_claim_holds_as_long_as_its_owner_gives_signs_of_life(host, age, holds, tmp_path):
    here = module.socket.gethostname()
    claim_of(tmp_path, here if host == "here" else host, os.getpid(), age)
    mine = Claims(tmp_path)
    with mine.alive():
        assert bool(mine.are_others(["a"])) == holds
        assert mine.take(["a"]) == (() if holds else ("a",))
        assert len(mine.owners()) == (2 if holds else 1)


def test_an_owner_on_this_machine_that_is_gone_is_known_to_be(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    claim_of(tmp_path, module.socket.gethostname(), ended.pid)
    assert Claims(tmp_path).take(["a"]) == ("a",)


@pytest.mark.parametrize("content", ["", "x" * 99, "../../x", "\x00"])
def test_a_claim_that_says_nothing_holds_nothing(content, tmp_path):
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims/a.claim").write_text(content)
    mine = Claims(tmp_path)
    assert mine.are_others(["a"]) == set()
    assert mine.take(["a"]) == ("a",)


def test_progress_is_told_with_the_signs_of_life(tmp_path):
    mine = Claims(tmp_path)
    with mine.alive():
        mine.take(["a", "b"], epochs=7)
        mine.tell(("a", "b"), 3, 0.25)
        mine._beat()
        (owner,) = Claims(tmp_path).owners()
        (block,) = owner.blocks
        assert (block.cells, block.epoch, block.epochs, block.value) == (("a", "b"), 3, 7, 0.25)
        assert owner.process == os.getpid()


def test_a_block_waits_until_it_begins(tmp_path):
    mine = Claims(tmp_path)
    with mine.alive():
        mine.take(["a"], epochs=9)
        mine._beat()
        ((block,),) = (owner.blocks for owner in mine.owners())
        assert (block.seconds, block.epochs) == (None, 9)
        mine.begin(["a"], 4)
        mine._beat()
        ((block,),) = (owner.blocks for owner in mine.owners())
        assert (block.began, block.epoch) == (4, 4)
        assert block.seconds >= 0


def test_what_is_no_claim_makes_room_or_is_told(tmp_path):
    mine = Claims(tmp_path)
    with mine.alive():
        (mine.folder / "a.claim").write_bytes(b"\xff not ours")
        (mine.folder / "nobody.owner").write_text("{")
        (mine.folder / "b.claim").mkdir()
        assert mine.take(["a"]) == ("a",)
        with pytest.raises(ConfigError, match=r"b\.claim.*Delete it"):
            mine.take(["b"])
