"""Statements: closing what was booked in a period, so that it never changes again; later facts stand on the next one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from catalog.models.area import Area
from catalog.models.maker import Maker
from catalog.models.stock import Outlet, StockLevel
from kernel import audit, clock, outbox
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.inserts import insert_new
from kernel.people import Actor, Permission, Role, RoleGrant, User
from orders.consignment import agreements, fees, figures, losses, statement_content
from orders.consignment.ledger import Books
from orders.consignment.periods import last_settlement, midnight
from orders.consignment.statement_content import Content
from orders.models.agreement import Agreement, AgreementTerms
from orders.models.consignment import ConsignmentEntry, ConsignmentSale, EntryKind, MakerStatement
from orders.models.order import Order, OrderLine


class AlreadyClosed(Conflict):
    """A statement covers that day already."""

    message = N_("This period is closed already. What came later stands on the next statement.")


class NotOverYet(InvalidInput):
    """Only days that are over can be closed."""

    message = N_("Only days that are over can be settled: yesterday at the latest.")


def close_statement(session: Session, actor: Actor, agreement_id: int, up_to: date) -> MakerStatement:
    """Close everything up to the evening of `up_to` in the outlet's zone. What is booked afterwards stands on the next one.

    Books fees and losses that are still due first. Raises AlreadyClosed, NotOverYet, NotAllowed.
    """
    agreement = agreements.lock_agreement(session, agreement_id)
    outlet = session.get_one(Outlet, agreement.outlet_id)
    agreements.check_may_agree(actor, outlet)
    until_at = midnight(up_to + timedelta(days=1), outlet.zone)
    if up_to >= clock.today(outlet.zone):
        raise NotOverYet(field="up_to")
    if agreement.closed_until_at is not None and until_at <= agreement.closed_until_at:
        raise AlreadyClosed(field="up_to")
    book = Books(agreement.id, outlet.id, outlet.zone, agreement.closed_until_at)
    losses.book_losses(session, agreement_id=agreement_id)
    fees.book_fees(session, agreement, book, up_to)
    last = find_last(session, agreement_id)
    content = make_content(session, agreement, last, until_at, up_to)
    text = statement_content.write(content)
    row = {
        "code": content.code,
        "agreement_id": agreement_id,
        "number": content.number,
        "from_at": agreement.closed_until_at,
        "until_at": until_at,
        "content": text,
        "content_hash": statement_content.hash_of(text),
        "share": content.share,
        "owed": content.owed,
        "closed_at": clock.now(),
        "closed_by_id": actor.user_id,
    }
    ids = insert_new(session, MakerStatement, [row])
    if not ids:
        raise AlreadyClosed(field="up_to")
    agreement.closed_until_at = until_at
    details = {"statement": content.code, "up_to": up_to.isoformat(), "owed": content.owed, "hash": row["content_hash"]}
    audit.record(session, actor, "statement.closed", f"agreement:{agreement.code}", details)
    session.flush()
    _write_to_maker(session, agreement.maker_id, content.code)
    return session.get_one(MakerStatement, ids[0])


def _write_to_maker(session: Session, maker_id: int, code: str) -> None:
    """A letter to everybody who signs in for the maker; the others get the message by WhatsApp from the outlet."""
    people = select(User.id, User.email, User.name, User.language).join(RoleGrant, RoleGrant.user_id == User.id)
    speaks_for = people.where(RoleGrant.role == Role.MAKER, RoleGrant.maker_id == maker_id, User.is_active).distinct()
    for user_id, email, name, language in session.execute(speaks_for):
        payload = {"statement": code, "email": email, "name": name, "language": language}
        outbox.enqueue(session, "mail.statement_closed", f"mail.statement_closed:{code}:{user_id}", payload)


def make_content(session: Session, agreement: Agreement, last: MakerStatement | None, until_at: datetime, up_to: date) -> Content:
    """The content from the last statement on: in a handful of statements, whatever the number of sales."""
    before = statement_content.read(last.content) if last else None
    maker, village, outlet = session.execute(
        select(Maker, Area, Outlet)
        .join(Area, Area.code == Maker.village_code)
        .join(Outlet, Outlet.id == agreement.outlet_id)
        .where(Maker.id == agreement.maker_id)
    ).one()
    book = Books(agreement.id, outlet.id, outlet.zone, agreement.closed_until_at)
    lines, ever = (before.lines, before.ever) if before else ((), {})
    found = figures.collect(session, book, lines, ever, agreement.closed_until_at, until_at)
    number = (last.number if last else 0) + 1
    kinds = found.by_kind
    opening = last.owed if last else 0
    return Content(
        code=f"{agreement.code}-S{number}",
        number=number,
        agreement=agreement.code,
        maker_name=maker.name,
        village_name=village.name,
        outlet_name=outlet.name,
        operator_name=outlet.operator_name,
        is_sample=maker.is_sample or outlet.is_sample,
        zone=outlet.zone,
        from_on=book.day(agreement.closed_until_at).isoformat() if agreement.closed_until_at else None,
        to_on=up_to.isoformat(),
        terms=describe_terms(agreements.terms_on(session, agreement.id, up_to)),
        opening=opening,
        gross=sum(line.gross for line in found.lines),
        commission=sum(line.commission for line in found.lines),
        share=kinds.get(EntryKind.SALE, 0) + kinds.get(EntryKind.RETURN, 0),
        losses=kinds.get(EntryKind.LOSS, 0),
        purchases=kinds.get(EntryKind.PURCHASE, 0),
        fees=kinds.get(EntryKind.FEE, 0),
        corrections=kinds.get(EntryKind.CORRECTION, 0),
        paid=kinds.get(EntryKind.PAYOUT, 0),
        owed=opening + sum(kinds.values()),
        lines=found.lines,
        notes=found.notes,
        ever=found.ever,
        previous_hash=last.content_hash if last else "",
    )


def describe_terms(terms: AgreementTerms) -> dict[str, Any]:
    """Terms as plain values, for papers."""
    return {
        "model": terms.model.value,
        "rate_bps": terms.rate_bps,
        "fee": terms.fee,
        "rhythm": terms.rhythm.value,
        "loss": terms.loss_borne_by.value,
        "damage": terms.damage_borne_by.value,
        "expiry": terms.expiry_borne_by.value,
        "pull_out_days": terms.pull_out_days,
    }


def find_last(session: Session, agreement_id: int) -> MakerStatement | None:
    """The latest closed statement of an agreement."""
    statement = select(MakerStatement).where(MakerStatement.agreement_id == agreement_id)
    return session.scalar(statement.order_by(MakerStatement.number.desc()).limit(1))


def list_statements(session: Session, agreement_id: int) -> Sequence[MakerStatement]:
    """All of an agreement, the newest first."""
    statement = select(MakerStatement).where(MakerStatement.agreement_id == agreement_id)
    return session.scalars(statement.order_by(MakerStatement.number.desc())).all()


def get_statement(session: Session, actor: Actor, code: str, permission: Permission = Permission.MANAGE_AGREEMENTS) -> MakerStatement:
    """A statement of an outlet in reach by its code, agreement loaded; NotFound elsewhere."""
    found = session.scalar(select(MakerStatement).where(MakerStatement.code == code).options(joinedload(MakerStatement.agreement)))
    if found is None:
        raise NotFound
    outlet = session.get_one(Outlet, found.agreement.outlet_id)
    if not actor.can(permission, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Due:
    """An agreement with a period that is over and not closed."""

    agreement_id: int
    code: str
    up_to: date


def list_due(session: Session, outlet: Outlet) -> list[Due]:
    """Agreements of an outlet whose day of settlement has come, and up to which evening each is to be closed.

    One that has ended is not due again once its shelf is empty and everything that happened stands on a statement.
    """
    today = clock.today(outlet.zone)
    goes_on = or_(Agreement.ends_on.is_(None), Agreement.ends_on > today, _has_goods(), has_untold())
    found = session.scalars(select(Agreement).where(Agreement.outlet_id == outlet.id, goes_on).order_by(Agreement.id)).all()
    versions = agreements.list_terms(session, [agreement.id for agreement in found])
    due = []
    for agreement in found:
        terms = agreements.pick_terms(versions[agreement.id], today)
        day = last_settlement(terms.rhythm, terms.rhythm_day, versions[agreement.id][0].starts_on, today)
        if day is None or (agreement.closed_until_at is not None and midnight(day, outlet.zone) <= agreement.closed_until_at):
            continue
        due.append(Due(agreement.id, agreement.code, day - timedelta(days=1)))
    return due


def has_untold() -> ColumnElement[bool]:
    """Of agreements: facts that stand on no statement yet; what was paid out needs none."""
    untold = or_(Agreement.closed_until_at.is_(None), ConsignmentEntry.booked_at >= Agreement.closed_until_at)
    return exists().where(ConsignmentEntry.agreement_id == Agreement.id, ConsignmentEntry.kind != EntryKind.PAYOUT, untold)


def _has_goods() -> ColumnElement[bool]:
    return exists().where(StockLevel.agreement_id == Agreement.id, StockLevel.on_hand != 0)


@dataclass(frozen=True, slots=True)
class SaleRow:
    """One sale or return on a statement."""

    occurred_at: datetime
    order_code: str
    reference: str
    name_id: str
    name_en: str
    quantity: int
    gross: int
    commission: int
    share: int


def stream_sales(session: Session, statement: MakerStatement) -> Iterator[SaleRow]:
    """Every sale and return of a statement in order, a thousand at a time."""
    conditions = [ConsignmentSale.agreement_id == statement.agreement_id, ConsignmentSale.booked_at < statement.until_at]
    if statement.from_at is not None:
        conditions.append(ConsignmentSale.booked_at >= statement.from_at)
    rows = session.execute(
        select(
            ConsignmentSale.occurred_at,
            Order.code,
            ConsignmentSale.reference,
            OrderLine.name_id,
            OrderLine.name_en,
            ConsignmentSale.quantity,
            ConsignmentSale.gross,
            ConsignmentSale.commission,
            ConsignmentSale.share,
        )
        .join(OrderLine, OrderLine.id == ConsignmentSale.line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(*conditions)
        .order_by(ConsignmentSale.booked_at, ConsignmentSale.id),
        execution_options={"yield_per": 1000},
    )
    for row in rows:
        yield SaleRow(*row)
