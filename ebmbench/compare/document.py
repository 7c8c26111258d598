"""A comparison as plain data."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from ebmbench.compare.comparison import Compared
from ebmbench.compare.matched import Matched
from ebmbench.compare.profile import FACTORS
from ebmbench.compare.wording import headline, message
from ebmbench.summary.plain import as_plain


def document(c: Compared, strict: bool) -> dict[str, Any]:
    """The comparison, with null for what is not a finite number."""
    content = {
        "base": c.base,
        "head": c.head,
        "suite": c.suite,
        "exit_code": c.exit_code(strict),
        "headline": headline(c),
        "gates": [{**asdict(each), "message": message(each)} for each in c.decisions],
        "values": [_value(each) for each in c.matched],
        "target": c.target and asdict(c.target),
        "to_target": [asdict(each) for each in c.reached],
        "across_datasets": [{**asdict(each), "verdict": each.verdict} for each in c.across],
        "profiles": [{"factors": FACTORS, **asdict(each)} for each in c.profiles],
        "lost": [asdict(each) for each in c.lost],
        "notices": c.notices,
        "environments": dict(zip(("base", "head"), c.environments, strict=True)),
    }
    plain: dict[str, Any] = as_plain(content)
    return plain


def as_text(c: Compared, strict: bool) -> str:
    """The comparison as one JSON document."""
    return json.dumps(document(c, strict), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _value(m: Matched) -> dict[str, Any]:
    base, head = m.means
    return {
        "dataset": m.dataset,
        "method": m.method,
        "value": m.value,
        "seeds": m.seeds,
        "base": {**asdict(base), "values": m.base},
        "head": {**asdict(head), "values": m.head},
        **asdict(m.comparison),
    }
