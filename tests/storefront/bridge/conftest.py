"""A bridge in front of a printer that keeps what it is given."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import Client, TestResponse

from storefront.bridge.drawing import PROFILES
from storefront.bridge.printers import DummyPrinter, Printer
from storefront.bridge.server import Bridge

SHOP, KEY = "https://toko.example", "abcdefghjkmn"
HEADERS = {"Origin": SHOP, "Authorization": f"Bridge {KEY}", "Host": "127.0.0.1:8631"}
Send = Callable[..., TestResponse]


@pytest.fixture
def printer() -> DummyPrinter:
    return DummyPrinter()


def client_of(printer: Printer, columns: int = 48) -> Client:
    return Client(Bridge(printer, columns, PROFILES[columns], KEY, {SHOP}))


def job(**changes: Any) -> dict[str, Any]:
    """A job with one line of text."""
    return {"job": str(uuid4()), "columns": 32, "rows": [["plain", "Halo"]], "cut": True, "drawer": False, "copies": 1} | changes


@pytest.fixture
def send(printer: DummyPrinter) -> Send:
    """`send(job)`: the bridge's answer to the shop's own page."""
    client = client_of(printer)

    def sent(wanted: Any, **headers: str) -> TestResponse:
        body = wanted if isinstance(wanted, bytes) else json.dumps(wanted).encode()
        return client.post("/print", data=body, headers=HEADERS | headers)

    return sent
