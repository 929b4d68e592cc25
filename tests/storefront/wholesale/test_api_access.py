"""A partner's API access: its approvers keep keys and addresses, other buyers and rivals do not."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from orders.models.partner import Partner
from orders.wholesale import api_keys
from tests.cast import RETAIL_BUYER, RIVAL_BUYER, World, browser_of
from tests.make_wholesale import make_buyer


def test_an_approver_makes_a_key_that_works(app: Flask, session: Session, world: World) -> None:
    browser = browser_of(app, session, world, RETAIL_BUYER)
    person = world.people[RETAIL_BUYER].code
    answer = browser.post("/wholesale/company/keys", data={"name": "Gudang", "buyer": person, "scopes": ["catalogue"]})
    [secret] = set(re.findall(r"etalase_[A-Za-z0-9_-]{43}", answer.text))
    assert api_keys.find_caller(session, secret) is not None
    assert answer.headers["Cache-Control"] == "private, no-store"
    page = browser.get("/wholesale/company/keys").text
    assert secret not in page
    assert "/api/v1/feeds/" in page


def test_other_buyers_do_not_keep_keys(app: Flask, session: Session, world: World) -> None:
    partner = session.scalars(select(Partner).where(Partner.code == world.words["partner"])).one()
    world.people["clerk"] = make_buyer(session, partner, is_approver=False)
    session.commit()
    clerk = browser_of(app, session, world, "clerk")
    for address in ("/wholesale/company/keys", "/wholesale/company/webhooks"):
        assert clerk.get(address).status_code == 403
    assert "/wholesale/company/keys" not in clerk.get("/wholesale/company").text


def test_a_rival_finds_neither_key_nor_address(app: Flask, session: Session, world: World) -> None:
    rival = browser_of(app, session, world, RIVAL_BUYER)
    assert rival.get(f"/wholesale/company/webhooks/{world.words['webhook']}").status_code == 404
    assert rival.post(f"/wholesale/company/keys/{world.words['key']}/revoke").status_code == 404
    assert world.words["webhook"] not in rival.get("/wholesale/company/webhooks").text
