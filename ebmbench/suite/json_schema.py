"""The JSON Schema of suites, with the options of all installed components: for editors.

It is composed of pydantic's schemas of the suite's keys and of each component's options, told apart
by ``name``. A method or dataset that ``extends:`` another, has a ``sweep:`` or stands in ``quick:``
is laid over something that a schema cannot see: there nothing is required, and where no name is
given, the options of any component of the family may stand.
"""

from __future__ import annotations

import inspect
from typing import Any

from pydantic import BaseModel

from ebmbench.interfaces.installed.registry import FAMILIES, Entry, Registry
from ebmbench.isolation.contained import contained
from ebmbench.suite.keys import MethodSpec, MetricSpec, SuiteSpec
from ebmbench.training.batches import Batching
from ebmbench.training.optimizer import OPTIMIZERS, OptimizerOptions

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
OF_METHODS = {"model": "models", "sampler": "samplers"}
OF_A_METHOD = r"^(model|sampler|optimizer|batch|kernel)(\..+)?$"
LAID_OVER = {"anyOf": [{"required": [key]} for key in ("extends", "sweep", "tune")]}


def suite_schema(registry: Registry) -> Schema:
    """The schema of a suite, a JSON document."""
    return _Composer(registry).suite()


class _Composer:
    """Collects the definitions that the schema of a suite refers to."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.definitions: dict[str, Schema] = {}

    def suite(self) -> Schema:
        """All keys; ``quick`` holds the same keys, none of them required."""
        schema, quick = self._of(SuiteSpec, "suite"), self._loose(SuiteSpec, "quick")
        for family in FAMILIES.values():
            if family.in_suites:
                self._define_family(family.plural)
        self._define_optimizer()
        self._define_methods()
        keys = schema["properties"]
        keys["datasets"] |= _each(_entry("datasets"))
        keys["methods"] |= _each(_entry("methods"))
        keys["metrics"]["items"] = _to("metrics")
        entries = {family: _each(_to(f"{family}?")) for family in ("datasets", "methods")}
        laid_over = {**quick["properties"], **entries, "metrics": keys["metrics"]}
        keys["quick"] |= {"properties": laid_over, "additionalProperties": False}
        return {
            "$schema": DIALECT,
            "$comment": self._brought_by(),
            **schema,
            **_trained_methods_are_whole(),
            "$defs": self.definitions,
        }

    def _brought_by(self) -> str:
        found = {f"{p.distribution} {p.version}" for p in self.registry.plugins if not p.why}
        return f"Written by `ebmbench schema` from {', '.join(sorted(found))}."

    def _of(self, model: type[BaseModel], prefix: str) -> Schema:
        """pydantic's schema of a model, what it refers to defined under ``prefix``."""
        schema = model.model_json_schema(ref_template=f"#/$defs/{prefix}.{{model}}")
        for name, inner in schema.pop("$defs", {}).items():
            self.definitions[f"{prefix}.{name}"] = inner
        return schema

    def _loose(self, model: type[BaseModel], prefix: str) -> Schema:
        """The same with nothing required: what ``quick`` may lay over it."""
        schema = self._of(model, prefix)
        schema["properties"].pop("quick")
        for name, inner in self.definitions.items():
            if name.startswith(f"{prefix}."):
                inner.pop("required", None)
                inner.pop("oneOf", None)
        return schema

    def _define_family(self, family: str) -> None:
        """``samplers``: any of them, whole; ``samplers?``: what may be laid over one."""
        entries = self.registry.families[family]
        for name, entry in entries.items():
            self.definitions[f"{family}.{name}"] = self._component(entry)
        branches = [_when_named(name, _to(f"{family}.{name}")) for name in sorted(entries)]
        loose = [
            _when_named(n, _closed(self.definitions[f"{family}.{n}"])) for n in sorted(entries)
        ]
        named = {"type": "object", "properties": {"name": {"enum": sorted(entries)}}}
        known = sorted({key for n in entries for key in self._keys(family, n)})
        self.definitions[family] = {**named, "required": ["name"], "allOf": branches}
        self.definitions[f"{family}?"] = {
            **named,
            "propertyNames": {"enum": ["extends", "sweep", *known]},
            "allOf": loose,
        }

    def _keys(self, family: str, name: str) -> list[str]:
        return list(self.definitions[f"{family}.{name}"]["properties"])

    def _component(self, entry: Entry) -> Schema:
        """Its options, its name and, for a metric, when it is measured."""
        component = entry.component
        with contained(f"component '{component.name}'"):
            schema = self._of(component.Options, f"{entry.family}.{component.name}")
        name = {"const": component.name, "description": component.headline()}
        own = {"name": name, **schema.get("properties", {})}
        whole = {
            "description": component.headline(),
            "type": "object",
            "properties": own,
            "required": ["name", *schema.get("required", [])],
            "additionalProperties": False,
        }
        return self._measured(whole) if entry.family == "metrics" else whole

    def _measured(self, whole: Schema) -> Schema:
        when = self._of(MetricSpec, "metric")["properties"]
        when.pop("name")
        pairs = [["at", "every"], ["at", "epochs"], ["every", "epochs"]]
        one_way = {"not": {"anyOf": [{"required": pair} for pair in pairs]}}
        return {**whole, "properties": {**whole["properties"], **when}, **one_way}

    def _define_optimizer(self) -> None:
        """Ours and the keyword arguments of its class, told apart by ``name``."""
        schema = self._of(OptimizerOptions, "optimizer")
        own = schema["properties"] | {"name": {"enum": sorted(OPTIMIZERS)}}
        branches = [
            _when_named(name, {"propertyNames": {"enum": _keys_with(own, _arguments(cls))}})
            for name, cls in sorted(OPTIMIZERS.items())
        ]
        loose = {"type": "object", "properties": own, "allOf": branches}
        self.definitions["optimizer?"] = loose
        self.definitions["optimizer"] = {**loose, "required": schema["required"]}

    def _define_methods(self) -> None:
        """``methods``: one that stands for itself; ``methods?``: one laid over another."""
        schema = self._of(MethodSpec, "method")
        batch = self._of(Batching, "batch")
        kernel = {"enum": ["auto", *self.registry.names("kernels")]}
        parts = schema["properties"]
        about = {part: {"description": parts[part].get("description", "")} for part in parts}
        whole = {
            **{part: _all(_to(family), about[part]) for part, family in OF_METHODS.items()},
            "optimizer": _all(_to("optimizer"), about["optimizer"]),
            "batch": _all(batch, about["batch"]),
            "kernel": {**kernel, **about["kernel"]},
            "tune": {**parts["tune"], "propertyNames": {"pattern": OF_A_METHOD}},
        }
        laid_over = {
            **{part: _all(_to(f"{f}?"), about[part]) for part, f in OF_METHODS.items()},
            "optimizer": _all(_to("optimizer?"), about["optimizer"]),
            "batch": _all({**batch, "required": []}, about["batch"]),
            "kernel": {**kernel, **about["kernel"]},
            "tune": whole["tune"],
            **_variants(OF_A_METHOD),
        }
        closed = {"type": "object", "additionalProperties": False}
        self.definitions["methods"] = {**closed, "properties": whole, "required": ["model"]}
        self.definitions["methods?"] = {**closed, "properties": laid_over}


def _variants(options: str) -> Schema:
    """``extends`` and ``sweep``, whose options match a pattern."""
    values = {"type": "array", "minItems": 1, "description": "The values to take in turn"}
    return {
        "extends": {"type": "string", "description": "The entry that this one is laid over"},
        "sweep": {
            "description": "Makes a variant for each combination: {sampler.k: [1, 10]}",
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": options},
            "additionalProperties": values,
        },
    }


def _closed(component: Schema) -> Schema:
    """A component's options with nothing required, laid over others of the same name."""
    properties = {**component["properties"], **_variants(r"^[A-Za-z_]")}
    return {**component, "properties": properties, "required": []}


def _entry(section: str) -> Schema:
    """An entry of datasets or methods: whole, or laid over another."""
    return {"if": LAID_OVER, "then": _to(f"{section}?"), "else": _to(section)}


def _trained_methods_are_whole() -> Schema:
    """Only ``train: {epochs: 0}`` may leave out a method's sampler, optimiser and batch."""
    untrained = {"properties": {"train": {"properties": {"epochs": {"const": 0}}}}}
    whole = {"if": {"not": LAID_OVER}, "then": {"required": ["sampler", "optimizer", "batch"]}}
    return {"if": untrained, "else": {"properties": {"methods": _each(whole)}}}


def _arguments(cls: Any) -> list[str]:
    """What torch's class takes beside parameters and lr."""
    return [each for each in inspect.signature(cls).parameters if each not in ("params", "lr")]


def _keys_with(own: Schema, arguments: list[str]) -> list[str]:
    """Our keys and its class's; a weight decay only where that has one."""
    return [each for each in own if each != "weight_decay"] + arguments


def _when_named(name: str, then: Schema) -> Schema:
    is_it = {"properties": {"name": {"const": name}}, "required": ["name"]}
    return {"if": is_it, "then": then}


def _each(schema: Schema) -> Schema:
    return {"type": "object", "additionalProperties": schema}


def _all(*schemas: Schema) -> Schema:
    return {"allOf": list(schemas)}


def _to(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
