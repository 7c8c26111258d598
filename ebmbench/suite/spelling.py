"""Texts that must be spelled in a certain way, told in words rather than by a pattern."""

from __future__ import annotations

import re
from typing import Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError


def spelled(pattern: str, words: str) -> tuple[Any, Any]:
    """What makes ``Annotated[str, *spelled(...)]`` accept whole matches of ``pattern`` only.

    Args:
        pattern: a regular expression, which the JSON Schema of suites has too.
        words: what it accepts, after "should be".
    """

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise PydanticCustomError("spelling", "should be {words}", {"words": words})
        return text

    return AfterValidator(check), Field(json_schema_extra={"pattern": f"^(?:{pattern})$"})
