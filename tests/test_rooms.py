"""The floor plan: rooms that import only what lies below them, no circle, and five doors."""

from __future__ import annotations

import ast
import importlib
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1] / "ebmbench"
FLOORS = [  # from the ground up; rooms on one floor do not know each other
    ["errors"],
    ["numerics", "isolation"],
    ["interfaces"],
    ["training", "checks", "executors"],
    ["suite"],
    ["plan"],
    ["journal"],
    ["running", "summary"],
    ["speed", "report"],
    ["compare"],
    ["api"],
    ["commands"],
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
ROOMS = [room for rooms in FLOORS[1:] for room in rooms]
DOORS = [
    "ebmbench",
    "ebmbench.numerics",
    "ebmbench.executors",
    "ebmbench.interfaces.library_chains",
    "ebmbench.interfaces.penalised_chains",
]
MOST_FILES = 16


def name_of(file):
    parts = ("ebmbench", *file.relative_to(HOUSE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(file): file for file in sorted(HOUSE.rglob("*.py"))}


def imports_of(module):
    """The modules of the house that a module imports, wherever in its text."""
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ebmbench"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)


ARROWS = {module: {each for each in imports_of(module) if each != module} for module in MODULES}


def room_of(module):
    return [*module.split("."), "door"][1]


def test_the_house_has_sixteen_rooms_and_three_files():
    rooms = {each.name for each in HOUSE.iterdir() if each.is_dir() and each.name != "__pycache__"}
    assert rooms == set(ROOMS) - {"errors"}
    assert len(rooms) == 16
    files = {each.name for each in HOUSE.glob("*.py")}
    assert files == {"__init__.py", "__main__.py", "errors.py"}


@pytest.mark.parametrize("room", [*ROOMS, "errors"])
def test_a_room_imports_only_those_below_it(room):
    for module, targets in ARROWS.items():
        if room_of(module) != room:
            continue
        for target in targets:
            other = room_of(target)
            assert other in (room, "door") or FLOOR[other] < FLOOR[room], f"{module} -> {target}"


def test_no_module_imports_itself_by_way_of_others():
    TopologicalSorter(ARROWS).prepare()


def test_no_room_is_a_drawer():
    files = Counter(file.parent for file in MODULES.values())
    for folder, count in files.items():
        assert count - 1 <= MOST_FILES, f"{folder.relative_to(HOUSE)} has {count - 1} files"


@pytest.mark.parametrize("door", DOORS)
def test_no_exported_name_shadows_a_module(door):
    found = importlib.import_module(door)
    names = getattr(found, "__all__", [])
    modules = {
        module.removeprefix(f"{door}.") for module in MODULES if module.startswith(f"{door}.")
    }
    offered_modules = {name for name in names if f"{door}.{name}" in MODULES}
    assert offered_modules <= {"philox", "philox_tensor"}  # offered as what they are
    assert not (set(names) - offered_modules) & modules


def test_every_door_opens():
    for door in DOORS:
        found = importlib.import_module(door)
        for name in getattr(found, "__all__", []):
            assert getattr(found, name) is not None, f"{door}.{name}"


def test_the_front_door_is_small():
    import ebmbench

    assert 25 <= len(ebmbench.__all__) <= 40


def test_tests_have_a_folder_for_each_room():
    tests = Path(__file__).parent
    missing = [room for room in ROOMS if not any((tests / room).glob("test_*.py"))]
    assert not missing
