"""The built site, once for all tests."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The built site."""
    pytest.importorskip("properdocs", reason="pip install 'ebmbench[docs]'")
    folder = tmp_path_factory.mktemp("site")
    command = ["properdocs", "build", "--strict", "--site-dir", folder]
    ended = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder
