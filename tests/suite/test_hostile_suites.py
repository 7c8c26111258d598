"""Suites that nobody would write: a message with a place, never a traceback, never a hang."""

from copy import deepcopy
from math import inf, nan

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from ebmbench.errors import ConfigError, EbmbenchError
from ebmbench.interfaces.component import Options
from ebmbench.interfaces.installed.registry import Registry
from ebmbench.interfaces.options import option_rows
from ebmbench.journal.journal import Journal
from ebmbench.plan.plan import make_plan
from ebmbench.running.run_document import run_document
from ebmbench.suite.keys import MethodSpec, MetricSpec, SuiteSpec, TrainSpec
from ebmbench.suite.overrides import Overrides
from ebmbench.suite.suite import suite_of
from ebmbench.training.optimizer import OPTIMIZERS, OptimizerOptions
from support.command_line import ebmbench
from support.suites import SMALL, write

REGISTRY = Registry.discover()
WORDS = [
    *("", "null", "good", "CD-2", "RAPID", "bars3", "hamming", "1e400", "[red]", "a/b", "\u2264"),
    *("\ud800", "x" * 300, "a\nb", "\x1b[2J", "*", "2020-01-01"),
]
VALUES = [
    *(inf, -inf, nan, 0, -1, 1, 2.5, 1e308, 10**12, 20211125, 2**64, 10**400, True, None),
    *([], {}, [[]], [inf], ["good"], {"good": 1}, {"name": "cd"}, [1] * 3),
    *WORDS,
]
KEYS = ["extends", "sweep", "name", "k", "quick", "gates", "report", "seeds", *WORDS]
content = st.recursive(
    st.sampled_from(VALUES) | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
    ),
    max_leaves=5,
)


def planned_and_stored(text, folder, overrides=None):
    """As far as a run goes before it trains: its description is written."""
    plan = make_plan(suite_of(text, "small.yaml", REGISTRY, overrides or Overrides()), REGISTRY)
    Journal(folder).write_run(run_document(plan, "as a test"))
    return plan


def told(call, *arguments, **options):
    """What a call returns, or what it says is wrong; any other error is a traceback."""
    try:
        return call(*arguments, **options)
    except (EbmbenchError, ValidationError) as error:
        return error


def places(node, path=()):
    """The paths to all that is in plain data."""
    yield path
    if isinstance(node, dict | list):
        for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(inner, (*path, key))


@st.composite
def mutated(draw):
    """SMALL with a few of its parts replaced, removed, moved or added to."""
    suite = yaml.safe_load(SMALL)
    for _ in range(draw(st.integers(1, 3))):
        paths = [path for path in places(suite) if path]
        *above, last = draw(st.sampled_from(paths))
        holder = suite
        for step in above:
            holder = holder[step]
        how = draw(st.sampled_from(["replace", "remove", "add", "move"]))
        if how == "remove" and isinstance(holder, dict):
            del holder[last]
        elif how == "add" and isinstance(holder, dict):
            holder[draw(st.sampled_from(KEYS))] = deepcopy(draw(content))
        elif how == "move":
            other = suite
            for step in draw(st.sampled_from(paths)):
                other = other[step] if isinstance(other, dict | list) and step in other else other
            holder[last] = yaml.safe_load(yaml.dump(other))
        else:
            holder[last] = deepcopy(draw(content))
    return yaml.dump(suite, allow_unicode=True)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=mutated())
def test_a_mutated_suite_is_planned_and_stored_or_told(text, tmp_path_factory):
    assert str(told(planned_and_stored, text, tmp_path_factory.getbasetemp() / "mutated"))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=st.lists(
        st.sampled_from(
            [
                *SMALL.splitlines(keepends=True),
                *(
                    "&a ",
                    "*a",
                    "<<: *a",
                    "[",
                    "]",
                    "{",
                    "}",
                    ": ",
                    "- ",
                    "? ",
                    "%",
                    "|",
                    "\t",
                    "\n  ",
                ),
                *("!!int x", "!!set {a}", '"\\ud800"', '"\\UFFFFFFFF"', "0x"),
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_a_shuffled_text_is_planned_or_told(text):
    found = told(suite_of, text, "small.yaml", REGISTRY, Overrides())
    problems = found.problems if isinstance(found, ConfigError) else ()
    assert all(each.place.startswith("small.yaml") for each in problems)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(["seeds", "methods.CD-2.sampler.k", "report.target.below", "gates"]),
    value=st.sampled_from(["*a", "&a [*a]", "{[a]: b}", ".inf", "[", "0x", "{a: {<<: 3}}", "!!x y"])
    | content.map(lambda plain: yaml.dump(plain, default_flow_style=True)),
)
def test_a_setting_is_laid_over_or_told(path, value, tmp_path_factory):
    overrides, folder = Overrides(settings=(f"{path}={value}",)), tmp_path_factory.getbasetemp()
    assert str(told(planned_and_stored, SMALL, folder / "set", overrides))


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))
CHAIN = "".join(f"  m{i}: {{extends: m{i + 1}}}\n" for i in range(3000))
LARGE = {
    "a count of seeds that is a seed": ("seeds: 3", "seeds: 20211125", "seeds: [20211125]"),
    "millions of seeds": ("seeds: 3", f"seeds: [{'1,' * 2_000_000}]", "longer than 256 KB"),
    "a bomb of aliases": ("suite:", f"{BOMB}suite:", "values, aliases and sweeps written out"),
    "a deep nest": ("seeds: 3", f"seeds: {'[' * 400}{']' * 400}", "deep"),
    "a deeper nest": ("seeds: 3", f"seeds: {'[' * 50_000}{']' * 50_000}", "deep"),
    "a sweep of a million": (
        "k: 2}",
        f"k: 2}}\n    sweep: {{{', '.join(f'sampler.k{i}: [1, 2]' for i in range(20))}}}",
        "methods.CD-2.sweep: makes 1,048,576 variants",
    ),
    "a chain of methods": ("  CD-2:\n", f"{CHAIN}  m3000: {{}}\n  CD-2:\n", "by way of more than"),
    "an epoch without end": ("epochs: 3", "epochs: 1000000000000", "train.epochs"),
    "a number of too many digits": ("k: 2}", f"k: {'9' * 5000}}}", "is no int"),
}


@pytest.mark.parametrize("case", LARGE)
def test_what_is_too_large_is_told_at_once(case):
    old, new, says = LARGE[case]
    assert old in SMALL
    with pytest.raises(ConfigError) as caught:
        suite_of(SMALL.replace(old, new, 1), "small.yaml", REGISTRY, Overrides())
    assert says in str(caught.value)


def test_no_suite_has_more_cells_than_a_journal_could_hold():
    values = ", ".join(map(str, range(1, 101)))
    text = SMALL.replace("k: 2}", f"k: 2}}\n    sweep: {{sampler.k: [{values}]}}")
    with pytest.raises(ConfigError, match="1 datasets x 101 methods x 2000 seeds are 202,000"):
        suite_of(text.replace("seeds: 3", "seeds: 2000"), "small.yaml", REGISTRY, Overrides())


HOSTILE = {
    "extending a list": ("  CD-2:\n", "  CD-2:\n    extends: [good]\n", "15:14", "not the name"),
    "extending an empty one": (
        "  CD-2:\n",
        "  CD-2:\n    extends: none\n  none:\n  CD-3:\n",
        "15:14",
        "has no options",
    ),
    "half of a character": ("  CD-2:\n", '  "\\ud800":\n', "14:3", "half of a character"),
    "a date that is none": ("k: 2}", "k: 2020-02-31}", "16:28", "is no timestamp"),
    "a tag that does not fit": ("k: 2}", "k: !!bool two}", "16:28", "is no bool"),
    "a name of nothing": ("  CD-2:\n", '  "":\n', "14:3", "a name in which nothing can be seen"),
    "a name of width zero": ("  CD-2:\n", '  "\\u200b\\u2060":\n', "14:3", "nothing can be seen"),
    "a name of blanks": ("  bars3:", '  "\\u3164 ":', "7:3", "nothing can be seen"),
    "a name that turns the writing": (
        "  CD-2:\n",
        '  "a\\u202eb":\n',
        "14:3",
        "a name with a control character, '\\u202e'",
    ),
    "a name within brackets of direction": (
        "  bars3:",
        '  "\\u2066bars\\u2069":',
        "7:3",
        "a name with a control character, '\\u2066'",
    ),
    "an optimiser's infinity": ("lr: 0.01", "lr: 0.01, eps: .inf", "17:16", "finite"),
    "betas of one number": ("lr: 0.01", "lr: 0.01, betas: [0.9]", "17:16", "refuses this"),
    "a time limit without end": ("epochs: 3", "epochs: 3, time_limit: 1e300", "19:32", "less"),
    "a swept variant of a method's name": (
        "    batch: {size: 2}\n",
        "    batch: {size: 2}\n    sweep: {sampler.k: [1, 2]}\n  CD-2[k=1]: {extends: CD-2}\n",
        "20:3",
        "stands twice, first at small.yaml:14:3",
    ),
    "a value that is swept twice": (
        "k: 2}",
        "k: 2}\n    sweep: {sampler.k: [1, 1]}",
        "14:3",
        "stands twice, first at small.yaml:14:3",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_hostile_is_told_with_its_place(case):
    old, new, where, says = HOSTILE[case]
    assert old in SMALL
    with pytest.raises(ConfigError) as caught:
        suite_of(SMALL.replace(old, new, 1), "small.yaml", REGISTRY, Overrides())
    assert f"small.yaml:{where}: " in str(caught.value)
    assert says in str(caught.value)


NUMBERS = {
    "lr": ("lr: 0.01", "lr: {}"),
    "an option of torch": ("lr: 0.01", "lr: 0.01, eps: {}"),
    "init_std": ("hidden: 11}", "hidden: 11, init_std: {}}}"),
    "a nested option": ("patterns: 3}", "patterns: 3, binarize: {{rule: clip, bound: {}}}}}"),
    "unlearning": ("size: 2}", "size: 2, unlearning: {}}}"),
    "share": ("samples: 7", "share: {}"),
    "the target": ("below: 0.3", "below: {}"),
    "a margin": ("  baseline: CD-2", "  baseline: CD-2\n  margin: {{hamming.test: {}}}"),
    "a gate": ("report:", "gates: {{hamming.test: {}}}\nreport:"),
    "a level": ("report:", "gates: {{hamming.test: {{warn: {}}}}}\nreport:"),
    "the time limit": ("epochs: 3", "epochs: 3, time_limit: {}"),
    "seeds": ("seeds: 3", "seeds: {}"),
    "epochs": ("epochs: 3", "epochs: {}"),
    "k": ("k: 2", "k: {}"),
}


@pytest.mark.parametrize("number", [".inf", "-.inf", ".nan", "1e400", "9" * 400])
@pytest.mark.parametrize("option", NUMBERS)
def test_every_number_of_a_suite_is_finite(option, number):
    old, new = NUMBERS[option]
    text = SMALL.replace(old, new.format(number), 1)
    assert text != SMALL
    with pytest.raises(ConfigError) as caught:
        suite_of(text, "small.yaml", REGISTRY, Overrides())
    assert caught.value.problems[0].place.count(":") == 2  # file, line, column


def test_an_option_may_say_that_it_takes_infinities():
    class Endless(Options):
        horizon: float = Field(inf, allow_inf_nan=True, description="Steps")
        steps: float = Field(1.0, description="Steps")

    stored = Endless().model_dump_json()
    assert Endless.model_validate_json(stored) == Endless()
    with pytest.raises(ValueError, match="finite"):
        Endless(steps=inf)


@pytest.mark.parametrize(
    "options",
    [
        *(
            entry.component.Options
            for family in REGISTRY.families.values()
            for entry in family.values()
        ),
        *(SuiteSpec, MethodSpec, MetricSpec, TrainSpec, OptimizerOptions),
    ],
    ids=lambda options: options.__qualname__,
)
def test_every_whole_number_has_an_upper_bound(options):
    for row in option_rows(options):
        if "int" in row["type"] and row["name"] != "seeds":  # a count or a seed, see above
            assert "<" in row["bounds"], f"{options.__qualname__}: {row['name']}"


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_no_argument_of_an_optimiser_ends_in_a_traceback(name):
    for value in VALUES:
        keys = "eps", "betas", "momentum", "weight_decay", "etas", "lambd", "foreach", "max_lr"
        for key in keys:
            assert str(told(OptimizerOptions, name=name, lr=0.1, **{key: value}))


@pytest.mark.parametrize(
    "device", ["mps", "meta", "cpu:3", "xpu", "cuda:-1", "", "cpu:99999999999"]
)
def test_a_device_that_nothing_is_trained_on_is_told_before_anything_runs(device, tmp_path):
    ended = ebmbench("run", write(tmp_path), "--device", device, "--runs", tmp_path / "runs")
    assert ended.code == 2
    assert "Use cpu, cuda or cuda:N" in ended.err
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    "name", ["on", "yes", "null", "1.0", "0x10", "1_000", "2020-01-01", "~", "条纹"]
)
def test_a_name_is_a_text_whatever_else_it_means(name, tmp_path):
    plan = planned_and_stored(SMALL.replace("  RAPID:", f"  {name}:"), tmp_path)
    assert [*plan.suite.methods] == [name, "CD-2"]


def test_a_character_that_json_escapes_in_two_halves_is_one(tmp_path):
    plan = planned_and_stored(SMALL.replace("  RAPID:", '  "\\ud83d\\ude00":'), tmp_path)
    assert [*plan.suite.methods] == ["\U0001f600", "CD-2"]
