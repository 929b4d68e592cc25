"""Checkout: one verb places an order completely, or not at all, and the same form never twice."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.product import ListingState, Price
from catalog.stock_locks import Allocation
from catalog.stock_moves import NotOnShelf
from kernel import audit, clock
from kernel.errors import InvalidInput, NotFound
from kernel.outbox import OutboxMessage
from kernel.people import Role
from orders import ledger, order_rows
from orders.checkout import PriceChanged, TooManyOpenOrders, Withdrawn
from orders.deals import Deal
from orders.drafts import EmptyCart
from orders.models.order import Channel, Fulfilment, Order, OrderAllocation, OrderLine
from orders.models.payment import Account, Payment
from orders.outlet_payments import MethodNotPossible
from orders.pricing import AmountTooLarge
from orders.shipping import CheckedDestination, ShippingQuote
from orders.states import OrderState, PaymentState
from tests.conftest import StatementCounter
from tests.make import KARANG_AGUNG, make_actor, make_outlet, make_product
from tests.make_orders import CARD, PICKUP, contact, pay, payment_of, place
from tests.make_stock import Goods, make_goods, stock_up


def lines_of(session: Session, order: Order) -> list[OrderLine]:
    return list(session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.position)))


def rows(session: Session, table: str) -> int:
    session.flush()
    return session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


class TestPlacing:
    def test_an_order_keeps_names_prices_and_places_of_its_moment(self, session: Session) -> None:
        goods = make_goods(session, price=25_000)
        order = place(session, goods, quantity=2, language="en", note="  tolong dibungkus ")
        (line,) = lines_of(session, order)
        assert (line.name_id, line.name_en) == (f"{goods.product.name_id}, 250 g", f"{goods.product.name_en}, 250 g")
        assert (line.unit_price, line.quantity, line.line_total) == (25_000, 2, 50_000)
        assert (line.village_name, line.product_slug) == ("Desa Karang Agung", goods.product.slug)
        assert (order.subtotal, order.total, order.note, order.language) == (50_000, 50_000, "tolong dibungkus", "en")
        assert len(order.code) == 8
        assert len(order.token) >= 22

    def test_the_goods_are_held_out_of_the_batches_that_expire_first(self, session: Session) -> None:
        outlet, product = make_outlet(session), make_product(session)
        late = stock_up(session, product, outlet, 5)
        soon = stock_up(session, product, outlet, 1, best_before_on=clock.today())
        order = place(session, late, quantity=3)
        held = session.execute(
            select(OrderAllocation.level_id, OrderAllocation.quantity)
            .join(OrderLine, OrderLine.id == OrderAllocation.line_id)
            .where(OrderLine.order_id == order.id)
        )
        assert {row.level_id: row.quantity for row in held} == {soon.level.id: 1, late.level.id: 2}
        assert stock.available(session, [late.variant.id]) == {late.variant.id: 3}

    def test_the_debt_is_posted_and_the_act_recorded(self, session: Session) -> None:
        order = place(session, make_goods(session, price=25_000))
        balance = ledger.balance(session, order.id)
        assert (balance[Account.RECEIVABLE], balance[Account.SALES]) == (25_000, -25_000)
        assert audit.list_for(session, f"order:{order.code}")[0].details == {"channel": "web", "total": 25_000}

    def test_a_card_order_waits_for_money_and_a_pickup_order_is_confirmed(self, session: Session) -> None:
        goods = make_goods(session)
        card, pickup = place(session, goods), place(session, goods, payment_method=PICKUP)
        assert (card.state, payment_of(session, card).state) == (OrderState.AWAITING_PAYMENT, PaymentState.STARTED)
        assert (pickup.state, payment_of(session, pickup).state) == (OrderState.CONFIRMED, PaymentState.OPEN)

    def test_the_letter_names_the_order_and_nothing_personal(self, session: Session) -> None:
        order = place(session, make_goods(session), language="en")
        message = session.scalars(select(OutboxMessage).where(OutboxMessage.key == f"mail.order_placed:{order.code}")).one()
        assert message.kind == "mail.order_placed"
        assert message.payload == {"order_id": order.id, "token": order.token, "language": "en"}

    def test_a_buyer_without_e_mail_gets_no_letter(self, session: Session) -> None:
        place(session, make_goods(session), contact=contact(email=""))
        assert session.scalar(select(func.count(OutboxMessage.id))) == 0

    def test_a_signed_in_buyer_owns_the_order_and_a_cashier_does_not(self, session: Session) -> None:
        goods, buyer = make_goods(session), make_actor(session, Role.SHOPPER)
        assert place(session, goods, actor=buyer).user_id == buyer.user_id
        assert place(session, goods, actor=make_actor(session, Role.CASHIER), channel=Channel.COUNTER).user_id is None

    def test_three_items_are_placed_in_a_handful_of_statements(self, session: Session, count_statements: StatementCounter) -> None:
        outlet = make_outlet(session)
        goods = [make_goods(session, outlet=outlet) for _ in range(3)]
        session.flush()
        with count_statements() as statements:
            place(session, *goods)
            session.flush()
        assert len(statements) <= 16, statements


class TestRefusing:
    def test_too_few_units_name_the_item_and_leave_nothing_behind(self, session: Session) -> None:
        goods = make_goods(session, 2)
        before = [rows(session, table) for table in ("orders", "order_lines", "payments", "ledger_entries", "audit_entries")]
        with pytest.raises(stock.OutOfStock) as refusal:
            place(session, goods, quantity=3)
        assert [(item.variant_id, item.available) for item in refusal.value.items] == [(goods.variant.id, 2)]
        assert [rows(session, table) for table in ("orders", "order_lines", "payments", "ledger_entries", "audit_entries")] == before

    def test_the_last_piece_is_for_those_who_pay_now(self, session: Session) -> None:
        goods = make_goods(session, 1)
        with pytest.raises(stock.LastPiece):
            place(session, goods, payment_method=PICKUP)
        place(session, goods, payment_method=CARD)

    def test_a_total_that_differs_from_the_one_shown_is_asked_for_again(self, session: Session) -> None:
        goods = make_goods(session, price=25_000)
        session.add(Price(variant_id=goods.variant.id, amount=27_000, starts_on=clock.today()))
        session.flush()
        with pytest.raises(PriceChanged) as refusal:
            place(session, goods, seen_total=25_000)
        assert refusal.value.total == 27_000
        assert place(session, goods, seen_total=27_000).total == 27_000

    @pytest.mark.parametrize("seen_total", [0, 1, -25_000, 24_999])
    def test_a_total_from_the_form_never_becomes_the_total(self, session: Session, seen_total: int) -> None:
        with pytest.raises(PriceChanged):
            place(session, make_goods(session, price=25_000), seen_total=seen_total)

    def test_what_is_no_longer_for_sale_is_named(self, session: Session) -> None:
        goods, other = make_goods(session), make_goods(session)
        goods.product.state = ListingState.WITHDRAWN
        session.flush()
        with pytest.raises(Withdrawn) as refusal:
            place(session, other, goods)
        assert refusal.value.variant_ids == (goods.variant.id,)

    def test_a_fourth_unpaid_promise_by_one_phone_number_is_refused(self, session: Session) -> None:
        goods = make_goods(session, 20)
        promised = [place(session, goods, payment_method=PICKUP) for _ in range(3)]
        with pytest.raises(TooManyOpenOrders):
            place(session, goods, payment_method=PICKUP)
        place(session, goods, payment_method=CARD)
        place(session, goods, payment_method=PICKUP, contact=contact(phone="+6281200000001"))
        promised[0].state = OrderState.CANCELLED
        session.flush()
        place(session, goods, payment_method=PICKUP)

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("name", {"name": ""}),
            ("name", {"name": "x"}),
            ("name", {"name": "y" * 121}),
            ("name", {"name": "Budi\x00"}),
            ("phone", {"phone": ""}),
            ("phone", {"phone": "08123456789"}),
            ("phone", {"phone": "+0812345678"}),
            ("phone", {"phone": "+６２８１２３４５６７８"}),
            ("email", {"email": "budi"}),
            ("email", {"email": "budi@x"}),
            ("email", {"email": "a b@contoh.example"}),
            ("email", {"email": "a@contoh.example\nBcc: b@contoh.example"}),
        ],
    )
    def test_a_contact_that_cannot_be_reached_is_refused(self, session: Session, field: str, changes: dict[str, str]) -> None:
        with pytest.raises(InvalidInput) as refusal:
            place(session, make_goods(session), contact=contact(**changes))
        assert refusal.value.field == field

    @pytest.mark.parametrize("quantity", [0, -1, 100, 10**9, 1.5, float("nan"), True])
    def test_a_quantity_that_cannot_be_is_refused(self, session: Session, quantity: int) -> None:
        with pytest.raises(InvalidInput):
            place(session, make_goods(session), quantity=quantity)

    def test_an_empty_cart_a_strange_language_a_weak_key_and_a_long_note_are_refused(self, session: Session) -> None:
        goods = make_goods(session)
        with pytest.raises(EmptyCart):
            place(session, goods, cart_lines={})
        for changes in ({"language": "fr"}, {"checkout_key": "short"}, {"checkout_key": "x" * 65}, {"note": "n" * 501}):
            with pytest.raises(InvalidInput):
                place(session, goods, **changes)

    def test_a_closed_or_unknown_outlet_takes_no_orders(self, session: Session) -> None:
        goods = make_goods(session)
        with pytest.raises(NotFound):
            place(session, goods, outlet_id=10**6)
        goods.outlet.is_active = False
        session.flush()
        with pytest.raises(NotFound):
            place(session, goods)

    def test_amounts_beyond_the_method_or_beyond_reason_are_refused(self, session: Session) -> None:
        with pytest.raises(MethodNotPossible):
            place(session, make_goods(session, price=5_000), method_limits=(10_000, 10**9))
        dear = make_goods(session, 99, price=2_000_000_000)
        with pytest.raises(AmountTooLarge):
            place(session, dear, quantity=6)


class TestTheSameForm:
    def test_a_double_click_is_one_order(self, session: Session) -> None:
        goods, key = make_goods(session, 5), uuid4().hex
        first = place(session, goods, checkout_key=key)
        assert place(session, goods, checkout_key=key) is first
        assert stock.available(session, [goods.variant.id]) == {goods.variant.id: 4}
        assert session.scalar(select(func.count(Payment.id)).where(Payment.order_id == first.id)) == 1

    def test_a_form_sent_again_after_the_last_unit_went_shows_the_order(self, session: Session) -> None:
        goods, key = make_goods(session, 1), uuid4().hex
        first = place(session, goods, checkout_key=key)
        assert place(session, goods, checkout_key=key) is first

    def test_a_form_sent_again_after_paying_shows_the_paid_order(self, session: Session) -> None:
        goods, key = make_goods(session), uuid4().hex
        first = pay(session, place(session, goods, checkout_key=key))
        assert place(session, goods, checkout_key=key) is first
        assert first.state is OrderState.CONFIRMED

    def test_a_form_sent_again_after_the_price_changed_shows_the_order(self, session: Session) -> None:
        goods, key = make_goods(session, price=25_000), uuid4().hex
        first = place(session, goods, checkout_key=key, seen_total=25_000)
        session.add(Price(variant_id=goods.variant.id, amount=27_000, starts_on=clock.today()))
        assert place(session, goods, checkout_key=key, seen_total=25_000) is first

    def test_two_forms_are_two_orders(self, session: Session) -> None:
        goods = make_goods(session)
        assert place(session, goods).code != place(session, goods).code

    def test_a_code_that_is_taken_is_drawn_again(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        goods = make_goods(session)
        taken = place(session, goods).code
        draws = ["AAAA3333", taken]
        monkeypatch.setattr(order_rows, "make_code", draws.pop)
        assert place(session, goods).code == "AAAA3333"


class TestADeal:
    """A partner's order: agreed prices, given lots, on account (orders/deals.py)."""

    def place(self, session: Session, goods: Goods, *, quantity: int, held: int, discount: int = 0) -> Order:
        deal = Deal(
            unit_prices={goods.variant.id: 17_000},
            discount=discount,
            address=CheckedDestination(KARANG_AGUNG, "Desa Karang Agung, Abab, PALI", "Jalan Contoh 1", "", "31214"),
            delivery=ShippingQuote(None, "Pengiriman grosir", "Wholesale delivery", "Truk", 60_000, 60, 75_000, 1, 3),
            lots=(Allocation(goods.level.id, goods.variant.id, held),) if held else (),
        )
        return place(
            session, goods, quantity=quantity, channel=Channel.WHOLESALE, payment_method=None, contact=contact(email=""), deal=deal
        )

    def test_it_is_placed_at_the_agreed_price_confirmed_and_without_an_end(self, session: Session) -> None:
        goods = make_goods(session, 200, price=25_000)
        order = self.place(session, goods, quantity=144, held=144, discount=100_000)
        assert (order.subtotal, order.discount_total, order.shipping_total, order.total) == (2_448_000, 100_000, 75_000, 2_423_000)
        assert (order.state, order.hold_until, order.fulfilment) == (OrderState.CONFIRMED, None, Fulfilment.SHIPPING)
        assert session.scalars(select(Payment).where(Payment.order_id == order.id)).all() == []
        assert ledger.balance(session, order.id)[Account.RECEIVABLE] == order.total

    def test_only_its_lots_are_held_and_what_is_to_be_made_is_not(self, session: Session) -> None:
        goods = make_goods(session, 30)
        self.place(session, goods, quantity=144, held=24)
        session.refresh(goods.level)
        assert (goods.level.on_hand, goods.level.held) == (30, 24)

    def test_a_lot_that_was_promised_meanwhile_is_refused(self, session: Session) -> None:
        goods = make_goods(session, 30)
        place(session, goods, quantity=10)
        with pytest.raises(NotOnShelf):
            self.place(session, goods, quantity=24, held=24)

    def test_a_variant_without_an_agreed_price_is_not_sold(self, session: Session) -> None:
        goods, other = make_goods(session, 30), make_goods(session, 30)
        with pytest.raises(Withdrawn):
            place(
                session,
                other,
                channel=Channel.WHOLESALE,
                payment_method=None,
                deal=Deal({goods.variant.id: 1}, 0, None, None, ()),  # type: ignore[arg-type]
            )
