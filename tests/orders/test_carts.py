"""Carts: what is in them, for whom, and what it costs today."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.product import ListingState, Price
from kernel import clock
from kernel.errors import InvalidInput, NotFound
from orders import carts
from orders.carts import CartProblem
from orders.models.cart import Cart, CartLine
from tests.conftest import StatementCounter
from tests.make import make_outlet, make_product, make_user
from tests.make_stock import Goods, make_goods


def cart_with(session: Session, *goods: Goods, quantity: int = 1) -> Cart:
    cart = carts.get_or_create_cart(session)
    for each in goods:
        carts.add_to_cart(session, cart, each.variant.id, quantity)
    return cart


def is_same(found: Cart | None, cart: Cart) -> bool:
    """What is found is a copy of the row."""
    return found is not None and (found.id, found.token, found.user_id) == (cart.id, cart.token, cart.user_id)


def change_price(session: Session, goods: Goods, amount: int) -> None:
    session.add(Price(variant_id=goods.variant.id, amount=amount, starts_on=clock.today()))
    session.flush()


class TestWhoseCart:
    def test_a_guest_finds_the_cart_again_by_its_token(self, session: Session) -> None:
        cart = carts.get_or_create_cart(session)
        assert is_same(carts.find_cart(session, token=cart.token), cart)
        assert carts.get_or_create_cart(session, token=cart.token) is cart

    def test_an_unknown_token_never_becomes_a_carts_token(self, session: Session) -> None:
        assert carts.find_cart(session, token="chosen-by-a-stranger") is None
        assert carts.get_or_create_cart(session, token="chosen-by-a-stranger").token != "chosen-by-a-stranger"

    def test_a_persons_cart_is_not_found_by_its_token(self, session: Session) -> None:
        cart = carts.get_or_create_cart(session, user_id=make_user(session).id)
        assert carts.find_cart(session, token=cart.token) is None

    def test_a_person_has_one_cart(self, session: Session) -> None:
        user = make_user(session)
        assert carts.get_or_create_cart(session, user_id=user.id) is carts.get_or_create_cart(session, user_id=user.id)

    def test_at_login_the_guests_choice_joins_the_persons(self, session: Session) -> None:
        user, first, second = make_user(session), make_goods(session), make_goods(session)
        mine = carts.get_or_create_cart(session, user_id=user.id)
        carts.add_to_cart(session, mine, first.variant.id, 2)
        guest = cart_with(session, first, second, quantity=3)
        assert carts.merge_carts(session, guest.token, user.id) is mine
        assert carts.list_wanted(session, mine.id) == {first.variant.id: 3, second.variant.id: 3}
        assert carts.find_cart(session, token=guest.token) is None
        assert session.scalar(select(func.count(Cart.id)).where(Cart.token == guest.token)) == 0

    def test_a_first_login_takes_the_guests_cart_over(self, session: Session) -> None:
        user, goods = make_user(session), make_goods(session)
        guest = cart_with(session, goods)
        assert carts.merge_carts(session, guest.token, user.id) is guest
        assert is_same(carts.find_cart(session, user_id=user.id), guest)

    def test_a_login_without_any_cart_is_harmless_and_repeatable(self, session: Session) -> None:
        user = make_user(session)
        cart = carts.merge_carts(session, None, user.id)
        assert carts.merge_carts(session, "unknown", user.id) is cart

    def test_somebody_elses_cart_is_never_merged(self, session: Session) -> None:
        goods, owner, thief = make_goods(session), make_user(session), make_user(session)
        cart = carts.get_or_create_cart(session, user_id=owner.id)
        carts.add_to_cart(session, cart, goods.variant.id)
        stolen = carts.merge_carts(session, cart.token, thief.id)
        assert carts.list_wanted(session, stolen.id) == {}


class TestLines:
    def test_adding_twice_adds_up(self, session: Session) -> None:
        goods = make_goods(session)
        cart = cart_with(session, goods, goods, quantity=2)
        assert carts.list_wanted(session, cart.id) == {goods.variant.id: 4}
        assert carts.count_items(session, cart.id) == 4

    def test_a_line_never_exceeds_what_fits_on_it(self, session: Session) -> None:
        goods = make_goods(session)
        cart = cart_with(session, goods, goods, quantity=60)
        assert carts.list_wanted(session, cart.id) == {goods.variant.id: 99}

    @pytest.mark.parametrize("quantity", [0, -1, 100, 10**9, 1.5, float("nan"), True])
    def test_a_quantity_that_cannot_be_is_refused(self, session: Session, quantity: int) -> None:
        goods = make_goods(session)
        cart = carts.get_or_create_cart(session)
        with pytest.raises(InvalidInput):
            carts.add_to_cart(session, cart, goods.variant.id, quantity)
        assert carts.list_wanted(session, cart.id) == {}

    def test_setting_a_quantity_replaces_it_and_zero_takes_the_item_out(self, session: Session) -> None:
        goods = make_goods(session)
        cart = cart_with(session, goods)
        carts.set_quantity(session, cart, goods.variant.id, 7)
        assert carts.list_wanted(session, cart.id) == {goods.variant.id: 7}
        carts.set_quantity(session, cart, goods.variant.id, 0)
        assert carts.list_wanted(session, cart.id) == {}

    def test_an_item_that_is_not_in_the_cart_cannot_be_set(self, session: Session) -> None:
        with pytest.raises(NotFound):
            carts.set_quantity(session, carts.get_or_create_cart(session), make_goods(session).variant.id, 2)

    def test_removing_is_harmless_when_it_is_gone_already(self, session: Session) -> None:
        goods = make_goods(session)
        cart = cart_with(session, goods)
        carts.remove_from_cart(session, cart, goods.variant.id)
        carts.remove_from_cart(session, cart, goods.variant.id)
        assert carts.count_items(session, cart.id) == 0

    def test_only_what_is_for_sale_can_be_added(self, session: Session) -> None:
        cart = carts.get_or_create_cart(session)
        draft = make_product(session, state=ListingState.DRAFT)
        unpriced = make_product(session, price=None)
        for variant_id in (draft.variants[0].id, unpriced.variants[0].id, 10**6):
            with pytest.raises(NotFound):
                carts.add_to_cart(session, cart, variant_id)

    def test_a_cart_holds_at_most_fifty_items(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(carts, "MOST_LINES", 2)
        cart = cart_with(session, make_goods(session), make_goods(session))
        with pytest.raises(InvalidInput):
            carts.add_to_cart(session, cart, make_goods(session).variant.id)


class TestPricing:
    def test_the_cart_costs_the_sum_of_its_lines(self, session: Session) -> None:
        cart = cart_with(session, make_goods(session, price=25_000), make_goods(session, price=13_500), quantity=3)
        view = carts.price_cart(session, cart, "id")
        assert [line.line_total for line in view.lines] == [75_000, 40_500]
        assert (view.subtotal, view.total, view.count, view.can_be_ordered) == (115_500, 115_500, 6, True)

    def test_names_come_in_the_language_of_the_page(self, session: Session) -> None:
        goods = make_goods(session)
        cart = cart_with(session, goods)
        assert carts.price_cart(session, cart, "id").lines[0].name == goods.product.name_id
        assert carts.price_cart(session, cart, "en").lines[0].name == goods.product.name_en

    def test_no_cart_is_an_empty_cart(self, session: Session) -> None:
        view = carts.price_cart(session, None, "id")
        assert (view.lines, view.total, view.can_be_ordered) == ((), 0, False)

    def test_a_changed_price_is_told_and_counted_and_does_not_stop_the_order(self, session: Session) -> None:
        goods = make_goods(session, price=25_000)
        cart = cart_with(session, goods)
        change_price(session, goods, 27_000)
        view = carts.price_cart(session, cart, "id")
        (line,) = view.lines
        assert (line.seen_price, line.unit_price, line.problem) == (25_000, 27_000, CartProblem.PRICE_CHANGED)
        assert (view.total, view.can_be_ordered) == (27_000, True)
        carts.set_quantity(session, cart, goods.variant.id, 1)
        assert carts.price_cart(session, cart, "id").lines[0].problem is None

    def test_what_is_sold_out_or_too_many_is_told(self, session: Session) -> None:
        gone, scarce = make_goods(session, 1), make_goods(session, 2)
        cart = cart_with(session, gone, scarce, quantity=3)
        stock.hold_stock(session, gone.outlet.id, {gone.variant.id: 1}, "order:A")
        view = carts.price_cart(session, cart, "id")
        assert [(line.problem, line.available) for line in view.lines] == [(CartProblem.SOLD_OUT, 0), (CartProblem.TOO_MANY, 2)]
        assert not view.can_be_ordered

    def test_stock_is_looked_up_where_the_buyer_collects(self, session: Session) -> None:
        goods = make_goods(session)
        cart = cart_with(session, goods)
        assert carts.price_cart(session, cart, "id", goods.outlet.id).lines[0].problem is None
        assert carts.price_cart(session, cart, "id", make_outlet(session).id).lines[0].problem is CartProblem.SOLD_OUT

    def test_a_withdrawn_item_costs_nothing_and_stops_the_order(self, session: Session) -> None:
        goods, other = make_goods(session, price=10_000), make_goods(session, price=7_000)
        cart = cart_with(session, goods, other)
        goods.product.state = ListingState.WITHDRAWN
        session.flush()
        view = carts.price_cart(session, cart, "id")
        assert view.lines[0].problem is CartProblem.WITHDRAWN
        assert (view.total, view.can_be_ordered) == (7_000, False)

    def test_a_price_counts_from_its_first_day_to_its_last(self, session: Session) -> None:
        goods = make_goods(session, price=25_000)
        yesterday, tomorrow = clock.today() - timedelta(days=1), clock.today() + timedelta(days=1)
        session.add_all(
            [
                Price(variant_id=goods.variant.id, amount=11, starts_on=yesterday, ends_on=yesterday),
                Price(variant_id=goods.variant.id, amount=22, starts_on=tomorrow),
                Price(variant_id=goods.variant.id, amount=33, starts_on=clock.today(), ends_on=clock.today()),
            ]
        )
        session.flush()
        assert carts.price_cart(session, cart_with(session, goods), "id").total == 33

    def test_a_cart_is_priced_in_two_statements(self, session: Session, count_statements: StatementCounter) -> None:
        cart = cart_with(session, *(make_goods(session) for _ in range(4)))
        session.flush()
        with count_statements() as statements:
            carts.price_cart(session, cart, "id")
        assert len(statements) == 2, statements

    def test_an_emptied_cart_is_empty(self, session: Session) -> None:
        cart = cart_with(session, make_goods(session))
        carts.empty_cart(session, cart.id)
        assert session.scalar(select(func.count(CartLine.id)).where(CartLine.cart_id == cart.id)) == 0
