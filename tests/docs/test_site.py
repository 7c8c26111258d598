"""The site builds, and no link on it leads nowhere."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
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


def test_it_has_every_page_written_by_hand_and_from_the_code(site):
    for name in ("index", "first-sampler", "ci", "reference/samplers", "reference/commands"):
        assert (site / f"{name}.html").is_file()
    assert "Gibbs steps per update" in (site / "reference/samplers.html").read_text()


def test_a_type_with_a_bar_stays_in_its_cell(site):
    assert (
        "<td><code>traced | pattern</code></td>" in (site / "reference/samplers.html").read_text()
    )


def test_it_holds_no_source_and_fetches_nothing_from_elsewhere(site):
    assert not list(site.rglob("*.py"))
    for page in site.rglob("*.html"):
        assert 'src="http' not in page.read_text(), page
