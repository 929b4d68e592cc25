"""Who hears by letter how an order goes on: the partner's approvers, whoever bought, and the company's contact."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import outbox
from kernel.people import User
from orders.models.partner import Partner, PartnerBuyer
from orders.models.purchase import PurchaseOrder

MAIL_WAITS = "mail.purchase_waits"
MAIL_DECIDED = "mail.purchase_decided"
MAIL_PROMISED = "mail.purchase_promised"
MAIL_SETTLED = "mail.claims_settled"


def ask_approvers(session: Session, purchase: PurchaseOrder) -> None:
    """An order is above what its buyer may order alone: everybody who may say yes hears of it."""
    statement = (
        select(User)
        .join(PartnerBuyer, PartnerBuyer.user_id == User.id)
        .where(PartnerBuyer.partner_id == purchase.partner_id, PartnerBuyer.is_active, PartnerBuyer.is_approver, User.is_active)
        .order_by(User.id)
    )
    for person in session.scalars(statement):
        _tell(session, MAIL_WAITS, purchase, f"{purchase.code}:{person.code}", person)


def tell_buyer(session: Session, purchase: PurchaseOrder) -> None:
    """Whoever bought hears whether an approver agreed."""
    person = session.get(User, purchase.bought_by_id) if purchase.bought_by_id else None
    if person is not None and person.is_active:
        _tell(session, MAIL_DECIDED, purchase, purchase.code, person)


def tell_promised(session: Session, purchase: PurchaseOrder) -> None:
    """The order is confirmed for a day."""
    _tell(session, MAIL_PROMISED, purchase, purchase.code)


def tell_settled(session: Session, purchase: PurchaseOrder) -> None:
    """The office has answered the claims."""
    _tell(session, MAIL_SETTLED, purchase, purchase.code)


def _tell(session: Session, kind: str, purchase: PurchaseOrder, key: str, person: User | None = None) -> None:
    """One letter, once for each key: to a person, or to the company's contact."""
    if person is None:
        partner = session.get_one(Partner, purchase.partner_id)
        whom = {"email": partner.contact_email, "language": partner.language, "name": partner.contact_name}
    else:
        whom = {"email": person.email, "language": person.language, "name": person.name}
    outbox.enqueue(session, kind, f"{kind}:{key}", {"purchase_id": purchase.id, **whom})
