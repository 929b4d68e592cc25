"""Sending an order: what it costs, what is refused, and what the order keeps; and the slots of those who collect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import TravelLimit
from kernel import clock
from kernel.errors import InvalidInput
from kernel.people import GUEST
from orders import holds, ledger, payments, shipping
from orders.checkout import PriceChanged
from orders.gateways import PaymentMethod
from orders.models.order import Fulfilment
from orders.models.payment import Account
from orders.models.shipping import OrderAddress
from orders.outlet_payments import MethodNotPossible
from orders.pickup_slots import SlotGone, SlotTooFar
from orders.pricing import total_of
from orders.queries import get_order_by_token
from orders.shipping import CannotTravel, NoZone, ShippingQuote, TooHeavy
from orders.states import OrderState
from tests.conftest import StatementCounter
from tests.make import BETUNG, TALANG_BULANG, make_outlet
from tests.make_orders import PICKUP, pay, place
from tests.make_shipping import destination, make_zone, place_sent
from tests.make_stock import Goods, make_goods

#: Saturday 21 November 2026, 09.10 WIB.
MOMENT = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)


@pytest.fixture
def goods(session: Session) -> Goods:
    """Packs of 300 g at Rp25.000, sent within PALI."""
    found = make_goods(session, 50)
    make_zone(session, found.outlet)
    return found


def quote_for(session: Session, outlet_id: int, area_code: str, cart: Mapping[int, int]) -> ShippingQuote:
    """What it costs to send a cart, weighed anew."""
    return shipping.quote(session, outlet_id, area_code, shipping.weigh(session, cart))


class TestQuoting:
    def test_weight_is_summed_over_the_cart_and_rounded_up_once(self, session: Session, goods: Goods) -> None:
        other = make_goods(session, outlet=goods.outlet)
        cart = {goods.variant.id: 2, other.variant.id: 1}
        quote = quote_for(session, goods.outlet.id, BETUNG, cart)
        assert (quote.weight_g, quote.charged_kg, quote.price, quote.name("en")) == (900, 1, 10_000, "Within PALI")
        assert quote_for(session, goods.outlet.id, BETUNG, {goods.variant.id: 4}).price == 15_000
        assert quote_for(session, goods.outlet.id, "16.12", {goods.variant.id: 14}).price == 15_000 + 2 * 4_000

    def test_the_zone_that_knows_the_place_best_answers(self, session: Session, goods: Goods) -> None:
        make_zone(session, goods.outlet, name_id="Talang Ubi", prefixes=("16.12.01",), rates=((5, 5_000),))
        make_zone(session, goods.outlet, name_id="Lainnya", prefixes=("",), rates=((5, 99_000),))
        prices = [quote_for(session, goods.outlet.id, code, {goods.variant.id: 1}).price for code in (TALANG_BULANG, BETUNG, "31")]
        assert prices == [5_000, 10_000, 99_000]

    def test_a_zone_that_is_switched_off_lets_the_next_one_answer(self, session: Session, goods: Goods) -> None:
        make_zone(session, goods.outlet, prefixes=(BETUNG,), rates=((1, 1),), is_active=False)
        assert quote_for(session, goods.outlet.id, BETUNG, {goods.variant.id: 1}).price == 10_000

    def test_places_without_a_zone_and_other_outlets_are_refused(self, session: Session, goods: Goods) -> None:
        for outlet_id, code in ((goods.outlet.id, "31.71"), (make_outlet(session).id, BETUNG)):
            with pytest.raises(NoZone):
                quote_for(session, outlet_id, code, {goods.variant.id: 1})

    def test_what_is_too_heavy_says_how_heavy_it_is(self, session: Session, goods: Goods) -> None:
        make_zone(session, goods.outlet, prefixes=("16.12.04",), extra_kg_price=None)
        with pytest.raises(TooHeavy, match="4 kg"):
            quote_for(session, goods.outlet.id, BETUNG, {goods.variant.id: 11})

    def test_what_cannot_travel_is_named(self, session: Session, goods: Goods) -> None:
        jar = make_goods(session, outlet=goods.outlet, travel_limit=TravelLimit.FRAGILE)
        with pytest.raises(CannotTravel) as refusal:
            quote_for(session, goods.outlet.id, BETUNG, {goods.variant.id: 1, jar.variant.id: 1})
        assert [(item.variant_id, item.limit) for item in refusal.value.items] == [(jar.variant.id, TravelLimit.FRAGILE)]

    def test_the_cart_knows_every_zones_price_before_anything_personal(self, session: Session, goods: Goods) -> None:
        make_zone(session, goods.outlet, name_id="Jauh", prefixes=("9",), rates=((1, 90_000),), extra_kg_price=None)
        found = shipping.describe_rates(session, goods.outlet.id, {goods.variant.id: 4})
        assert [(each.zone.name("id"), each.price) for each in found] == [("Dalam PALI", 15_000), ("Jauh", None)]


class TestPlacing:
    def test_the_order_keeps_address_zone_weight_and_price(self, session: Session, goods: Goods) -> None:
        order = place_sent(session, goods, quantity=2)
        assert (order.fulfilment, order.subtotal, order.shipping_total, order.total) == (Fulfilment.SHIPPING, 50_000, 10_000, 60_000)
        view = get_order_by_token(session, order.token, "en")
        assert view.shipping is not None
        assert view.shipping.lines == (
            "Jalan Contoh 12",
            "Rumah biru di samping masjid",
            "Desa Betung, Kec. Abab, PALI, Sumatera Selatan 31214",
        )
        assert (view.shipping.zone_name, view.shipping.weight_g, view.shipping.charged_kg) == ("Within PALI", 600, 1)
        assert PaymentMethod.PAY_AT_PICKUP not in view.outlet.methods

    def test_shipping_stands_on_its_own_account_and_goes_when_the_order_does(self, session: Session, goods: Goods) -> None:
        order = place_sent(session, goods)
        books = ledger.balance(session, order.id)
        assert (books[Account.RECEIVABLE], books[Account.SALES], books[Account.SHIPPING]) == (35_000, -25_000, -10_000)
        order.hold_until = clock.now() - timedelta(minutes=1)
        session.flush()
        assert holds.sweep_expired(session) == [order.code]
        assert not any(ledger.balance(session, order.id).values())

    def test_late_money_brings_the_shipping_back_too(self, session: Session, goods: Goods) -> None:
        order = place_sent(session, goods)
        order.hold_until = clock.now() - timedelta(minutes=1)
        session.flush()
        holds.sweep_expired(session)
        assert pay(session, order).state is OrderState.CONFIRMED
        assert ledger.balance(session, order.id)[Account.SHIPPING] == -10_000

    def test_the_provider_is_asked_for_lines_that_add_up(self, session: Session, goods: Goods) -> None:
        order = place_sent(session, goods, quantity=3)
        request = payments.begin_payment(session, order, success_url="https://a.example", cancel_url="https://b.example")
        assert request is not None
        assert (request.amount, request.lines_total, request.lines[-1].name) == (85_000, 85_000, "Ongkos kirim")

    def test_nothing_is_computed_from_what_the_buyer_saw(self, session: Session, goods: Goods) -> None:
        with pytest.raises(PriceChanged) as refusal:
            place_sent(session, goods, seen_total=25_000)
        assert refusal.value.total == 35_000

    def test_nobody_pays_at_the_counter_for_what_is_sent(self, session: Session, goods: Goods) -> None:
        with pytest.raises(MethodNotPossible):
            place_sent(session, goods, payment_method=PICKUP)
        order = place_sent(session, goods)
        pay_page = payments.find_latest(session, order.id)
        assert pay_page is not None
        payments.record_refused(session, pay_page.id)
        with pytest.raises(MethodNotPossible):
            payments.retry_payment(session, GUEST, order.id, PICKUP)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"street": ""}, "street"),
            ({"street": "x" * 201}, "street"),
            ({"note": "x" * 201}, "landmark"),
            ({"postal_code": "3121"}, "postal_code"),
            ({"postal_code": "0" * 5}, "postal_code"),
            ({"village_code": "16.12"}, "village_code"),
            ({"village_code": "16.12.04.9999"}, "village_code"),
            ({"village_code": "' OR 1=1"}, "village_code"),
        ],
    )
    def test_an_address_that_cannot_be_written_is_refused(
        self, session: Session, goods: Goods, changes: dict[str, str], field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refusal:
            place_sent(session, goods, destination=destination(**changes))
        assert refusal.value.field == field
        assert session.scalars(select(OrderAddress)).all() == []

    def test_what_is_sent_has_no_slot(self, session: Session, goods: Goods) -> None:
        with pytest.raises(InvalidInput):
            place_sent(session, goods, pickup_at=clock.now() + timedelta(hours=5))

    def test_a_double_click_is_one_order_with_one_address(self, session: Session, goods: Goods) -> None:
        first = place_sent(session, goods, checkout_key="k" * 20)
        assert place_sent(session, goods, checkout_key="k" * 20).id == first.id
        assert len(session.scalars(select(OrderAddress)).all()) == 1

    def test_an_order_that_is_collected_asks_nothing_about_shipping(
        self, session: Session, goods: Goods, count_statements: StatementCounter
    ) -> None:
        with count_statements() as statements:
            place(session, goods)
        assert not [each for each in statements if "shipping_zones" in each or "order_addresses" in each or "zone_areas" in each]


class TestCollecting:
    @time_machine.travel(MOMENT, tick=False)
    def test_the_slot_and_the_departure_stay_with_the_order(self, session: Session, goods: Goods) -> None:
        slot, departure = MOMENT + timedelta(hours=1, minutes=50), MOMENT + timedelta(hours=4)
        order = place(session, goods, pickup_at=slot, departs_at=departure)
        view = get_order_by_token(session, order.token)
        assert (view.pickup_at, view.departs_at, view.shipping) == (slot, departure, None)

    @time_machine.travel(MOMENT, tick=False)
    def test_a_slot_that_is_not_offered_is_refused(self, session: Session, goods: Goods) -> None:
        slot = MOMENT + timedelta(hours=1, minutes=50)
        for wrong in (MOMENT, slot + timedelta(minutes=30), MOMENT - timedelta(days=1), MOMENT + timedelta(days=60)):
            with pytest.raises(SlotGone):
                place(session, goods, pickup_at=wrong)
        with pytest.raises(SlotGone):
            place(session, goods, pickup_at=slot, departs_at=slot)
        with pytest.raises(InvalidInput):
            place(session, goods, departs_at=slot)

    @time_machine.travel(MOMENT, tick=False)
    def test_unpaid_goods_wait_until_the_outlet_closes_on_the_slots_day(self, session: Session) -> None:
        goods = make_goods(session, outlet=make_outlet(session, opening_hours=[["08:00", "17:00"]] * 7))
        slot = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
        assert place(session, goods, payment_method=PICKUP, pickup_at=slot).hold_until == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
        assert place(session, goods, payment_method=PICKUP).hold_until == datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

    @time_machine.travel(MOMENT, tick=False)
    def test_unpaid_goods_are_not_kept_for_a_week(self, session: Session) -> None:
        goods = make_goods(session, outlet=make_outlet(session, opening_hours=[["08:00", "17:00"]] * 7))
        slot = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
        with pytest.raises(SlotTooFar):
            place(session, goods, payment_method=PICKUP, pickup_at=slot)
        assert place(session, goods, pickup_at=slot).pickup_at == slot


def test_a_total_is_exactly_its_parts() -> None:
    totals = total_of([25_000, 30_000], shipping=10_000, discount=5_000)
    assert (totals.subtotal, totals.total) == (55_000, 60_000)
    for parts in ({"shipping": -1}, {"discount": -1}, {"discount": 55_001}):
        with pytest.raises(ValueError, match="fit"):
            total_of([25_000, 30_000], **parts)
