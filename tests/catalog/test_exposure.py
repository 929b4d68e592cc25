"""What was shown is counted without anybody, and what the home page features goes round."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import exposure
from catalog.models.collection import Exposure, ShownPlace
from catalog.models.product import ListingState
from catalog.queries.home import get_home_page
from kernel import clock
from kernel.people import SYSTEM, Role
from tests.make import BETUNG, KARANG_AGUNG, make_actor, make_maker, make_product
from tests.make_catalogue import make_photo
from tests.make_stock import make_goods, stock_up


def collect(session: Session, folder: Path) -> int:
    exposure.SPOOL.set_aside(folder)
    files = exposure.SPOOL.settled(folder, 0)
    return exposure.collect(session, files)


def test_cards_are_counted_per_day_and_place(session: Session, tmp_path: Path) -> None:
    first, second = make_product(session), make_product(session)
    exposure.note(tmp_path, ShownPlace.HOME, [first.id, second.id])
    exposure.note(tmp_path, ShownPlace.HOME, [first.id])
    exposure.note(tmp_path, ShownPlace.SEARCH, [second.id, 999_999])
    with (tmp_path / "shown.jsonl").open("a") as file:
        file.write('{"day": "nie", "place": "home", "ids": [1]}\nhalb')
    collect(session, tmp_path)
    exposure.note(tmp_path, ShownPlace.HOME, [first.id])
    for path in tmp_path.glob("shown.jsonl.*"):
        path.unlink()
    collect(session, tmp_path)
    rows = session.execute(select(Exposure.product_id, Exposure.place, Exposure.times)).all()
    home, search = ShownPlace.HOME, ShownPlace.SEARCH
    assert {tuple(row) for row in rows} == {(first.id, home, 3), (second.id, home, 1), (second.id, search, 1)}
    assert set(Exposure.__table__.columns.keys()) == {"id", "day_on", "product_id", "place", "times"}


def test_the_report_puts_who_was_shown_least_first_and_keeps_to_the_reach(session: Session, tmp_path: Path) -> None:
    one = make_product(session, maker=make_maker(session, village_code=KARANG_AGUNG), village_code=KARANG_AGUNG)
    other = make_product(session, maker=make_maker(session, village_code=BETUNG), village_code=BETUNG)
    exposure.note(tmp_path, ShownPlace.HOME, [one.id, one.id, other.id])
    exposure.note(tmp_path, ShownPlace.LIST, [one.id])
    collect(session, tmp_path)
    since = clock.today() - timedelta(days=6)
    rows = exposure.report_by_village(session, SYSTEM, since)
    assert [(row.key, row.products, row.home, row.found, row.total) for row in rows] == [(BETUNG, 1, 1, 0, 1), (KARANG_AGUNG, 1, 2, 1, 3)]
    near = make_actor(session, Role.CURATOR, area_prefix="16.12.01")
    assert exposure.report_by_maker(session, near, since) == []
    assert exposure.report_by_maker(session, SYSTEM, clock.today() + timedelta(days=1))[0].total == 0


def test_every_product_that_can_be_bought_is_featured_as_often(session: Session) -> None:
    goods = make_goods(session)
    products = [goods.product, *(make_product(session, popularity=number) for number in range(19))]
    for product in products:
        make_photo(session, product_id=product.id)
        if product is not goods.product:
            stock_up(session, product, goods.outlet, 5)
    seen: Counter[int] = Counter()
    for number in range(10):
        day = clock.today() + timedelta(days=number)
        chosen = exposure.choose_featured(session, day)
        assert exposure.choose_featured(session, day) == []
        page = get_home_page(session, "16.12", 2026, "id", day)
        assert [card.product_id for card in page.featured] == chosen
        seen.update(chosen)
    assert set(seen.values()) == {4}
    assert len(seen) == 20


def test_a_product_that_left_meanwhile_gives_its_place_to_a_spare(session: Session) -> None:
    goods = make_goods(session)
    products = [goods.product, *(make_product(session) for _number in range(9))]
    for product in products:
        make_photo(session, product_id=product.id)
        if product is not goods.product:
            stock_up(session, product, goods.outlet, 5)
    chosen = exposure.choose_featured(session, clock.today())
    goods.product.state = ListingState.WITHDRAWN
    session.flush()
    shown = [card.product_id for card in get_home_page(session, "16.12", 2026, "id", clock.today()).featured]
    assert chosen[0] == goods.product.id
    assert shown == [*chosen[1:], products[8].id]
