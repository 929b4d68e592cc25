"""A4: a record of another outlet, area, person or link reads as if it did not exist, whatever the address and the method."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import accounts
from kernel.ids import make_token
from kernel.people import Grant, Permission, Role
from orders import refunds
from orders.models.order import OrderLine
from orders.refund_states import RefundReason, RefundWay
from storefront.routing import Reach, access_table
from tests.abuse.conftest import Fingerprint
from tests.cast import (
    ADMINISTRATOR,
    CASHIER_ELSEWHERE,
    CURATOR,
    GUEST,
    OUTLET_MANAGER,
    SHOPPER,
    VILLAGE_ELSEWHERE,
    World,
    browser_of,
)
from tests.house.permission_table import TABLE
from tests.make import make_maker, make_outlet, make_product, make_user
from tests.make_orders import pay, place
from tests.make_stock import make_goods

AWAY = {
    "cashier of another outlet": Role.CASHIER,
    "lead of another outlet": Role.OUTLET_MANAGER,
    "curator of another regency": Role.CURATOR,
    "administrator of another regency": Role.ADMINISTRATOR,
}
#: A regency that has no part in any record, also not as the other end of a transfer.
FAR = "11.01"
METHODS = ("GET", "POST")
#: A seller may offer the goods of any village at its own outlet; the form says nothing that the shop does not say. Categories belong to no
#: regency: whoever publishes products anywhere may name them.
OPEN_TO_ALL = ("/office/offers/new/{variant}", "/office/categories/{category}", "/office/categories/{category}/remove")
#: Addresses of things that the world's records do not have: nobody finds them.
ABSENT = (
    "/office/mapping/evidence/{evidence}",
    "/office/curation/{submission}/gates/nib.jpg",
    "/office/curation/{scored}/score/1/1.jpg",
    "/office/curation/{submission}/letter",
    "/office/mentoring/visits/{visit}/photos/{visit_photo}",
    "/office/mentoring/items/{item}/evidence",
    "/office/mentoring/makers/{maker}/dossier/dossier.pdf",
    "/office/certificates/{certificate}/scan",
    "/office/orders/{order}/parcels/1",
    "/office/deliveries/{delivery}/photos/none.jpg",
    "/office/offers/mixes/{outlet}/none",
    "/office/payouts/{batch}/1/proof.jpg",
    "/office/partners/{applied}/papers/none",
    "/office/partners/{applied}/papers/none/check",
)


@pytest.fixture
def refunded(session: Session, world: World) -> World:
    """The world whose order is paid and has a refund that waits for a second person."""
    outlet = session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()
    order = pay(session, place(session, make_goods(session, 5, outlet=outlet), quantity=2))
    line_id = session.scalars(select(OrderLine.id).where(OrderLine.order_id == order.id)).one()
    cashier = accounts.as_actor(world.people["cashier"])
    made = refunds.request_refund(
        session, cashier, order.id, {line_id: (1, True)}, RefundReason.DAMAGED, RefundWay.PROVIDER, make_token(), approval_above=0
    )
    session.commit()
    assert made.code == f"{order.code}-R1"
    return replace(world, words=world.words | {"order": order.code, "token": order.token})


def _stranger(session: Session, world: World, who: str) -> World:
    """The world with the stranger among its people."""
    role = AWAY[who]
    if role in (Role.CASHIER, Role.OUTLET_MANAGER):
        grant = Grant(role, outlet_id=make_outlet(session, area_code=VILLAGE_ELSEWHERE).id)
    else:
        grant = Grant(role, area_prefix=FAR)
    person = make_user(session, grant)
    session.commit()
    return replace(world, people=world.people | {who: person})


def _record_routes(app: Flask) -> list[tuple[str, str]]:
    """(method, address pattern) of every office route that names a record."""
    access = access_table(app)
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    return [
        (method, row.address)
        for endpoint, row in TABLE.items()
        if isinstance(access.get(endpoint), Permission) and endpoint.startswith("office.") and "{" in row.address.partition("?")[0]
        for method in METHODS
        if method in (rules[endpoint].methods or ())
    ]


@pytest.mark.parametrize("who", [pytest.param(who, marks=[] if "curator" in who else pytest.mark.one_database) for who in AWAY])
def test_a4_staff_from_elsewhere_find_none_of_our_records(
    app: Flask, session: Session, refunded: World, who: str, fingerprint: Fingerprint
) -> None:
    """A4: orders, PDFs, refunds, settlements, stock, makers, products, people: 404 (or 403 where the role has no such page)."""
    world = _stranger(session, refunded, who)
    browser = browser_of(app, session, world, who)
    before = fingerprint()
    routes = _record_routes(app)
    assert len(routes) > 60
    seen = []
    for method, pattern in routes:
        answer = browser.open(world.address(pattern), method=method)
        if answer.status_code not in (403, 404) and pattern not in OPEN_TO_ALL:
            seen.append(f"{method} {pattern}: {answer.status_code}")
        answer.close()
    assert seen == [], "\n".join(seen)
    assert fingerprint() == before


@pytest.mark.one_database
def test_a4_the_same_addresses_are_there_for_those_they_belong_to(app: Flask, session: Session, refunded: World) -> None:
    """A4, the control: the addresses above are real."""
    browser = browser_of(app, session, refunded, ADMINISTRATOR)
    missing = []
    for method, pattern in _record_routes(app):
        if method == "GET" and pattern not in ABSENT:
            answer = browser.get(refunded.address(pattern))
            if answer.status_code not in (200, 302, 303, 409, 422):  # 409: found, but nothing to print yet
                missing.append(f"{pattern}: {answer.status_code}")
            answer.close()
    assert missing == [], "\n".join(missing)


def _wrong_tokens(token: str) -> list[str]:
    """Near misses of a link, and what people type into addresses."""
    return [
        make_token(),
        token[:-1],
        token + "a",
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token.swapcase(),
        token[::-1],
        "%25",
        "_" * len(token),
        "' OR 1=1 --",
        "1",
        "0",
        "null",
        token.replace(token[3], "%00", 1),
    ]


@pytest.mark.parametrize("part", [GUEST, SHOPPER, CASHIER_ELSEWHERE])
def test_a4_only_the_exact_link_opens_an_order_and_its_papers(
    app: Flask, session: Session, refunded: World, part: str, fingerprint: Fingerprint
) -> None:
    """A4: 192-bit links; whoever has not this one finds neither page nor PDF nor act."""
    browser = browser_of(app, session, refunded, part)
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    routes = [endpoint for endpoint, row in TABLE.items() if "{token}" in row.address and access_table(app).get(endpoint) is Reach.LINK]
    assert len(routes) >= 6
    before = fingerprint()
    opened = []
    for endpoint in routes:
        for token in _wrong_tokens(refunded.words["token"]):
            address = TABLE[endpoint].address.format(**refunded.words | {"token": token})
            for method in METHODS:
                if method in (rules[endpoint].methods or ()):
                    answer = browser.open(address, method=method)
                    # 400: PostgreSQL holds no text with the sign NUL in it, and the page says so.
                    if answer.status_code not in (404, 405) and not (answer.status_code == 400 and "%00" in token):
                        opened.append(f"{method} {address}: {answer.status_code}")
                    answer.close()
    assert opened == []
    assert fingerprint() == before


def test_a4_an_order_is_not_found_by_its_code_or_number(client: FlaskClient, refunded: World) -> None:
    """A4: the code that people read aloud and the row's key open nothing without the link."""
    for guess in (refunded.words["order"], "1", "2", refunded.words["order"].lower()):
        for page in ("", "/confirmation.pdf", "/receipt.pdf"):
            assert client.get(f"/orders/{guess}{page}").status_code == 404


@pytest.mark.parametrize(
    ("part", "address"),
    [
        (CURATOR, "/office/products/{product}/variants/{other_variant}"),
        (CURATOR, "/office/products/{other_product}/variants/{variant}"),
        (CURATOR, "/office/products/{other_product}/photos/{photo}"),
        (CURATOR, "/office/makers/{other_maker}/photos/{photo}"),
        (OUTLET_MANAGER, "/office/stock/{outlet}/correct/{other_variant}/{lot}"),
        (OUTLET_MANAGER, "/office/stock/{other_outlet}/correct/{variant}/{lot}"),
        (OUTLET_MANAGER, "/office/stock/{other_outlet}"),
        (OUTLET_MANAGER, "/office/outlets/{other_outlet}"),
        (OUTLET_MANAGER, "/office/orders/{order}/payments/2/confirm"),
        (OUTLET_MANAGER, "/office/refunds/{order}-R2"),
        (ADMINISTRATOR, "/office/settlements/{token}"),
    ],
)
def test_a4_a_right_that_reaches_one_part_of_an_address_opens_no_other(
    app: Flask, session: Session, refunded: World, part: str, address: str
) -> None:
    """A4: parts of an address that do not belong together are nothing."""
    other_outlet = make_outlet(session, area_code=VILLAGE_ELSEWHERE)
    other = make_product(session)
    other_maker = make_maker(session)
    session.commit()
    words = refunded.words | {
        "other_outlet": other_outlet.code,
        "other_product": other.slug,
        "other_variant": other.variants[0].code,
        "other_maker": other_maker.slug,
    }
    browser = browser_of(app, session, refunded, part)
    assert browser.get(address.format(**words)).status_code == 404
    assert browser.post(address.format(**words)).status_code in (404, 405)


def test_a4_nobody_sees_or_ends_what_is_another_persons(app: Flask, session: Session, refunded: World) -> None:
    """A4: orders and devices of an account are its own."""
    stranger = make_user(session)
    handle = accounts.open_session(session, stranger, "tests")
    session.commit()
    row = accounts.list_sessions(session, stranger.id)[0]
    browser = browser_of(app, session, refunded, SHOPPER)
    assert browser.post("/account/devices/end", data={"device": accounts.handle_of(row)}).status_code == 404
    assert accounts.find_user_by_token(session, handle) is not None
    assert refunded.words["order"] not in browser.get("/account/orders").text, "a guest's order belongs to no account"


def test_a4_a_withdrawn_role_must_be_the_named_persons(app: Flask, session: Session, world: World) -> None:
    """A4: a grant's number counts only on its owner's page."""
    victim = world.people["cashier"]
    browser = browser_of(app, session, world, ADMINISTRATOR)
    answer = browser.post(f"/office/people/{world.people[SHOPPER].code}/roles/withdraw", data={"grant": str(victim.grants[0].id)})
    assert answer.status_code == 404
    session.expire_all()
    session.refresh(victim, ["grants"])
    assert len(victim.grants) == 1
