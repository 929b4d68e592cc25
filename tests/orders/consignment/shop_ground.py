"""The ground of the shop machine: its outlets, makers and agreements, and what is true after every step."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any, ClassVar

import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, MovementKind, StockLevel, StockMovement
from kernel import clock
from kernel.errors import DomainError
from kernel.people import SYSTEM
from orders.consignment import agreements, statement_content
from orders.invariants import CHECKS
from orders.models.agreement import Agreement, Bearer, Rhythm, TermsModel
from orders.models.consignment import ConsignmentEntry, ConsignmentSale, MakerStatement
from orders.models.order import Order, OrderState
from tests.make import make_maker, make_outlet, make_product
from tests.make_consignment import terms
from tests.make_shipping import make_zone

BEGIN = datetime(2026, 11, 2, 3, tzinfo=UTC)
TERMS = st.fixed_dictionaries(
    {
        "model": st.sampled_from(TermsModel),
        "rate_bps": st.integers(0, 10_000),
        "fee": st.integers(1, 90_000),
        "rhythm": st.sampled_from([Rhythm.ON_CALL, Rhythm.FORTNIGHTLY]),
        "loss_borne_by": st.sampled_from(Bearer),
        "damage_borne_by": st.sampled_from(Bearer),
        "expiry_borne_by": st.sampled_from(Bearer),
        "pull_out_days": st.integers(0, 20),
    }
)
#: Statements of the invariants, made once.
_OWNED = StockLevel.agreement_id.is_not(None)
MOVED = (
    select(StockLevel.agreement_id, StockMovement.kind, func.sum(StockMovement.on_hand_change))
    .join(StockLevel, StockLevel.id == StockMovement.level_id)
    .where(_OWNED)
    .group_by(StockLevel.agreement_id, StockMovement.kind)
)
SHELF = select(StockLevel.agreement_id, func.sum(StockLevel.on_hand)).where(_OWNED).group_by(StockLevel.agreement_id)
SOLD = (
    select(ConsignmentSale.agreement_id, func.sum(ConsignmentSale.quantity))
    .where(ConsignmentSale.reverses_id.is_(None))
    .group_by(ConsignmentSale.agreement_id)
)
UNEVEN = select(ConsignmentEntry.agreement_id).group_by(ConsignmentEntry.agreement_id).having(func.sum(ConsignmentEntry.amount) != 0)


class ShopGround(RuleBasedStateMachine):
    """Two outlets, three makers, their agreements; `tally` counts what was really done, over all examples."""

    session: Session
    tally: ClassVar[Counter[str]] = Counter()
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.traveller = time_machine.travel(BEGIN, tick=False)
        self.clock = self.traveller.start()
        self.savepoint = self.session.begin_nested()
        self.closed: dict[int, tuple[str, str]] = {}
        #: What this machine knows of each maker's units, from its own acts: received, sold, returned, given back, gone.
        self.units: defaultdict[int, Counter[str]] = defaultdict(Counter)

    def teardown(self) -> None:
        try:
            assert self.doctor("I1", "I2", "I4", "I6", "I7") == []
        finally:  # or whatever comes next would live in this shop's days
            self.session.expunge_all()
            self.savepoint.rollback()
            self.traveller.stop()

    @initialize(data=st.data())
    def open_shop(self, data: st.DataObject) -> None:
        session = self.session
        self.outlets = [make_outlet(session, zone="WITA"), make_outlet(session)]
        self.makers = [make_maker(session) for _maker in range(3)]
        self.products: list[Product] = []
        for maker in self.makers:
            for _product in range(2):
                self.products.append(make_product(session, maker=maker, price=data.draw(st.integers(100, 90_000))))
            for outlet in self.outlets:
                agreements.create_agreement(session, SYSTEM, maker, outlet, terms(**data.draw(TERMS), rhythm_day=1))
        self.variants = {product.id: product.variants[0] for product in self.products}
        for outlet in self.outlets:
            make_zone(session, outlet)
        for agreement in self.agreements():
            for product in self.products_of(agreement):
                if data.draw(st.booleans()):
                    amount = data.draw(st.integers(100, 90_000))
                    agreements.set_maker_price(session, SYSTEM, agreement.id, self.variants[product.id], amount, clock.today())
        for number in range(6):
            self.deliver(number=number, units=9, days=None)

    def deliver(self, number: int, units: int, days: int | None) -> None:
        """The machine's first act."""
        raise NotImplementedError

    # what there is

    def agreements(self) -> list[Agreement]:
        return list(self.session.scalars(select(Agreement).order_by(Agreement.id)))

    def products_of(self, agreement: Agreement) -> list[Product]:
        return [product for product in self.products if product.maker_id == agreement.maker_id]

    def pick(self, found: Any, number: int) -> Any:
        """One of what was found, or None."""
        rows = list(found)
        return rows[number % len(rows)] if rows else None

    def level(self, number: int, *, only_free: bool = True) -> StockLevel | None:
        free = StockLevel.on_hand > (StockLevel.held if only_free else 0)
        statement = select(StockLevel).where(free).order_by(StockLevel.id).execution_options(populate_existing=True)
        level: StockLevel | None = self.pick(self.session.scalars(statement), number)
        return level

    def variant_of(self, level: StockLevel) -> Variant:
        return next(variant for variant in self.variants.values() if variant.id == level.variant_id)

    def maker_of(self, level: StockLevel) -> Maker:
        product = select(Product.maker_id).join(Batch, Batch.product_id == Product.id).where(Batch.id == level.batch_id)
        return self.session.get_one(Maker, self.session.scalars(product).one())

    def order(self, number: int, *states: OrderState) -> Order | None:
        found = self.session.scalars(select(Order).where(Order.state.in_(states)).order_by(Order.id))
        order: Order | None = self.pick(found, number)
        return order

    def did(self, what: str) -> None:
        ShopGround.tally[what] += 1

    def attempt(self, what: str, act: Any) -> Any:
        """Do it; a refusal is as good an answer, and must leave nothing behind."""
        try:
            with self.session.begin_nested():
                done = act()
        except DomainError:
            self.session.expire_all()
            self.did(f"{what} refused")
            return None
        self.did(what)
        return done if done is not None else True

    # what is always true

    def doctor(self, *names: str) -> list[str]:
        return [message for name in names for message in CHECKS[name](self.session)]

    @invariant()
    def books_are_sound(self) -> None:
        ShopGround.steps += 1
        if hasattr(self, "outlets"):
            assert self.doctor("I1", "I4", "I7") == []
            self.check_units()
            self.check_money()

    def check_units(self) -> None:
        """Received = sold + returned + written off + on hand, counted by this machine where it can, by movements otherwise."""
        sums: defaultdict[int, Counter[MovementKind]] = defaultdict(Counter)
        for agreement_id, kind, units in self.session.execute(MOVED):
            sums[agreement_id][kind] = units
        shelf = {row[0]: row[1] for row in self.session.execute(SHELF)}
        sold = {row[0]: row[1] for row in self.session.execute(SOLD)}
        for agreement_id, known in self.units.items():
            assert sums[agreement_id][MovementKind.RECEIVED] == known["received"]
            assert sold.get(agreement_id, 0) == known["sold"] == -sums[agreement_id][MovementKind.SOLD]
        for agreement_id, units in shelf.items():
            assert units == sum(sums[agreement_id].values())

    def check_money(self) -> None:
        """Debits equal credits per maker; what was closed reads as it did."""
        assert self.session.scalars(UNEVEN).all() == []
        if self.closed:
            rows = self.session.execute(select(MakerStatement.id, MakerStatement.content, MakerStatement.content_hash))
            for statement_id, content, content_hash in rows:
                assert self.closed[statement_id] == (content, content_hash)
                assert statement_content.hash_of(content) == content_hash
