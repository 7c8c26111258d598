"""What ``run.json`` says: all that reports and comparisons need beside the records."""

from __future__ import annotations

from collections.abc import Mapping

from ebmbench.interfaces.choice import Choice
from ebmbench.interfaces.component import Component
from ebmbench.interfaces.metric import Metric
from ebmbench.isolation.contained import contained
from ebmbench.journal.documents import (
    Components,
    MethodParts,
    MetricAbout,
    Named,
    RunDocument,
    Section,
)
from ebmbench.plan.plan import Plan
from ebmbench.suite.gates import gates_of
from ebmbench.suite.keys import ReportSpec
from ebmbench.suite.suite import Suite
from ebmbench.suite.variants import Variant
from ebmbench.training.recipe import Recipe


def run_document(plan: Plan, command: str) -> RunDocument:
    """The description of a run.

    Args:
        plan: what is run.
        command: the command line that asked for it.
    """
    suite = plan.suite
    return RunDocument(
        suite=suite.spec.suite,
        title=suite.title,
        command=command,
        quick=suite.quick,
        narrowed=suite.narrowed,
        digest=plan.digest(),
        epochs=suite.spec.train.epochs,
        until=suite.spec.train.until,
        seeds=suite.seeds,
        datasets=tuple(suite.datasets),
        methods=tuple(suite.methods),
        variants=_swept(suite),
        cells=tuple(cell.id for cell in plan.cells),
        skips=plan.skips,
        notes=tuple(f"{each.path}: {each.problem}" for each in plan.notes),
        metrics={each.name: _about(each.metric.component) for each in suite.metrics},
        components=_components(plan),
        gates=gates_of(suite.spec.gates),
        report=_report_section(suite),
        text=suite.text,
    )


def named(choice: Choice[Component]) -> Named:
    """A component as it is stored."""
    with contained(f"component '{choice.name}'"):
        return Named(
            name=choice.name,
            version=choice.component.version,
            options=choice.options.model_dump(mode="json"),
        )


def _about(metric: type[Metric]) -> MetricAbout:
    with contained(f"metric '{metric.name}'"):
        return MetricAbout(
            unit=metric.unit if isinstance(metric.unit, str) else dict(metric.unit),
            better=dict(metric.better) if isinstance(metric.better, Mapping) else metric.better,
            missing=dict(metric.missing) if isinstance(metric.missing, Mapping) else metric.missing,
            range=dict(metric.range) if isinstance(metric.range, Mapping) else metric.range,
        )


def _components(plan: Plan) -> Components:
    """What was compared with what: datasets, metrics and methods by name, versions and options."""
    suite = plan.suite
    return Components(
        datasets={name: named(choice) for name, choice in suite.datasets.items()},
        metrics={each.name: named(each.metric) for each in suite.metrics},
        methods={recipe.method_name: _method(recipe) for recipe in plan.recipes},
    )


def _method(recipe: Recipe) -> MethodParts:
    return MethodParts(
        model=named(recipe.model),
        sampler=named(recipe.sampler),
        optimizer=recipe.optimizer.model_dump(mode="json", exclude_none=True),
        batch=recipe.batch.model_dump(mode="json"),
    )


def _swept(suite: Suite) -> dict[Section, dict[str, Variant]]:
    """What sweeps made: section -> name -> origin and swept options."""
    kept: dict[Section, list[str]] = {
        "datasets": list(suite.datasets),
        "methods": list(suite.methods),
    }
    return {
        section: {
            name: each
            for name, each in suite.variants[section].items()
            if name in names and each.swept
        }
        for section, names in kept.items()
    }


def _report_section(suite: Suite) -> ReportSpec:
    section = suite.spec.report
    origins = {suite.variants["methods"][name].origin for name in suite.methods}
    if section.baseline in {*suite.methods, *origins}:
        return section
    return section.model_copy(update={"baseline": None})  # left out by --only, or never named
