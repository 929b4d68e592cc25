"""Makers are credited when their units are sold, with the terms of that moment, and debited when units come back."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.stock_locks import Allocation
from kernel.people import SYSTEM
from orders.consignment import agreements, ledger, sales
from orders.consignment.sales import ReturnTooLarge
from orders.models.agreement import AgreementTerms, Bearer, TermsModel
from orders.models.consignment import ConsignmentAccount, ConsignmentEntry, ConsignmentLoss, ConsignmentSale
from orders.models.order import OrderLine
from tests.make_consignment import day, make_agreement, make_consigned, sell, terms
from tests.make_orders import pay, place
from tests.make_stock import Goods, make_goods
from tests.orders.test_refunds import refund

SALES, OWED, COMMISSION, LOSSES = (
    ConsignmentAccount.SALES,
    ConsignmentAccount.OWED,
    ConsignmentAccount.COMMISSION,
    ConsignmentAccount.LOSSES,
)


def owed(session: Session, agreement_id: int) -> int:
    return ledger.owed(session, [agreement_id])[agreement_id]


class TestSelling:
    def test_a_commission_is_taken_from_the_price_and_the_maker_is_owed_the_rest(self, session: Session) -> None:
        agreement = make_agreement(session)
        sell(session, make_consigned(session, agreement), quantity=3)
        assert ledger.balance(session, agreement.id) == dict.fromkeys(ConsignmentAccount, 0) | {
            SALES: 75_000,
            OWED: -63_750,
            COMMISSION: -11_250,
        }

    @pytest.mark.parametrize(
        ("model", "values", "maker_price", "share"),
        [
            (TermsModel.MARKUP, {"rate_bps": 2_500}, 18_000, 36_000),
            (TermsModel.MARKUP, {"rate_bps": 2_500}, None, 40_000),
            (TermsModel.MARKUP, {"rate_bps": 2_500}, 26_000, 52_000),
            (TermsModel.MONTHLY_FEE, {"fee": 50_000}, None, 50_000),
        ],
    )
    def test_the_other_models(
        self, session: Session, model: TermsModel, values: dict[str, int], maker_price: int | None, share: int
    ) -> None:
        agreement = make_agreement(session, model=model, **values)
        goods = make_consigned(session, agreement)
        if maker_price:
            agreements.set_maker_price(session, SYSTEM, agreement.id, goods.variant, maker_price, day(-3))
        sell(session, goods, quantity=2)
        assert owed(session, agreement.id) == share

    def test_nothing_is_owed_before_the_goods_are_handed_over(self, session: Session) -> None:
        agreement = make_agreement(session)
        pay(session, place(session, make_consigned(session, agreement)))
        assert owed(session, agreement.id) == 0

    def test_the_outlets_own_goods_credit_nobody(self, session: Session) -> None:
        sell(session, make_goods(session))
        assert session.scalar(select(func.count()).select_from(ConsignmentSale)) == 0

    def test_new_terms_change_no_sale_of_before(self, session: Session) -> None:
        agreement = make_agreement(session)
        goods = make_consigned(session, agreement)
        sell(session, goods)
        agreements.agree_terms(session, SYSTEM, agreement.id, terms(starts_on=day(0), rate_bps=4_000))
        assert owed(session, agreement.id) == 21_250
        sell(session, goods)
        assert owed(session, agreement.id) == 21_250 + 15_000
        assert len(set(session.scalars(select(ConsignmentSale.terms_id)))) == 2

    def test_one_order_of_two_makers_and_the_outlet_credits_each_its_own(self, session: Session) -> None:
        first = make_agreement(session)
        own = make_goods(session, outlet=None)
        second = make_agreement(session, outlet=make_outlet_of(session, first))
        one, two = make_consigned(session, first, price=10_000), make_consigned(session, second, price=7_777)
        mine = make_goods(session, outlet=one.outlet)
        assert own.outlet.id != one.outlet.id
        sell(session, one, two, mine, quantity=2)
        assert (owed(session, first.id), owed(session, second.id)) == (17_000, 15_554 - 2_333)

    def test_a_sale_is_booked_once(self, session: Session) -> None:
        agreement = make_agreement(session)
        order = sell(session, make_consigned(session, agreement))
        entries = session.scalar(select(func.count()).select_from(ConsignmentEntry))
        assert sales.book_returns(session, order.id, "refund:none", []) == 0
        assert session.scalar(select(func.count()).select_from(ConsignmentEntry)) == entries


class TestComingBack:
    def sold(self, session: Session, quantity: int = 3, **values: object) -> tuple[int, Goods, object]:
        agreement = make_agreement(session, **values)
        goods = make_consigned(session, agreement, price=8_333)
        return agreement.id, goods, sell(session, goods, quantity=quantity)

    def test_what_comes_back_is_taken_back_at_the_amounts_of_the_sale(self, session: Session) -> None:
        agreement_id, goods, order = self.sold(session)
        before = owed(session, agreement_id)
        agreements.agree_terms(session, SYSTEM, agreement_id, terms(starts_on=day(0), rate_bps=9_000))
        for _unit in range(3):
            refund(session, order, 1)  # type: ignore[arg-type]
        assert before == 24_999 - 3_750
        assert set(ledger.balance(session, agreement_id).values()) == {0}
        session.refresh(goods.level)
        assert goods.level.on_hand == 10

    def test_spoilt_goods_come_back_and_are_a_loss(self, session: Session) -> None:
        agreement_id, _goods, order = self.sold(session)
        refund(session, order, 2, fit=False)  # type: ignore[arg-type]
        assert ledger.balance(session, agreement_id)[LOSSES] == 16_666 - 2_500
        (loss,) = session.scalars(select(ConsignmentLoss)).all()
        assert (loss.quantity, loss.borne_by) == (2, Bearer.OUTLET)

    def test_spoilt_goods_are_the_makers_loss_where_that_is_agreed(self, session: Session) -> None:
        agreement_id, _goods, order = self.sold(session, damage_borne_by=Bearer.MAKER)
        refund(session, order, 3, fit=False)  # type: ignore[arg-type]
        assert owed(session, agreement_id) == 0

    def test_never_more_than_was_sold(self, session: Session) -> None:
        _agreement_id, goods, order = self.sold(session)
        refund(session, order, 2)  # type: ignore[arg-type]
        line = session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).one()  # type: ignore[attr-defined]
        with pytest.raises(ReturnTooLarge):
            sales.book_returns(session, line.order_id, "refund:forged", [Allocation(goods.level.id, goods.variant.id, 2)])

    def test_goods_that_had_not_been_sold_yet_owe_nobody_anything(self, session: Session) -> None:
        agreement = make_agreement(session)
        order = pay(session, place(session, make_consigned(session, agreement), quantity=2))
        refund(session, order, 1)
        assert set(ledger.balance(session, agreement.id).values()) == {0}
        assert session.scalars(select(AgreementTerms.agreement_id)).all() == [agreement.id]


def make_outlet_of(session: Session, agreement: object) -> object:
    from catalog.models.stock import Outlet

    return session.get_one(Outlet, agreement.outlet_id)  # type: ignore[attr-defined]
