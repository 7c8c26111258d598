"""What a run compared, with the options as they were in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from ebmbench.journal.documents import MethodParts, Named, RunDocument


def settings(run: RunDocument) -> str:
    """Datasets, methods and metrics with all their options, as YAML."""
    parts = run.components
    found = {
        "datasets": {name: _named(each) for name, each in parts.datasets.items()},
        "methods": {name: _method(each) for name, each in parts.methods.items()},
        "metrics": {name: _named(each) for name, each in parts.metrics.items()},
    }
    kept = {section: of_section for section, of_section in found.items() if of_section}
    return yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=100) if kept else ""


def _method(parts: MethodParts) -> Mapping[str, Any]:
    return {
        "model": _named(parts.model),
        "sampler": _named(parts.sampler),
        "optimizer": parts.optimizer,
        "batch": parts.batch,
    }


def _named(part: Named) -> Mapping[str, Any]:
    return {"name": part.name, "version": part.version, **part.options}
