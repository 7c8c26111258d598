"""How much memory there is."""

import pytest

from ebmbench.running import memory


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Write what the machine says of itself: 1000 kB, 600 of them free, and a container."""
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:  1000 kB\nMemAvailable:  600 kB\n")
    limit, used = tmp_path / "max", tmp_path / "current"
    read = memory._of_machine
    monkeypatch.setattr(memory, "_of_machine", lambda line: read(line, meminfo))
    monkeypatch.setattr(memory, "CGROUPS", ((limit, used),))

    def container(most, now):
        limit.write_text(most)
        used.write_text(now)

    return container


def test_without_a_container_the_machine_is_the_limit(machine):
    assert memory.total_memory() == 1000 * 1024
    assert memory.available_memory() == 600 * 1024


def test_a_container_without_a_limit_is_none(machine):
    machine("max\n", "5\n")
    assert memory.total_memory() == 1000 * 1024
    assert memory.available_memory() == 600 * 1024


def test_a_containers_limit_counts_less_what_it_uses(machine):
    machine("409600\n", "102400\n")
    assert memory.total_memory() == 409600
    assert memory.available_memory() == 307200
    machine("409600\n", "500000\n")
    assert memory.available_memory() == 0
