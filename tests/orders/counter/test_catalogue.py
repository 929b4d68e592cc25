"""The snapshot for a till: exact differences, few statements, small at two thousand variants (U30)."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.product import ListingState, Price
from catalog.models.stock import BatchState
from kernel import clock
from kernel.people import SYSTEM
from orders.counter import catalogue
from orders.counter.catalogue import BUCKETS, read_catalogue
from tests.conftest import StatementCounter
from tests.make import make_batch, make_outlet, make_product, make_variant
from tests.make_counter import Tablet, make_device, make_till
from tests.make_stock import Goods, make_goods


@pytest.fixture
def goods(session: Session) -> Goods:
    return make_goods(session, 10)


@pytest.fixture
def tablet(session: Session, goods: Goods) -> Tablet:
    return make_device(session, make_till(session, goods.outlet))


def variants(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["code"]: each for bucket in found["buckets"].values() for each in bucket["variants"]}


def digests(found: dict[str, Any]) -> dict[str, str]:
    return {name: bucket["digest"] for name, bucket in found["buckets"].items()}


def price_of(session: Session, goods: Goods) -> Price:
    return session.query(Price).filter_by(variant_id=goods.variant.id).one()


def test_a_new_device_gets_everything_that_can_be_sold(session: Session, goods: Goods, tablet: Tablet) -> None:
    found = read_catalogue(session, tablet.device, {})
    (variant,) = [each for each in variants(found).values() if each["code"] == goods.variant.code]
    assert (variant["price"], variant["name_id"], variant["numbers"]) == (25_000, goods.product.name_id, _numbers(goods))
    assert [(lot["lot"], lot["free"], lot["is_stopped"]) for lot in variant["lots"]] == [(goods.batch.lot_code, 10, False)]
    assert found["outlet"]["code"] == goods.outlet.code
    assert tablet.cashier.code in {each["code"] for each in found["staff"]}
    assert found["gone"] == []
    json.dumps(found)


def _numbers(goods: Goods) -> list[str]:
    return [number for number in (goods.variant.gtin, goods.variant.internal_number) if number]


def test_what_a_device_has_is_not_sent_again(session: Session, tablet: Tablet) -> None:
    first = read_catalogue(session, tablet.device, {})
    second = read_catalogue(session, tablet.device, digests(first), first["synonyms"]["fingerprint"])
    assert (second["buckets"], second["gone"], second["version"]) == ({}, [], first["version"])
    assert second["synonyms"]["groups"] is None


@pytest.mark.parametrize("change", ["price", "name", "stock", "another lot", "stopped lot"])
def test_any_change_sends_the_bucket_of_its_variant_and_no_other(session: Session, goods: Goods, tablet: Tablet, change: str) -> None:
    make_goods(session, 3, outlet=goods.outlet)
    known = digests(read_catalogue(session, tablet.device, {}))
    if change == "price":
        price_of(session, goods).amount = 30_000
    elif change == "name":
        goods.product.name_en = "Another"
    elif change == "stock":
        stock.correct_stock(session, SYSTEM, goods.outlet, goods.variant, goods.batch, 4, "counted again")
    elif change == "another lot":
        stock.receive_stock(session, SYSTEM, goods.outlet, goods.variant, make_batch(session, goods.product), 2, "delivery:x")
    else:
        goods.batch.state = BatchState.RECALLED
    session.flush()
    assert list(read_catalogue(session, tablet.device, known)["buckets"]) == [str(goods.variant.id % BUCKETS)]


def test_a_withdrawn_product_is_gone_and_one_without_stock_stays(session: Session, goods: Goods, tablet: Tablet) -> None:
    empty = make_product(session)
    known = digests(read_catalogue(session, tablet.device, {}))
    goods.product.state = ListingState.WITHDRAWN
    session.flush()
    found = read_catalogue(session, tablet.device, known)
    left = variants(read_catalogue(session, tablet.device, {}))
    assert goods.variant.code not in left
    assert left[empty.variants[0].code]["lots"] == []
    bucket = str(goods.variant.id % BUCKETS)
    assert bucket in found["gone"] or bucket in found["buckets"]


def test_a_planned_change_of_price_comes_along(session: Session, goods: Goods, tablet: Tablet) -> None:
    tomorrow = clock.today(goods.outlet.zone) + timedelta(days=1)
    price_of(session, goods).ends_on = tomorrow - timedelta(days=1)
    session.add(Price(variant_id=goods.variant.id, amount=27_000, starts_on=tomorrow))
    session.flush()
    variant = variants(read_catalogue(session, tablet.device, {}))[goods.variant.code]
    assert variant["price"] == 25_000
    assert variant["prices"][-1] == [tomorrow.isoformat(), None, 27_000]


def test_other_outlets_stock_is_not_this_tills(session: Session, goods: Goods, tablet: Tablet) -> None:
    elsewhere = make_goods(session, 5, outlet=make_outlet(session))
    assert variants(read_catalogue(session, tablet.device, {}))[elsewhere.variant.code]["lots"] == []


def test_the_snapshot_takes_as_many_statements_for_forty_variants_as_for_one(
    session: Session, goods: Goods, tablet: Tablet, count_statements: StatementCounter
) -> None:
    with count_statements() as few:
        read_catalogue(session, tablet.device, {})
    for _each in range(40):
        make_variant(session, goods.product)
    with count_statements() as many:
        read_catalogue(session, tablet.device, {})
    assert len(few) == len(many) <= 6, many


def test_two_thousand_variants_fit_into_400_kilobytes(
    session: Session, goods: Goods, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are made in memory: what counts is the size of what is sent, compressed as the server does (U30)."""
    rows = catalogue._variants(session, clock.today())
    template = rows[0]._asdict()
    words = (
        "keripik",
        "manisan",
        "anyaman",
        "kerupuk",
        "lempok",
        "sirup",
        "tepung",
        "songket",
        "kemplang",
        "dodol",
        "purun",
        "nanas",
        "pisang",
    )

    class Row:
        def __init__(self, number: int) -> None:
            pick = [words[(number * step) % len(words)] for step in (1, 3, 7)]
            self.__dict__ = template | {
                "id": number,
                "code": f"V{number * 7919 % 1_000_003:06}",
                "name_id": f"{' '.join(pick).capitalize()} kampung {number}",
                "name_en": f"Village {' '.join(reversed(pick))} {number}",
                "maker": f"Kelompok Usaha {pick[0].capitalize()} {number % 140}",
                "village": f"Talang {pick[1].capitalize()}",
                "internal_number": f"200{number * 104_729 % 10**10:010}",
                "photo": f"{number * 982_451_653:012x}"[-12:],
                "popularity": number * 37 % 5_000,
            }

    lots = {n: [{"lot": f"L{n * 31 % 9973:05}", "best_before": "2027-03-14", "free": n % 90, "is_stopped": False}] for n in range(2_000)}
    price = price_of(session, goods)
    monkeypatch.setattr(catalogue, "_variants", lambda *_asked: [Row(n) for n in range(2_000)])
    monkeypatch.setattr(catalogue, "_lots", lambda *_given: lots)
    monkeypatch.setattr(catalogue, "_prices", lambda *_given: {n: [price] for n in range(2_000)})
    text = json.dumps(read_catalogue(session, tablet.device, {}), separators=(",", ":"), ensure_ascii=False).encode()
    compressed = len(gzip.compress(text, 5))
    print(f"2,000 variants: {len(text) // 1000} kB, {compressed // 1000} kB compressed")
    assert compressed <= 400_000
