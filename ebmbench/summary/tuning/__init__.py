"""Trials summed up: which of a method's settings is best, and what more search would have found."""

from __future__ import annotations

from ebmbench.summary.tuning.search_curve import SearchCurve, search_curve
from ebmbench.summary.tuning.sensitivity import Sensitivity, equally_far, sensitivity
from ebmbench.summary.tuning.trials import Ends, best_first, gone_on, method_tunings, trial_ends

__all__ = [
    "Ends",
    "SearchCurve",
    "Sensitivity",
    "best_first",
    "equally_far",
    "gone_on",
    "method_tunings",
    "search_curve",
    "sensitivity",
    "trial_ends",
]
