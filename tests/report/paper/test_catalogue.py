"""Which figures there are, and what may be asked of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ebmbench.errors import ConfigError
from ebmbench.report.gallery import Gallery
from ebmbench.report.paper.catalogue import Source, chosen, figures, of_methods
from ebmbench.report.paper.options import Asked, as_asked, require_along
from ebmbench.summary import summarise
from support import journal_example as example
from support import sweep_example


def test_the_figures_are_the_reports_and_two_of_costs(source):
    assert list(figures(source)) == [
        "hamming", "nll", "gradient_error", "spectrum", "pareto", "cost",
    ]  # fmt: skip


def test_a_sweep_is_one_word():
    run = sweep_example.run()
    records = sweep_example.records(run)
    found = figures(Source(summarise(run, records), records, Gallery()))
    assert next(iter(found)) == "score-over-size-of-things"


def test_a_value_is_a_figure_of_its_metric(source):
    (content,), value = chosen(source, figures(source), "nll.test", None)
    assert (content.name, value) == (("nll",), "nll.test")
    (panel,) = as_asked(content, Asked(value)).panels
    assert panel.value == "nll.test"
    assert as_asked(content, Asked("test")).caption.startswith("nll.test over training")


@pytest.mark.parametrize(
    ("figure", "dataset", "said"),
    [
        ("haming", None, "no such figure: 'haming'. Did you mean 'hamming'?"),
        ("nll.tset", None, "Did you mean 'nll.test'?"),
        ("nll", "bar", "no such dataset: 'bar'. Did you mean 'bars'?"),
    ],
)
def test_a_wrong_name_is_told_with_the_nearest(source, figure, dataset, said):
    with pytest.raises(ConfigError, match=said.replace("?", r"\?")):
        chosen(source, figures(source), figure, dataset)


def test_a_method_that_is_not_there_is_told(source):
    with pytest.raises(ConfigError, match="Did you mean 'Slow'"):
        of_methods(source, ["slow"])


def test_fewer_methods_are_drawn_and_keep_their_places(source):
    few = of_methods(source, ["Slow", "Fast"])
    (content,) = figures(few)["hamming"]
    assert list(content.panels[0].curves) == ["Fast", "Slow"]
    assert few.summary.lines == source.summary.lines  # so colours stay, too
    assert few.summary.boards[0].places == source.summary.boards[0].places


def test_curves_run_along_what_is_asked(source):
    (epochs,), (macs,) = (figures(source, x)["hamming"] for x in ("epochs", "macs"))
    assert macs.panels[0].x.label == "multiply-adds"
    fast = example.MACS["Fast"] + 32_000
    by_epoch = [
        x * example.UPDATES_PER_EPOCH * fast for x in epochs.panels[0].curves["Fast"].epochs
    ]
    assert list(macs.panels[0].curves["Fast"].epochs) == by_epoch
    assert list(macs.panels[0].seeds["Fast"][0].x) == by_epoch
    (price,) = figures(source, "macs")["pareto"]
    assert {part.measure for part in price.parts} == {"macs"}


def test_what_cannot_be_had_is_told(source):
    found = figures(source, "updates")
    with pytest.raises(ConfigError, match="does not run along updates"):
        require_along(found["spectrum"], "updates")
    with pytest.raises(ConfigError, match="does not run along updates"):
        require_along(found["pareto"], "updates")
    require_along(found["hamming"], "updates")
    with pytest.raises(ConfigError, match="no value 'hamming"):
        as_asked(found["hamming"][0], Asked("hamming.tst"))
    with pytest.raises(ConfigError, match="not known one by one"):
        as_asked(found["spectrum"][0], Asked(one_by_one=True))
    with pytest.raises(ConfigError, match="scale is fixed"):
        as_asked(found["cost"][0], Asked(logarithmic=True))


def test_values_below_zero_have_no_logarithmic_axis(source_from):
    record = example.record("Fast", 0)
    values = [-x for x in record.curves["nll.train"].value]
    source = source_from(records=[example.with_values(record, "nll.train", values)])
    (content,) = figures(source)["nll"]
    with pytest.raises(ConfigError, match="not above 0"):
        as_asked(content, Asked(logarithmic=True))
    assert as_asked(content, Asked("nll.test", logarithmic=True)).panels[0].logarithmic


def test_which_figures_there_are_is_told_without_matplotlib():
    look = (
        "import sys, ebmbench.report.paper.catalogue; "
        "sys.exit(any(name.startswith('matplotlib') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
