from __future__ import annotations

import threading
from uuid import uuid4

import pytest

from storefront.bridge.jobs import Jobs
from storefront.bridge.printers import DummyPrinter
from tests.storefront.bridge.conftest import HEADERS, SHOP, Send, client_of, job
from tests.storefront.bridge.decoding import decode


def test_a_job_is_printed_and_answered_to_the_shop_s_page(send: Send, printer: DummyPrinter) -> None:
    answer = send(job(drawer=True))
    assert (answer.status_code, answer.json) == (200, {"ok": True, "reason": ""})
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    paper = decode(printer.jobs[0])
    assert (paper.text, paper.pulses, paper.cuts) == ("Halo", 1, 1)


def test_the_same_job_twice_is_printed_once(send: Send, printer: DummyPrinter) -> None:
    wanted = job()
    assert send(wanted).json == send(wanted).json
    assert len(printer.jobs) == 1
    send(job())
    assert len(printer.jobs) == 2


def test_a_job_that_comes_twice_at_once_is_printed_once() -> None:
    jobs, acts, gate = Jobs(), [], threading.Event()

    def act() -> dict[str, object]:
        gate.wait(5)
        acts.append(1)
        return {"ok": True}

    threads = [threading.Thread(target=jobs.once, args=("a", act)) for _each in range(4)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert len(acts) == 1


@pytest.mark.parametrize("reason", ["paper_out", "unplugged", "trouble"])
def test_trouble_with_the_printer_is_a_plain_answer_and_the_job_may_be_tried_again(send: Send, printer: DummyPrinter, reason: str) -> None:
    printer.trouble = reason
    wanted = job()
    answer = send(wanted)
    assert (answer.status_code, answer.json) == (503, {"ok": False, "reason": reason})
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP, "or the page could not read it"
    printer.trouble = ""
    assert send(wanted).json == {"ok": True, "reason": ""}
    assert len(printer.jobs) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Host": "toko.example:8631"}, 403),
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bridge abcdefghjkmm"}, 401),
        ({"Authorization": "Bridge \u00e9"}, 401),
    ],
)
def test_another_page_another_name_or_another_key_prints_nothing(
    send: Send, printer: DummyPrinter, headers: dict[str, str], status: int
) -> None:
    answer = send(job(), **headers)
    assert answer.status_code == status
    assert printer.jobs == []
    assert ("Access-Control-Allow-Origin" in answer.headers) == (headers.get("Origin", SHOP) == SHOP)


@pytest.mark.parametrize(
    "changes",
    [
        {"job": "1"},
        {"columns": 40},
        {"copies": 0},
        {"copies": True},
        {"copies": 99},
        {"rows": [["plain", "x" * 33]]},
        {"rows": [["double", "x" * 17]]},
        {"rows": [["plain", "a\x1bp"]]},
        {"rows": [["shout", "a"]]},
        {"rows": [["bars", "2000001000015"]]},
        {"rows": [["qr", ""]]},
        {"rows": [["plain", "a"]] * 3_001},
        {"rows": "abc"},
    ],
)
def test_a_job_that_makes_no_sense_is_refused(send: Send, printer: DummyPrinter, changes: dict[str, object]) -> None:
    answer = send(job(**changes))
    assert (answer.status_code, answer.json["reason"]) == (422, "bad_job")
    assert printer.jobs == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b"null"])
def test_what_is_no_job_at_all_is_refused(send: Send, body: bytes) -> None:
    assert send(body).status_code == 422


def test_too_much_at_once_is_refused(send: Send, printer: DummyPrinter) -> None:
    assert send(job(rows=[["plain", "x" * 32]] * 20_000)).status_code == 413
    assert printer.jobs == []


def test_paper_wider_than_the_printer_s_is_refused_with_its_width(printer: DummyPrinter) -> None:
    answer = client_of(printer, 32).post("/print", json=job(columns=48), headers=HEADERS)
    assert answer.json == {"ok": False, "reason": "wrong_width", "columns": 32, "has_cutter": False, "has_drawer": True}


@pytest.mark.parametrize(("columns", "cutter"), [(32, False), (42, True), (48, True)])
def test_the_state_says_what_the_printer_can_do(printer: DummyPrinter, columns: int, cutter: bool) -> None:
    client = client_of(printer, columns)
    assert client.get("/status", headers=HEADERS).json == {
        "ok": True, "reason": "", "columns": columns, "has_cutter": cutter, "has_drawer": True
    }  # fmt: skip
    printer.trouble = "paper_out"
    assert client.get("/status", headers=HEADERS).json == {"ok": False, "reason": "paper_out"}


def test_a_browser_that_asks_first_is_told_that_the_shop_may_speak_to_this_machine(printer: DummyPrinter) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Private-Network": "true", "Host": "localhost:8631"}
    answer = client_of(printer).options("/print", headers=asked | {"Origin": SHOP})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    refused = client_of(printer).options("/print", headers=asked | {"Origin": "https://elsewhere.example"})
    assert refused.status_code == 403
    assert "Access-Control-Allow-Private-Network" not in refused.headers


def test_another_address_is_not_there(printer: DummyPrinter) -> None:
    assert client_of(printer).get("/", headers=HEADERS).status_code == 404
    assert client_of(printer).get("/print", headers=HEADERS).status_code == 404


def test_only_so_many_finished_jobs_are_remembered(printer: DummyPrinter) -> None:
    jobs = Jobs()
    for _each in range(510):
        jobs.once(str(uuid4()), dict)
    assert len(jobs._done) == 500
