"""What ``run.json`` says: all that reports and comparisons need beside the records."""

from __future__ import annotations

from typing import Any

from ebmbench.choice import Choice
from ebmbench.gate_spec import gates_of
from ebmbench.plan import Plan
from ebmbench.recipe import Recipe
from ebmbench.suite import Suite


def run_document(plan: Plan, command: str) -> dict[str, Any]:
    """The description of a run.

    Args:
        plan: what is run.
        command: the command line that asked for it.
    """
    suite = plan.suite
    return {
        "suite": suite.spec.suite,
        "title": suite.title,
        "command": command,
        "quick": suite.quick,
        "digest": plan.digest(),
        "epochs": suite.spec.train.epochs,
        "seeds": list(suite.seeds),
        "datasets": list(suite.datasets),
        "methods": list(suite.methods),
        "variants": _swept(suite),
        "cells": [cell.id for cell in plan.cells],
        "skips": [skip._asdict() for skip in plan.skips],
        "metrics": {
            each.name: {
                "unit": each.metric.component.unit,  # type: ignore[attr-defined]
                "better": each.metric.component.better,  # type: ignore[attr-defined]
                "missing": each.metric.component.missing,  # type: ignore[attr-defined]
            }
            for each in suite.metrics
        },
        "components": _components(plan),
        "gates": {n: gate.model_dump() for n, gate in gates_of(suite.spec.gates).items()},
        "report": _report_section(suite),
    }


def _components(plan: Plan) -> dict[str, dict[str, Any]]:
    """What was compared with what: datasets, metrics and methods by name, versions and options."""
    suite = plan.suite
    recipes = {cell.recipe.method_name: cell.recipe for cell in plan.cells}
    return {
        "datasets": {name: _component(choice) for name, choice in suite.datasets.items()},
        "metrics": {each.name: _component(each.metric) for each in suite.metrics},
        "methods": {name: _method(recipe) for name, recipe in recipes.items()},
    }


def _component(choice: Choice) -> dict[str, Any]:
    return {
        "name": choice.name,
        "version": choice.component.version,
        "options": choice.options.model_dump(mode="json"),
    }


def _method(recipe: Recipe) -> dict[str, Any]:
    """A method's parts; its kernel is none of them: kernels differ in speed only."""
    return {
        "model": _component(recipe.model),
        "sampler": _component(recipe.sampler),
        "optimizer": recipe.optimizer.model_dump(mode="json"),
        "batch": recipe.batch.model_dump(mode="json"),
    }


def _swept(suite: Suite) -> dict[str, dict[str, Any]]:
    """What sweeps made: section -> name -> origin and swept options."""
    kept = {"datasets": list(suite.datasets), "methods": list(suite.methods)}
    return {
        section: {
            name: each._asdict()
            for name, each in suite.variants[section].items()
            if name in names and each.swept
        }
        for section, names in kept.items()
    }


def _report_section(suite: Suite) -> dict[str, Any]:
    section = suite.spec.report.model_dump(mode="json")
    origins = {suite.variants["methods"][name].origin for name in suite.methods}
    if section["baseline"] not in {*suite.methods, *origins}:  # left out by --only, or never named
        section["baseline"] = None
    return section
