"""Who did what at a till, who allowed it, and the incident when it needed somebody's word that it did not have (A18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit
from kernel.people import Actor, User
from orders.counter.incidents import open_incident
from orders.counter.pins import find_supervisor, get_cashier, may_sell
from orders.models.shift import IncidentKind, Shift
from orders.models.till import Till, TillEntry

if TYPE_CHECKING:
    from orders.counter.bodies import Supervision

#: What an incident NOT_ALLOWED says in its detail under `what`.
STRANGER = "person_may_not_sell"
CASH_OUT = "cash_out_without_supervisor"
DRAWER_OFTEN = "drawer_opened_often"
CANCELLED_AFTER_PAYMENT = "cancelled_after_payment"
RETURN_ALONE = "return_without_supervisor"
CASH_BEYOND_PAID = "more_cash_back_than_was_paid_in_cash"


@dataclass(frozen=True, slots=True)
class Acting:
    """The person at the till, and whoever allowed what they did: the supervisor named, or they themself if they manage tills."""

    cashier: User
    supervisor: User | None
    outlet: Outlet

    @property
    def supervisor_id(self) -> int | None:
        """For the row that is kept."""
        return self.supervisor.id if self.supervisor else None

    @property
    def actor(self) -> Actor:
        """The cashier, for the audit and for movements; what happened needs no permission any more."""
        return Actor(user_id=self.cashier.id, name=self.cashier.name)


def who_acted(session: Session, outlet: Outlet, cashier: str, supervision: Supervision | None = None) -> Acting:
    """The people that an entry of this outlet names by their codes. UnknownCashier when there is no such cashier."""
    person = get_cashier(session, cashier)
    return Acting(person, find_supervisor(session, outlet, person, supervision), outlet)


def note_act(
    session: Session, acting: Acting, shift: Shift, entry: TillEntry, action: str, details: Mapping[str, Any], what: Sequence[str] = ()
) -> None:
    """Keep an act in the audit; and open an incident for `what` should not have been done, or not by this person alone."""
    facts = {"entry": entry.entry_id, "shift": shift.number, **details}
    if acting.supervisor is not None:
        facts["supervisor"] = acting.supervisor.code
    audit.record(session, acting.actor, action, subject_of(acting.outlet, shift.till), facts)
    wrongs = [*what, *(() if may_sell(acting.cashier, acting.outlet) else (STRANGER,))]
    if wrongs:
        detail = {"what": wrongs, "cashier": acting.cashier.code, **details}
        open_incident(
            session, IncidentKind.NOT_ALLOWED, f"not_allowed:{entry.entry_id}", acting.outlet.id, entry_id=entry.id, detail=detail
        )


def subject_of(outlet: Outlet, till: Till) -> str:
    """How the audit names a till."""
    return f"till:{outlet.code}-{till.number}"
