"""A port that is taken is refused before anything starts."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from launch import ports
from launch.errors import LaunchError


def test_a_taken_port_is_refused_with_another_to_try() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(LaunchError) as raised:
            ports.refuse_taken(port)

    assert raised.value.what == f"Port {port} is taken by another program."
    assert f"./run --port {port + 1}" in raised.value.mend


def test_a_free_port_is_accepted() -> None:
    ports.refuse_taken(ports.free())


@pytest.mark.parametrize(
    ("status", "serves"), [(200, True), (302, True), (404, True), (500, False), (503, False)]
)
def test_a_web_server_serves_unless_it_fails(status: int, serves: bool) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request).start()

        assert ports.serves(f"http://127.0.0.1:{server.server_port}/") is serves


def test_nothing_serves_where_nobody_listens() -> None:
    port = ports.free()

    assert not ports.serves(f"http://127.0.0.1:{port}/")
    assert not ports.answers(port)


def test_a_free_port_is_none_that_outgoing_connections_get() -> None:
    outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])

    assert all(1024 < ports.free() < outgoing for _try in range(200))
