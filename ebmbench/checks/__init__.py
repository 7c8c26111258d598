"""Conformance checks for plugin authors: what every built-in component passes.

In a plugin's tests::

    import pytest
    from ebmbench.checks import checks_of

    @pytest.mark.parametrize("check", checks_of(MySampler), ids=str)
    def test_conformance(check):
        check()

On the command line: ``ebmbench test my-sampler``.
"""

from ebmbench.checks.check import Check, Outcome, outcomes
from ebmbench.checks.collect import checks_of, family_of
from ebmbench.checks.failure import Failed, NotApplicable

__all__ = ["Check", "Failed", "NotApplicable", "Outcome", "checks_of", "family_of", "outcomes"]
