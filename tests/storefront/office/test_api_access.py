"""A partner's keys and webhooks in the office: secrets are shown once, addresses are checked, steps are taken."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from orders.models.api_key import ApiKey
from orders.models.partner import Partner, PartnerBuyer
from orders.models.webhook import WebhookDelivery, WebhookSubscription
from orders.wholesale import api_keys
from tests.cast import OUTLET_MANAGER, World
from tests.make_wholesale import make_buyer
from tests.storefront.office.conftest import SignIn


def _keys(world: World) -> str:
    return f"/office/partners/{world.words['partner']}/keys"


def _hooks(world: World) -> str:
    return f"/office/partners/{world.words['partner']}/webhooks"


def _buyer_code(session: Session, world: World) -> str:
    partner = session.scalars(select(Partner).where(Partner.code == world.words["partner"])).one()
    person = make_buyer(session, partner)
    session.commit()
    return person.code


def test_a_new_key_is_shown_once_and_works(sign_in: SignIn, client: FlaskClient, session: Session, world: World) -> None:
    browser = sign_in(OUTLET_MANAGER)
    form = {"name": "Gudang pusat", "buyer": _buyer_code(session, world), "scopes": ["catalogue", "orders.read"]}
    answer = browser.post(_keys(world), data=form)
    assert answer.headers["Cache-Control"] == "no-store"
    [secret] = set(re.findall(r"etalase_[A-Za-z0-9_-]{43}", answer.text))
    caller = api_keys.find_caller(session, secret)
    assert caller is not None
    assert secret not in browser.get(_keys(world)).text
    assert "Gudang pusat" in browser.get(_keys(world)).text
    assert client.get("/api/v1/offers", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_a_key_without_a_scope_keeps_what_was_typed(sign_in: SignIn, session: Session, world: World) -> None:
    answer = sign_in(OUTLET_MANAGER).post(_keys(world), data={"name": "Gudang pusat", "buyer": _buyer_code(session, world)})
    assert answer.status_code == 422
    assert 'value="Gudang pusat"' in answer.text
    assert "Pilih setidaknya satu hal" in answer.text


def test_a_key_is_replaced_and_revoked(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(OUTLET_MANAGER)
    code = world.words["key"]
    assert "etalase_" in browser.post(f"{_keys(world)}/{code}/replace").text
    assert browser.post(f"{_keys(world)}/{code}/revoke").status_code == 303
    session.expire_all()
    assert session.scalars(select(ApiKey).where(ApiKey.code == code)).one().revoked_at is not None
    assert browser.post(f"{_keys(world)}/{code}/explode").status_code == 404


def test_an_address_inside_is_refused_by_its_form(sign_in: SignIn, world: World) -> None:
    browser = sign_in(OUTLET_MANAGER)
    for url in ("ftp://mart.example.com/", "https://10.0.0.1/", "mart.example.com"):
        answer = browser.post(_hooks(world), data={"url": url, "events": ["order.shipped"]})
        assert answer.status_code == 422
        assert f'value="{url}"' in answer.text


def test_an_address_is_added_tried_and_ended(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(OUTLET_MANAGER)
    answer = browser.post(_hooks(world), data={"url": "http://127.0.0.1:9/hook", "events": ["order.shipped", "invoice.issued"]})
    assert "whsec_" in answer.text
    hook = session.scalars(select(WebhookSubscription).where(WebhookSubscription.url.contains("127.0.0.1"))).one()
    page = f"{_hooks(world)}/{hook.code}"
    assert browser.post(f"{page}/ping").location == page
    assert session.scalars(select(WebhookDelivery.event).where(WebhookDelivery.subscription_id == hook.id)).all() == ["ping"]
    assert "Pesan percobaan" in browser.get(page).text
    assert browser.post(f"{page}/events", data={"events": ["stock.low"]}).status_code == 303
    assert "whsec_" in browser.post(f"{page}/secret").text
    assert browser.post(f"{page}/events").status_code == 409
    assert browser.post(f"{page}/end").location == _hooks(world)
    assert browser.get(page).status_code == 404


def test_everything_speaks_english_too(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(OUTLET_MANAGER)
    assert "Copy this now" in browser.post(f"/en{_keys(world)}/{world.words['key']}/replace").text
    assert "New address" in browser.get(f"/en{_hooks(world)}").text
    assert session.scalars(select(PartnerBuyer).limit(1)).first() is not None
