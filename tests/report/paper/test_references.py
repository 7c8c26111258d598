"""What a run cites."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ebmbench.errors import LeftOutWarning
from ebmbench.interfaces.citations import read
from ebmbench.interfaces.installed.registry import Registry
from ebmbench.journal.documents import Components, MethodParts, Named
from ebmbench.report.paper.references import as_bibtex, references
from support import journal_example as example


def named(name, **options):
    return Named(name=name, version="1", options=options)


def method(model="rbm", sampler="cd", options=(), **optimizer):
    return MethodParts(
        model=named(model),
        sampler=named(sampler, **dict(options)),
        optimizer={"name": "sgd", **optimizer},
        batch={},
    )


def run_of(*methods, datasets=("bars",), metrics=("nll",), **report):
    parts = Components(
        datasets={name: named(name) for name in datasets},
        methods={f"M{i}": each for i, each in enumerate(methods)},
        metrics={name: named(name) for name in metrics},
    )
    return example.changed(example.run(**report), components=parts)


def cited(run, registry=None):
    return references(run, example.records(), registry or Registry.discover())


def keys(found):
    return [each.entry.key for each in found.works]


def test_the_order_is_ebmbench_suite_data_methods_metrics():
    run = run_of(method(), datasets=("mnist",), metrics=("spectrum",), cites=["ackley1985"])
    assert keys(cited(run)) == [
        "ebmbench", "ackley1985", "lecun1998", "smolensky1986", "hinton2002", "decelle2017",
        "pozaskerstjens2021",
    ]  # fmt: skip


def test_no_work_stands_twice_and_all_who_cite_it_are_named():
    found = cited(run_of(method(), method(), method(sampler="pid"), cites=["pozaskerstjens2021"]))
    assert len(set(keys(found))) == len(found.works)
    (paper,) = [each for each in found.works if each.entry.key == "pozaskerstjens2021"]
    assert paper.by == ["the suite", "dataset bars", "sampler pid", "metric nll"]


def test_the_file_parses_and_is_the_same_each_time():
    run = run_of(method(), method(sampler="pt"), method(sampler="ptt"), metrics=("nll-ais",))
    text = as_bibtex(cited(run))
    assert text == as_bibtex(cited(run))
    assert [entry.key for entry in read(text, "cited.bib")] == keys(cited(run))


def test_ebmbench_is_cited_by_version_with_the_suites_digest():
    entry = cited(example.changed(run_of(method()), suite="a_b")).works[0].entry
    assert entry.fields["version"] == "0.1.0"
    assert entry.fields["year"] == "2026"
    assert entry.fields["note"] == r"Version 0.1.0; suite \texttt{a\_b}, digest 3f2a9c0011"
    assert references(run_of(method()), [], Registry.discover()).works[0].entry.fields["version"]


def test_ebmbench_has_the_title_and_the_authors_of_its_citation_file():
    said = yaml.safe_load((Path(__file__).parents[3] / "CITATION.cff").read_text())
    entry = cited(run_of(method())).works[0].entry
    assert entry.fields["title"].translate(str.maketrans("", "", "{}")) == said["title"]
    assert [entry.fields["author"].strip("{}")] == [each["name"] for each in said["authors"]]


def test_optimisers_of_ours_and_other_gradients_are_cited():
    centred = method(gradient={"name": "centred"})
    found = keys(cited(run_of(centred, method(name="cossim"), method(name="natural"))))
    assert {"melchior2016", "bereux2026", "amari1998"} <= set(found)
    assert not {"melchior2016", "bereux2026", "amari1998"} & set(keys(cited(run_of(method()))))


def test_a_group_of_options_is_cited_where_it_is_used():
    unused = {"threshold": None, "every": 100, "floor": 0.001}
    used = {**unused, "threshold": 0.01}
    assert "jelincic2025" not in keys(cited(run_of(method(options={"acp": unused}))))
    both = run_of(method(options={"acp": unused}), method(options={"acp": used}))
    assert "jelincic2025" in keys(cited(both))


def test_what_cites_nothing_and_what_is_not_installed_are_told():
    found = cited(run_of(method(sampler="not-there"), datasets=("coins",)))
    assert found.silent == ["dataset coins"]
    assert found.missing == ["sampler not-there"]
    text = as_bibtex(found)
    assert "% These cite nothing: dataset coins" in text
    assert "% Not installed here: sampler not-there" in text
    assert read(text, "cited.bib")


def test_works_of_one_key_are_told_apart(monkeypatch):
    from ebmbench_gibbs.cd import CD

    other = "@misc{smolensky1986, author = {Smolensky, P.}, title = {Another}, year = 1986}"
    monkeypatch.setattr(CD, "cites", (other,))
    assert keys(cited(run_of(method())))[1:4] == [
        "mackay2003", "pozaskerstjens2021", "smolensky1986",
    ]  # fmt: skip
    assert keys(cited(run_of(method())))[4] == "smolensky1986-2"


def test_a_citation_that_cannot_be_read_costs_itself_only(monkeypatch):
    from ebmbench_gibbs.cd import CD

    monkeypatch.setattr(CD, "cites", ("@misc{broken",))
    with pytest.warns(LeftOutWarning, match="sampler cd: cites: cannot be read"):
        found = cited(run_of(method()))
    assert "smolensky1986" in keys(found)
