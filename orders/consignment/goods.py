"""Single lots of makers' goods: receiving under their agreement, correcting, writing off. Whole papers are orders.stockroom's."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, LossCause, MovementKind, Outlet, StockLevel
from catalog.stock_moves import Change, change_levels
from kernel import audit, clock
from kernel.errors import N_, InvalidInput
from kernel.parsing import check_range
from kernel.people import Actor
from orders.consignment import agreements, ledger, losses
from orders.consignment.ledger import Posting
from orders.models.agreement import TermsModel
from orders.models.consignment import ConsignmentAccount, EntryKind


def receive_goods(
    session: Session,
    actor: Actor,
    outlet: Outlet,
    variant: Variant,
    batch: Batch,
    quantity: int,
    reference: str,
    *,
    needs_agreement: bool = True,
) -> StockLevel:
    """Put a maker's units on the shelf under its agreement with the outlet. Bought outright they are the outlet's own and owed at once.

    Without an agreement they are refused (NoAgreement), or the outlet's own when none is needed. `reference` names the
    delivery and may serve one variant and batch only once when the goods are bought. Raises InvalidInput, NotAllowed.
    """
    maker_id = session.scalars(select(Product.maker_id).where(Product.id == variant.product_id)).one()
    if not needs_agreement and agreements.find_for(session, maker_id, outlet.id) is None:
        return stock.receive_stock(session, actor, outlet, variant, batch, quantity, reference)
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
    name = f"purchase:{reference[:44]}:{variant.id}:{batch.id}"
    if not ledger.post(session, book, [Posting(name, EntryKind.PURCHASE, entries, clock.now())]):
        raise InvalidInput(N_("These goods were received before."), field="reference")
    return level


def correct_goods(
    session: Session,
    actor: Actor,
    outlet: Outlet,
    variant: Variant,
    batch: Batch,
    counted: int,
    reason: str,
    *,
    kind: MovementKind = MovementKind.CORRECTED,
    agreement_id: int | None = None,
    approved: bool = False,
    cause: LossCause | None = None,
) -> StockLevel:
    """As `stock.correct_stock`, and what a maker lost by it is booked: makers' goods are corrected only this way."""
    level = stock.correct_stock(
        session, actor, outlet, variant, batch, counted, reason, kind=kind, agreement_id=agreement_id, approved=approved, cause=cause
    )
    if agreement_id is not None:
        losses.book_losses(session, level_ids=[level.id])
    return level


def write_off(session: Session, actor: Actor, level_id: int, quantity: int, cause: LossCause, reason: str) -> StockLevel:
    """Units leave the books with a cause; who bears it is booked with the agreement, where there is one. NotOnShelf, NotAllowed."""
    level = session.get_one(StockLevel, level_id)
    stock.check_may_edit(actor, session.get_one(Outlet, level.outlet_id))
    check_range(quantity, 1, stock.LARGEST_QUANTITY, "quantity")
    reason = " ".join(reason.split())
    if not 3 <= len(reason) <= 240:
        raise InvalidInput(N_("Please give a reason of 3 to 240 characters."), field="reason")
    change = [Change(level_id, -quantity)]
    change_levels(session, actor, change, MovementKind.WRITTEN_OFF, reference="", reason=reason, cause=cause)
    losses.book_losses(session, level_ids=[level_id])
    code = session.scalars(select(Variant.code).where(Variant.id == level.variant_id)).one()
    details = {"level": level_id, "change": -quantity, "cause": cause.value, "reason": reason}
    audit.record(session, actor, "stock.written_off", f"variant:{code}", details)
    session.refresh(level)
    return level
