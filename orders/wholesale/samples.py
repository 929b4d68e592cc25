"""Samples: a buyer asks for some units, the office sends or declines, the buyer says what they think (docs/wholesale.md)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload

from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from catalog.shelves import reach_of
from kernel import audit, clock, outbox
from kernel.errors import N_, Conflict, NotFound
from kernel.ids import make_code
from kernel.paging import Page, read_page
from kernel.parsing import check_range, parse_text
from kernel.people import Actor, Permission, User
from orders.models.offer import Offer
from orders.models.partner import Partner, PartnerBranch
from orders.models.sample import SampleRequest, SampleState
from orders.wholesale.access import ensure_may_manage
from orders.wholesale.buyers import Buyer, get_branch
from orders.wholesale.visible import get_visible_id

PAGE_SIZE = 30
MOST_UNITS = 24
#: Samples cost makers money: so many may be open for one partner at a time.
MOST_OPEN = 10
MAIL_ANSWERED = "mail.sample_answered"

_LOADED = (
    joinedload(SampleRequest.partner),
    joinedload(SampleRequest.branch).joinedload(PartnerBranch.area),
    joinedload(SampleRequest.requested_by),
    joinedload(SampleRequest.offer).joinedload(Offer.variant).joinedload(Variant.product).joinedload(Product.maker),
)


def request_sample(
    session: Session, actor: Actor, buyer: Buyer, offer_code: str, *, branch_code: str, units: int, note: str = ""
) -> SampleRequest:
    """Ask for some units of an offer the buyer sees. Raises NotFound, InvalidInput and Conflict."""
    partner = session.scalars(select(Partner).where(Partner.id == buyer.audience.partner_id).with_for_update()).one()
    offer_id = get_visible_id(session, buyer.audience, offer_code, clock.today(buyer.audience.zone))
    branch = get_branch(session, partner.id, branch_code)
    if not branch.is_active:
        raise NotFound
    check_range(units, 1, MOST_UNITS, "units")
    note = parse_text(note, field="note", maximum=500)
    waiting = select(SampleRequest.offer_id).where(
        SampleRequest.partner_id == partner.id, SampleRequest.state.in_((SampleState.REQUESTED, SampleState.SENT))
    )
    open_offers = list(session.scalars(waiting))
    if offer_id in open_offers:
        raise Conflict(N_("A sample of this offer is on its way already."))
    if len(open_offers) >= MOST_OPEN:
        raise Conflict(N_("You have %(most)s open samples. Please tell us what you think of those first."), most=MOST_OPEN)
    sample = SampleRequest(
        code=make_code(),
        partner_id=partner.id,
        branch_id=branch.id,
        offer_id=offer_id,
        requested_by_id=actor.user_id,
        state=SampleState.REQUESTED,
        units=units,
        note=note,
        requested_at=clock.now(),
    )
    session.add(sample)
    session.flush()
    audit.record(session, actor, "sample.requested", _subject(sample), {"offer": offer_code, "units": units})
    return sample


def send_sample(session: Session, actor: Actor, code: str, *, carrier: str, tracking_number: str = "", answer: str = "") -> SampleRequest:
    """It is on its way. Raises NotFound, NotAllowed, InvalidInput and Conflict."""
    return _answer(session, actor, code, SampleState.SENT, answer, carrier=carrier, tracking_number=tracking_number)


def decline_sample(session: Session, actor: Actor, code: str, answer: str) -> SampleRequest:
    """We cannot send it, and why."""
    return _answer(session, actor, code, SampleState.DECLINED, parse_text(answer, field="answer", maximum=500, required=True))


def receive_sample(session: Session, actor: Actor, buyer: Buyer, code: str) -> SampleRequest:
    """It has arrived at the partner. Harmless twice."""
    sample = _lock(session, code, SampleRequest.partner_id == buyer.audience.partner_id)
    if sample.state is SampleState.RECEIVED:
        return sample
    if sample.state is not SampleState.SENT:
        raise Conflict
    sample.state, sample.received_at = SampleState.RECEIVED, clock.now()
    session.flush()
    audit.record(session, actor, "sample.received", _subject(sample))
    return sample


def rate_sample(session: Session, actor: Actor, buyer: Buyer, code: str, *, rating: int, feedback: str) -> SampleRequest:
    """What the partner thinks, one to five and in words; it can be corrected. A sample that was rated has arrived."""
    sample = _lock(session, code, SampleRequest.partner_id == buyer.audience.partner_id)
    if sample.state not in (SampleState.SENT, SampleState.RECEIVED):
        raise Conflict
    check_range(rating, 1, 5, "rating")
    moment = clock.now()
    sample.rating, sample.feedback, sample.feedback_at = rating, parse_text(feedback, field="feedback", maximum=2_000), moment
    sample.state, sample.received_at = SampleState.RECEIVED, sample.received_at or moment
    session.flush()
    audit.record(session, actor, "sample.rated", _subject(sample), {"rating": rating})
    return sample


def list_own_samples(session: Session, partner_id: int, *, page: int = 1) -> Page[SampleRequest]:
    """A partner's samples, the newest first."""
    statement = (
        select(SampleRequest)
        .where(SampleRequest.partner_id == partner_id)
        .order_by(SampleRequest.requested_at.desc(), SampleRequest.id.desc())
    )
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=_LOADED)


def get_own_sample(session: Session, partner_id: int, code: str) -> SampleRequest:
    """One of a partner's samples; NotFound for anybody else's."""
    found = session.scalar(
        select(SampleRequest).where(SampleRequest.partner_id == partner_id, SampleRequest.code == code.upper()).options(*_LOADED)
    )
    if found is None:
        raise NotFound
    return found


def list_samples(session: Session, actor: Actor, *, state: SampleState | None = None, page: int = 1) -> Page[SampleRequest]:
    """Samples asked of the sellers in reach, the oldest waiting first, then the newest."""
    statement = _in_reach(actor).order_by(
        SampleRequest.state != SampleState.REQUESTED, SampleRequest.requested_at.desc(), SampleRequest.id.desc()
    )
    if state is not None:
        statement = statement.where(SampleRequest.state == state)
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=_LOADED)


def get_sample(session: Session, actor: Actor, code: str) -> SampleRequest:
    """A sample asked of a seller in reach; NotFound elsewhere."""
    found = session.scalar(_in_reach(actor).where(SampleRequest.code == code.upper()).options(*_LOADED))
    if found is None:
        raise NotFound
    return found


def _in_reach(actor: Actor) -> Select[SampleRequest]:
    return (
        select(SampleRequest)
        .join(Partner, Partner.id == SampleRequest.partner_id)
        .join(Outlet, Outlet.id == Partner.outlet_id)
        .where(*reach_of(actor, Permission.MANAGE_WHOLESALE))
    )


def _answer(
    session: Session, actor: Actor, code: str, state: SampleState, answer: str, *, carrier: str = "", tracking_number: str = ""
) -> SampleRequest:
    sample = _lock(session, code)
    partner = session.get_one(Partner, sample.partner_id)
    ensure_may_manage(session, actor, partner.outlet_id)
    if sample.state is state:
        return sample
    if sample.state is not SampleState.REQUESTED:
        raise Conflict
    if state is SampleState.SENT:
        sample.carrier = parse_text(carrier, field="carrier", maximum=60, required=True)
        sample.tracking_number = parse_text(tracking_number, field="tracking_number", maximum=60)
    sample.state = state
    sample.answer = parse_text(answer, field="answer", maximum=500)
    sample.answered_at, sample.answered_by_id = clock.now(), actor.user_id
    session.flush()
    audit.record(session, actor, f"sample.{state.value}", _subject(sample), {"answer": sample.answer})
    person = session.get(User, sample.requested_by_id) if sample.requested_by_id else None
    if person is not None and person.is_active:
        payload = {"email": person.email, "language": person.language, "name": person.name, "sample": sample.code}
        outbox.enqueue(session, MAIL_ANSWERED, f"{MAIL_ANSWERED}:{sample.code}", payload)
    return sample


def _lock(session: Session, code: str, *conditions: ColumnElement[bool]) -> SampleRequest:
    statement = select(SampleRequest).where(SampleRequest.code == code.upper(), *conditions)
    sample = session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if sample is None:
        raise NotFound
    return sample


def _subject(sample: SampleRequest) -> str:
    return f"sample:{sample.code}"
