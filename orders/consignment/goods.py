"""Makers' goods at an outlet: receiving them under their agreement, giving them back, writing them off, moving them on."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import stock, stock_changes
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, LossCause, MovementKind, Outlet, StockLevel
from kernel import clock
from kernel.errors import N_, InvalidInput
from kernel.people import Actor
from orders.consignment import agreements, ledger, losses
from orders.consignment.ledger import Posting
from orders.models.agreement import Agreement, TermsModel
from orders.models.consignment import ConsignmentAccount, EntryKind


def receive_goods(
    session: Session, actor: Actor, outlet: Outlet, variant: Variant, batch: Batch, quantity: int, reference: str
) -> StockLevel:
    """Put a maker's units on the shelf under its agreement with the outlet. Bought outright they are the outlet's own and owed at once.

    `reference` names the delivery and may serve one variant and batch only once when the goods are bought. Raises
    NoAgreement, InvalidInput, NotAllowed.
    """
    maker_id = session.scalars(select(Product.maker_id).where(Product.id == variant.product_id)).one()
    agreement = agreements.get_open_for(session, maker_id, outlet.id)
    today = clock.today(outlet.zone)
    terms = agreements.terms_on(session, agreement.id, today)
    if terms.model is not TermsModel.PURCHASE:
        return stock.receive_stock(session, actor, outlet, variant, batch, quantity, reference, agreement_id=agreement.id)
    price = agreements.maker_prices_on(session, [(agreement.id, variant.id)], today).get((agreement.id, variant.id))
    if price is None:
        raise InvalidInput(N_("These goods are bought outright; please enter the maker's price first."), field="price")
    level = stock.receive_stock(session, actor, outlet, variant, batch, quantity, reference)
    book = ledger.open_books(session, [agreement.id])[agreement.id]
    entries = {ConsignmentAccount.PURCHASES: price * quantity, ConsignmentAccount.OWED: -price * quantity}
    name = f"purchase:{reference}:{variant.id}:{batch.id}"
    if not ledger.post(session, book, [Posting(name, EntryKind.PURCHASE, entries, clock.now())]):
        raise InvalidInput(N_("These goods were received before."), field="reference")
    return level


def return_to_maker(session: Session, actor: Actor, level_id: int, quantity: int, reference: str, reason: str = "") -> StockLevel:
    """Unsold units go back to their maker. The outlet's own cannot: they were bought."""
    _agreement_of(session, level_id)
    return stock_changes.change_level(
        session, actor, level_id, -quantity, MovementKind.RETURNED_TO_MAKER, reference=reference, reason=reason
    )


def write_off(
    session: Session, actor: Actor, level_id: int, quantity: int, cause: LossCause, reason: str, *, reference: str = ""
) -> StockLevel:
    """Units leave the books with a cause; who bears it is booked with the agreement, where there is one."""
    level = stock_changes.change_level(
        session, actor, level_id, -quantity, MovementKind.WRITTEN_OFF, reference=reference, reason=reason, cause=cause
    )
    losses.book_losses(session, level_ids=[level_id])
    return level


def count_level(session: Session, actor: Actor, level_id: int, change: int, reason: str, *, reference: str = "") -> StockLevel:
    """Book the difference that a count found; missing units of a maker are a loss, units found again undo it."""
    level = stock_changes.change_level(session, actor, level_id, change, MovementKind.COUNTED, reference=reference, reason=reason)
    losses.book_losses(session, level_ids=[level_id])
    return level


def move_goods(
    session: Session, actor: Actor, level_id: int, outlet: Outlet, quantity: int, reference: str, *, from_held: bool = False
) -> StockLevel:
    """Units go to another outlet and stay their owner's: a maker needs an agreement there too (NoAgreement). Returns the level there."""
    owner = session.get_one(StockLevel, level_id).agreement_id
    target = None
    if owner is not None:
        target = agreements.get_open_for(session, session.get_one(Agreement, owner).maker_id, outlet.id).id
    return stock_changes.move_stock(session, actor, level_id, outlet, quantity, reference, agreement_id=target, from_held=from_held)


def _agreement_of(session: Session, level_id: int) -> int:
    owner = session.get_one(StockLevel, level_id).agreement_id
    if owner is None:
        raise InvalidInput(N_("These goods are the outlet's own; there is nobody to give them back to."), field="level")
    return owner
