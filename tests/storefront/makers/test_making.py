"""A maker writes down in the portal how its lots were made: by account or by link, its own lots only."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.provenance.transformations import find_transformation
from tests.conftest import StatementCounter
from tests.make import make_batch, make_maker
from tests.make_stock import Goods, make_goods
from tests.storefront.makers.conftest import AsMaker, ByLink
from tests.storefront.office.test_making import form


@pytest.fixture
def goods(session: Session) -> Goods:
    return make_goods(session)


def maker_of(session: Session, goods: Goods) -> Maker:
    return session.get_one(Maker, goods.product.maker_id)


def address_of(session: Session, goods: Goods) -> str:
    return f"/makers-portal/{maker_of(session, goods).slug}/lots/{goods.product.slug}/{goods.batch.lot_code}"


def sent(goods: Goods, **changes: str) -> dict[str, str]:
    return form(made_on=f"{goods.batch.produced_on:%Y-%m-%d}", **changes)


@pytest.mark.parametrize("way", ["account", "link"])
def test_a_maker_writes_down_how_a_lot_was_made(session: Session, goods: Goods, as_maker: AsMaker, by_link: ByLink, way: str) -> None:
    maker = maker_of(session, goods)
    client = as_maker(maker) if way == "account" else by_link(maker)
    address = address_of(session, goods)
    assert "tidak dicatat" in client.get(f"/makers-portal/{maker.slug}/lots").text
    assert client.get(f"/en{address}").status_code == 200
    assert client.post(address, data=sent(goods)).status_code == 303
    found = find_transformation(session, goods.batch)
    assert found is not None
    assert (found.processed_by, found.inputs[0].supplier) == ("Rumah Olah Betung", "Kelompok Tani Maju")
    assert (found.recorded_by_id is None) == (way == "link")
    assert "Rumah Olah Betung" in client.get(f"/makers-portal/{maker.slug}/lots").text
    assert "Rumah Olah Betung" in client.get(f"/products/{goods.product.slug}/batches/{goods.batch.lot_code}").text
    assert client.post(address, data=sent(goods, processed_by="Dapur Ibu")).status_code == 303
    session.expire_all()
    again = find_transformation(session, goods.batch)
    assert again is not None
    assert (again.processed_by, again.corrects_id) == ("Dapur Ibu", found.id)


def test_what_was_typed_stays_when_it_is_refused(session: Session, goods: Goods, as_maker: AsMaker) -> None:
    client = as_maker(maker_of(session, goods))
    for name, text in {"row0-unit": "", "row0-origin_code": "Negeri Antah", "made_on": "2999-01-01", "processed_by": ""}.items():
        answer = client.post(address_of(session, goods), data=sent(goods) | {name: text})
        assert answer.status_code == 422, name
        assert "Kelompok Tani Maju" in answer.text
    assert find_transformation(session, goods.batch) is None


def test_lots_of_another_maker_are_not_there(session: Session, goods: Goods, as_maker: AsMaker, by_link: ByLink) -> None:
    other = make_maker(session)
    address = address_of(session, goods).replace(maker_of(session, goods).slug, other.slug)
    for client in (as_maker(other), by_link(other)):
        assert client.get(address).status_code == 404
        assert client.post(address, data=sent(goods)).status_code == 404
        assert client.post(address_of(session, goods), data=sent(goods)).status_code == 404
    assert find_transformation(session, goods.batch) is None


def test_many_lots_need_no_more_statements(session: Session, goods: Goods, as_maker: AsMaker, count_statements: StatementCounter) -> None:
    client, address = as_maker(maker_of(session, goods)), f"/makers-portal/{maker_of(session, goods).slug}/lots"
    client.get(address)
    with count_statements() as few:
        client.get(address)
    for number in range(8):
        make_batch(session, goods.product, lot_code=f"M-{number}")
    session.commit()
    with count_statements() as many:
        assert "M-7" in client.get(address).text
    assert len(many) == len(few)
