"""The reference: Markdown pages written from the code, so that they cannot fall behind it."""

from __future__ import annotations

from ebmbench.commands.app import app
from ebmbench.compare import decisions
from ebmbench.interfaces.installed.registry import FAMILIES, Registry
from ebmbench.interfaces.installed.which_plugins import no_third_party
from ebmbench.summary import statistics
from reference_pages.commands import commands_page
from reference_pages.components import family_page
from reference_pages.decisions import decisions_page
from reference_pages.hooks import hooks_page
from reference_pages.suite import suite_page


def pages() -> dict[str, str]:
    """Name -> Markdown, for what the distribution itself brings."""
    with no_third_party():
        registry = Registry.discover()
    return {
        "suite": suite_page(),
        "commands": commands_page(app),
        "hooks": hooks_page(),
        "decisions": decisions_page(statistics, decisions),
        **{family: family_page(family, registry) for family in FAMILIES},
    }
