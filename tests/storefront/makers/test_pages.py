"""The portal's pages: what a maker reads there, in few statements, in both languages, and what stands there when there is nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from catalog.curation import checking
from catalog.curation.states import CurationState
from catalog.mentoring import items, visits
from catalog.mentoring.items import ItemFacts
from catalog.mentoring.visits import VisitFacts
from catalog.models.certificate import CertificateKind
from catalog.models.maker import Maker
from catalog.models.mentoring import ItemOwner
from catalog.models.product import Product, Variant
from catalog.models.stock import MovementKind, StockLevel, StockMovement
from kernel import clock
from kernel.people import SYSTEM
from orders.consignment import statements
from orders.models.agreement import Agreement
from storefront.makers.home import first_day
from tests.conftest import StatementCounter
from tests.make import make_maker, make_outlet, make_product
from tests.make_catalogue import make_certificate
from tests.make_consignment import day, make_agreement, make_consigned, sell
from tests.make_curation import make_panel, make_submission
from tests.storefront.makers.conftest import AsMaker, ByLink

PAGES = (
    "",
    "/sales",
    "/stock",
    "/lots",
    "/products",
    "/statements",
    "/payouts",
    "/accounts",
    "/deliveries",
    "/deliveries/new",
    "/pull-outs",
    "/pull-outs/new",
)


def maker_of(session: Session, agreement: Agreement) -> Maker:
    return session.get_one(Maker, agreement.maker_id)


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_new_maker_finds_a_calm_page_everywhere(session: Session, as_maker: AsMaker, page: str, prefix: str) -> None:
    maker = make_maker(session)
    answer = as_maker(maker).get(f"{prefix}/makers-portal/{maker.slug}{page}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<h1>" in answer.text


def test_home_tells_what_sold_what_is_owed_and_what_expires(session: Session, as_maker: AsMaker) -> None:
    agreement = make_agreement(session)
    goods = make_consigned(session, agreement, 10, best_before_on=day(20))
    sell(session, goods, quantity=2)
    session.commit()
    text = as_maker(maker_of(session, agreement)).get(f"/makers-portal/{maker_of(session, agreement).slug}").text
    assert "2 buah laku seharga Rp50.000" in text
    assert text.count("Rp42.500") >= 3  # today, this month, owed
    assert f"kode {goods.batch.lot_code}" in text
    assert "Ambil paling lambat" in text
    assert goods.outlet.name in text
    in_english = as_maker(maker_of(session, agreement)).get(f"/en/makers-portal/{maker_of(session, agreement).slug}").text
    assert "2 pieces sold for Rp50.000" in in_english


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 12, 1), date(2026, 11, 1)),
        (date(2027, 1, 5), date(2026, 12, 1)),
        (date(2026, 12, 6), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2026, 12, 1)),
    ],
)
def test_sales_are_told_of_the_last_month_too_while_the_new_one_is_young(today: date, first: date) -> None:
    assert first_day(today) == first


def test_home_tells_what_the_maker_can_do(session: Session, as_maker: AsMaker, by_link: ByLink) -> None:
    maker = make_maker(session)
    product = make_product(session, maker=maker)
    visit, _new = visits.record_visit(session, SYSTEM, maker, VisitFacts(token="t" * 20, visited_on=day(-3), seen="Rapi."))
    for owner, text in ((ItemOwner.MAKER, "Cetak label baru"), (ItemOwner.MENTOR, "Bawa contoh kemasan")):
        items.add_item(session, SYSTEM, maker, ItemFacts(owner=owner, due_on=day(-1), text=text), visit=visit)
    make_certificate(session, product_id=product.id, kind=CertificateKind.PIRT, valid_from_on=day(-300), valid_until_on=day(20))
    make_certificate(
        session, product_id=make_product(session).id, kind=CertificateKind.HALAL, valid_from_on=day(-300), valid_until_on=day(20)
    )
    session.commit()
    for client in (as_maker(maker), by_link(maker)):
        text = client.get(f"/makers-portal/{maker.slug}").text
        assert "Cetak label baru" in text
        assert "disepakati saat kunjungan" in text
        assert "terlambat" in text
        assert f"Perpanjang P-IRT: {product.name_id}" in text
        assert "Bawa contoh kemasan" not in text
        assert "Halal" not in text


def test_products_tell_what_was_returned_and_why(session: Session, as_maker: AsMaker, by_link: ByLink) -> None:
    panel = make_panel(session)
    submission = make_submission(session, panel, CurationState.DESK_CHECK)
    checking.return_for_changes(session, panel.curator, submission, "Foto label kurang jelas.")
    maker = session.get_one(Maker, session.get_one(Product, submission.product_id).maker_id)
    session.commit()
    address = f"/makers-portal/{maker.slug}/products"
    for client, is_by_link in ((as_maker(maker), False), (by_link(maker), True)):
        text = client.get(address).text
        assert "Dikembalikan dengan catatan" in text
        assert "Foto label kurang jelas." in text
        assert (f"/office/proposals/{submission.code}" in text) is not is_by_link
    other = make_maker(session)
    assert submission.title not in as_maker(other).get(f"/makers-portal/{other.slug}/products").text


def test_money_tells_what_was_agreed(session: Session, as_maker: AsMaker) -> None:
    agreement = make_agreement(session)
    session.commit()
    text = as_maker(maker_of(session, agreement)).get(f"/en/makers-portal/{maker_of(session, agreement).slug}/payouts").text
    assert "The outlet keeps 15% of the selling price." in text
    assert "It is settled every month." in text
    assert "14 days before best before" in text


def test_sales_are_told_by_day_and_by_product(session: Session, as_maker: AsMaker) -> None:
    agreement = make_agreement(session)
    goods = make_consigned(session, agreement, 10)
    sell(session, goods, quantity=3)
    client, slug = as_maker(maker_of(session, agreement)), maker_of(session, agreement).slug
    text = client.get(f"/makers-portal/{slug}/sales").text
    assert goods.product.name_id in text
    assert text.count("Rp63.750") == 3  # all, the day, the product
    earlier = client.get(f"/makers-portal/{slug}/sales?month=2025-01").text
    assert "Belum ada yang laku bulan ini" in earlier
    assert client.get(f"/makers-portal/{slug}/sales?month=nonsense").status_code == 200


def test_stock_is_told_by_outlet(session: Session, as_maker: AsMaker) -> None:
    agreement = make_agreement(session)
    maker = maker_of(session, agreement)
    elsewhere = make_agreement(session, make_outlet(session), maker=maker)
    here, there = make_consigned(session, agreement), make_consigned(session, elsewhere)
    client = as_maker(maker)
    assert {here.batch.lot_code, there.batch.lot_code} <= set(
        client.get(f"/makers-portal/{maker.slug}/stock").text.replace("<", " ").split()
    )
    only = client.get(f"/makers-portal/{maker.slug}/stock?at={elsewhere.code}").text
    assert f"kode {there.batch.lot_code}" in only
    assert f"kode {here.batch.lot_code}" not in only


def test_a_statement_is_read_on_the_page_on_paper_and_in_a_table(
    session: Session, as_maker: AsMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = make_agreement(session)
    goods = make_consigned(session, agreement, 10)
    sell(session, goods, quantity=2)
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    closed = statements.close_statement(session, SYSTEM, agreement.id, day(-1))
    client, slug = as_maker(maker_of(session, agreement)), maker_of(session, agreement).slug
    assert closed.code in client.get(f"/makers-portal/{slug}/statements").text
    page = client.get(f"/makers-portal/{slug}/statements/{closed.code}").text
    assert "empat puluh dua ribu lima ratus rupiah" in page.lower()
    assert "https://wa.me/?text=" in page
    assert client.get(f"/makers-portal/{slug}/statements/{closed.code}/statement.pdf").data.startswith(b"%PDF")
    table = client.get(f"/makers-portal/{slug}/statements/{closed.code}/statement.csv").text
    assert goods.variant.code in table


@pytest.mark.one_database
def test_no_page_takes_more_than_ten_statements_with_ten_thousand_packs(
    session: Session, as_maker: AsMaker, by_link: ByLink, count_statements: StatementCounter
) -> None:
    agreement = make_agreement(session)
    goods = make_consigned(session, agreement, 10, best_before_on=day(20))
    sell(session, goods, quantity=2)
    _multiply(session, goods.variant, goods.level)
    maker = maker_of(session, agreement)
    for client in (as_maker(maker), by_link(maker)):
        for page in PAGES:
            with count_statements() as sent:
                assert client.get(f"/makers-portal/{maker.slug}{page}").status_code == 200, page
            assert len(sent) <= 10, (page, sent)


def _multiply(session: Session, variant: Variant, level: StockLevel, count: int = 10_000) -> None:
    """Ten thousand packs of the product, one unit of each on the shelf."""
    columns = {column.name: getattr(variant, column.name) for column in Variant.__table__.columns if column.name != "id"}
    numbers = {"gtin": None, "internal_number": None}
    session.execute(insert(Variant), [columns | numbers | {"code": f"W{number:06d}", "position": number} for number in range(count)])
    ids = session.scalars(Variant.__table__.select().with_only_columns(Variant.id).where(Variant.code.like("W0%"))).all()
    shelf = {"outlet_id": level.outlet_id, "batch_id": level.batch_id, "agreement_id": level.agreement_id, "on_hand": 1, "held": 0}
    session.execute(insert(StockLevel), [shelf | {"variant_id": variant_id} for variant_id in ids])
    levels = StockLevel.__table__.select().with_only_columns(StockLevel.id).where(StockLevel.variant_id.in_(select_ids(variant)))
    kind = {"kind": MovementKind.RECEIVED, "on_hand_change": 1, "held_change": 0, "reference": "", "reason": "", "at": clock.now()}
    session.execute(insert(StockMovement), [kind | {"level_id": level_id} for level_id in session.scalars(levels)])
    session.commit()


def select_ids(variant: Variant) -> object:
    return (
        Variant.__table__.select().with_only_columns(Variant.id).where(Variant.product_id == variant.product_id, Variant.code.like("W0%"))
    )
