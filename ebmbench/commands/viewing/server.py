"""Serves two things to browsers of this machine: a run's page, and where the run stands.

Nobody else is to read it: it listens at the loopback address only, wants a random word in the
address, answers to no other name (a page of the web may give its own name this machine's address),
and knows nothing but these two: no path leads to a file.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from hmac import compare_digest
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from ebmbench.errors import EbmbenchError, reason

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")  # in the Host header
PATIENCE = 30.0  # seconds for a request that does not come to its end

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",  # the address holds the word
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Answer(NamedTuple):
    """What is sent."""

    status: HTTPStatus
    kind: str
    content: bytes


class Shown(NamedTuple):
    """What is served.

    Attributes:
        page: makes the page.
        state: says where the run stands.
    """

    page: Callable[[], str]
    state: Callable[[], Mapping[str, Any]]


class Server(ThreadingHTTPServer):
    """Serves a run until it is shut down.

    Args:
        shown: what is served.
        port: 0 for any that is free.

    Raises:
        OSError: the port is not to be had.
    """

    daemon_threads = True
    allow_reuse_port = False

    def __init__(self, shown: Shown, port: int = 0) -> None:
        self.shown = shown
        self.token = secrets.token_urlsafe(16)
        super().__init__((HOST, port), _Handler)

    @property
    def address(self) -> str:
        """Of the page."""
        return f"http://{HOST}:{self.server_port}/{self.token}/"

    def answer(self, host: str, path: str) -> Answer:
        """What a request gets.

        Args:
            host: the name by which it asks.
            path: what it asks for.
        """
        if host.lower() not in {f"{name}:{self.server_port}" for name in NAMES}:
            return _said(HTTPStatus.FORBIDDEN, f"This is served as {HOST} only.")
        _, _, rest = path.partition("?")[0].partition("/")
        token, _, what = rest.partition("/")
        known = compare_digest(token.encode(), self.token.encode())
        if known and what == "" and rest.endswith("/"):
            return _page(self.shown.page)
        if known and what == "state":
            return _state(self.shown.state)
        return _said(HTTPStatus.NOT_FOUND, "There is nothing here.")

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that has gone is nothing to tell."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version, sys_version = "ebmbench", ""
    timeout = PATIENCE

    def do_GET(self) -> None:
        self._send(self.server.answer(self.headers.get("Host", ""), self.path))

    def do_HEAD(self) -> None:
        self.do_GET()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Requests that are none, or that would change something."""
        refused = code == HTTPStatus.NOT_IMPLEMENTED
        status = HTTPStatus.METHOD_NOT_ALLOWED if refused else HTTPStatus(code)
        self.close_connection = True
        self._send(_said(status, "This can be read only." if refused else status.phrase))

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
        """Nobody reads it."""

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if answer.status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        self.send_header("Content-Type", f"{answer.kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.content)


def _page(make: Callable[[], str]) -> Answer:
    try:
        return Answer(HTTPStatus.OK, "text/html", make().encode())
    except Exception as error:  # the run's folder may be in any state
        return _said(HTTPStatus.SERVICE_UNAVAILABLE, f"{_why(error)}\nLoad this page again.")


def _state(look: Callable[[], Mapping[str, Any]]) -> Answer:
    try:
        status, found = HTTPStatus.OK, look()
    except Exception as error:
        status, found = HTTPStatus.SERVICE_UNAVAILABLE, {"error": _why(error)}
    content = json.dumps(found, allow_nan=False, default=str).encode()
    return Answer(status, "application/json", content)


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, EbmbenchError) else reason(error)


def _said(status: HTTPStatus, text: str) -> Answer:
    return Answer(status, "text/plain", f"{text}\n".encode())
