"""A paper runs out at midnight: page, facet, search, label and every channel agree to the second, though nothing ran meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalog import channels, labels
from catalog.channel_rules import RequirementFacts, add_requirement
from catalog.channels import may_be_on
from catalog.models.certificate import CertificateKind
from catalog.models.channel import Channel, GoodsGroup
from catalog.models.product import HalalState, Product
from catalog.search.database_engine import DatabaseEngine
from catalog.search.engine import SearchEngine
from catalog.search.request import SearchRequest
from catalog.search.source import iterate_documents
from catalog.search.whoosh_engine import WhooshEngine
from kernel import clock
from kernel.people import SYSTEM
from tests.make_catalogue import make_certificate
from tests.make_stock import make_goods

LAST = date(2026, 11, 30)
#: The last second of the 30th in Pendopo, and the one after it.
BEFORE, AFTER = datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC), datetime(2026, 11, 30, 17, 0, 0, tzinfo=UTC)
NUMBER = "2061612010001-26"


@pytest.fixture
def goods(session: Session) -> tuple[str, str]:
    """The product's slug and its variant's code."""
    with time_machine.travel(BEFORE - timedelta(days=9), tick=False):
        made = make_goods(session, price=12_000, name_id="Keripik ubi kencur", halal_state=HalalState.CERTIFIED)
        make_certificate(session, product_id=made.product.id, number=NUMBER, valid_from_on=date(2021, 12, 1), valid_until_on=LAST)
        make_certificate(
            session, maker_id=made.product.maker_id, kind=CertificateKind.HALAL, number="ID16110000123450123", valid_until_on=LAST
        )
        session.commit()
        return made.product.slug, made.variant.code


@pytest.fixture
def index(session: Session, goods: tuple[str, str], tmp_path: Path) -> Iterator[WhooshEngine]:
    """An index of nine days ago that nobody brought up to date since."""
    engine = WhooshEngine(tmp_path / "index")
    with time_machine.travel(BEFORE - timedelta(days=9), tick=False):
        engine.rebuild(iterate_documents(session))
    return engine


def said_at(moment: datetime, session: Session, client: FlaskClient, index: SearchEngine, slug: str) -> dict[str, bool]:
    """Where the permit is claimed, and where the product stands."""
    with time_machine.travel(moment, tick=False):
        session.expire_all()
        product = session.scalars(select(Product).where(Product.slug == slug).options(selectinload(Product.variants))).one()
        today = clock.today()
        page = client.get(f"/products/{slug}").text
        said = {
            "page": NUMBER in page,
            "halal on the page": "ID16110000123450123" in page,
            "list page": "Keripik" in client.get("/products?certificate=pirt").text,
        }
        for name, engine in (("index", index), ("database", DatabaseEngine(session))):
            found = engine.search(SearchRequest(certificate="pirt"))
            facet = {value.value: value.count for value in engine.search(SearchRequest()).facets["certificate"]}
            said[f"{name}: filter"] = found.total == 1
            said[f"{name}: facet"] = facet.get("pirt", 0) == 1
            said[f"{name}: word and filter"] = engine.search(SearchRequest("keripik", certificate="halal")).total == 1
        (label,) = labels.read_labels(session, [labels.Wanted(product.variants[0].id, "", None, 1)], today)
        said |= {"label": label.permit == f"P-IRT {NUMBER}", "halal on the label": label.is_halal}
        for channel in (Channel.WHOLESALE, Channel.FEEDS, Channel.MARKETPLACES):
            allowed = session.scalar(select(Product.id).where(Product.id == product.id, may_be_on(channel, today))) is not None
            said[channel.value] = allowed
            assert allowed is not bool(channels.list_lacking_of(session, [product], channel, today)[product.id])
    return said


def test_everything_agrees_in_the_last_second_and_in_the_first(
    session: Session, client: FlaskClient, goods: tuple[str, str], index: WhooshEngine
) -> None:
    slug, _ = goods
    assert all(said_at(BEFORE - timedelta(days=1), session, client, index, slug).values())
    last_second, first_second = (said_at(moment, session, client, index, slug) for moment in (BEFORE, AFTER))
    assert last_second == dict.fromkeys(last_second, True)
    assert first_second == dict.fromkeys(first_second, False)
    assert not any(said_at(AFTER + timedelta(days=1), session, client, index, slug).values())


def test_a_web_shop_that_requires_the_permit_shows_the_product_through_its_last_day(
    session: Session, client: FlaskClient, goods: tuple[str, str], tmp_path: Path
) -> None:
    facts = RequirementFacts(channel=Channel.WEB, goods=GoodsGroup.FOOD, kinds=[CertificateKind.PIRT], starts_on=date(2026, 1, 1))
    add_requirement(session, SYSTEM, facts)
    session.commit()
    engine = WhooshEngine(tmp_path / "index")
    with time_machine.travel(BEFORE - timedelta(days=9), tick=False):
        engine.rebuild(iterate_documents(session))
    slug, code = goods
    for moment, is_there in ((BEFORE, True), (AFTER, False)):
        with time_machine.travel(moment, tick=False):
            assert (client.get(f"/products/{slug}").status_code == 200) is is_there
            assert ("Keripik" in client.get("/products").text) is is_there
            assert (f"/products/{slug}" in client.get("/sitemaps/products-0.xml").text) is is_there
            for each in (engine, DatabaseEngine(session)):
                assert each.search(SearchRequest()).total == is_there
                assert each.search(SearchRequest("keripik")).total == is_there
            answer = client.post("/cart/lines", data={"variant": code, "quantity": "1"})
            assert answer.location.endswith("/cart") is is_there
