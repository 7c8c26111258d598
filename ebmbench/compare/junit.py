"""A comparison as JUnit XML: a test case per gate, and one per cell that was lost."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ebmbench.compare.comparison import Compared, Lost
from ebmbench.compare.decisions import Decision
from ebmbench.compare.wording import headline, message


def junit(c: Compared, strict: bool) -> str:
    """One test suite of a comparison."""
    return junit_of(c.suite, c.decisions, c.lost, headline(c), strict)


def junit_of(
    suite: str, decisions: Iterable[Decision], lost: Iterable[Lost], otherwise: str, strict: bool
) -> str:
    """One test suite; an inconclusive gate is skipped, or with ``strict`` a failure.

    Args:
        suite: its name.
        decisions, lost: its test cases.
        otherwise: what is said where there is none.
        strict: whether what is inconclusive fails.
    """
    root = Element("testsuites")
    cases = SubElement(root, "testsuite", name=f"ebmbench.{suite}")
    for decision in decisions:
        _gate(cases, suite, decision, strict)
    for cell in lost:
        _lost(cases, suite, cell)
    if not len(cases):
        case = SubElement(cases, "testcase", classname=suite, name="comparison")
        SubElement(case, "system-out").text = otherwise
    _count(cases)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _gate(suite: Element, name: str, decision: Decision, strict: bool) -> None:
    classname, text = f"{name}.{decision.dataset}", message(decision)
    case = SubElement(
        suite, "testcase", classname=classname, name=f"{decision.method}: {decision.value}"
    )
    if decision.outcome == "failed" or (strict and decision.outcome == "inconclusive"):
        SubElement(case, "failure", message=text, type=decision.outcome).text = text
    elif decision.outcome == "inconclusive":
        SubElement(case, "skipped", message=text)
    else:
        SubElement(case, "system-out").text = text


def _lost(suite: Element, name: str, lost: Lost) -> None:
    case = SubElement(
        suite,
        "testcase",
        classname=f"{name}.{lost.dataset}",
        name=f"{lost.method}: seed {lost.seed}",
    )
    SubElement(case, "error", message=lost.reason, type="lost").text = lost.reason


def _count(suite: Element) -> None:
    kinds = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for attribute, tag in kinds.items():
        suite.set(attribute, str(len(suite.findall(f".//{tag}"))))
