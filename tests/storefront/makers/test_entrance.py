"""Coming into the portal: by role, by link, and what a tampered, replaced, expired or ended link shows; another maker is not there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.stock import Outlet
from kernel import accounts, audit, clock, links
from kernel.errors import NotAllowed
from kernel.people import SYSTEM, Grant, Role
from orders.consignment import statements
from orders.models.agreement import Agreement
from orders.models.maker_link import MakerLink
from orders.portal import links as maker_links
from orders.stockroom import deliveries
from tests.make import make_actor, make_maker, make_user
from tests.make_consignment import day, make_agreement, make_consigned, sell
from tests.storefront.makers.conftest import SECRET, AsMaker, ByLink, token_of

OWN = (
    "",
    "/sales",
    "/stock",
    "/products",
    "/statements",
    "/payouts",
    "/accounts",
    "/deliveries",
    "/deliveries/new",
    "/pull-outs",
    "/pull-outs/new",
)


def make_books(session: Session) -> tuple[Maker, Agreement, str]:
    """A maker with goods that sold, an agreement, and the code of a closed statement."""
    agreement = make_agreement(session)
    sell(session, make_consigned(session, agreement, 10))
    closed = statements.close_statement(session, SYSTEM, agreement.id, day(-1))
    session.commit()
    return session.get_one(Maker, agreement.maker_id), agreement, closed.code


def test_a_person_of_one_maker_goes_straight_home(session: Session, as_maker: AsMaker) -> None:
    maker = make_maker(session)
    assert as_maker(maker).get("/makers-portal/").location == f"/makers-portal/{maker.slug}"


def test_a_person_of_several_makers_chooses(session: Session, as_maker: AsMaker) -> None:
    first, second, third = make_maker(session), make_maker(session), make_maker(session)
    client = as_maker(first, second)
    text = client.get("/makers-portal/").text
    assert first.name in text
    assert second.name in text
    assert third.name not in text
    assert client.get(f"/makers-portal/{second.slug}").status_code == 200
    assert client.get(f"/makers-portal/{third.slug}").status_code == 404


def test_a_guest_is_asked_to_sign_in_and_a_stranger_is_refused(
    app: Flask, session: Session, client: FlaskClient, as_maker: AsMaker
) -> None:
    maker = make_maker(session)
    session.commit()
    assert client.get(f"/makers-portal/{maker.slug}").location.startswith("/account/sign-in?next=")
    assert as_maker().get(f"/makers-portal/{maker.slug}").status_code == 403


def test_a_maker_role_without_a_maker_opens_nothing(session: Session, as_maker: AsMaker, app: Flask) -> None:
    maker = make_maker(session)
    actor = make_user(session, Grant(Role.MAKER))
    token = accounts.open_session(session, actor, "tests")
    session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert client.get(f"/makers-portal/{maker.slug}").status_code == 403


@pytest.mark.parametrize("page", OWN)
def test_a_link_opens_the_pages_of_its_maker_and_of_no_other(session: Session, by_link: ByLink, page: str) -> None:
    maker, other = make_maker(session), make_maker(session)
    client = by_link(maker)
    assert client.get(f"/makers-portal/{maker.slug}{page}").status_code == 200
    assert client.get(f"/makers-portal/{other.slug}{page}").status_code == 404


def test_a_link_opens_nothing_but_the_portal(session: Session, by_link: ByLink) -> None:
    client = by_link(make_maker(session))
    assert client.get("/account/orders").location.startswith("/account/sign-in")
    assert client.get("/office/").location.startswith("/account/sign-in")


@pytest.mark.parametrize("way", ["role", "link"])
def test_papers_of_another_maker_are_not_there_under_the_own_address(
    session: Session, as_maker: AsMaker, by_link: ByLink, way: str
) -> None:
    _theirs, agreement, code = make_books(session)
    delivery = deliveries.announce_delivery(
        session, SYSTEM, session.get_one(Outlet, agreement.outlet_id), _theirs, expected_on=clock.today() + timedelta(days=1)
    )
    mine, _agreement, own_code = make_books(session)
    client = as_maker(mine) if way == "role" else by_link(mine)
    root = f"/makers-portal/{mine.slug}"
    assert client.get(f"{root}/statements/{own_code}").status_code == 200
    for path in (
        f"/statements/{code}",
        f"/statements/{code}/statement.pdf",
        f"/statements/{code}/statement.csv",
        f"/deliveries/{delivery.code}",
        f"/accounts/{agreement.code}",
        f"/stock?at={agreement.code}",
        f"/pull-outs/new?at={agreement.code}",
    ):
        assert client.get(root + path).status_code == 404, path
    assert client.post(f"{root}/deliveries/{delivery.code}", data={"name": "Siapa"}).status_code == 404
    form = {"bank": "Bank Contoh", "number": "1234567890", "holder": "Siapa"}
    assert client.post(f"{root}/accounts/{agreement.code}", data=form).status_code == 404


def test_figures_of_another_maker_stand_on_no_page(session: Session, by_link: ByLink) -> None:
    theirs, agreement, code = make_books(session)
    mine, _agreement, _code = make_books(session)
    client = by_link(mine)
    for page in OWN:
        text = client.get(f"/makers-portal/{mine.slug}{page}").text
        assert code not in text
        assert agreement.code not in text
        assert theirs.name not in text


def test_a_tampered_link_shows_a_calm_page(session: Session, client: FlaskClient) -> None:
    first, second = make_maker(session), make_maker(session)
    good, other = (token_of(maker_links.create_link(session, SYSTEM, maker)) for maker in (first, second))
    session.commit()
    claim, _dot, rest = good.partition(".")
    other_claim, _dot, other_rest = other.partition(".")
    made_up = links.sign("somebody else's secret, long enough to use", "maker", second.slug)
    for token in (
        f"{other_claim}.{rest}",
        f"{claim}.{other_rest}",
        good[:-5] + ("A" if good[-5] != "A" else "B") + good[-4:],
        made_up,
        "x",
        "a.b.c",
        "." * 500,
    ):
        answer = client.get(f"/makers-portal/link/{token}")
        assert answer.status_code == 410, token
        assert "Tautan ini tidak berlaku lagi" in answer.text
        assert first.name not in answer.text
    assert client.get(f"/makers-portal/{second.slug}").status_code == 303


def test_a_link_for_a_delivery_is_no_link_into_the_portal(session: Session, client: FlaskClient) -> None:
    maker = make_maker(session)
    link = maker_links.create_link(session, SYSTEM, maker)
    session.commit()
    token = links.sign(SECRET, "delivery", maker.slug, binding=link.key)
    assert client.get(f"/makers-portal/link/{token}").status_code == 410


def test_a_new_link_ends_the_old_one_also_where_it_is_open(session: Session, by_link: ByLink, client: FlaskClient) -> None:
    maker = make_maker(session)
    old = by_link(maker)
    assert old.get(f"/makers-portal/{maker.slug}").status_code == 200
    token = token_of(maker_links.create_link(session, SYSTEM, maker))
    session.commit()
    answer = old.get(f"/makers-portal/{maker.slug}")
    assert answer.status_code == 410
    assert "Tautan ini tidak berlaku lagi" in answer.text
    assert old.get(f"/makers-portal/{maker.slug}").status_code == 303  # the browser has forgotten it
    assert client.get(f"/makers-portal/link/{token}").status_code == 303


def test_a_link_dies_after_seven_days_and_by_hand(session: Session, by_link: ByLink) -> None:
    maker = make_maker(session)
    client = by_link(maker)
    link = session.scalars(select(MakerLink).where(MakerLink.maker_id == maker.id)).one()
    token = token_of(maker_links.create_link(session, SYSTEM, maker))
    session.refresh(link)
    assert timedelta(days=6, hours=23) < link.expires_at - clock.now() <= timedelta(days=7)
    link.expires_at = clock.now()
    session.commit()
    assert client.get(f"/makers-portal/link/{token}").status_code == 410
    second = by_link(maker)
    maker_links.end_link(session, SYSTEM, maker)
    session.commit()
    assert second.get(f"/makers-portal/{maker.slug}/payouts").status_code == 410


def test_nobody_away_from_the_makers_area_makes_or_ends_a_link(session: Session) -> None:
    maker = make_maker(session)
    for role, scope in ((Role.CURATOR, {"area_prefix": "16.01"}), (Role.OUTLET_MANAGER, {}), (Role.SHOPPER, {})):
        actor = make_actor(session, role, **scope)
        with pytest.raises(NotAllowed):
            maker_links.create_link(session, actor, maker)
        with pytest.raises(NotAllowed):
            maker_links.end_link(session, actor, maker)


def test_making_and_ending_a_link_is_in_the_audit_without_the_link(session: Session) -> None:
    maker, curator = make_maker(session), make_actor(session, Role.CURATOR, area_prefix="16.12")
    link = maker_links.create_link(session, curator, maker)
    maker_links.end_link(session, curator, maker)
    entries = audit.list_for(session, f"maker:{maker.slug}")
    assert {entry.action for entry in entries} == {"maker_link.created", "maker_link.ended"}
    assert all(link.key not in str(entry.details) for entry in entries)


def test_leaving_closes_the_portal_in_this_browser(session: Session, by_link: ByLink) -> None:
    maker = make_maker(session)
    client = by_link(maker)
    assert client.post("/makers-portal/leave").status_code == 303
    assert client.get(f"/makers-portal/{maker.slug}").status_code == 303


def test_a_signed_in_maker_may_open_a_second_makers_link_and_gets_that_one_only(session: Session, as_maker: AsMaker) -> None:
    mine, linked, other = make_maker(session), make_maker(session), make_maker(session)
    client = as_maker(mine)
    token = token_of(maker_links.create_link(session, SYSTEM, linked))
    session.commit()
    client.get(f"/makers-portal/link/{token}")
    assert client.get(f"/makers-portal/{mine.slug}").status_code == 200
    assert client.get(f"/makers-portal/{linked.slug}").status_code == 200
    assert client.get(f"/makers-portal/{other.slug}").status_code == 404
