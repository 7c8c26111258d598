"""Format, lint, types, and what the README promises."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
SUITES = sorted((ROOT / "suites").rglob("*.yaml"))


@pytest.mark.parametrize(
    "command",
    [["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"]],
    ids=["format", "lint", "types"],
)
def test_the_code_is_clean(command):
    ended = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("name", ["main", "tests"])
def test_the_readme_has_its_two_commands_on_one_line_each(name):
    (block,) = re.findall(rf"<!-- command: {name} -->\n```bash\n(.*?)```", README, re.DOTALL)
    assert block.count("\n") == 1


def test_the_readme_shows_the_sampler_that_the_tests_install():
    project = ROOT / "tests/thirdparty/ebmbench-mean-field"
    assert (project / "ebmbench_mean_field.py").read_text() in README
    assert (project / "pyproject.toml").read_text() in README


def test_the_readmes_suite_is_a_suite(tmp_path):
    from support.suites import plan

    (text,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert len(plan(tmp_path, text).cells) == 40


def test_links_in_the_documents_lead_somewhere():
    for page in (*ROOT.glob("*.md"), *(ROOT / "reports").rglob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page}: {target}"


@pytest.mark.parametrize("file", SUITES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_suite_in_the_repository_is_valid(file, tmp_path, monkeypatch):
    from ebmbench.interfaces.installed.registry import Registry
    from ebmbench.plan.plan import make_plan
    from ebmbench.suite import yaml_places, yaml_text
    from ebmbench.suite.overrides import Overrides
    from ebmbench.suite.suite import missing_distributions, read_suite
    from ebmbench_data.msa import write_example
    from support import debd_files
    from support.idx_files import small_set, write_set

    written = yaml_places.plain(yaml_text.read(file))
    missing = missing_distributions(written.get("requires", []), file.parent)
    if missing:
        pytest.skip(f"requires {', '.join(missing)}, not installed")
    # A plan loads its data: random ones of the published sizes, so that nothing is fetched.
    if "mnist" in file.read_text():
        write_set(tmp_path, small_set(60_000, 10_000, (28, 28)), packed=False)
        monkeypatch.setenv("EBMBENCH_DATA", str(tmp_path))
    if "debd" in file.read_text():
        debd_files.write_set(
            tmp_path, rows={"train": 16_181, "valid": 2157, "test": 3236}, columns=16
        )
        monkeypatch.setenv("EBMBENCH_DATA", str(tmp_path))
    if "name: msa" in file.read_text():
        write_example(tmp_path / "family.fa", "ACDEFGHIKLMNPQRSTVWY-", groups=100)
        monkeypatch.chdir(tmp_path)
    registry = Registry.discover()
    for quick in {False, "quick" in written}:
        assert make_plan(read_suite(file, registry, Overrides(quick=quick)), registry).cells


def test_every_pinned_version_is_within_the_range_that_the_project_asks_for():
    from packaging.requirements import Requirement

    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = dict(line.lower().split("==") for line in lines if "==" in line)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for text in project["dependencies"]:
        requirement = Requirement(text)
        assert requirement.specifier.contains(pins[requirement.name.lower()])
