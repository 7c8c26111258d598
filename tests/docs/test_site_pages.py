"""What the site makes of reports: places with intervals, shared where nothing tells apart."""

import json
import re

import pytest

from ebmbench.interfaces.installed.registry import Registry
from ebmbench.interfaces.installed.which_plugins import no_third_party
from ebmbench.summary import as_json, summarise
from ebmbench.summary.statistics.places import Place
from site_pages.committed import reports_in, studies_in
from site_pages.gallery import gallery, thumbnails
from site_pages.leaderboards import leaderboard_pages
from site_pages.methods import method_pages
from site_pages.tables import place_cell
from support import journal_example as example
from support.result_example import result, spread

with no_third_party():
    REGISTRY = Registry.discover()


def parts(sampler, **options):
    named = {"version": "1", "options": options}
    return {
        "model": {"name": "rbm", **named},
        "sampler": {"name": sampler, **named},
        "optimizer": {"name": "sgd", "lr": 0.02},
        "batch": {},
    }


def said(seeds=6):
    """The example's summary as it is written, its methods and data those of plugins."""
    run = example.run()
    found = json.loads(json.dumps(as_json(summarise(run, example.all_well()))))
    samplers = {"Fast": "pid", "Slow": "cd", "Twin": "stranger"}
    found["run"]["components"] = {
        "datasets": {"bars": {"name": "bars", "version": "1", "options": {"size": 4}}},
        "metrics": {},
        "methods": {name: parts(sampler, k=seeds) for name, sampler in samplers.items()},
    }
    return found


def committed(folder, name, summary, readme="# toy\n\n![a](a.png)\n"):
    there = folder / name
    there.mkdir(parents=True)
    (there / "summary.json").write_text(json.dumps(summary))
    (there / "README.md").write_text(readme)
    return there


@pytest.fixture
def reports(tmp_path):
    committed(tmp_path, "toy", said())
    return reports_in(tmp_path)


def rows(page):
    """The first table of a page, cells by heading, without tags."""
    lines = re.search(r"(?:^\|.*\n?)+", page, re.M)[0].splitlines()
    head, _, *body = (
        [re.sub(r"<[^>]+>", "", c).strip(" *") for c in line.split("|")[1:-1]] for line in lines
    )
    return [dict(zip(head, row, strict=True)) for row in body]


def test_the_example_has_a_winner_and_two_that_nothing_tells_apart(reports):
    (board,) = reports[0].boards
    assert board.judged == "hamming.test"
    assert [(s.method, str(s.place)) for s in board.standings[:1]] == [("Fast", "1")]
    assert {str(s.place) for s in board.standings if s.method != "Fast"} == {"2-3"}


def test_those_not_told_apart_share_a_place_that_carries_its_interval(reports):
    page = leaderboard_pages(reports, REGISTRY)["leaderboards/bars.md"]
    found = {row["Method"]: row for row in rows(page)}
    assert found["Fast"]["Place"] == "1"
    assert found["Slow"]["Place"] == found["Twin"]["Place"] == "2\N{EN DASH}3"
    assert found["Slow"]["Against the baseline"] == "baseline"
    assert found["Fast"]["Against the baseline"] == "better"
    assert "**Fast** has the first place alone." in page
    assert "6 seeds, one setting for each method; judged by `hamming.test`, lower is better" in page


def test_a_value_stands_there_with_its_interval(reports):
    page = leaderboard_pages(reports, REGISTRY)["leaderboards/bars.md"]
    row = next(row for row in rows(page) if row["Method"] == "Fast")
    assert re.fullmatch(r"0\.0\d+&nbsp;±&nbsp;0\.0\d+", row["hamming.test, fraction of pixels"])


@pytest.mark.parametrize(
    ("place", "start", "width"),
    [(Place(1, 1, 4), 0, 0.25), (Place(2, 3, 4), 0.25, 0.5), (Place(1, 4, 4), 0, 1)],
)
def test_a_bar_shows_where_the_interval_lies(place, start, width):
    assert f"--start:{start:.4f};--width:{width:.4f}" in place_cell(place)


@pytest.mark.parametrize(
    ("firsts", "sentence"),
    [
        (["A", "B"], "**A** (1-5) and **B** (1-5) share the first place."),
        (["A", "B", "C"], "**A** (1-5), **B** (1-5) and **C** (1-5) share the first place."),
        (["A", "B", "C", "D"], "**4 of 5** methods share the first place."),
    ],
)
def test_who_shares_the_first_place_is_said(firsts, sentence, tmp_path):
    summary = said()
    (board,) = summary["boards"]
    row, names = board["rows"][0], ["A", "B", "C", "D", "E"]
    board["rows"] = [{**row, "method": name} for name in names]
    board["places"] = {n: {"first": 1 if n in firsts else 4, "last": 5, "of": 5} for n in names}
    committed(tmp_path, "tied", summary)
    pages = leaderboard_pages(reports_in(tmp_path), REGISTRY)
    for page in ("leaderboards/bars.md", "leaderboards/index.md"):
        assert sentence in pages[page].replace("\N{EN DASH}", "-")
    cards = gallery(reports_in(tmp_path), [])
    assert sentence.replace("*", "") in cards.replace("\N{EN DASH}", "-")


def test_an_interval_without_an_end_does_not_stand_first(tmp_path):
    summary = said()
    summary["boards"][0]["places"] = {
        "Fast": {"first": 1, "last": 3, "of": 3},
        "Slow": {"first": 1, "last": 2, "of": 3},
        "Twin": {"first": 2, "last": 3, "of": 3},
    }
    committed(tmp_path, "wide", summary)
    (report,) = reports_in(tmp_path)
    assert [s.method for s in report.boards[0].standings] == ["Slow", "Fast", "Twin"]


def test_a_report_of_an_older_ebmbench_is_shown_without_places(tmp_path):
    summary = said()
    del summary["boards"][0]["places"]
    for key in ("tuning", "text", "until"):
        summary["run"].pop(key, None)
    committed(tmp_path, "old", summary)
    pages = leaderboard_pages(reports_in(tmp_path), REGISTRY)
    page = pages["leaderboards/bars.md"]
    assert "made by an older ebmbench" in page
    assert "Place" not in rows(page)[0]
    assert [row["Method"] for row in rows(page)] == ["Fast", "Twin", "Slow"]  # by means
    assert "made by an older ebmbench" in pages["leaderboards/index.md"]
    assert (
        "made by an older ebmbench" in method_pages(reports_in(tmp_path), REGISTRY)["methods/cd.md"]
    )


@pytest.mark.parametrize(
    "missing", ["components", "metrics", "report", "title", "command", "seeds"]
)
def test_what_an_old_description_lacks_costs_that_alone(missing, tmp_path):
    summary = said()
    del summary["run"][missing]
    committed(tmp_path, "old", summary)
    reports = reports_in(tmp_path)
    assert leaderboard_pages(reports, REGISTRY)
    assert method_pages(reports, REGISTRY)
    assert "reports/old/index.html" in gallery(reports, [])


def test_a_report_that_judges_nothing_ranks_nothing(tmp_path):
    committed(tmp_path, "costs", {**said(), "judged": None})
    reports = reports_in(tmp_path)
    assert not reports[0].boards
    assert list(leaderboard_pages(reports, REGISTRY)) == ["leaderboards/index.md"]


def test_models_that_were_not_trained_rank_no_method(tmp_path):
    summary = said()
    summary["run"]["epochs"] = 0
    committed(tmp_path, "untrained", summary)
    (report,) = reports_in(tmp_path)
    assert not report.boards
    assert "reports/untrained/index.html" in gallery([report], [])


def test_the_same_data_stand_together_and_others_apart(tmp_path):
    for name, size, suite_name in (("a", 4, "bars"), ("b", 4, "four"), ("c", 5, "bars")):
        summary = said()
        summary["run"]["components"]["datasets"]["bars"]["options"]["size"] = size
        summary["run"]["components"]["datasets"][suite_name] = {
            "name": "bars",
            "version": "1",
            "options": {"size": size},
        }
        summary["boards"][0]["dataset"] = suite_name
        committed(tmp_path, name, summary)
    page = leaderboard_pages(reports_in(tmp_path), REGISTRY)["leaderboards/bars.md"]
    assert page.startswith("# bars, four\n")
    assert re.findall(r"^##+ (.*?)(?: \{.*)?$", page, re.M) == [
        *("bars, size 4", "a", "b", "bars, size 5", "c", "What the dataset is")
    ]


def test_what_is_no_number_is_no_value(tmp_path):
    summary = said()
    row = next(row for row in summary["boards"][0]["rows"] if row["method"] == "Twin")
    row["final"]["hamming.test"] = {"mean": None, "low": None, "high": None, "n": 0}
    committed(tmp_path, "lost", summary)
    (report,) = reports_in(tmp_path)
    assert report.boards[0].standings[-1].value == ""


def test_a_methods_page_says_what_it_is_and_where_it_stands(reports):
    page = method_pages(reports, REGISTRY)["methods/cd.md"]
    assert "Hinton 2002" in page
    assert "| `k` |" in page
    section = page.partition("## Where it stands")[2]
    (row,) = rows(section)
    assert row["Place"] == "2\N{EN DASH}3 of 3"
    assert row["Method"] == "Slow"
    assert "[bars](../leaderboards/bars.md#toy-bars)" in row["Dataset"]
    assert "[toy](../reports/toy/README.md)" in row["Dataset"]


def test_a_method_that_no_report_has_says_how_to_submit_one(reports):
    page = method_pages(reports, REGISTRY)["methods/tap.md"]
    assert "No committed report has it yet. [Submit one](../results.md#submit-a-report)" in page


def test_a_strangers_method_has_a_page_too(reports):
    pages = method_pages(reports, REGISTRY)
    assert "comes from a plugin of a third party" in pages["methods/stranger.md"]
    assert "[`stranger`](stranger.md)" in pages["methods/index.md"]


def test_a_page_without_numbers_is_a_study(tmp_path):
    committed(tmp_path, "toy", said())
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "README.md").write_text("# What *it* says\n\nIn [short](x.md):\nall.\n")
    (study,) = studies_in(tmp_path)
    assert (study.path, study.title, study.lead) == (
        "study",
        "What *it* says",
        "In [short](x.md): all.",
    )
    card = gallery([], [study])
    assert "In short: all." in card


def test_a_thumbnail_is_small_and_on_white(tmp_path):
    import io

    from PIL import Image

    there = committed(tmp_path, "toy", said())
    Image.new("RGBA", (1500, 900), (0, 0, 0, 0)).save(there / "a.png")
    ((name, content),) = thumbnails(reports_in(tmp_path), tmp_path)
    found = Image.open(io.BytesIO(content))
    assert name == "thumbnails/toy.png"
    assert found.size == (480, 288)
    assert found.convert("RGB").getpixel((3, 5)) == (255, 255, 255)


def test_an_erratic_method_is_told_beside_its_place(tmp_path):
    wild = {"A": spread(0.2, 0.001, 10), "CD": [0.21] * 8 + [0.9, 0.8]}
    found = json.loads(json.dumps(as_json(result({"bars": wild}))))
    found["run"]["components"] = {"datasets": {}, "metrics": {}, "methods": {}}
    committed(tmp_path, "wild", found)
    (report,) = reports_in(tmp_path)
    page = leaderboard_pages([report], REGISTRY)["leaderboards/bars.md"]
    places = {row["Method"]: row["Place"] for row in rows(page)}
    assert places == {"A": "1\N{EN DASH}2", "CD": "1\N{EN DASH}2 erratic"}
    assert "and the erratic **CD** (1\N{EN DASH}2) share the first place" in page


def test_nothing_is_called_erratic_elsewhere(reports):
    page = leaderboard_pages(reports, REGISTRY)["leaderboards/bars.md"]
    assert all("erratic" not in row["Place"] for row in rows(page))
