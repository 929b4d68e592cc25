"""A9: whatever address somebody types, only a public https server is ever called, at the address that was checked, without redirects."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from storefront.integrations import safe_post
from storefront.integrations.safe_post import NoAnswer, Rules, UnsafeTarget

PUBLIC = "93.184.215.14"
LOOPBACK = Rules(allows_loopback=True)

#: Refused by their form, or by what a resolver makes of them.
FORMS = [
    "http://shop.example.com/hook",
    "ftp://shop.example.com/",
    "file:///etc/passwd",
    "gopher://shop.example.com/",
    "//shop.example.com/",
    "shop.example.com",
    "https://",
    "https:///hook",
    "https://user@shop.example.com/",
    "https://user:secret@shop.example.com/",
    "https://shop.example.com@127.0.0.1/",
    "https://shop.example.com:22/",
    "https://shop.example.com:6379/",
    "https://shop.example.com:99999/",
    "https://shop.example.com:x/",
    "https://shop.example.com/#hook",
    "https://shop.example.com /",
    "https://shop.example.com\\@127.0.0.1/",
    "https://shop.example.com/\r\nX-Evil: 1",
    "https://ｅxample.com/",
    "https://localhost/",
    "https://localhost./",
    "https://printer/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://0/",
    "https://10.0.0.5/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "https://1.1.1.1.in-addr.arpa/",
    "https://" + "a" * 600 + ".example.com/",
]
#: What a public-looking name may resolve to.
ANSWERS = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
    "169.254.169.254", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:53aa:64c:0:0:80ff:fffe", "not an address",
]  # fmt: skip


def answering(*addresses: str) -> safe_post.Resolver:
    return lambda _host, _port: addresses


@pytest.mark.parametrize("url", FORMS)
def test_a9_an_address_of_the_wrong_form_is_refused(url: str) -> None:
    with pytest.raises(UnsafeTarget):
        safe_post.check_target(url, resolve=answering(PUBLIC))


@pytest.mark.parametrize("address", ANSWERS)
def test_a9_a_name_that_leads_inside_is_refused(address: str) -> None:
    with pytest.raises(UnsafeTarget):
        safe_post.post("https://shop.example.com/hook", b"{}", {}, resolve=answering(address))


@pytest.mark.parametrize("address", ANSWERS[:4])
def test_a9_one_private_answer_among_public_ones_is_enough(address: str) -> None:
    with pytest.raises(UnsafeTarget):
        safe_post.post("https://shop.example.com/hook", b"{}", {}, resolve=answering(PUBLIC, address))


@pytest.mark.parametrize("url", ["https://shop.example.com/hook", "https://SHOP.example.com:8443/h?x=1", "https://shop.co.id"])
@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_a_public_server_is_accepted(url: str, address: str) -> None:
    safe_post.check_target(url, resolve=answering(address))


class _Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[tuple[str, str, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, self.headers["Host"], body))
        if self.path == "/redirect":
            self.send_response(307)
            self.send_header("Location", "/inside")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.path == "/drops-headers":
            with contextlib.suppress(OSError):
                self._drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 100)
            return
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            self._answer()

    def _answer(self) -> None:
        if self.path == "/large":
            for _ in range(40):
                self.wfile.write(b"x" * 65_536)
        elif self.path == "/drops":
            self._drip(b"x" * 100)

    def _drip(self, data: bytes) -> None:
        for byte in data:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(0.1)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[_Server]:
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_body_arrives_and_the_status_comes_back(server: _Server) -> None:
    assert safe_post.post(f"{server.url}/hook?a=1", b'{"x":1}', {"Content-Type": "application/json"}, LOOPBACK) == 200
    assert server.seen == [("/hook?a=1", f"127.0.0.1:{server.server_port}", b'{"x":1}')]


def test_a9_a_redirect_is_an_answer_and_is_not_followed(server: _Server) -> None:
    assert safe_post.post(f"{server.url}/redirect", b"{}", {}, LOOPBACK) == 307
    assert [path for path, *_ in server.seen] == ["/redirect"]


def test_a9_a_name_that_changes_its_mind_gains_nothing(server: _Server) -> None:
    """Rebinding: the name is asked once, and the connection goes to what was checked."""
    asked: list[str] = []

    def changing(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    url = f"http://shop.example.com:{server.server_port}/hook"
    assert safe_post.post(url, b"{}", {}, LOOPBACK, changing) == 200
    assert asked == ["shop.example.com"]
    assert server.seen[0][1] == f"shop.example.com:{server.server_port}"


def test_a9_a_receiver_that_talks_on_is_cut_off(server: _Server) -> None:
    with pytest.raises(NoAnswer, match="too large"):
        safe_post.post(f"{server.url}/large", b"{}", {}, LOOPBACK)


@pytest.mark.parametrize("path", ["/drops", "/drops-headers"])
def test_a9_a_receiver_that_drips_is_left_in_time(server: _Server, path: str) -> None:
    began = time.monotonic()
    with pytest.raises(NoAnswer, match="timeout"):
        safe_post.post(f"{server.url}{path}", b"{}", {}, Rules(allows_loopback=True, seconds=0.5))
    assert time.monotonic() - began < 2


def test_nobody_there_is_no_answer() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NoAnswer, match="connection"):
        safe_post.post(f"http://127.0.0.1:{port}/", b"{}", {}, LOOPBACK)


def test_an_unknown_name_is_no_answer() -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror

    with pytest.raises(NoAnswer, match="name"):
        safe_post.post("https://shop.example.com/", b"{}", {}, resolve=unknown)
