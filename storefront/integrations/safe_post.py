"""Posting to an address that somebody else typed (A9): https to a public host only, the checked IP and no other, no redirects, limits.

The name is resolved once, every answer must be a public address, and the connection goes to one of exactly these: a name
that answers differently the next time (rebinding) gains nothing. Certificates are checked against the name.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from kernel.errors import N_, InvalidInput

#: For everything together: name, connection, sending, answer.
SECONDS = 5.0
LARGEST_ANSWER = 1024 * 1024
PORTS = frozenset({443, 8443})
LONGEST_ADDRESS = 500
_CHUNK = 16 * 1024

Resolver = Callable[[str, int], Sequence[str]]


class UnsafeTarget(InvalidInput):
    """The address is not one that we may call."""

    message = N_("This must be an https address of a public server.")


class NoAnswer(Exception):
    """Nothing usable came back; `problem` is a short word for the log."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be called, taken apart."""

    host: str
    port: int
    path: str
    is_https: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """What is allowed. Only tests and the demo allow plain http to this machine."""

    allows_loopback: bool = False
    seconds: float = SECONDS


def parse_target(url: str, rules: Rules = Rules()) -> Target:
    """The address, when its form alone is acceptable; UnsafeTarget otherwise. Nothing is resolved."""
    if not url.isascii() or not url.isprintable() or len(url) > LONGEST_ADDRESS or any(sign in url for sign in " \\"):
        raise UnsafeTarget(field="url")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnsafeTarget(field="url") from None
    host = (parts.hostname or "").rstrip(".")
    is_https = parts.scheme == "https"
    if not host or "@" in parts.netloc or parts.fragment:
        raise UnsafeTarget(field="url")
    if not is_https and not (rules.allows_loopback and parts.scheme == "http"):
        raise UnsafeTarget(field="url")
    port = port or (443 if is_https else 80)
    if not rules.allows_loopback:
        _check_public_name(host, port)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port, path, is_https)


def _check_public_name(host: str, port: int) -> None:
    """A dotted name with letters at its end, on a usual port: no bare numbers, whose many spellings name this machine too."""
    last = host.rsplit(".", 1)[-1]
    if port not in PORTS or "." not in host or ":" in host or not last.isalpha():
        raise UnsafeTarget(field="url")
    if last in {"local", "localhost", "internal", "localdomain", "lan", "home", "arpa", "onion", "test", "invalid"}:
        raise UnsafeTarget(field="url")


def check_target(url: str, rules: Rules = Rules(), resolve: Resolver | None = None) -> None:
    """For the form in which somebody types it: UnsafeTarget unless it may be called now."""
    _resolve(parse_target(url, rules), rules, resolve or _system_resolver)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    rules: Rules = Rules(),
    resolve: Resolver | None = None,
) -> int:
    """Send the body; the receiver's status, whatever it is (a redirect is not followed). Raises UnsafeTarget and NoAnswer."""
    deadline = time.monotonic() + rules.seconds
    target = parse_target(url, rules)
    addresses = _resolve(target, rules, resolve or _system_resolver)
    connection = _Pinned(target, addresses[0], deadline)
    # Every step has its own time-out; this ends them all together, however slowly a receiver lets bytes drip.
    end = threading.Timer(_left(deadline), connection.cut)
    end.daemon = True
    end.start()
    try:
        connection.request("POST", target.path, body=body, headers={**headers, "Connection": "close"})
        answer = connection.getresponse()
        _read(answer)
        if connection.was_cut:
            raise NoAnswer("timeout")
        return answer.status
    except TimeoutError:
        raise NoAnswer("timeout") from None
    except ssl.SSLError:
        raise NoAnswer("timeout" if connection.was_cut else "tls") from None
    except (OSError, ValueError, http.client.HTTPException):
        raise NoAnswer("timeout" if connection.was_cut else "connection") from None
    finally:
        end.cancel()
        connection.close()


def is_public(address: str, rules: Rules = Rules()) -> bool:
    """Whether an IP address belongs to the public internet, in whichever form it is wrapped."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if rules.allows_loopback and ip.is_loopback:
        return True
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _translated(ip)
        if inner is not None:
            return is_public(str(inner), rules)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _translated(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside a NAT64 one (RFC 6052, 64:ff9b::/96) or a compatible one (::a.b.c.d)."""
    number = int(ip)
    if number >> 32 in (0x0064FF9B << 64, 0) and number > 1:
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    return None


def _resolve(target: Target, rules: Rules, resolve: Resolver) -> Sequence[str]:
    try:
        addresses = resolve(target.host, target.port)
    except OSError:
        raise NoAnswer("name") from None
    if not addresses:
        raise NoAnswer("name")
    # One private answer among public ones is enough to refuse: which one a connection takes is chance.
    if not all(is_public(address, rules) for address in addresses):
        raise UnsafeTarget(field="url")
    return addresses


def _system_resolver(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _read(answer: http.client.HTTPResponse) -> None:
    """Take the answer's body up to the limit and throw it away: a receiver that talks on is cut off."""
    left = LARGEST_ANSWER
    while left > 0:
        part = answer.read1(min(_CHUNK, left))
        if not part:
            return
        left -= len(part)
    raise NoAnswer("too large")


class _Pinned(http.client.HTTPConnection):
    """A connection to one IP address, that speaks to the host by its name."""

    def __init__(self, target: Target, address: str, deadline: float) -> None:
        # The Host header names a port only where it is not the scheme's own.
        self.default_port = http.client.HTTPS_PORT if target.is_https else http.client.HTTP_PORT
        super().__init__(target.host, target.port)
        self._target, self._address, self._deadline = target, address, deadline
        self.was_cut = False
        #: The library forgets its socket as soon as the answer begins; the answer goes on reading from it.
        self._line: socket.socket | None = None

    def connect(self) -> None:
        """To the address that was checked, whatever the name says by now."""
        plain = socket.create_connection((self._address, self._target.port), timeout=_left(self._deadline))
        self.sock = plain
        if self._target.is_https:
            plain.settimeout(_left(self._deadline))
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._target.host)
        self._line = self.sock
        self.sock.settimeout(_left(self._deadline))

    def cut(self) -> None:
        """End it from another thread: whoever waits for the receiver wakes up."""
        self.was_cut = True
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
