"""What must hold between the parts of a suite, beyond each part's own bounds."""

from __future__ import annotations

from collections.abc import Iterator

from yaml import Node

from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.interfaces.citations import resolved
from ebmbench.suite.keys import MethodSpec, SuiteSpec
from ebmbench.suite.narrowing import Whole
from ebmbench.suite.variants import Variant, Variants
from ebmbench.suite.yaml_places import Path_, dotted, place_of
from ebmbench.training.schedule import Epochs

MOST_CELLS = 100_000

OF_TRAINING = ("sampler", "optimizer", "batch")


def suite_problems(spec: SuiteSpec, variants: Variants, whole: Whole, node: Node) -> list[Problem]:
    """Everything that is wrong between the parts of a suite; ``whole`` is what its file asks."""
    return [
        *_repeated_seeds(spec, node),
        *_too_many_cells(spec, node),
        *_missing_parts(spec, node),
        *_repeated_metrics(spec, node),
        *_past_the_end(spec, whole, node),
        *_unknown_baseline(spec, variants, node),
        *_unknown_options(spec, variants, node),
        *_unknown_works(spec, node),
        *_shared_options(spec, node),
        *_useless_tuning(spec, node),
        *_swept_and_tuned(spec, variants, node),
    ]


def _repeated_seeds(spec: SuiteSpec, node: Node) -> Iterator[Problem]:
    """Seeds that stand twice in their list: one training each, and no second opinion."""
    seeds = spec.seeds if isinstance(spec.seeds, list) else []
    first: dict[int, int] = {}
    for index, seed in enumerate(seeds):
        if first.setdefault(seed, index) != index:
            path: Path_ = ("seeds", index)
            problem = f"the seed {seed} stands twice, first as seeds.{first[seed]}"
            yield Problem(place_of(node, path), dotted(path), problem, "Leave one of them out.")


def _too_many_cells(spec: SuiteSpec, node: Node) -> Iterator[Problem]:
    """More trainings than any journal could hold."""
    seeds = spec.seeds if isinstance(spec.seeds, int) else len(spec.seeds)
    cells = len(spec.datasets) * len(spec.methods) * seeds
    if cells > MOST_CELLS:
        told = f"{len(spec.datasets)} datasets x {len(spec.methods)} methods x {seeds} seeds"
        remedy = f"Make suites of at most {MOST_CELLS:,} cells."
        yield Problem(place_of(node, ("seeds",)), "seeds", f"{told} are {cells:,} cells", remedy)


def _missing_parts(spec: SuiteSpec, node: Node) -> Iterator[Problem]:
    """What only a suite without training may leave out of a method."""
    if not spec.train.epochs:
        return
    for name, method in spec.methods.items():
        for part in OF_TRAINING:
            if getattr(method, part) is None:
                path = ("methods", name, part)
                about = MethodSpec.model_fields[part].description
                remedy = f"Add it: {about}. Only train: {{epochs: 0}} may leave it out."
                where = place_of(node, path[:-1], key=True)
                yield Problem(where, dotted(path), "is missing", remedy)


def _repeated_metrics(spec: SuiteSpec, node: Node) -> list[Problem]:
    """Metrics whose values would bear the name of another's."""
    names = [metric.value_name for metric in spec.metrics]
    return [
        Problem(
            place_of(node, ("metrics", index)),
            f"metrics.{index}",
            f"another metric's values are called '{name}' already",
            "Call these something else: {name: ..., as: other-name}.",
        )
        for index, name in enumerate(names)
        if name in names[:index]
    ]


def _past_the_end(spec: SuiteSpec, whole: Whole, node: Node) -> Iterator[Problem]:
    """Moments that never come, not even where the file is run as it stands."""
    last = max(spec.train.epochs, whole.epochs or 0)
    for index, metric in enumerate(spec.metrics):
        at = metric.moments
        late = [epoch for epoch in at.epochs if epoch > last] if isinstance(at, Epochs) else []
        if late:
            path: Path_ = ("metrics", index)
            problem = f"epoch {late[0]} is past the end, epoch {last}"
            yield Problem(
                place_of(node, path), dotted(path), problem, "Leave it out: the last is always one."
            )


def _unknown_baseline(spec: SuiteSpec, variants: Variants, node: Node) -> Iterator[Problem]:
    """A baseline is a method, or the first name of a swept one."""
    name, path = spec.report.baseline, ("report", "baseline")
    origins = [variant.origin for variant in variants.get("methods", {}).values()]
    known = list(dict.fromkeys([*spec.methods, *origins]))
    if name is not None and name not in known:
        remedy = did_you_mean(name, known)
        yield Problem(place_of(node, path), dotted(path), f"no such method: '{name}'", remedy)


def _unknown_works(spec: SuiteSpec, node: Node) -> Iterator[Problem]:
    """What a suite cites can be had."""
    for index, text in enumerate(spec.report.cites):
        path: Path_ = ("report", "cites", index)
        place = place_of(node, path)
        try:
            resolved([text], place=place)
        except ConfigError as error:
            for problem in error.problems:
                yield Problem(place, dotted(path), problem.problem, problem.remedy)


def _unknown_options(spec: SuiteSpec, variants: Variants, node: Node) -> Iterator[Problem]:
    """Axes and marks speak of options that are swept."""
    swept = list(dict.fromkeys(o for v in _all(variants) for o in v.swept))
    axes = spec.report.axes
    named: list[tuple[Path_, str, list[str]]] = [
        *(
            (("report", "axes", axis, i), option, swept)
            for axis, options in axes.items()
            for i, option in enumerate(options)
        ),
        *((("report", "marks", name), name, [*axes, *swept]) for name in spec.report.marks),
    ]
    for path, name, known in named:
        if name not in known:
            problem = f"no method or dataset sweeps '{name}'"
            yield Problem(place_of(node, path), dotted(path), problem, did_you_mean(name, known))


def _shared_options(spec: SuiteSpec, node: Node) -> Iterator[Problem]:
    """An option lies on one axis."""
    seen: set[str] = set()
    for axis, options in spec.report.axes.items():
        for index, option in enumerate(options):
            if option in seen:
                path = ("report", "axes", axis, index)
                problem = f"'{option}' stands on an axis already"
                yield Problem(place_of(node, path), dotted(path), problem, "Leave one of them out.")
            seen.add(option)


def _useless_tuning(spec: SuiteSpec, node: Node) -> Iterator[Problem]:
    """Tuning of nothing, of untrained models, or of epochs that cannot be shared out."""
    if spec.tuning is None:
        return
    searched = [name for name, method in spec.methods.items() if method.tune]
    if not searched:
        problem, remedy = "no method says what is searched", "Give one tune: {option: ...}."
        yield Problem(place_of(node, ("tuning",)), "tuning", problem, remedy)
    if not spec.train.epochs:
        problem, remedy = "nothing is trained", "Give train.epochs, or leave tuning out."
        yield Problem(place_of(node, ("tuning",)), "tuning", problem, remedy)
    if spec.tuning.halving and "epochs" not in spec.train.model_fields_set:
        path: Path_ = ("tuning", "halving")
        problem, remedy = "halving is of epochs, and there are none", "Give train.epochs too."
        yield Problem(place_of(node, path), dotted(path), problem, remedy)
    cells = len(searched) * spec.tuning.trials * spec.tuning.seeds * len(spec.datasets)
    if cells > MOST_CELLS:
        problem, remedy = f"{cells:,} cells of trials", f"Make at most {MOST_CELLS:,}."
        yield Problem(place_of(node, ("tuning",)), "tuning", problem, remedy)


def _swept_and_tuned(spec: SuiteSpec, variants: Variants, node: Node) -> Iterator[Problem]:
    """What a sweep sets, a search would set anew under the same name."""
    told = set[tuple[str, str]]()
    for name, variant in variants.get("methods", {}).items():
        for option in variant.swept.keys() & (spec.methods[name].tune or {}).keys():
            if (variant.origin, option) not in told:
                told.add((variant.origin, option))
                where = place_of(node, ("methods", name, "tune", option), key=True)
                path = f"methods.{variant.origin}.tune.{option}"
                yield Problem(where, path, "it is swept, too", "Leave it out of sweep or tune.")


def _all(variants: Variants) -> Iterator[Variant]:
    for section in variants.values():
        yield from section.values()
