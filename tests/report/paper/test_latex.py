"""Tables in LaTeX: what is bold, how numbers are written, and that names do no harm."""

from __future__ import annotations

import re
from dataclasses import replace
from math import nan

import pytest

from ebmbench.errors import ConfigError
from ebmbench.report.figures.contents.content import Content, Images
from ebmbench.report.paper.catalogue import figures
from ebmbench.report.paper.keeping import HEAD
from ebmbench.report.paper.latex import escaped, table_of, value
from ebmbench.summary.statistics import Bounds, Interval, Place, interval
from support import journal_example as example


def table(source, figure="hamming"):
    (content,) = figures(source)[figure]
    return table_of(content, source)


def bold_rows(text):
    return [line.split(" &")[0] for line in text.splitlines() if r"\mathbf" in line]


def placed(source, places):
    board = replace(source.summary.boards[0], places=places)
    return replace(source, summary=replace(source.summary, boards=(board,)))


def test_bold_is_who_holds_the_first_place_alone(source):
    assert bold_rows(table(source)) == ["Fast"]
    assert "in bold what holds the first place alone" in table(source)


@pytest.mark.parametrize(
    ("first", "second", "bold"),
    [
        (Place(1, 1, 3), Place(2, 3, 3), ["Fast"]),
        (Place(1, 2, 3), Place(1, 2, 3), []),  # the best mean, and by chance
        (Place(1, 3, 3), Place(1, 1, 3), ["Slow"]),
        (Place(2, 2, 3), Place(3, 3, 3), []),
    ],
)
def test_nothing_is_bold_for_its_mean_alone(source, first, second, bold):
    text = table(placed(source, {"Fast": first, "Slow": second}))
    assert bold_rows(text) == bold
    assert ("in bold" in text) == bool(bold)


def test_a_method_without_rivals_wins_nothing(source):
    assert bold_rows(table(placed(source, {"Fast": Place(1, 1, 1)}))) == []


def test_values_that_verdicts_are_not_about_are_never_bold(source):
    assert bold_rows(table(source, "nll")) == []
    (row,) = [line for line in table(source).splitlines() if line.startswith("Fast")]
    assert row.count(r"\mathbf") == 1  # of hamming.test, and not of hamming.train


def test_a_table_is_whole(source):
    for figure in ("hamming", "spectrum", "pareto", "cost"):
        lines = [line for line in table(source, figure).splitlines() if not line.startswith("%")]
        columns = re.fullmatch(r"\\begin\{tabular\}\{(l[r]+)\}", lines[0])[1]
        assert (lines[1], lines[3], lines[-2:]) == (
            r"\toprule", r"\midrule", [r"\bottomrule", r"\end{tabular}"],
        )  # fmt: skip
        for line in (lines[2], *lines[4:-2]):
            assert line.endswith(r" \\")
            assert len(re.split(r"(?<!\\)&", line)) == len(columns)
            assert line.count("$") % 2 == 0
            assert line.count("{") == line.count("}")


def test_lost_seeds_have_a_column(source):
    rows = {line.split(" &")[0]: line for line in table(source).splitlines() if " & " in line}
    assert rows["Twin"].endswith(r"& 4 (1 diverged, 1 failed) \\")
    assert rows["Fast"].endswith(r"& 6 \\")


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Interval(2.246, 2.2, 2.292, 5), r"$2.246 \pm 0.046$"),
        (Interval(2.4e-6, 2.3e-6, 2.5e-6, 5), r"$(2.40 \pm 0.10) \times 10^{-6}$"),
        (Interval(0.02, 0.0, 0.1, 5), r"$0.020$ ($0$ to $0.1$)"),
        (interval([0.5, 0.5, 0.5]), r"$0.500$ on all 3 seeds"),
        (interval([0.25]), r"$0.250$"),
        (interval([0.2, 0.3], Bounds(), of=3), None),
        (Interval(nan, nan, nan, 0), "--"),
        (None, "--"),
    ],
)
def test_a_number_stands_with_its_interval(found, text):
    said = value(found)
    if text is None:
        assert said.endswith("(2 of 3 seeds)")
    else:
        assert said == text
    if said.startswith("$"):
        assert value(found, bold=True).startswith(r"$\mathbf{")


def test_names_print_as_they_are_written():
    assert escaped(r"a_b & 50% {x} #1 $y$ ~^ \z") == (
        r"a\_b \& 50\% \{x\} \#1 \$y\$ \textasciitilde{}\textasciicircum{} \textbackslash{}z"
    )
    assert escaped("[k=1]\n<2>") == r"{[}k=1{]} \textless{}2\textgreater{}"


def test_a_name_cannot_end_a_row(source_from):
    names = {"Fast": r"\end{tabular} & %", "Slow": "Slow", "Twin": "Twin"}
    run = example.changed(example.run(), methods=(*names.values(), "Ghost"), skips=())
    records = [example.changed(each, method=names[each.method]) for each in example.records()]
    text = table(source_from(run, records))
    assert text.count(r"\end{tabular}") == 1
    assert r"\textbackslash{}end\{tabular\} \& \% &" in text


def test_images_make_no_table(source):
    content = Content("bars", ("m.seen",), "", [Images("Fast", None)])
    with pytest.raises(ConfigError, match="images make no table"):
        table_of(content, source)


def of_twin(change):
    """The example's records, those of Twin changed."""
    return [change(each) if each.method == "Twin" else each for each in example.records()]


def test_a_method_whose_seeds_all_diverged_has_a_row_a_legend_and_a_word_in_the_caption(
    source_from,
):
    records = of_twin(lambda each: example.changed(each, status="diverged"))
    source = source_from(records=records)
    for figure in ("hamming", "spectrum"):
        (content,) = figures(source)[figure]
        assert "no curve of Twin (6 diverged of 6)" in content.caption
        assert content.said_of["Twin"] == "6 diverged of 6"
        assert all("Twin" in panel.curves for panel in content.panels)
    assert r"Twin & -- & -- & 0 (6 diverged) \\" in table(source)


def test_a_method_without_a_value_on_any_seed_has_a_row_and_says_so(source_from):
    nothing = [None] * len(example.record("Fast", 0).curves["hamming.test"].value)
    records = of_twin(lambda each: example.with_values(each, "hamming.test", nothing))
    records = [each for each in records if each.method != "Twin" or each.status == "done"]
    source = source_from(records=records)
    (content,) = figures(source)["hamming"]
    assert "no curve of Twin in hamming.test (no value on 4 of 4 seeds)" in content.caption
    (row,) = [line for line in table(source).splitlines() if line.startswith("Twin")]
    assert "& -- (0 of 4 seeds) &" in row


def test_however_long_the_caption_is_the_file_says_at_its_beginning_that_it_is_ours(source):
    (content,) = figures(source)["hamming"]
    long = replace(content, caption="no curve of " + ", ".join(map(str, range(1000))))
    assert "booktabs" in table_of(long, source)[:HEAD]


def test_quality_against_cost_has_a_column_for_each_value_that_is_drawn(source):
    (content,) = figures(source)["pareto"]
    values = [part.value for part in content.parts]
    assert len(values) > 1
    head, *rows = (line for line in table(source, "pareto").splitlines() if " & " in line)
    assert [cell.split(" ")[0].replace("\\_", "_") for cell in head.split(" & ")[1:]][
        : len(values)
    ] == values
    fronts = {row.split(" & ")[0]: row.split(" & ")[-1].removesuffix(r" \\") for row in rows}
    for method, said in fronts.items():
        on = [part.value for part in content.parts if method in part.front]
        assert said.replace("\\_", "_") == ("yes" if on == values else ", ".join(on))
    assert len(set(fronts.values())) > 1
