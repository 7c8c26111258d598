"""``ebmbench new`` writes projects that install, pass their checks and are ranked beside ours."""

import json
import tomllib

import pytest
import yaml

from command_line import ebmbench
from ebmbench.scaffold import PLACES, TOLD
from fresh_environment import FreshEnvironment

FAMILIES = sorted(TOLD)


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


@pytest.mark.parametrize("family", FAMILIES)
def test_a_project_passes_its_own_tests(installed, family):
    environment, projects = installed
    ended = environment.run("-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=projects[family])
    assert ended.returncode == 0, ended.stdout[-3000:]
    assert " passed" in ended.stdout


@pytest.mark.parametrize("family", FAMILIES)
def test_its_suite_is_valid_and_ranks_it_beside_ours(installed, family):
    environment, projects = installed
    folder, name = projects[family], f"new-{family}"
    valid = environment.ebmbench("validate", "suite.yaml", cwd=folder)
    assert valid.returncode == 0, valid.stderr
    ran = environment.ebmbench("run", "suite.yaml", "--quick", "--jobs", 0, cwd=folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    report = (folder / "runs" / name / "report" / "README.md").read_text()
    shown = {"metric": "new_metric", "dataset": "NewDataset"}.get(family, f"New{family.title()}")
    assert shown in report, report[:2000]


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


def test_a_stranger_needs_five_commands(tmp_path, monkeypatch):
    """Write, edit one function, install, check, run: and the report ranks what was edited."""
    monkeypatch.chdir(tmp_path)
    environment = FreshEnvironment(tmp_path / "environment")
    project = tmp_path / "my-sampler"

    assert environment.ebmbench("new", "sampler", "my-sampler", cwd=tmp_path).returncode == 0

    file = project / "ebmbench_my_sampler.py"
    edited = file.read_text().replace("self.options.k, noise)\n", "2 * self.options.k, noise)\n", 1)
    assert edited != file.read_text()
    file.write_text(edited)

    environment.install(project)

    checked = environment.ebmbench("test", "my-sampler", cwd=project)
    assert checked.returncode == 1, "twice the steps that cost() and k say"
    assert "2 Gibbs steps in an update where k = 1" in " ".join(checked.stdout.split())

    file.write_text(edited.replace("        v, h =", "        noise.coins(1, 1)\n        v, h =")
                    .replace("2 * self.options.k, noise)\n        return P",
                             "self.options.k, noise)\n        return P"))  # fmt: skip
    checked = environment.ebmbench("test", "my-sampler", cwd=project)
    assert checked.returncode == 1, "a random number that cost() does not count"
    assert "random numbers per replica and cost() counts" in " ".join(checked.stdout.split())

    file.write_text(edited.replace("2 * self.options.k", "self.options.k"))
    checked = environment.ebmbench("test", "my-sampler", cwd=project)
    assert checked.returncode == 0, checked.stdout

    ran = environment.ebmbench("run", "suite.yaml", "--quick", "--jobs", 0, cwd=project)
    assert ran.returncode == 0, ran.stderr
    report = (project / "runs/my-sampler/report/README.md").read_text()
    for method in ("MySampler", "CD-1", "PCD-1"):
        assert method in report
