"""``ebmbench validate``."""

from __future__ import annotations

import typer

from ebmbench.commands.options import (
    WRONG_INPUT,
    AsJson,
    Epochs,
    Only,
    Quick,
    Seeds,
    Set,
    SuiteFile,
    print_json,
)
from ebmbench.errors import ConfigError


def validate(
    suite: SuiteFile,
    seeds: Seeds = None,
    epochs: Epochs = None,
    only: Only = None,
    settings: Set = None,
    quick: Quick = False,
    as_json: AsJson = False,
) -> None:
    """Check a suite as a whole without running anything."""
    from ebmbench.api.planning import Asked, planned
    from ebmbench.api.tuning import first_stage
    from ebmbench.commands.screens.plan import counted, plan_document, show_notes, size_of, skipped
    from ebmbench.suite.overrides import Overrides

    overrides = Overrides(tuple(settings or ()), seeds, epochs, tuple(only or ()), quick)
    try:
        plan, asked = planned(suite, overrides), Asked(suite, overrides)
        tuning = plan.suite.spec.tuning
        trials = asked.planned(first_stage(tuning)) if tuning else None
    except ConfigError as error:
        if not as_json:
            raise
        problems = [problem._asdict() for problem in error.problems]
        print_json({"valid": False, "problems": problems})
        raise typer.Exit(WRONG_INPUT) from None
    show_notes(plan)
    if as_json:
        print_json({"valid": True, "problems": [], **plan_document(plan)})
    else:
        before = f" after {counted(trials.size, 'cell')} of trials" if trials else ""
        print(f"{suite}: valid, {size_of(plan)}{before}, {counted(len(plan.skips), 'skip')}")
        for line in skipped(plan.skips):
            print(f"  skipped: {line}")
