"""What is served to whom: two things, to browsers of this machine that know the word."""

from __future__ import annotations

import http.client
import json
import socket
from threading import Thread

import pytest

from ebmbench.commands.viewing.server import HOST, Server, Shown
from ebmbench.errors import ConfigError, Problem


@pytest.fixture
def server():
    with Server(Shown(lambda: "<p>page \u00b1</p>", lambda: {"state": "ended"})) as made:
        thread = Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def asked(server, path, method="GET", **headers):
    """Status, headers and content."""
    connection = http.client.HTTPConnection(HOST, server.server_port, timeout=60)
    try:
        connection.request(method, path, headers=headers)
        found = connection.getresponse()
        return found.status, dict(found.getheaders()), found.read()
    finally:
        connection.close()


def test_whoever_knows_the_word_gets_the_page_and_where_the_run_stands(server):
    status, headers, content = asked(server, f"/{server.token}/")
    assert (status, content.decode()) == (200, "<p>page \u00b1</p>")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    status, headers, content = asked(server, f"/{server.token}/state?again")
    assert (status, json.loads(content)) == (200, {"state": "ended"})
    assert headers["Content-Type"].startswith("application/json")


def test_the_address_is_that_of_the_page(server):
    assert server.address == f"http://127.0.0.1:{server.server_port}/{server.token}/"
    assert len(server.token) >= 16
    with Server(server.shown) as other:
        assert other.token != server.token


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//",
        "/state",
        "/wrong/",
        "/wrong/state",
        "/{}",
        "/{}x/",
        "/{}/run.json",
        "/{}/../",
        "/{}/../../../../etc/passwd",
        "/{}/..%2f..%2fetc/passwd",
        "/{}/state/",
        "/{}//",
        "/{}/cells/",
    ],
)
def test_there_is_nothing_else(server, path):
    status, _, content = asked(server, path.format(server.token))
    assert (status, content) == (404, b"There is nothing here.\n")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "localhost:1", ""]
)
def test_another_name_is_refused_though_the_word_is_right(server, host):
    status, _, content = asked(server, f"/{server.token}/", Host=host)
    assert status == 403
    assert b"page" not in content
    status, _, content = asked(server, f"/{server.token}/state", Host=host)
    assert status == 403


def test_letters_beyond_ascii_are_nothing_special(server):
    assert server.answer(f"{HOST}:{server.server_port}", "/\u00fc/").status == 404


def test_this_machine_may_be_called_localhost(server):
    assert asked(server, f"/{server.token}/", Host=f"LOCALHOST:{server.server_port}")[0] == 200


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"]
)
def test_it_can_be_read_only(server, method):
    status, headers, content = asked(server, f"/{server.token}/", method)
    assert status == 405
    assert headers["Allow"] == "GET, HEAD"
    assert b"page" not in content


def test_head_sends_what_get_does_without_the_content(server):
    status, headers, content = asked(server, f"/{server.token}/", "HEAD")
    assert (status, content) == (200, b"")
    assert headers["Content-Length"] == str(len("<p>page \u00b1</p>".encode()))


def test_what_is_no_request_is_refused(server):
    with socket.create_connection((HOST, server.server_port), timeout=60) as found:
        found.sendall(b"what is this\r\n\r\n")
        assert b"page" not in found.recv(4096)


def test_only_this_machine_can_reach_it(server):
    assert server.socket.getsockname()[0] == "127.0.0.1"
    others = {each[4][0] for each in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1"}:
        if not address.startswith("127."):
            with pytest.raises(OSError):  # noqa: PT011
                socket.create_connection((address, server.server_port), timeout=5).close()


@pytest.mark.parametrize(
    "error",
    [ConfigError(Problem("run.json", "", "it cannot be read", "Delete it.")), ValueError("odd")],
)
def test_what_cannot_be_shown_is_said_and_not_traced(server, error):
    def fails():
        raise error

    server.shown = Shown(fails, fails)
    status, headers, content = asked(server, f"/{server.token}/")
    assert status == 503
    assert headers["Content-Type"].startswith("text/plain")
    assert str(error).encode() in content
    assert b"Traceback" not in content
    status, _, content = asked(server, f"/{server.token}/state")
    assert status == 503
    assert str(error) in json.loads(content)["error"]
