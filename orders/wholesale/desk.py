"""What waits for the office in its wholesale business, for the first page: one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from catalog.models.stock import Outlet
from catalog.shelves import reach_of
from kernel.people import Actor, Permission
from orders.models.offer import Offer
from orders.models.partner import Partner, PartnerPaper, PartnerState
from orders.models.purchase import PurchaseOrder
from orders.models.quote import Quote
from orders.models.sample import SampleRequest, SampleState
from orders.wholesale.purchase_views import TO_DIVIDE, TO_INVOICE, TO_SEND, TO_SETTLE
from orders.wholesale.quote_views import OFFICE_TURN


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of each wait at the sellers in reach."""

    applications: int
    papers: int
    quotes: int
    samples: int
    to_divide: int
    to_send: int
    claims: int
    to_invoice: int


def count_waiting(session: Session, actor: Actor) -> Waiting:
    """What the office has to do next for partners."""
    reach = reach_of(actor, Permission.MANAGE_WHOLESALE)

    def count(outlet_id: InstrumentedAttribute[int], *conditions: ColumnElement[bool], via: Any = None) -> Any:
        statement = select(func.count()).select_from(outlet_id.class_).join(Outlet, Outlet.id == outlet_id)
        statement = statement if via is None else statement.join(*via)
        return statement.where(*reach, *conditions).scalar_subquery()

    unread = (PartnerPaper, PartnerPaper.partner_id == Partner.id)
    asked = (SampleRequest, SampleRequest.offer_id == Offer.id)
    parts = {
        "applications": count(Partner.outlet_id, Partner.state == PartnerState.APPLIED),
        "papers": count(Partner.outlet_id, Partner.state == PartnerState.APPROVED, PartnerPaper.checked_at.is_(None), via=unread),
        "quotes": count(Quote.outlet_id, Quote.state.in_(OFFICE_TURN)),
        "samples": count(Offer.outlet_id, SampleRequest.state == SampleState.REQUESTED, via=asked),
        "to_divide": count(PurchaseOrder.outlet_id, PurchaseOrder.state.in_(TO_DIVIDE)),
        "to_send": count(PurchaseOrder.outlet_id, PurchaseOrder.state.in_(TO_SEND)),
        "claims": count(PurchaseOrder.outlet_id, PurchaseOrder.state.in_(TO_SETTLE)),
        "to_invoice": count(PurchaseOrder.outlet_id, PurchaseOrder.state.in_(TO_INVOICE)),
    }
    row = session.execute(select(*(part.label(name) for name, part in parts.items()))).one()
    return Waiting(*(int(number) for number in row))
