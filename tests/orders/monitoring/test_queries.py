"""A dashboard's figures: each fact once, the same on every level, and equal to the reports on sales."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from catalog.mapping.focus import get_focus
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.collection import Exposure, ShownPlace
from catalog.models.mentoring import Visit
from catalog.models.product import ListingState
from catalog.models.programme import ProgrammeStatus
from catalog.models.stock import MovementKind
from kernel import clock
from kernel.people import SYSTEM, Permission
from orders.models.order import Channel
from orders.monitoring.figures import AreaFigures, add_up
from orders.monitoring.queries import bucket_sales, measure_areas
from orders.monitoring.spans import Span
from orders.reports import sales
from orders.reports.period import Period
from orders.reports.scope import Scope, list_report_outlets
from tests.conftest import StatementCounter
from tests.make import BETUNG, KARANG_AGUNG, TALANG_BULANG, make_maker, make_outlet, make_product, make_programme_record
from tests.make_consignment import change, make_agreement, make_consigned, sell
from tests.make_stock import make_goods


def this_month() -> Span:
    today = clock.today()
    return Span(Period(today - timedelta(days=29), today), Period(today - timedelta(days=59), today - timedelta(days=30)))


def measure(session: Session, code: str = "16.12") -> list[AreaFigures]:
    focus = get_focus(session, SYSTEM, Permission.VIEW_PROGRAMME, code, "16.12", "id")
    return measure_areas(session, focus, this_month(), 2026, "id")


def whole(session: Session, code: str) -> AreaFigures:
    return add_up("", "", measure(session, code))


def past() -> dict[str, date]:
    """A lot that was good until yesterday."""
    return {"produced_on": clock.today() - timedelta(days=20), "best_before_on": clock.today() - timedelta(days=1)}


def trade(session: Session) -> None:
    """Two makers of Abab and one of Talang Ubi sell, one of them from the outlet's own goods; something expires."""
    outlet = make_outlet(session)
    chips = make_consigned(session, make_agreement(session, outlet, maker=make_maker(session, village_code=KARANG_AGUNG)), 20, price=10_000)
    flour = make_goods(session, 20, outlet=outlet, price=20_000, maker=make_maker(session, village_code=BETUNG))
    jam = make_consigned(session, make_agreement(session, outlet, maker=make_maker(session, village_code=TALANG_BULANG)), 20, price=30_000)
    for goods in (chips, flour, jam):
        sell(session, goods, quantity=2)
    sell(session, chips)
    stale = make_consigned(session, make_agreement(session, outlet, maker=make_maker(session)), 5, price=5_000, **past())
    change(session, stale, -2, MovementKind.WRITTEN_OFF)
    make_maker(session, village_code=BETUNG)


def test_figures_are_those_of_the_reports_and_add_up_on_every_level(session: Session) -> None:
    trade(session)
    span = this_month()
    scope = Scope(list_report_outlets(session, SYSTEM), span.now, span.before)
    regency = {part.code: part for part in measure(session)}
    assert sum(part.now.gross for part in regency.values()) == sales.sum_sales(session, scope).now.gross == 30_000 + 40_000 + 60_000
    abab = regency["16.12.04"]
    assert (abab.name, abab.now.gross, abab.now.units, abab.now.active_makers, abab.makers) == ("Abab", 70_000, 5, 2, 4)
    assert (abab.now.expired, abab.before.gross) == (10_000, 0)
    assert abab.now.sales == {Channel.WEB: 70_000, Channel.COUNTER: 0, Channel.WHOLESALE: 0}
    villages = {part.code: part for part in measure(session, "16.12.04")}
    assert (villages[KARANG_AGUNG].now.gross, villages[BETUNG].now.gross) == (30_000, 40_000)
    assert [part.code for part in measure(session, BETUNG)] == [BETUNG]
    for code in ("16", "16.12"):
        total = whole(session, code)
        assert (total.now.gross, total.now.active_makers, total.makers) == (130_000, 3, 5)
    focus = get_focus(session, SYSTEM, Permission.VIEW_PROGRAMME, "16.12.04", "16.12", "id")
    assert sum(bucket_sales(session, focus, span).values()) == 70_000


def test_a_product_is_certified_by_its_own_or_its_makers_valid_paper_once(session: Session) -> None:
    maker, today = make_maker(session), clock.today()
    product, other = make_product(session, maker=maker), make_product(session)
    make_product(session, state=ListingState.DRAFT, published_at=None)

    def paper(ends_on: date | None, **owner: int) -> None:
        kind = {"kind": CertificateKind.HALAL, "number": "ID1", "issuer": "BPJPH", "created_at": clock.now()}
        session.add(Certificate(valid_from_on=today - timedelta(days=9), valid_until_on=ends_on, **kind, **owner))
        session.flush()

    paper(today - timedelta(days=1), product_id=other.id)
    assert whole(session, "16.12").certified == 0
    paper(today, product_id=product.id)
    paper(None, maker_id=maker.id)
    total = whole(session, "16.12")
    assert (total.certified, total.live, total.products[ListingState.DRAFT], total.certified_percent) == (1, 2, 1, 50)


def test_visits_exposure_and_standing_are_counted_where_they_belong(session: Session) -> None:
    make_programme_record(session, BETUNG, status=ProgrammeStatus.SELECTED, product_name_id="Mocaf")
    product, today = make_product(session), clock.today()
    for number, day in enumerate((today, today - timedelta(days=29), today - timedelta(days=30), today - timedelta(days=60))):
        session.add(Visit(token=f"t{number}", village_code=BETUNG, visited_on=day, seen="Ramai.", created_at=clock.now()))
        session.add(Exposure(day_on=day, product_id=product.id, place=ShownPlace.HOME, times=3))
    session.add(Exposure(day_on=today, product_id=product.id, place=ShownPlace.SEARCH, times=4))
    session.flush()
    [abab] = [part for part in measure(session) if part.code == "16.12.04"]
    assert (abab.now.visits, abab.before.visits) == (2, 1)
    assert (abab.now.shown_home, abab.now.shown_found, abab.before.shown) == (6, 4, 3)
    assert (abab.mapped, abab.village_count, abab.villages[ProgrammeStatus.SELECTED]) == (1, 2, 1)


def test_statements_do_not_grow_with_what_there_is(session: Session, count_statements: StatementCounter) -> None:
    make_product(session)
    with count_statements() as few:
        measure(session)
    trade(session)
    with count_statements() as many:
        measure(session)
    assert len(few) == len(many) <= 13
