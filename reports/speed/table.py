"""The table of reports/speed, from what pytest-benchmark measured.

pytest tests/benchmarks -o addopts= --benchmark-only --benchmark-json speed.json
python reports/speed/table.py speed.json
"""

import json
import sys
from pathlib import Path

TITLES = {
    "test_ra_rbm_of_mnist": "Gibbs step, RA V=784 H=3000 K=190, 2048 chains",
    "test_chains[PCD-10, 2048 chains-----]": "PCD-10 update, V=16 H=1000, 2048 chains, untrained",
    "test_trained_chains": "PCD-10 update, V=16 H=1000, 2048 chains, trained",
    "test_chains[CD-1, 16x16-----]": "CD-1 update, V=16 H=16, batch 16",
    "test_training[scikit-learn]": "two epochs of PCD-1, V=784 H=500, 2048 rows, batch 128",
    "test_training[rbms]": "two epochs of PCD-1, V=784 H=500, 2048 rows, batch 128",
    "test_rapid_of_mnist": "RAPID update, V=784 H=3000 K=190, k=10, batch 1000, one thread each",
    "test_chains[PCD-1, 2048 chains-----]": "PCD-1 update, V=784 H=500, 2048 chains, batch 128",
    "test_chains[CD-1, batch 128-----]": "CD-1 update, V=784 H=500, batch 128",
    "test_the_half_split_is_a_hundred_times_as_fast_as_the_published_way": (
        "exact gradient, V=16 H=1000, one replica"
    ),
    "test_rapid[1]": "RAPID update, V=16 H=1000 K=8, batch 3, one replica",
    "test_rapid[100]": "RAPID update, V=16 H=1000 K=8, batch 3, per replica of 100",
}


def rows(benchmarks):
    """(work, our seconds, rival, its seconds) for every rival; seconds are (median, least)."""
    for each in benchmarks:
        info = each["extra_info"]
        per = info.get("per", 1)
        ours = each["stats"]["median"] / per, each["stats"]["min"] / per
        title = info.get("title") or TITLES.get(each["name"], each["name"])
        if each["name"].startswith("test_rbm["):
            title = of_gibbs_steps(each["params"])
        for rival, seconds in info.get("rivals", {}).items():
            yield title, ours, rival, (seconds, info["least"][rival])


def of_gibbs_steps(params):
    """The title of a race of Gibbs steps, one rival at a time."""
    steps = "one Gibbs step" if params["k"] == 1 else "ten Gibbs steps"
    return f"{steps}, V={params['V']} H={params['H']}, 2048 chains"


def duration(seconds):
    """In the unit that fits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.1e} s"


def table(benchmarks):
    """In Markdown, a line per rival."""
    yield "| work | ebmbench | against | takes | ratio | of the least |"
    yield "|---|---|---|---|---|---|"
    before = None
    for title, ours, rival, theirs in rows(benchmarks):
        head = (title, both(ours)) if title != before else ("", "")
        before = title
        ratio, of_least = (its / mine for mine, its in zip(ours, theirs, strict=True))
        yield f"| {head[0]} | {head[1]} | {rival} | {both(theirs)} | {ratio:.1f} | {of_least:.1f} |"


def both(seconds):
    """The median, and the least in brackets."""
    return f"{duration(seconds[0])} ({duration(seconds[1])})"


if __name__ == "__main__":
    measured = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print("\n".join(table(measured["benchmarks"])))
