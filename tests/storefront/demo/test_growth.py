"""A grown catalogue: as large as asked, the same each time, going on where it stopped, with books that balance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.certificate_numbers import normalise_number
from catalog.gtin import is_internal_number
from catalog.mapping.focus import get_focus
from catalog.mapping.villages import measure_progress
from catalog.models.certificate import Certificate
from catalog.models.maker import Maker, MakerKind
from catalog.models.mapping import PotentialProduct
from catalog.models.product import Category, Product, Variant
from catalog.models.reporting import ReportPeriod, ReportVersion, VillageReport
from catalog.models.stock import StockMovement
from catalog.reporting.content import digest_of
from catalog.stock_balances import check_balances
from kernel.people import SYSTEM, Permission
from storefront.demo import growth
from storefront.demo.programme_growth import grow_programme
from storefront.demo.stories import load_stories
from tests.make import make_areas, make_category, make_maker, make_outlet


class Field:
    """A prepared database, and a place to grow in."""

    def __init__(self, session: Session) -> None:
        self.session = session
        make_areas(session)
        for shelf in load_stories().shelves:
            make_category(session, shelf.slug, name_id=shelf.name_id, name_en=shelf.name_en)
        make_outlet(session)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        yield self.session
        self.session.flush()

    def grow(self, wanted: int) -> int:
        return growth.grow(self.transaction, wanted, lambda _steps: None)

    def slugs(self) -> list[str]:
        return list(self.session.scalars(select(Product.slug).order_by(Product.id)))


@pytest.fixture
def field(session: Session) -> Field:
    return Field(session)


def test_five_hundred_products_stand_on_the_shelves(session: Session, field: Field) -> None:
    assert field.grow(500) == 500
    assert session.scalar(select(func.count()).select_from(Product)) == 500
    assert session.scalar(select(func.count()).select_from(Maker)) == 167
    assert 500 < (session.scalar(select(func.count()).select_from(Variant)) or 0) < 1_000
    assert check_balances(session) == []
    assert session.scalar(select(func.count()).select_from(StockMovement))
    assert all(is_internal_number(number or "") for number in session.scalars(select(Variant.internal_number)))
    for paper in session.scalars(select(Certificate)):
        assert normalise_number(paper.kind, paper.number) == paper.number


def test_growing_goes_on_where_it_stopped_and_stops_at_the_number(session: Session, field: Field) -> None:
    assert field.grow(100) == 100
    assert field.grow(160) == 60
    assert field.grow(160) == 0
    slugs = field.slugs()
    assert len(set(slugs)) == 160
    assert session.scalar(select(func.count()).select_from(Maker)) == 54
    assert growth.count_grown(session) == 160


def test_the_same_number_is_the_same_product(field: Field, session: Session) -> None:
    field.grow(30)
    soil = growth.prepare_soil(session)
    harvest = growth.Harvest(dict.fromkeys(growth._ORDER, 1))
    growth._grow_product(harvest, soil, 17, 1)
    assert harvest.rows[Product][0]["slug"] == field.slugs()[17]


def test_people_can_go_on_working_beside_what_was_grown(session: Session, field: Field) -> None:
    field.grow(20)
    maker = make_maker(session, kind=MakerKind.GROUP)
    assert session.scalar(select(func.max(Maker.id))) == maker.id


def test_without_shelves_nothing_grows(session: Session) -> None:
    make_areas(session)
    assert session.scalar(select(func.count()).select_from(Category)) == 0
    with pytest.raises(growth.NotReady):
        growth.prepare_soil(session)


def test_a_province_grows_its_own_range_with_its_programme_and_goes_on_where_it_stopped(session: Session, field: Field) -> None:
    assert field.grow(6) == 6
    assert growth.grow(field.transaction, 9, lambda _steps: None, "16") == 9
    assert growth.grow(field.transaction, 12, lambda _steps: None, "16") == 3
    codes = list(session.scalars(select(Variant.code).order_by(Variant.code)))
    assert len({code[:8] for code in codes}) == 6 + 12
    assert (growth.count_grown(session), growth.count_grown(session, "16"), growth.count_grown(session, "53")) == (6, 12, 0)
    assert grow_programme(field.transaction, "16", 2026, lambda _title, _total: lambda _steps: None) == 4
    assert grow_programme(field.transaction, "16", 2026, lambda _title, _total: lambda _steps: None) == 0
    focus = get_focus(session, SYSTEM, Permission.VIEW_PROGRAMME, "16", "16", "id")
    [regency] = measure_progress(session, focus, 2026, "id")
    assert regency.mapped == session.scalar(select(func.count()).select_from(PotentialProduct))
    reports = list(session.scalars(select(VillageReport)))
    versions = {version.report_id: version for version in session.scalars(select(ReportVersion))}
    assert {report.digest for report in reports} == {version.digest for version in versions.values()}
    period = session.scalars(select(ReportPeriod)).one()
    for report in reports:
        assert report.digest == digest_of(period.code, report.village_code, "village", 1, versions[report.id].content)
