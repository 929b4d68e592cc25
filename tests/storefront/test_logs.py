"""Log lines are JSON, carry the request's id and say nothing about people."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from storefront.logs import log

Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines(app: Flask, capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """A function that reads what was logged so far, every level included."""
    logger = logging.getLogger("etalase")
    before = logger.level
    logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    logger.setLevel(before)


def test_a_request_is_one_line_with_its_route_and_never_its_path_or_query(client: FlaskClient, lines: Lines) -> None:
    response = client.get("/orders/secret-token-of-a-guest?name=Siti")
    (line,) = lines()
    assert line["event"] == "request"
    assert line["route"] == "/orders/<token>"
    assert line["status"] == response.status_code
    assert line["request_id"] == response.headers["X-Request-Id"]
    assert "secret" not in json.dumps(line)
    assert "Siti" not in json.dumps(line)


def test_a_failure_keeps_its_traceback_in_the_same_line(lines: Lines) -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        log.error("worker task failed", task="mail", exc_info=error)
    (line,) = lines()
    assert (line["event"], line["task"], line["level"]) == ("worker task failed", "mail", "error")
    assert "ValueError: broken" in line["exception"]


def test_warnings_of_libraries_become_lines_too(lines: Lines) -> None:
    logging.getLogger("whoosh").warning("the index is %s", "damaged")
    (line,) = lines()
    assert (line["event"], line["logger"]) == ("the index is damaged", "whoosh")
