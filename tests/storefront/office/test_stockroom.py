"""Counts, transfers, pull-outs and lots through the office's pages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Batch, BatchState, Outlet, StockLevel
from kernel.people import Grant, Role
from orders.models.stockroom import CountLine, PullOut, PullOutState, StockCount, Transfer, TransferState
from tests.cast import ADMINISTRATOR, CASHIER, OUTLET_MANAGER, World
from tests.make import make_user
from tests.storefront.office.conftest import SignIn


def _level(session: Session) -> StockLevel:
    session.expire_all()
    return session.scalars(select(StockLevel).order_by(StockLevel.id)).first()  # type: ignore[return-value]


@pytest.fixture
def line(session: Session, world: World) -> CountLine:
    """The one line of the open count."""
    return session.scalars(select(CountLine).join(StockCount).where(StockCount.code == world.words["count"])).one()


def test_a_count_is_blind_explained_and_booked(sign_in: SignIn, session: Session, world: World, line: CountLine) -> None:
    cashier, manager = sign_in(CASHIER), sign_in(OUTLET_MANAGER)
    address = world.address("/en/office/counts/{count}")
    shown = cashier.get(address).text
    assert world.words["lot"] in shown
    assert ">20<" not in shown, "nothing says what the books think"
    assert cashier.post(address, data={f"line-{line.id}": "-3"}).status_code == 422
    refused = cashier.post(address, data={f"line-{line.id}": "delapan belas"})
    assert refused.status_code == 422
    assert 'value="delapan belas"' in refused.text
    assert cashier.post(address, data={f"line-{line.id}": "18"}).status_code == 303
    assert cashier.post(f"{address}/step", data={"step": "close"}).status_code == 303
    review = f"{address}/differences"
    assert "-2" in manager.get(review).text
    assert manager.post(review, data={"step": "book", f"reason-{line.id}": ""}).status_code == 422
    assert cashier.post(review, data={"step": "book", f"reason-{line.id}": "Hilang dua."}).status_code == 403
    assert manager.post(review, data={"step": "book", f"reason-{line.id}": "Hilang dua."}).status_code == 303
    assert _level(session).on_hand == 18
    assert manager.get(address).headers["Location"].endswith("/differences")


def test_a_large_difference_needs_somebody_who_did_not_count(sign_in: SignIn, session: Session, world: World, line: CountLine) -> None:
    outlet = session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()
    session.execute(StockCount.__table__.update().values(approval_above=10_000))  # type: ignore[attr-defined]
    world.people["second"] = make_user(session, Grant(Role.OUTLET_MANAGER, outlet_id=outlet.id))
    session.commit()
    manager, address = sign_in(OUTLET_MANAGER), world.address("/en/office/counts/{count}")
    manager.post(address, data={f"line-{line.id}": "10"})
    manager.post(f"{address}/step", data={"step": "close"})
    offered = 'name="step" value="book"'
    assert offered not in manager.get(f"{address}/differences").text
    assert offered in sign_in("second").get(f"{address}/differences").text
    reasons = {f"reason-{line.id}": "Salah catat lama.", "step": "book"}
    refused = manager.post(f"{address}/differences", data=reasons)
    assert refused.status_code == 422
    assert "second person" in refused.text
    assert sign_in("second").post(f"{address}/differences", data=reasons).status_code == 303
    assert _level(session).on_hand == 10


def test_a_blocked_lot_is_not_counted_and_the_page_says_why(sign_in: SignIn, session: Session, world: World, line: CountLine) -> None:
    manager = sign_in(OUTLET_MANAGER)
    lot = world.address("/en/office/batches/{product}/{lot}")
    assert manager.post(lot, data={"act": "recall", "reason": "Kemasan bocor."}).status_code == 303
    refused = manager.post(world.address("/en/office/counts/{count}"), data={f"line-{line.id}": "20"})
    assert refused.status_code == 422
    assert "Kemasan bocor." in refused.text


def test_a_lot_is_stopped_and_its_buyers_are_listed(sign_in: SignIn, session: Session, world: World) -> None:
    manager, lot = sign_in(OUTLET_MANAGER), world.address("/en/office/batches/{product}/{lot}")
    assert world.words["order"] in manager.get(lot).text
    assert manager.post(lot, data={"act": "release", "reason": "Tidak perlu."}).status_code == 422
    assert manager.post(lot, data={"act": "block", "reason": ""}).status_code == 422
    assert sign_in(CASHIER).post(lot, data={"act": "block", "reason": "Iseng saja."}).status_code == 403
    assert manager.post(lot, data={"act": "block", "reason": "Diperiksa dulu."}).status_code == 303
    assert session.scalars(select(Batch.state).where(Batch.lot_code == world.words["lot"])).one() is BatchState.BLOCKED
    assert "Diperiksa dulu." in manager.get(lot).text
    listed = manager.get("/en/office/batches?state=blocked").text
    assert world.words["lot"] in listed
    handed = sign_in(CASHIER).post(world.address("/en/office/orders/{order}/hand-over"), data={"code": world.words["order"], "cash": "y"})
    assert handed.status_code in (409, 422, 303)
    session.expire_all()
    assert _level(session).held == 1, "what is blocked does not leave the house"


def test_goods_go_to_another_outlet_and_come_back_when_called(sign_in: SignIn, session: Session, world: World) -> None:
    manager, page = sign_in(OUTLET_MANAGER), world.address("/en/office/transfers/{transfer}")
    level = _level(session)
    assert world.words["lot"] in manager.get(f"{page}?q={world.words['lot']}").text
    assert manager.post(f"{page}/lines", data={"level": str(level.id), "quantity": "50"}).status_code == 422
    assert manager.post(f"{page}/lines", data={"level": str(level.id), "quantity": "4"}).status_code == 303
    assert manager.post(f"{page}/step", data={"step": "send"}).status_code == 303
    assert _level(session).held == 5
    administrator = sign_in(ADMINISTRATOR)
    line = session.scalars(select(Transfer)).one()
    number = re.search(r'name="received-(\d+)"', administrator.get(page).text)
    assert number
    short = {f"received-{number[1]}": "3", f"reason-{number[1]}": ""}
    refused = administrator.post(f"{page}/receive", data=short)
    assert refused.status_code == 422
    assert f'aria-describedby="reason-{number[1]}-error"' in refused.text, "the refusal stands beside the reason that is missing"
    assert administrator.post(f"{page}/receive", data=short | {f"reason-{number[1]}": "Satu pecah."}).status_code == 303
    session.expire_all()
    assert session.get_one(Transfer, line.id).state is TransferState.RECEIVED
    assert _level(session).on_hand == 16


def test_a_pull_out_is_announced_and_done(sign_in: SignIn, session: Session, world: World) -> None:
    manager, page = sign_in(OUTLET_MANAGER), world.address("/en/office/pull-outs/{pull_out}")
    assert "wa.me" in manager.get(page).text
    name = re.search(r'name="(returned-\d+)"', manager.get(page).text)
    assert name
    assert manager.post(page, data={"step": "done", name[1]: "1", "handed_to": "", "cause": "expired"}).status_code == 422
    assert manager.post(page, data={"step": "done", name[1]: "9", "handed_to": "Ibu", "cause": "expired"}).status_code == 422
    assert manager.post(page, data={"step": "done", name[1]: "1", "handed_to": "Ibu Contoh", "cause": "expired"}).status_code == 303
    assert _level(session).on_hand == 19
    new = world.address("/en/office/stock/{outlet}/pull-outs/{maker}")
    units = re.search(r'name="(units-\d+)"', manager.get(new).text)
    assert units
    assert manager.post(new, data={"reason": "unsold", units[1]: "99"}).status_code == 422
    assert manager.post(new, data={"reason": "unsold", units[1]: "2"}).status_code == 303
    assert session.scalars(select(PullOut.state).order_by(PullOut.id)).all() == [PullOutState.DONE, PullOutState.ANNOUNCED]


def test_the_first_page_says_what_waits_in_the_stock_room(sign_in: SignIn, session: Session, world: World) -> None:
    manager = sign_in(OUTLET_MANAGER)
    shown = manager.get("/en/office/").text
    assert "deliveries to finish" in shown
    assert "stopped lots" not in shown
    manager.post(world.address("/office/batches/{product}/{lot}"), data={"act": "block", "reason": "Diperiksa dulu."})
    assert "stopped lots on the shelf" in manager.get("/en/office/").text
