"""The page that closes an outlet: what is left as links, the question with its reason, and the way back."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from tests.cast import ADMINISTRATOR, OUTLET_MANAGER, World
from tests.make import make_outlet
from tests.make_stock import make_goods
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database


def test_an_outlet_in_use_lists_what_is_left_with_the_way_to_each(sign_in: SignIn, session: Session, world: World) -> None:
    code = world.words["outlet"]
    page = sign_in(OUTLET_MANAGER).get(f"/en/office/outlets/{code}/closing").text
    assert "What must end first" in page
    for address in (f"/en/office/stock/{code}", f"/en/office/agreements?outlet={code}", f"/en/office/orders?outlet={code}"):
        assert f'href="{address}"' in page
    assert f"/office/outlets/{code}/close" not in page
    answer = sign_in(ADMINISTRATOR).post(f"/en/office/outlets/{code}/close", data={"reason": "Lease ended"})
    assert answer.status_code == 422
    assert "something still goes on there" in answer.text
    assert session.scalars(select(Outlet.is_active).where(Outlet.code == code)).one()


def test_an_empty_outlet_is_closed_with_a_reason_and_opens_again(sign_in: SignIn, session: Session) -> None:
    code = make_outlet(session).code
    session.commit()
    browser = sign_in(ADMINISTRATOR)
    assert f"/en/office/outlets/{code}/closing" in browser.get(f"/en/office/outlets/{code}").text
    assert browser.post(f"/en/office/outlets/{code}/close", data={"reason": " "}).status_code == 422
    answer = browser.post(f"/en/office/outlets/{code}/close", data={"reason": "Lease ended"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/en/office/outlets/{code}/closing")
    listed = browser.get("/en/office/outlets").text
    assert listed.index("Closed outlets") < listed.rindex(f"/en/office/outlets/{code}")
    assert "Lease ended" in browser.get(f"/en/office/outlets/{code}").text
    assert "Open it again" in browser.get(f"/en/office/outlets/{code}/closing").text
    answer = browser.post(f"/en/office/outlets/{code}/reopen")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/en/office/outlets/{code}/place")


def test_goods_cannot_be_received_at_a_closed_outlet(sign_in: SignIn, session: Session) -> None:
    outlet, goods = make_outlet(session, is_active=False), make_goods(session, 1)
    session.commit()
    typed = {"quantity": "2", "lot": goods.batch.lot_code}
    answer = sign_in(ADMINISTRATOR).post(f"/en/office/stock/{outlet.code}/receive/{goods.variant.code}", data=typed)
    assert answer.status_code == 422
    assert "This outlet is closed." in answer.text
