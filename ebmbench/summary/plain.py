"""Results as plain data, for JSON: null for what is not a finite number."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

import numpy as np
from pydantic import BaseModel

from ebmbench.interfaces.cost import Cost


def as_plain(x: Any) -> Any:
    """Documents, costs and arrays, in mappings and sequences, as what JSON knows."""
    if isinstance(x, BaseModel):
        return as_plain(x.model_dump(mode="json"))
    if isinstance(x, Cost):
        return as_plain(x._asdict())
    if isinstance(x, Mapping):
        return {str(key): as_plain(item) for key, item in x.items()}
    if isinstance(x, np.ndarray):
        return as_plain(x.tolist())
    if isinstance(x, list | tuple):
        return [as_plain(item) for item in x]
    return None if isinstance(x, float) and not isfinite(x) else x
