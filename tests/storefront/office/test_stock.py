"""The shelf of an outlet: what arrives, what is counted, what has moved."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, LossCause, MovementKind, StockLevel, StockMovement
from kernel import clock
from tests.cast import ADMINISTRATOR, CASHIER, CASHIER_ELSEWHERE, OUTLET_MANAGER, World
from tests.storefront.office.conftest import SignIn


def _levels(session: Session, world: World) -> list[tuple[int, int]]:
    """What stands of the world's goods, at any outlet: nothing may turn up on another shelf either."""
    session.expire_all()
    own = select(StockLevel).join(Variant, Variant.id == StockLevel.variant_id).where(Variant.code == world.words["variant"])
    return [(level.on_hand, level.held) for level in session.scalars(own.order_by(StockLevel.id))]


def test_one_outlet_opens_its_shelf_at_once_and_several_are_listed(sign_in: SignIn, world: World) -> None:
    assert sign_in(CASHIER).get("/office/stock").headers["Location"] == f"/office/stock/{world.words['outlet']}"
    listed = sign_in(ADMINISTRATOR).get("/office/stock")
    assert world.words["outlet"] in listed.text
    assert world.words["outlet"] not in sign_in(CASHIER_ELSEWHERE).get("/office/stock").headers["Location"]


def test_goods_are_received_into_a_known_and_into_a_new_lot(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(OUTLET_MANAGER)
    search = browser.get(f"/office/stock/{world.words['outlet']}/receive?q={world.words['variant']}")
    assert search.status_code == 302
    address = search.headers["Location"]
    known = {"lot": world.words["lot"], "quantity": "5", "reference": "SJ-12"}
    assert browser.post(address, data=known).status_code == 303
    assert _levels(session, world) == [(20, 1), (5, 0)], "the maker's own goods stand apart from the outlet's of the same lot"
    new = {"lot": "new", "lot_code": "a-7", "best_before_on": "31/12/2027", "quantity": "3"}
    assert browser.post(address, data=new).status_code == 303
    assert _levels(session, world) == [(20, 1), (5, 0), (3, 0)]
    assert session.scalars(select(Batch.lot_code).order_by(Batch.id.desc())).first() == "A-7"
    shown = browser.get(f"/office/stock/{world.words['outlet']}/movements").text
    assert "SJ-12" in shown


@pytest.mark.parametrize("quantity", ["-1", "0", "1.5", "1e9", "NaN", "５", "", "100001"])
def test_an_impossible_quantity_is_refused_and_kept(sign_in: SignIn, session: Session, world: World, quantity: str) -> None:
    address = f"/office/stock/{world.words['outlet']}/receive/{world.words['variant']}"
    answer = sign_in(OUTLET_MANAGER).post(address, data={"lot": "new", "lot_code": "B-8", "quantity": quantity})
    assert answer.status_code == 422
    assert 'value="B-8"' in answer.text
    assert _levels(session, world) == [(20, 1)]
    assert session.scalar(select(Batch.id).where(Batch.lot_code == "B-8")) is None, "no lot is left behind"


def test_goods_past_their_date_or_blocked_do_not_come_onto_the_shelf(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(OUTLET_MANAGER), f"/en/office/stock/{world.words['outlet']}/receive/{world.words['variant']}"
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    short = {
        "produced_on": (clock.today() - timedelta(days=60)).isoformat(),
        "best_before_on": (clock.today() + timedelta(days=5)).isoformat(),
    }
    for dates in ({"best_before_on": yesterday}, short):
        answer = browser.post(address, data={"lot": "new", "lot_code": "B-9", "quantity": "3"} | dates)
        assert answer.status_code == 422
        assert 'value="B-9"' in answer.text
    browser.post(world.address("/en/office/batches/{product}/{lot}"), data={"act": "block", "reason": "Diperiksa dulu."})
    refused = browser.post(address, data={"lot": world.words["lot"], "quantity": "3"})
    assert refused.status_code == 422
    assert "Diperiksa dulu." in refused.text
    assert _levels(session, world) == [(20, 1)]


def test_a_count_needs_a_reason_and_respects_what_is_promised(sign_in: SignIn, session: Session, world: World) -> None:
    words = world.words
    browser, address = sign_in(OUTLET_MANAGER), f"/office/stock/{words['outlet']}/correct/{words['variant']}/{words['lot']}"
    assert browser.post(address, data={"counted": "18", "kind": "corrected", "reason": ""}).status_code == 422
    assert browser.post(address, data={"counted": "0", "kind": "corrected", "reason": "Rak kosong."}).status_code == 422, "one is promised"
    assert browser.post(address, data={"counted": "18", "kind": "sold", "reason": "Curang."}).status_code == 422
    assert browser.post(address, data={"counted": "18", "kind": "damaged", "reason": "Dua kemasan sobek."}).status_code == 303
    assert _levels(session, world) == [(18, 1)]
    last = session.scalars(select(StockMovement).order_by(StockMovement.id.desc())).first()
    assert last is not None
    assert (last.kind, last.cause, last.reason, last.actor_id) == (
        MovementKind.WRITTEN_OFF,
        LossCause.DAMAGED,
        "Dua kemasan sobek.",
        world.people[OUTLET_MANAGER].id,
    )


def test_a_cashier_sees_the_shelf_but_no_buttons(sign_in: SignIn, world: World) -> None:
    page = sign_in(CASHIER).get(f"/en/office/stock/{world.words['outlet']}").text
    assert world.words["lot"] in page
    assert "Receive goods" not in page
    assert "/correct/" not in page


def test_the_shelf_is_narrowed(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(CASHIER), f"/en/office/stock/{world.words['outlet']}"
    for query, found in (
        ("", True),
        ("?show=scarce", False),
        ("?show=expired", False),
        (f"?q={world.words['lot']}", True),
        ("?q=zzz", False),
    ):
        page = browser.get(address + query).text
        assert (f">{world.words['lot']}<" in page) is found, query
    own = select(Batch).join(Product, Product.id == Batch.product_id).where(Product.slug == world.words["product"])
    lot = session.scalars(own).one()
    assert lot.best_before_on is not None
    with time_machine.travel(clock.now() + (lot.best_before_on - clock.today()) + timedelta(days=1)):
        page = sign_in(CASHIER).get(f"{address}?show=expired").text
    assert f">{lot.lot_code}<" in page
    assert "past its date" in page


def test_a_movement_names_the_paper_it_belongs_to_and_leads_there(sign_in: SignIn, session: Session, world: World) -> None:
    level = session.scalars(select(StockLevel).join(Variant).where(Variant.code == world.words["variant"])).first()
    assert level is not None
    delivery, outlet = world.words["delivery"], world.words["outlet"]
    leads = {
        "order:AAAA2222": ("Order AAAA2222", "/en/office/orders/AAAA2222"),
        "refund:AAAA2222-R1": ("Refund AAAA2222-R1", "/en/office/refunds/AAAA2222-R1"),
        f"delivery:{delivery}": (f"Delivery {delivery}", f"/en/office/deliveries/{delivery}"),
        "count:CCCC2222": ("Count CCCC2222", "/en/office/counts/CCCC2222"),
        "pull_out:PPPP2222": ("Pull-out PPPP2222", "/en/office/pull-outs/PPPP2222"),
        "transfer:TTTT2222": ("Transfer TTTT2222", "/en/office/transfers/TTTT2222"),
        "receipt:RRRR2222": ("Partner&#39;s order RRRR2222", "/en/office/wholesale/orders/RRRR2222"),
        "lease:DDDD2222": ("Units kept for a till", f"/en/office/tills/{outlet}"),
    }
    plain = {"credit:NK-1": "Credit note NK-1", "delivery:SJ-12": "Delivery note SJ-12"}
    references = [*leads, *plain, "delivery", ""]
    level.on_hand += len(references)
    for reference in references:
        session.add(StockMovement(level_id=level.id, kind=MovementKind.RECEIVED, on_hand_change=1, reference=reference, at=clock.now()))
    session.commit()
    shown = sign_in(OUTLET_MANAGER).get(f"/en/office/stock/{outlet}/movements").text
    for words, address in leads.values():
        assert f'<a href="{address}">{words}</a>' in shown
    for words in plain.values():
        assert words in shown
    for raw in ("refund:", "pull_out:", "lease:", "receipt:", "delivery:"):
        assert raw not in shown
    read_by_cashier = sign_in(CASHIER).get(f"/en/office/stock/{outlet}/movements").text
    assert "/en/office/wholesale/orders/RRRR2222" not in read_by_cashier
    assert "Partner&#39;s order RRRR2222" in read_by_cashier
