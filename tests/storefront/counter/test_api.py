"""What a till asks: paired by a code that works once, known by its token, answered in JSON whatever it sends."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from kernel import clock
from kernel.people import SYSTEM
from orders.counter import devices
from orders.models.shift import CounterSale
from orders.models.till import TillDevice
from tests.make_counter import Tablet, make_device, make_key, make_till, public_key_of
from tests.make_stock import Goods, make_goods
from tests.make_vouchers import make_voucher


@pytest.fixture
def goods(session: Session) -> Goods:
    return make_goods(session, 10)


@pytest.fixture
def tablet(session: Session, goods: Goods) -> Tablet:
    return make_device(session, make_till(session, goods.outlet))


def ask(client: FlaskClient, path: str, body: Any, tablet: Tablet | None = None) -> TestResponse:
    headers = {"Authorization": f"Till {tablet.token}"} if tablet else {}
    return client.post(f"/counter/api/{path}", json=body, headers=headers)


def deliver(client: FlaskClient, tablet: Tablet, *envelopes: Any) -> TestResponse:
    sent = [each if isinstance(each, dict | str | int) else asdict(each) for each in envelopes]
    return ask(client, "entries", {"device_now": clock.now().isoformat(), "waiting": len(sent), "app": "t", "entries": sent}, tablet)


def test_a_device_is_paired_by_a_code_that_works_once(client: FlaskClient, session: Session, goods: Goods) -> None:
    till = make_till(session, goods.outlet)
    code = devices.make_pairing_code(session, SYSTEM, till.id)
    question = {"code": code, "label": "Tablet depan", "public_key": public_key_of(make_key())}
    found = ask(client, "pair", question).get_json()
    assert (found["till"]["number"], found["till"]["mark"]) == (till.number, str(till.number))
    assert (found["next_running"], found["next_shift_number"]) == (1, 1)
    assert found["outlet"]["code"] == goods.outlet.code
    assert devices.find_device(session, found["token"]) is not None
    again = ask(client, "pair", question | {"public_key": public_key_of(make_key())})
    assert again.status_code == 422
    assert again.get_json()["error"]


def test_pairing_codes_cannot_be_tried_for_ever(client: FlaskClient, session: Session) -> None:
    question = {"code": "00000000", "label": "x", "public_key": public_key_of(make_key())}
    assert {ask(client, "pair", question).status_code for _try in range(40)} == {422, 429}


@pytest.mark.parametrize("path", ["catalogue", "entries", "contact", "voucher"])
def test_whoever_shows_no_token_of_ours_is_unknown(client: FlaskClient, path: str) -> None:
    body = {"device_now": clock.now().isoformat(), "entries": [], "code": "X", "subtotal": 1}
    for authorization in ("", "Till ", "Till nobody", "Bearer nobody"):
        answer = client.post(f"/counter/api/{path}", json=body, headers={"Authorization": authorization})
        assert (answer.status_code, answer.get_json()["error"]) == (401, "unknown")
    assert client.get("/counter/api/receipts/X").status_code == 401


_NOW = '"device_now": "2026-01-01T00:00:00Z"'
NONSENSE = (
    *("no JSON", "[]", "null", "7", '{"device_now": "yesterday"}', '{"device_now": "2026-01-01"}', '{"device_now": 5}'),
    *(f'{{{_NOW}, "waiting": "many"}}', f'{{{_NOW}, "waiting": -1}}', '{{{}, "app": "{}"}}'.format(_NOW, "x" * 21)),
)


@pytest.mark.parametrize("path", ["entries", "contact"])
@pytest.mark.parametrize("body", NONSENSE)
def test_what_makes_no_sense_is_refused_in_json(client: FlaskClient, tablet: Tablet, path: str, body: str) -> None:
    body = body.replace("{", '{"entries": [], ', 1)
    answer = client.post(f"/counter/api/{path}", data=body, headers={"Authorization": f"Till {tablet.token}"})
    assert answer.status_code == 422
    assert answer.get_json()["error"]


def test_a_delivery_is_answered_entry_by_entry_and_the_same_the_second_time(
    client: FlaskClient, session: Session, tablet: Tablet, goods: Goods
) -> None:
    envelopes = [tablet.sign(tablet.opened()), tablet.sign(tablet.sale(goods))]
    first = deliver(client, tablet, *envelopes).get_json()
    assert [(each["id"], each["state"]) for each in first["answers"]] == [(each.id, "accepted") for each in envelopes]
    assert first["revoked"] is False
    assert deliver(client, tablet, *envelopes).get_json()["answers"] == first["answers"]
    assert session.query(CounterSale).count() == 1


def test_what_is_no_envelope_is_refused_and_the_others_pass(client: FlaskClient, tablet: Tablet, goods: Goods) -> None:
    odd = {"id": "11111111-1111-1111-1111-111111111111", "sequence": "one", "body": 5}
    found = deliver(client, tablet, odd, tablet.sign(tablet.opened()), {"id": 7}, "text", 8).get_json()["answers"]
    assert sorted(each["state"] for each in found) == ["accepted", "refused"]


def test_more_than_fifty_entries_are_not_one_delivery(client: FlaskClient, tablet: Tablet) -> None:
    assert deliver(client, tablet, *[{"id": str(n)} for n in range(51)]).status_code == 422


def test_a_sign_of_life_is_kept_and_a_revoked_device_learns_it(client: FlaskClient, session: Session, tablet: Tablet) -> None:
    ahead = clock.now().replace(year=clock.now().year + 1)
    said = {"device_now": ahead.isoformat(), "waiting": 7, "app": "abc"}
    assert ask(client, "contact", said, tablet).get_json()["revoked"] is False
    device = session.get_one(TillDevice, tablet.device.id, populate_existing=True)
    assert (device.waiting, device.app_version, device.skew_s > 360 * 86_400) == (7, "abc", True)
    devices.revoke_device(session, SYSTEM, device.code)
    assert ask(client, "contact", said, tablet).get_json()["revoked"] is True
    assert ask(client, "catalogue", {}, tablet).status_code == 401


def test_a_revoked_device_may_still_deliver(client: FlaskClient, session: Session, tablet: Tablet, goods: Goods) -> None:
    envelope = tablet.sign(tablet.opened())
    devices.revoke_device(session, SYSTEM, tablet.device.code)
    found = deliver(client, tablet, envelope).get_json()
    assert (found["revoked"], found["answers"][0]["state"]) == (True, "quarantined")


def test_the_catalogue_is_sent_by_difference(client: FlaskClient, tablet: Tablet, goods: Goods) -> None:
    first = ask(client, "catalogue", {"buckets": {}}, tablet).get_json()
    known = {name: bucket["digest"] for name, bucket in first["buckets"].items()}
    second = ask(client, "catalogue", {"buckets": known, "words": first["synonyms"]["fingerprint"]}, tablet).get_json()
    assert second["buckets"] == {}
    assert ask(client, "catalogue", {"buckets": {"1": 7}}, tablet).status_code == 422


def test_an_earlier_receipt_says_what_can_come_back_and_nothing_about_the_buyer(
    client: FlaskClient, tablet: Tablet, goods: Goods, session: Session
) -> None:
    sale = tablet.sale((goods, 2), discount=1_000, note="Untuk Ibu Contoh")
    deliver(client, tablet, tablet.sign(tablet.opened()), tablet.sign(sale, phone="081271234567"))
    headers = {"Authorization": f"Till {tablet.token}"}
    answer = client.get(f"/counter/api/receipts/{sale['receipt']}", headers=headers)
    found = answer.get_json()["receipt"]
    (line,) = found["lines"]
    assert (line["variant"], line["quantity"], line["unit_price"], line["discount"], line["returned"]) == (
        goods.variant.code,
        2,
        25_000,
        1_000,
        0,
    )
    assert (found["total"], [each["amount"] for each in found["tenders"]]) == (49_000, [49_000])
    assert "Contoh" not in answer.text.replace(goods.product.name_id, "")
    assert "81271234567" not in answer.text
    elsewhere = make_device(session)
    strange = client.get(f"/counter/api/receipts/{sale['receipt']}", headers={"Authorization": f"Till {elsewhere.token}"})
    assert strange.status_code == 404


def test_a_voucher_says_what_it_takes_off_or_why_not(client: FlaskClient, session: Session, tablet: Tablet, goods: Goods) -> None:
    voucher = make_voucher(session, goods.outlet)
    found = ask(client, "voucher", {"code": voucher.code, "subtotal": 100_000}, tablet).get_json()
    assert found["discount"] > 0
    refused = ask(client, "voucher", {"code": "NONESUCH99", "subtotal": 100_000}, tablet)
    assert (refused.status_code, bool(refused.get_json()["error"])) == (422, True)
    assert json.loads(refused.text)["server_now"]
