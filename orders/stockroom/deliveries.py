"""Deliveries: announced or brought, counted by the outlet, confirmed by the maker, then booked exactly once (docs/receiving.md)."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import date

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models.maker import Maker
from catalog.models.product import Variant
from catalog.models.stock import Outlet
from kernel import audit, clock
from kernel.errors import N_, Conflict, DomainError, InvalidInput, NotAllowed, NotFound
from kernel.ids import ALPHABET, make_code
from kernel.parsing import parse_text
from kernel.people import SYSTEM, Actor, Permission
from orders.consignment.agreements import get_open_for
from orders.models.delivery import ConfirmedBy, Delivery, DeliveryLine, DeliveryState
from orders.stockroom import booking

#: The field in which a signature is drawn, and how much of a drawing is kept.
SIGNATURE_SIZE = (600, 200)
LONGEST_SIGNATURE = 20_000
_STROKES = re.compile(r"(?:[ML][0-9]{1,3} [0-9]{1,3}){8,}", re.ASCII)
_POINT = re.compile(r"[ML]([0-9]+) ([0-9]+)")
CODE_LENGTH = 6


class CountChanged(Conflict):
    """The outlet opened its count again, so what the maker saw is no longer what would be booked."""

    message = N_("The count was changed in the meantime. Please look at the delivery again.")


class WrongMakerCode(DomainError):
    """The code is not the one in the maker's message about this count."""

    message = N_("This is not the code of this count. Please ask the maker to read it again.")


def open_delivery(session: Session, actor: Actor, outlet: Outlet, maker: Maker, *, brought_by: str = "", note: str = "") -> Delivery:
    """The goods are here: a note that the outlet fills while it counts. NoAgreement when there is none with the maker."""
    check_may_edit(actor, outlet)
    get_open_for(session, maker.id, outlet.id)
    delivery = _make(actor, outlet, maker, DeliveryState.BROUGHT, brought_by, note, None)
    session.add(delivery)
    session.flush()
    audit.record(session, actor, "delivery.opened", f"delivery:{delivery.code}", {"maker": maker.slug, "outlet": outlet.code})
    return delivery


def announce_delivery(session: Session, actor: Actor, outlet: Outlet, maker: Maker, *, expected_on: date, note: str = "") -> Delivery:
    """A maker says what will come; the caller has checked that `actor` speaks for the maker, or is the outlet's staff."""
    if expected_on < clock.today(outlet.zone):
        raise InvalidInput(N_("This day is past."), field="expected_on")
    get_open_for(session, maker.id, outlet.id)
    delivery = _make(actor, outlet, maker, DeliveryState.ANNOUNCED, "", note, expected_on)
    session.add(delivery)
    session.flush()
    audit.record(session, actor, "delivery.announced", f"delivery:{delivery.code}", {"maker": maker.slug, "outlet": outlet.code})
    return delivery


def mark_brought(session: Session, actor: Actor, delivery_id: int, brought_by: str = "") -> Delivery:
    """An announced delivery has arrived and is being counted."""
    delivery = lock_delivery(session, actor, delivery_id)
    if delivery.state is DeliveryState.ANNOUNCED:
        delivery.state = DeliveryState.BROUGHT
        delivery.brought_by = parse_text(brought_by, field="brought_by", maximum=120)
        audit.record(session, actor, "delivery.brought", f"delivery:{delivery.code}")
    elif delivery.state is not DeliveryState.BROUGHT:
        raise Conflict
    session.flush()
    return delivery


def confirm_count(session: Session, actor: Actor, delivery_id: int) -> Delivery:
    """The outlet stands by its count. From now on the maker's word books it; `reopen_count` takes this back."""
    delivery = lock_delivery(session, actor, delivery_id)
    if delivery.state is not DeliveryState.BROUGHT:
        raise Conflict
    if not delivery.lines:
        raise InvalidInput(N_("There is nothing on this delivery yet."))
    booking.check_bookable(session, delivery)
    delivery.state = DeliveryState.COUNTED
    delivery.counted_at, delivery.counted_by_id = clock.now(), actor.user_id
    taken = sum(line.accepted for line in delivery.lines)
    audit.record(session, actor, "delivery.counted", f"delivery:{delivery.code}", {"accepted": taken, "revision": delivery.revision})
    session.flush()
    return delivery


def reopen_count(session: Session, actor: Actor, delivery_id: int) -> Delivery:
    """Count again: links and codes that the maker has for the older count stop working."""
    delivery = lock_delivery(session, actor, delivery_id)
    if delivery.state is not DeliveryState.COUNTED:
        raise Conflict
    delivery.state, delivery.revision = DeliveryState.BROUGHT, delivery.revision + 1
    delivery.counted_at = delivery.counted_by_id = None
    audit.record(session, actor, "delivery.reopened", f"delivery:{delivery.code}", {"revision": delivery.revision})
    session.flush()
    return delivery


def cancel_delivery(session: Session, actor: Actor, delivery_id: int, reason: str) -> Delivery:
    """The goods went home again, or never came. Nothing is booked."""
    delivery = lock_delivery(session, actor, delivery_id)
    if delivery.state in (DeliveryState.RECEIVED, DeliveryState.CANCELLED):
        raise Conflict
    reason = " ".join(reason.split())
    if not 3 <= len(reason) <= 240:
        raise InvalidInput(N_("Please give a reason of 3 to 240 characters."), field="reason")
    delivery.state, delivery.cancel_reason = DeliveryState.CANCELLED, reason
    audit.record(session, actor, "delivery.cancelled", f"delivery:{delivery.code}", {"reason": reason})
    session.flush()
    return delivery


def take_back_announcement(session: Session, actor: Actor, delivery_id: int) -> None:
    """The maker brings nothing after all; the caller has checked that `actor` speaks for the maker. Pressed twice, it is done once.

    Raises Conflict once the goods are at the outlet.
    """
    is_announced = (Delivery.id == delivery_id, Delivery.state == DeliveryState.ANNOUNCED)
    taken_back = update(Delivery).where(*is_announced).values(state=DeliveryState.CANCELLED).returning(Delivery.code)
    code = session.scalar(taken_back, execution_options={"synchronize_session": False})
    if code is not None:
        audit.record(session, actor, "delivery.cancelled", f"delivery:{code}")
    elif session.scalar(select(Delivery.state).where(Delivery.id == delivery_id)) is not DeliveryState.CANCELLED:
        raise Conflict(N_("The outlet is already counting these goods. Please talk to the people there."))


def confirm_by_maker(
    session: Session,
    delivery_id: int,
    revision: int,
    confirmed_by: ConfirmedBy,
    name: str,
    *,
    signature: str = "",
    actor: Actor = SYSTEM,
) -> Delivery:
    """The maker agrees to count `revision`: the goods are put on the books, once, whoever asks how often.

    The caller has checked the link, the code or the account. Raises CountChanged when the outlet counts anew.
    """
    name = parse_text(" ".join(name.split()), field="name", maximum=120, required=True)
    if confirmed_by is ConfirmedBy.SIGNATURE:
        signature = check_signature(signature)
    won = session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.COUNTED, Delivery.revision == revision)
        .values(state=DeliveryState.RECEIVED, received_at=clock.now(), confirmed_by=confirmed_by, confirmed_name=name, signature=signature)
        .returning(Delivery.id),
        execution_options={"synchronize_session": False},
    ).scalar()
    delivery = _load(session, delivery_id)
    if won is None:
        if delivery.state is DeliveryState.RECEIVED and delivery.revision == revision:
            return delivery
        raise CountChanged
    booking.book(session, delivery)
    details = {"by": confirmed_by.value, "name": name, "revision": revision}
    audit.record(session, actor, "delivery.received", f"delivery:{delivery.code}", details)
    session.flush()
    return delivery


def check_signature(drawn: str) -> str:
    """The data of an SVG path that a browser drew: only `M` and `L` with points inside the field, and more than a dot."""
    wide, high = SIGNATURE_SIZE
    points = [(int(x), int(y)) for x, y in _POINT.findall(drawn)] if len(drawn) <= LONGEST_SIGNATURE and _STROKES.fullmatch(drawn) else []
    fits = points and all(x <= wide and y <= high for x, y in points)
    if not fits or max(x for x, _y in points) - min(x for x, _y in points) < 40:
        raise InvalidInput(N_("Please sign inside the box."), field="signature")
    return drawn


def maker_code(secret: str, delivery: Delivery) -> str:
    """The code a maker tells the outlet for this count; another count has another code."""
    text = f"delivery code:{delivery.code}:{delivery.revision}"
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:CODE_LENGTH])


def is_maker_code(secret: str, delivery: Delivery, typed: str) -> bool:
    """Whether `typed` is the code of the present count; count the try first (kernel.throttle)."""
    cleaned = "".join(sign for sign in typed.upper() if sign.isalnum())
    return hmac.compare_digest(cleaned.encode(), maker_code(secret, delivery).encode())


def get_delivery(session: Session, actor: Actor, permission: Permission, code: str) -> Delivery:
    """A delivery of an outlet in reach with everything its page shows; NotFound elsewhere."""
    delivery = session.scalar(_whole().where(Delivery.code == code.strip().upper()))
    if delivery is None or not actor.can(permission, area_code=delivery.outlet.area_code, outlet_id=delivery.outlet_id):
        raise NotFound
    return delivery


def find_by_code(session: Session, code: str) -> Delivery | None:
    """The delivery with this code for its maker's page; the caller has checked the link."""
    return session.scalar(_whole().where(Delivery.code == code))


def lock_delivery(session: Session, actor: Actor, delivery_id: int) -> Delivery:
    """The delivery with its lines, locked against others; NotAllowed away from the outlet."""
    session.execute(select(Delivery.id).where(Delivery.id == delivery_id).with_for_update())
    delivery = _load(session, delivery_id)
    check_may_edit(actor, delivery.outlet)
    return delivery


def check_may_edit(actor: Actor, outlet: Outlet) -> None:
    """NotAllowed unless the person receives goods at this outlet."""
    if not actor.can(Permission.EDIT_STOCK, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed


def _load(session: Session, delivery_id: int) -> Delivery:
    return session.scalars(_whole().where(Delivery.id == delivery_id).execution_options(populate_existing=True)).unique().one()


def _whole() -> Select[Delivery]:
    return select(Delivery).options(
        joinedload(Delivery.outlet),
        joinedload(Delivery.maker),
        selectinload(Delivery.lines).joinedload(DeliveryLine.variant).joinedload(Variant.product),
    )


def _make(
    actor: Actor, outlet: Outlet, maker: Maker, state: DeliveryState, brought_by: str, note: str, expected_on: date | None
) -> Delivery:
    if not outlet.is_active:
        raise InvalidInput(N_("This outlet is closed."))
    return Delivery(
        code=make_code(),
        outlet_id=outlet.id,
        maker_id=maker.id,
        outlet=outlet,
        maker=maker,
        state=state,
        revision=1,
        expected_on=expected_on,
        brought_by=parse_text(brought_by, field="brought_by", maximum=120),
        note=parse_text(note, field="note", maximum=240),
        created_at=clock.now(),
        created_by_id=actor.user_id,
        lines=[],
    )
