"""What the commands show in a terminal, reports apart; one file per command."""

from ebmbench.screens.catalogue import show_catalogue, show_details, show_plugins
from ebmbench.screens.checks import show_checks
from ebmbench.screens.doctor import show_doctor
from ebmbench.screens.plan import plan_document, show_plan

__all__ = [
    "plan_document",
    "show_catalogue",
    "show_checks",
    "show_details",
    "show_doctor",
    "show_plan",
    "show_plugins",
]
