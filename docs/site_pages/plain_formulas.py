"""MathML as a line of text that can be read and searched: ``p(v) = e^(-F(v))/Z``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

SPACED = frozenset("=<>≤≥≠≈≡\u223c∈→←↔↦∝\u2223\u00d7·±+\u2212\u222a∩⊂⊃")
FUNCTIONS = ("log", "exp", "cosh", "sinh", "tanh", "cos", "sin", "max", "min", "det", "Var", "Cov")
LARGE = frozenset("∑∏∫")
SIGNS = frozenset("+\u2212")
OPEN = frozenset("([{⟨|,=<>≤≥")


class Formula:
    """A formula that is read tag by tag, as ``html.parser`` tells it."""

    def __init__(self) -> None:
        self._open: list[tuple[str, list[str]]] = [("math", [])]

    def start(self, tag: str) -> None:
        """A tag opens."""
        self._open.append((tag, []))

    def data(self, text: str) -> None:
        """What stands in the tag."""
        self._open[-1][1].append(_token(self._open[-1][0], text.strip()))

    def end(self) -> bool:
        """A tag closes; whether it is that of the formula."""
        if len(self._open) == 1:
            return True
        tag, parts = self._open.pop()
        self._open[-1][1].append(SAID.get(tag, _joined)(parts))
        return False

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(_joined(self._open[0][1]).split())


def _token(tag: str, text: str) -> str:
    if tag == "mo" and text in SPACED:
        return f" {text} "
    if text in FUNCTIONS:
        return f" {text} "
    return f"{text} " if text == "," else text


def _joined(parts: Sequence[str]) -> str:
    """One after another; a sign that begins something stands at what follows."""
    said = ""
    for part in parts:
        is_sign = part.strip() in SIGNS and (not said.strip() or said.rstrip()[-1] in OPEN)
        said += part.strip() if is_sign else part
    return said


def _grouped(part: str) -> str:
    """In brackets, unless it is a single name or number."""
    text = part.strip()
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _raised(sign: str) -> Callable[[Sequence[str]], str]:
    def said(parts: Sequence[str]) -> str:
        base, other = parts[0].strip(), _grouped(parts[1])
        return f"{base}{sign}{other}{' ' * (base in LARGE or base in FUNCTIONS)}"

    return said


def _both(parts: Sequence[str]) -> str:
    base, below, above = parts
    return f"{base.rstrip()}_{_grouped(below)}^{_grouped(above)} "


def _fraction(parts: Sequence[str]) -> str:
    above, below = map(_grouped, parts)
    return f"{above}/{below}"


def _over(parts: Sequence[str]) -> str:
    """A hat or a bar is left out: names are searched without it."""
    return parts[0]


SAID: Mapping[str, Callable[[Sequence[str]], str]] = {
    "msub": _raised("_"),
    "msup": _raised("^"),
    "munder": lambda parts: f"{_raised('_')(parts)} ",
    "mover": _over,
    "msubsup": _both,
    "munderover": _both,
    "mfrac": _fraction,
    "msqrt": lambda parts: f"√{_grouped(_joined(parts))}",
    "mspace": lambda parts: " ",
}
