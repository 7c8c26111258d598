"""The report as one page that needs nothing else: tables, pictures, and the numbers behind them.

What it carries: ``curves.py`` and ``charts.py`` (learning curves, all other curves), ``prices.py``
(quality against cost, an update's parts), ``films.py`` (images over training), ``stills.py``
(pictures for whoever reads without JavaScript, or on paper). ``tables.py`` has the tables, and
``document.py`` puts all together with what lies in ``assets/``.
"""

from __future__ import annotations

from ebmbench.report.page.document import document

__all__ = ["document"]
