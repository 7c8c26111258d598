"""``ebmbench cite``."""

from __future__ import annotations

import sys
from pathlib import Path

from ebmbench.commands.options import AsJson, Output, RunName, Runs, print_json


def cite(
    run: RunName, output: Output = None, runs: Runs = Path("runs"), as_json: AsJson = False
) -> None:
    """Print what a paper about a run cites, as BibTeX: ebmbench, methods, data sets, metrics.

    The entries are those that the components declare; `ebmbench info` shows them one by one.
    """
    from ebmbench.api.finished import open_run
    from ebmbench.interfaces.installed.registry import Registry
    from ebmbench.report.paper.keeping import keep_foreign
    from ebmbench.report.paper.references import as_bibtex, references

    found = open_run(run, runs)
    cited = references(found.document, found.records, Registry.discover())
    if as_json:
        works = [{**each.entry._asdict(), "cited_by": each.by} for each in cited.works]
        print_json({"works": works, "silent": cited.silent, "missing": cited.missing})
    elif output is None:
        sys.stdout.write(as_bibtex(cited))
    else:
        keep_foreign(output, "% ebmbench itself", "bibliography")
        output.write_text(as_bibtex(cited), encoding="utf-8")
