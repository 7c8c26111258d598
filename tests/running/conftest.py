"""A plugin of awkward samplers, there for all tests of running."""

import sys

import pytest

from support.runs import PLUGIN


@pytest.fixture(scope="module", autouse=True)
def site(tmp_path_factory):
    """A folder of packages with a plugin of awkward samplers, for this process and its workers."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "awkward.py").write_text(PLUGIN)
    info = folder / "awkward-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: awkward\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[ebmbench]\nawkward = awkward\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield folder
    sys.modules.pop("awkward", None)
