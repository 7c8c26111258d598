"""The schema for editors: it accepts our suites, and refuses the broken ones that it can know."""

import contextlib
import json
from pathlib import Path

import jsonschema
import pytest
from test_broken_suites import BROKEN, changed

from ebmbench.errors import ConfigError
from ebmbench.interfaces.installed.registry import FAMILIES, Registry
from ebmbench.interfaces.installed.which_plugins import NO_THIRD_PARTY
from ebmbench.suite import yaml_places, yaml_text
from ebmbench.suite.json_schema import suite_schema
from ebmbench.suite.suite import missing_distributions
from ebmbench.training.optimizer import OPTIMIZERS
from support.command_line import ebmbench
from support.suites import SMALL

ROOT = Path(__file__).parents[2]
SUITES = sorted((ROOT / "suites").rglob("*.yaml"))
NOT_OF_A_SCHEMA = {
    # The reader finds these where nodes have places, before there is plain data to check.
    "a duplicate key",
    # What one part of a suite says of another.
    "extending what is not there",
    "extending in a circle",
    "extending where there is no other",
    "a baseline that is no method",
    "a target that nothing measures",
    "a metric twice",
    "a paper that nobody knows",
    # What only torch knows.
    "an option of torch beyond float32",
    "an optimiser that cannot step",
    # What only the components know.
    "a weight decay of what is no parameter",
    "a sampler that does not fit its model",
    "a split that does not exist at that size",
    "a batch that leaves nothing",
}


@pytest.fixture(scope="module")
def schema():
    return suite_schema(Registry.discover())


def problems(schema, text):
    """What the schema says of a suite's text."""
    data = yaml_places.plain(yaml_text.parse(text, "suite.yaml"))
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(data)]


def test_it_is_a_schema(schema):
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("file", SUITES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_suite_in_the_repository_is_accepted(file, schema):
    text = file.read_text()
    missing = missing_distributions(
        yaml_places.plain(yaml_text.read(file)).get("requires", []), file.parent
    )
    if missing:
        pytest.skip(f"requires {', '.join(missing)}, not installed")
    assert problems(schema, text) == []


@pytest.mark.parametrize("case", sorted(set(BROKEN) - NOT_OF_A_SCHEMA))
def test_a_broken_suite_is_refused(case, schema):
    with contextlib.suppress(ConfigError):  # no YAML at all
        assert problems(schema, BROKEN[case][0])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  CD-2:\n", "  CD-3:\n    extends: CD-2\n    sampler: {k: 3}\n  CD-2:\n"),
        ("  CD-2:\n", "  PCD:\n    extends: CD-2\n    sampler: {name: pcd}\n  CD-2:\n"),
        ("k: 2}", "k: 2}\n    sweep: {sampler.k: [1, 10], optimizer.lr: [0.1]}"),
        ("bars3: {name: bars, size: 3}", "bars: {name: bars, sweep: {size: [3, 4]}}"),
        ("  train: {epochs: 1}", "  methods: {CD-2: {sampler: {k: 1}, batch: {size: 1}}}"),
        ("  train: {epochs: 1}", "  train: {time_limit: 9}\n  report: {target: {below: 0.1}}"),
        ("  train: {epochs: 1}", "  datasets: {bars3: {size: 4}}\n  seeds: [3, 5]"),
        ("{name: hamming, samples: 7}", "{name: hamming, every: 3, as: often}"),
        ("{name: adam, lr: 0.01}", "{name: sgd, lr: 0.01, momentum: 0.9, decay: 0.9}"),
        ("{name: adam, lr: 0.01}", "{name: adam, lr: 0.01, weight_decay: {W: 1e-4}}"),
        ("{name: adam, lr: 0.01}", "{name: cossim, lr: 0.01, max_lr: 1, delta: 0.1}"),
        ("epochs: 3}\n", "epochs: 0}\n"),
    ],
)
def test_what_may_be_left_out_or_added_is_accepted(old, new, schema):
    assert problems(schema, changed(old, new)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  CD-2:\n", "  CD-3:\n    extends: CD-2\n    sampler: {kk: 3}\n  CD-2:\n"),
        (
            "  CD-2:\n",
            "  PCD:\n    extends: CD-2\n    sampler: {name: pcd, patterns: 1}\n  CD-2:\n",
        ),
        ("  CD-2:\n", "  CD-3:\n    extends: CD-2\n    sampler: {name: cd, k: 0}\n  CD-2:\n"),
        ("k: 2}", "k: 2}\n    sweep: {sampler.k: []}"),
        ("k: 2}", "k: 2}\n    sweep: {smapler.k: [1]}"),
        ("bars3: {name: bars, size: 3}", "bars: {name: bars, sizes: 3, sweep: {test: [0.1]}}"),
        ("  train: {epochs: 1}", "  methods: {CD-2: {sampler: {kk: 1}}}"),
        ("  train: {epochs: 1}", "  trian: {epochs: 1}"),
        ("    sampler: {name: pid}\n", ""),
        ("{name: pid}", "{k: 1}"),
    ],
)
def test_what_is_laid_over_something_is_checked_all_the_same(old, new, schema):
    assert problems(schema, changed(old, new))


def test_every_component_option_and_optimiser_stands_in_it(schema):
    registry = Registry.discover()
    for family in (each.plural for each in FAMILIES.values() if each.in_suites):
        for name, entry in registry.families[family].items():
            written = schema["$defs"][f"{family}.{name}"]["properties"]
            assert set(entry.component.Options.model_fields) | {"name"} <= set(written)
    assert schema["$defs"]["optimizer"]["properties"]["name"]["enum"] == sorted(OPTIMIZERS)


def test_options_bring_their_descriptions_to_the_editor(schema):
    k = schema["$defs"]["samplers.cd"]["properties"]["k"]
    assert k["description"] == "Gibbs steps per update"
    assert k["minimum"] == 1


def test_the_command_prints_it_or_writes_it_to_a_file(tmp_path, monkeypatch):
    monkeypatch.setenv(NO_THIRD_PARTY, "1")
    file = tmp_path / "suite.schema.json"
    assert ebmbench("schema", "-o", file).out == ""
    written = json.loads(file.read_text())
    assert written == json.loads(ebmbench("schema").out)
    assert problems(written, SMALL) == []
