"""A buyer's own pages: samples from wish to verdict, saved searches with a letter for what is new, and the company's people and places."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import HalalState
from catalog.models.stock import Outlet
from kernel import clock
from kernel.outbox import OutboxMessage
from orders.models.partner import PartnerBranch, PartnerBuyer
from orders.models.sample import SampleRequest, SampleState, SavedSearch
from orders.wholesale import searches
from storefront.mail.sending import WRITERS
from storefront.wholesale_upkeep import look_at_searches
from tests.cast import OUTLET_MANAGER, RETAIL_BUYER, World
from tests.make import make_product
from tests.make_wholesale import make_offer
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database


def mails(session: Session, kind: str) -> list[OutboxMessage]:
    session.expire_all()
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)))


def test_a_sample_goes_from_wish_to_verdict(app: Flask, sign_in: SignIn, session: Session, world: World) -> None:
    buyer, office = sign_in(RETAIL_BUYER), sign_in(OUTLET_MANAGER)
    code = world.words["sample"]
    again = buyer.post(f"/wholesale/offers/{world.words['offer']}/sample", data={"branch": world.words["branch"], "units": "2"})
    assert again.status_code == 422
    assert "sudah dalam proses" in again.text
    assert code in office.get(f"/office/samples/{code}").text
    assert office.post(f"/office/samples/{code}", data={"act": "send"}).status_code == 422
    sent = {"act": "send", "carrier": "JNE", "tracking_number": "X1"}
    assert office.post(f"/office/samples/{code}", data=sent).status_code == 303
    assert "X1" in buyer.get(f"/wholesale/samples/{code}").text
    letter = mails(session, "mail.sample_answered")[0]
    with app.test_request_context():
        written = WRITERS[letter.kind](letter.payload)
    assert written is not None
    assert "JNE" in written.text
    assert buyer.post(f"/wholesale/samples/{code}/received").status_code == 303
    assert buyer.post(f"/wholesale/samples/{code}/verdict", data={"rating": "9"}).status_code == 422
    assert buyer.post(f"/wholesale/samples/{code}/verdict", data={"rating": "4", "feedback": "<b>Enak</b>"}).status_code == 303
    sample = session.scalars(select(SampleRequest).where(SampleRequest.code == code)).one()
    assert (sample.state, sample.rating) == (SampleState.RECEIVED, 4)
    assert "&lt;b&gt;Enak&lt;/b&gt;" in office.get(f"/office/samples/{code}").text


def test_a_declined_sample_says_why(sign_in: SignIn, session: Session, world: World) -> None:
    office, code = sign_in(OUTLET_MANAGER), world.words["sample"]
    assert office.post(f"/office/samples/{code}", data={"act": "decline"}).status_code == 422
    assert office.post(f"/office/samples/{code}", data={"act": "decline", "answer": "Stok habis."}).status_code == 303
    assert "Stok habis." in sign_in(RETAIL_BUYER).get(f"/wholesale/samples/{code}").text


def test_a_saved_search_writes_once_for_what_is_new(app: Flask, sign_in: SignIn, session: Session, world: World) -> None:
    buyer = sign_in(RETAIL_BUYER)
    assert buyer.post("/wholesale/searches/save", data={"name": "Besar", "query": "monthly=5000&page=7&evil=1"}).status_code == 303
    row = session.scalars(select(SavedSearch).where(SavedSearch.name == "Besar")).one()
    assert row.query == "monthly=5000"
    outlet = session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()
    product = make_product(session, halal_state=HalalState.NOT_APPLICABLE)
    make_offer(session, outlet, product.variants[0], monthly_quantity=9_000)
    session.commit()
    with time_machine.travel(clock.now() + searches.EVERY + timedelta(minutes=1)), app.app_context():
        assert look_at_searches() == 2  # for this search, and for the one of the world that asks for everything
        assert look_at_searches() == 0
    found = [mail for mail in mails(session, "mail.search_found") if mail.payload["search"] == "Besar"]
    assert len(found) == 1
    with app.test_request_context():
        letter = WRITERS["mail.search_found"](found[0].payload)
    assert letter is not None
    assert "monthly=5000" in letter.text
    assert "Rp" not in letter.text
    assert buyer.post(f"/wholesale/searches/{row.code}", data={"act": "remove"}).status_code == 303
    assert "Besar" not in buyer.get("/wholesale/searches").text


def test_an_approver_looks_after_places_and_people(sign_in: SignIn, session: Session, world: World) -> None:
    buyer = sign_in(RETAIL_BUYER)
    place = {"name": "Toko Betung", "address": "Jalan 3", "area_code": "16.12.04.2001"}
    assert buyer.post("/wholesale/company/branches/new", data=place | {"area_code": "Antah Berantah"}).status_code == 422
    assert buyer.post("/wholesale/company/branches/new", data=place).status_code == 303
    branch = session.scalars(select(PartnerBranch).where(PartnerBranch.name == "Toko Betung")).one()
    assert "Betung" in buyer.get(f"/wholesale/company/branches/{branch.code}").text
    assert buyer.post(f"/wholesale/company/branches/{branch.code}/close").status_code == 303
    colleague = world.words["colleague"]
    limits = {"order_limit": "2.000.000", "month_limit": ""}
    assert buyer.post(f"/wholesale/company/people/{colleague}", data=limits).status_code == 303
    assert "Rp2.000.000" in buyer.get("/wholesale/company").text
    new = {"name": "Rekan Baru", "email": "rekan@contoh.example.com"}
    assert buyer.post("/wholesale/company/people/new", data=new).status_code == 303
    assert buyer.post("/wholesale/company/people/new", data=new).status_code == 422
    assert buyer.post(f"/wholesale/company/people/{colleague}/remove").status_code == 303
    session.expire_all()
    assert session.scalar(select(PartnerBuyer.is_active).where(PartnerBuyer.order_limit == 2_000_000)) is False
