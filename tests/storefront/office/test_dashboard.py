"""The first page shows each person the work that is theirs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.mentoring import visits
from catalog.mentoring.visits import VisitFacts
from catalog.models.product import ListingState, Product
from kernel import alarms, clock
from kernel.people import SYSTEM, Grant, Role
from orders import reconciling
from orders.gateways import PaymentMethod, ProviderFacts, ProviderState
from orders.reconciling import PaymentToAsk
from tests.cast import (
    ADMINISTRATOR,
    CASHIER,
    CURATOR,
    CURATOR_ELSEWHERE,
    MENTOR,
    OBSERVER,
    PROVINCE_OFFICER,
    VILLAGE_OFFICER,
    World,
)
from tests.conftest import StatementCounter
from tests.make import KARANG_AGUNG, PASSWORD, TALANG_BULANG, make_maker, make_user
from tests.make_reporting import make_period, make_report
from tests.storefront.office.conftest import SignIn


def test_each_sees_their_own_rooms(sign_in: SignIn, world: World) -> None:
    cashier, curator = sign_in(CASHIER).get("/en/office/").text, sign_in(CURATOR).get("/en/office/").text
    assert "/office/orders" in cashier
    assert "/office/products" not in cashier
    assert "/office/products" in curator
    assert "/office/orders" not in curator
    assert "/office/people" in sign_in(ADMINISTRATOR).get("/office/").text


def test_the_first_page_is_there_before_areas_are_imported(client: FlaskClient, session: Session) -> None:
    """A curator who was invited first is not told that there is no such page."""
    user = make_user(session, Grant(Role.CURATOR, area_prefix="16.12"))
    session.commit()
    client.post("/account/sign-in", data={"email": user.email, "password": PASSWORD})
    assert client.get("/office/").status_code == 200


def test_figures_stay_within_reach(sign_in: SignIn, session: Session, world: World) -> None:
    live = session.scalar(select(func.count()).where(Product.state == ListingState.LIVE))
    assert f"<strong>{live}</strong><span>live in the shop" in sign_in(CURATOR).get("/en/office/").text
    assert "<strong>0</strong><span>live in the shop" in sign_in(CURATOR_ELSEWHERE).get("/en/office/").text


def test_a_village_reads_how_its_report_stands_and_where_to_write_it(sign_in: SignIn, session: Session, world: World) -> None:
    page = sign_in(VILLAGE_OFFICER).get("/en/office/").text
    assert f'class="button" href="/en/office/reporting/reports/{world.words["draft_report"]}/write"' in page
    period = make_period(session)
    session.commit()
    page = sign_in(VILLAGE_OFFICER).get("/en/office/").text
    assert "Not reported" in page
    assert f'href="/en/office/reporting/periods/{period.code}/{KARANG_AGUNG}"' in page


def test_each_level_reads_which_reports_wait_for_it(sign_in: SignIn, session: Session, world: World) -> None:
    make_report(session)
    session.commit()
    for part, words in {CURATOR: "reports to check", PROVINCE_OFFICER: "reports to receive", OBSERVER: "reports with the regency"}.items():
        page = sign_in(part).get("/en/office/").text
        assert words in page, part
        assert "/office/reporting/list?" in page, part
        assert "Write the report" not in page, part


def test_a_mentor_reads_where_to_go_next(sign_in: SignIn, session: Session, world: World) -> None:
    maker = make_maker(session, village_code=TALANG_BULANG)
    day = clock.today()
    facts = VisitFacts(token="n" * 20, visited_on=day - timedelta(days=3), seen="Rapi.", next_on=day - timedelta(days=1))
    visits.record_visit(session, SYSTEM, maker, facts)
    session.commit()
    page = sign_in(MENTOR).get("/en/office/").text
    assert f'href="/en/office/mentoring/visits/new?maker={maker.slug}"' in page
    assert "missed" in page
    for part in (OBSERVER, VILLAGE_OFFICER, CURATOR):
        assert "/mentoring/visits/new?maker=" not in sign_in(part).get("/en/office/").text, part


def test_what_partners_wait_for_stands_on_the_first_page_within_reach(sign_in: SignIn, world: World) -> None:
    page = sign_in(CURATOR).get("/en/office/").text
    assert "<strong>1</strong><span>applications to decide" in page
    assert "/office/partners/?state=applied" in page
    assert "applications to decide" not in sign_in(CURATOR_ELSEWHERE).get("/en/office/").text
    assert "applications to decide" not in sign_in(CASHIER).get("/en/office/").text


def test_the_first_page_asks_the_database_little(sign_in: SignIn, world: World, count_statements: StatementCounter) -> None:
    browser = sign_in(ADMINISTRATOR)
    with count_statements() as statements:
        browser.get("/office/")
    assert len(statements) == 38


def test_how_books_differ_is_said_in_the_readers_language(sign_in: SignIn, session: Session, world: World) -> None:
    ours = PaymentToAsk(1, PaymentMethod.STRIPE, "cs_1", "ABCD2345", 25_000)
    facts = [ProviderFacts("cs_1", state, 20_000, "IDR", "ABCD2345", 1, None) for state in ProviderState]
    found = [each for theirs in facts if (each := reconciling.difference(ours, theirs))] + [reconciling.no_answer(ours)]
    alarms.sound(session, "books", "for the operator", lines=[asdict(each) for each in found])
    browser = sign_in(ADMINISTRATOR)
    indonesian, english = browser.get("/office/").text, browser.get("/en/office/").text
    assert indonesian.count("Pesanan ABCD2345: ") == english.count("Order ABCD2345: ") == len(found) == len(ProviderState) + 1
    assert "kita mencatat Rp25.000, penyedia menerima Rp20.000 (cs_1)" in indonesian
    assert indonesian.count('href="/office/orders/ABCD2345"') == len(found)
    assert "for the operator" not in indonesian
    assert "we booked" not in indonesian
