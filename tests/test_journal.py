import json
from pathlib import Path

import pytest

from ebmbench.errors import ConfigError
from ebmbench.journal import Journal, finite, write_json


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    file = tmp_path / "cells" / "a.json"
    write_json(file, {"x": 1})
    with pytest.raises(TypeError):
        write_json(file, {"x": object()})
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(file, {"x": float("nan")})
    assert json.loads(file.read_text()) == {"x": 1}
    assert [each.name for each in file.parent.iterdir()] == ["a.json"]


def test_records_come_in_the_order_asked_for_and_missing_ones_are_left_out(tmp_path):
    journal = Journal(tmp_path)
    for name in ("a", "b"):
        journal.write({"id": name, "status": "done", "unmeasured": {}})
    assert [record["id"] for record in journal.read(["b", "c", "a"])] == ["b", "a"]
    assert journal.status("a") == "done"
    assert journal.status("c") is None


def test_a_run_is_found_by_its_name_or_its_folder(tmp_path):
    Journal(tmp_path / "bars").write_run({"suite": "bars"})
    assert Journal.open(Path("bars"), tmp_path).folder == tmp_path / "bars"
    assert Journal.open(tmp_path / "bars", tmp_path / "elsewhere").read_run()["suite"] == "bars"
    with pytest.raises(ConfigError, match=r"no such run\. There are: bars\."):
        Journal.open(Path("baz"), tmp_path)


def test_a_damaged_record_is_named_with_the_remedy(tmp_path):
    journal = Journal(tmp_path)
    journal.write({"id": "a", "status": "done", "unmeasured": {}})
    (tmp_path / "cells" / "a.json").write_text("{")
    with pytest.raises(ConfigError, match=r"a\.json: not a record.*Delete it"):
        journal.read(["a"])


def test_json_knows_no_infinities():
    assert [finite(x) for x in (1.5, float("inf"), float("nan"))] == [1.5, None, None]
