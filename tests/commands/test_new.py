"""``ebmbench new`` writes projects that install, pass their checks and are ranked beside ours."""

import json
import tomllib

import pytest
import yaml

from ebmbench.commands.new import PLACES, TOLD
from support.command_line import ebmbench
from support.fresh_environment import FreshEnvironment

FAMILIES = sorted(TOLD)

K = "self.options.k"

RUN_ALL = """
import os, sys
from ebmbench.commands.app import main
for folder in sys.argv[1:]:
    os.chdir(folder)
    for command in (["validate"], ["run", "--quick", "--jobs", "0"]):
        sys.argv = ["ebmbench", *command, "suite.yaml"]
        try:
            main()
        except SystemExit as ended:
            assert not ended.code, (folder, command)
"""  # one process for all: each would import torch for seconds


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A project of each family, all installed into one environment: family -> folder."""
    root = tmp_path_factory.mktemp("projects")
    environment = FreshEnvironment(root / "environment")
    projects = {family: root / f"new-{family}" for family in FAMILIES}
    for family, folder in projects.items():
        ended = ebmbench("new", family, f"new-{family}", "--folder", folder)
        assert ended.code == 0, ended.err
        environment.install(folder)
    return environment, projects


def test_a_project_is_complete(tmp_path):
    ended = ebmbench("new", "sampler", "slow-flip", "--folder", tmp_path / "project")
    written = {
        str(file.relative_to(tmp_path / "project"))
        for file in (tmp_path / "project").rglob("*")
        if file.is_file()
    }
    assert written == {
        "pyproject.toml",
        "README.md",
        ".gitignore",
        ".github/workflows/test.yml",
        "tests/test_ebmbench_slow_flip.py",
        "ebmbench_slow_flip.py",
        "suite.yaml",
    }
    assert len(written) == len(PLACES)
    assert f"cd {tmp_path / 'project'}" in ended.out
    assert "class SlowFlip(Sampler)" in (tmp_path / "project/ebmbench_slow_flip.py").read_text()


@pytest.mark.parametrize("family", FAMILIES)
def test_no_placeholder_is_left_in_a_project(family, tmp_path):
    ebmbench("new", family, "a-b", "--folder", tmp_path / "project")
    for file in (tmp_path / "project").rglob("*"):
        if file.is_file() and file.name != "test.yml":
            assert "$" not in file.read_text(), file


def test_the_entry_point_and_the_workflow_can_be_read(tmp_path):
    folder = tmp_path / "project"
    ebmbench("new", "metric", "a-b", "--folder", folder)
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["ebmbench"] == {"a-b": "ebmbench_a_b"}
    workflow = yaml.safe_load((folder / ".github/workflows/test.yml").read_text())
    commands = [step.get("run") for step in workflow["jobs"]["test"]["steps"]]
    assert "ebmbench test a-b --family metric" in commands
    assert "${{ matrix.python }}" in (folder / ".github/workflows/test.yml").read_text()


@pytest.mark.soak
def test_projects_pass_their_own_tests(installed):
    environment, projects = installed
    folders = [folder / "tests" for folder in projects.values()]
    options = ("-q", "-W", "error", "-p", "no:cacheprovider")
    ended = environment.run("-m", "pytest", *options, *folders, cwd=projects["model"])
    assert ended.returncode == 0, ended.stdout[-3000:]
    assert " passed" in ended.stdout


@pytest.mark.soak
def test_their_suites_rank_them_beside_ours(installed):
    environment, projects = installed
    ended = environment.run("-c", RUN_ALL, *projects.values(), cwd=projects["model"])
    assert ended.returncode == 0, ended.stdout + ended.stderr
    for family, folder in projects.items():
        report = (folder / "runs" / f"new-{family}" / "report" / "README.md").read_text()
        shown = {"metric": "new_metric", "dataset": "NewDataset"}
        assert shown.get(family, f"New{family.title()}") in report


def test_a_new_component_is_listed_with_its_distribution(installed):
    environment, projects = installed
    listed = json.loads(environment.ebmbench("list", "--json", cwd=projects["model"]).stdout)
    for family in FAMILIES:
        (row,) = [each for each in listed[f"{family}s"] if each["name"] == f"new-{family}"]
        assert row["distribution"] == f"ebmbench-new-{family}"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("samper", "x"), "Did you mean 'sampler'?"),
        (("sampler", "My_Sampler"), "a letter first: 'my-sampler'"),
        (("sampler", "9-lives"), "a letter first: 'lives'"),
        (("sampler", "sampler"), "Choose another name: 'my-sampler'"),
        (("sampler", "cd"), "ebmbench has a sampler 'cd' already"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_name_that_will_not_do_is_refused_with_a_remedy(arguments, words, tmp_path):
    ended = ebmbench("new", *arguments, "--folder", tmp_path / "project")
    assert ended.code == 2
    assert words in ended.err
    assert not (tmp_path / "project").exists()


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    ended = ebmbench("new", "sampler", "x", "--folder", tmp_path)
    assert ended.code == 2
    assert "is not empty. Name another with --folder." in ended.err
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.soak
def test_a_stranger_needs_five_commands(tmp_path):
    """Write, edit one function, install, check, run: and the report ranks what was edited."""
    environment = FreshEnvironment(tmp_path / "environment")
    project = tmp_path / "my-sampler"

    assert ebmbench("new", "sampler", "my-sampler", "--folder", project).code == 0
    file = project / "ebmbench_my_sampler.py"
    written = file.read_text()
    wrong, right = (written.replace(K, better, 1) for better in (f"2 * {K}", f"{K} + 0"))
    assert written not in (wrong, right)
    file.write_text(wrong)
    environment.install(project)

    checked = environment.ebmbench("test", "my-sampler", cwd=project)
    assert checked.returncode == 1
    assert "2 Gibbs steps in an update where k = 1" in " ".join(checked.stdout.split())

    file.write_text(right)
    checked = environment.ebmbench("test", "my-sampler", cwd=project)
    assert checked.returncode == 0, checked.stdout

    ran = environment.ebmbench("run", "suite.yaml", "--quick", "--jobs", 0, cwd=project)
    assert ran.returncode == 0, ran.stderr
    report = (project / "runs/my-sampler/report/README.md").read_text()
    for method in ("MySampler", "CD-1", "PCD-1"):
        assert method in report
