"""What a maker does in the portal: announcing a delivery, confirming a count, asking for goods back, and taking that back; accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.product import Variant
from catalog.models.stock import Outlet
from kernel.errors import N_, DomainError, InvalidInput, NotFound
from kernel.people import Actor
from orders.consignment import accounts
from orders.models.agreement import Agreement
from orders.models.delivery import ConfirmedBy, Delivery, DeliveryState
from orders.models.maker_payout import MakerAccount
from orders.models.stockroom import PullOut
from orders.portal.records import get_delivery
from orders.stockroom import deliveries, pull_outs
from orders.stockroom.delivery_lines import LineFacts, add_line

#: Announced deliveries of one maker that nobody brought yet; more is a mistake or mischief.
MOST_ANNOUNCED = 10


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks for which maker: a signed-in person with the role, or whoever holds the maker's link."""

    maker_id: int
    actor: Actor
    #: The member of staff who made the link; None with an account.
    let_in_by_id: int | None = None
    is_by_link: bool = False

    @property
    def way(self) -> ConfirmedBy:
        """How a count is confirmed by this speaker."""
        return ConfirmedBy.LINK if self.is_by_link else ConfirmedBy.ACCOUNT


def announce(
    session: Session, speaker: Speaker, agreement_id: int, lines: Sequence[tuple[Variant, LineFacts]], *, expected_on: date, note: str = ""
) -> Delivery:
    """Say what will be brought and when. Packs that the outlet would refuse are refused now, while they can still be left at home."""
    agreement = _own(session, speaker, agreement_id)
    if not lines:
        raise InvalidInput(N_("Please say how many of at least one product you will bring."))
    announced = select(func.count()).where(Delivery.maker_id == speaker.maker_id, Delivery.state == DeliveryState.ANNOUNCED)
    if (session.scalar(announced) or 0) >= MOST_ANNOUNCED:
        raise InvalidInput(N_("%(most)s deliveries are announced already. Please bring them first."), most=MOST_ANNOUNCED)
    outlet, maker = session.get_one(Outlet, agreement.outlet_id), session.get_one(Maker, agreement.maker_id)
    delivery = deliveries.announce_delivery(session, speaker.actor, outlet, maker, expected_on=expected_on, note=note)
    for variant, facts in lines:
        try:
            add_line(session, delivery, variant, facts)
        except DomainError as refusal:
            # Beside the pack's own row of the form.
            refusal.field = f"{refusal.field or 'quantity'}-{variant.code}"
            raise
    return delivery


def take_back_announcement(session: Session, speaker: Speaker, code: str) -> None:
    """Bring nothing after all; NotFound for another maker's note, Conflict once the goods are at the outlet."""
    deliveries.take_back_announcement(session, speaker.actor, get_delivery(session, speaker.maker_id, code).id)


def take_back_request(session: Session, speaker: Speaker, code: str) -> None:
    """Leave the goods on the shelf after all; NotFound for another maker's, Conflict for what is not the maker's own wish any more."""
    pull_out_id = session.scalar(select(PullOut.id).where(PullOut.code == code, PullOut.maker_id == speaker.maker_id))
    if pull_out_id is None:
        raise NotFound
    pull_outs.take_back_request(session, speaker.actor, pull_out_id)


def confirm(session: Session, speaker: Speaker, code: str, revision: int, name: str) -> Delivery:
    """Agree to what the outlet counted; the goods are booked, once. CountChanged when the outlet counted anew."""
    delivery = get_delivery(session, speaker.maker_id, code)
    return deliveries.confirm_by_maker(session, delivery.id, revision, speaker.way, name, actor=speaker.actor)


def ask_back(session: Session, speaker: Speaker, agreement_id: int, wanted: Mapping[int, int], note: str) -> PullOut:
    """Ask for units back, by level id; NotFound for a level that is not under this agreement."""
    agreement = _own(session, speaker, agreement_id)
    outlet, maker = session.get_one(Outlet, agreement.outlet_id), session.get_one(Maker, agreement.maker_id)
    return pull_outs.ask_for_pull_out(session, speaker.actor, outlet, maker, agreement.id, wanted, note=note)


def ask_for_account(session: Session, speaker: Speaker, agreement_id: int, bank: str, number: str, holder: str) -> MakerAccount:
    """Ask that money goes to another account; somebody of the outlet has to agree."""
    agreement = _own(session, speaker, agreement_id)
    return accounts.ask_for_account(session, speaker.actor, agreement, bank, number, holder, let_in_by_id=speaker.let_in_by_id)


def object_to_account(session: Session, speaker: Speaker, agreement_id: int, account_id: int) -> MakerAccount:
    """Say that a change of account is not the maker's wish; it is dropped."""
    return accounts.object_to_account(session, speaker.actor, _own(session, speaker, agreement_id), account_id)


def _own(session: Session, speaker: Speaker, agreement_id: int) -> Agreement:
    agreement = session.get(Agreement, agreement_id)
    if agreement is None or agreement.maker_id != speaker.maker_id:
        raise NotFound
    return agreement
