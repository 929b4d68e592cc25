"""The administrator invites people, gives and withdraws roles, dismisses."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import accounts
from kernel.outbox import OutboxMessage
from kernel.people import Role, RoleGrant, User
from tests.cast import ADMINISTRATOR, CURATOR, CURATOR_ELSEWHERE, SHOPPER, World
from tests.storefront.office.conftest import SignIn


def _roles(session: Session, person: User) -> list[tuple[Role, str, int | None]]:
    session.expire_all()
    rows = session.scalars(select(RoleGrant).where(RoleGrant.user_id == person.id).order_by(RoleGrant.id))
    return [(row.role, row.area_prefix, row.outlet_id) for row in rows]


def test_a_colleague_is_invited_gets_a_role_and_signs_in(app: Flask, sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(ADMINISTRATOR)
    answer = browser.post("/office/people/new", data={"name": "Kasir Baru", "email": "Baru@Example.org", "language": "id"})
    assert answer.status_code == 303
    granted = browser.post(answer.headers["Location"], data={"role": "cashier", "outlet": world.words["outlet"], "area": "16.12"})
    assert granted.status_code == 303
    person = session.scalars(select(User).where(User.email == "baru@example.org")).one()
    role, area, outlet = _roles(session, person)[0]
    assert (role, area) == (Role.CASHIER, ""), "an area does not belong to a cashier"
    assert outlet is not None
    mail = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == accounts.MAIL_INVITATION)).one()
    newcomer = app.test_client()
    link = f"/account/new-password/{mail.payload['token']}"
    assert newcomer.post(link, data={"password": "kata sandi milikku"}).status_code == 303
    signed_in = newcomer.post("/account/sign-in", data={"email": "baru@example.org", "password": "kata sandi milikku"})
    assert signed_in.headers["Location"] == "/office/"


def test_a_role_needs_its_scope(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(ADMINISTRATOR), f"/office/people/{world.words['person']}/roles"
    for form in (
        {"role": "cashier"},
        {"role": "maker"},
        {"role": "king"},
        {"role": "curator", "area": "99.99"},
        {"role": "cashier", "outlet": "X"},
        {"role": "village_officer"},
        {"role": "mentor"},
    ):
        assert browser.post(address, data=form).status_code == 422, form
    assert browser.post(address, data={"role": "curator", "area": "16.12.04"}).status_code == 303
    assert _roles(session, world.people[SHOPPER]) == [(Role.CURATOR, "16.12.04", None)]
    assert browser.post(address, data={"role": "curator", "area": "16.12.04"}).status_code == 422, "twice is once"


def test_a_withdrawn_role_is_gone_at_once(sign_in: SignIn, session: Session, world: World) -> None:
    curator = sign_in(CURATOR)
    assert curator.get("/office/products").status_code == 200
    person = world.people[CURATOR]
    grant = session.scalars(select(RoleGrant.id).where(RoleGrant.user_id == person.id)).one()
    strange = session.scalars(select(RoleGrant.id).where(RoleGrant.user_id == world.people[CURATOR_ELSEWHERE].id)).one()
    browser, address = sign_in(ADMINISTRATOR), f"/office/people/{person.code}/roles/withdraw"
    for number in ("", "x", "-1", str(strange), "99999999"):
        assert browser.post(address, data={"grant": number}).status_code == 404, number
    assert browser.post(address, data={"grant": str(grant)}).status_code == 303
    assert curator.get("/office/products").status_code == 303
    assert _roles(session, person) == []


def test_a_dismissed_person_is_out_and_the_history_says_who_did_it(sign_in: SignIn, session: Session, world: World) -> None:
    curator, person = sign_in(CURATOR), world.people[CURATOR]
    browser, address = sign_in(ADMINISTRATOR), f"/office/people/{person.code}"
    assert person.name in browser.get(f"{address}/dismiss").text
    assert browser.post(f"{address}/dismiss").status_code == 303
    assert curator.get("/office/").status_code == 303
    page = browser.get(f"/en{address}").text
    assert "Person: dismissed" in page
    assert world.people[ADMINISTRATOR].name in page
    assert browser.post(f"{address}/readmit").status_code == 303


def test_an_administrator_cannot_dismiss_themselves(sign_in: SignIn, session: Session, world: World) -> None:
    me = world.people[ADMINISTRATOR]
    answer = sign_in(ADMINISTRATOR).post(f"/en/office/people/{me.code}/dismiss")
    assert answer.status_code == 422
    assert "You cannot dismiss yourself." in answer.text


def test_people_are_searched_and_narrowed_by_role(sign_in: SignIn, session: Session, world: World) -> None:
    browser, curator = sign_in(ADMINISTRATOR), world.people[CURATOR]
    assert curator.code in browser.get("/office/people", query_string={"q": curator.email}).text
    assert curator.code in browser.get("/office/people?role=curator").text
    assert curator.code not in browser.get("/office/people?role=cashier").text
    assert "Nobody found" in browser.get("/en/office/people?q=zzzz").text
