"""Which local ways to pay an outlet takes: its QRIS code and bank account, entered by its lead, and what each can carry."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit
from kernel.errors import N_, DomainError, InvalidInput, NotAllowed
from kernel.people import Actor, Permission
from kernel.prepared import Prepared
from orders import qris
from orders.gateways import PaymentMethod
from orders.models.order import Fulfilment

_DETAILS = Prepared(select(Outlet.id, Outlet.qris_payload, Outlet.bank_account_number).where(Outlet.is_active))
_ACCOUNT = re.compile(r"[0-9]{5,20}", re.ASCII)


class MethodNotPossible(DomainError):
    """The outlet does not take this way of paying, or not for this total."""

    message = N_("This way of paying is not possible for this amount. Please choose another one.")


@dataclass(frozen=True, slots=True)
class PaymentDetails:
    """Where an outlet's local money goes; empty texts mean that the way is not offered."""

    qris_payload: str = ""
    bank_name: str = ""
    bank_account_number: str = ""
    bank_account_name: str = ""


def methods_of(outlet: Outlet) -> frozenset[PaymentMethod]:
    """The ways to pay that this outlet can take, whatever the amount."""
    return _methods(outlet.qris_payload, outlet.bank_account_number)


def methods_for(outlet: Outlet, fulfilment: Fulfilment) -> frozenset[PaymentMethod]:
    """The ways to pay for an order that is collected or sent: nobody comes to pay for what is sent."""
    return methods_of(outlet) - {PaymentMethod.PAY_AT_PICKUP} if fulfilment is Fulfilment.SHIPPING else methods_of(outlet)


def list_methods(session: Session) -> dict[int, frozenset[PaymentMethod]]:
    """The ways to pay of every active outlet, by its id. One statement."""
    return {outlet_id: _methods(payload, account) for outlet_id, payload, account in _DETAILS.run(session, {})}


def check_method(outlet: Outlet, method: PaymentMethod, total: int) -> None:
    """Refuse with MethodNotPossible a way that this outlet does not take, or QRIS above its limit."""
    if method not in methods_of(outlet):
        raise MethodNotPossible(N_("This outlet does not take this way of paying. Please choose another one."), field="payment_method")
    if method is PaymentMethod.QRIS and total > qris.LARGEST_PAYMENT:
        raise MethodNotPossible(field="payment_method")


def set_details(session: Session, actor: Actor, outlet: Outlet, details: PaymentDetails) -> Outlet:
    """Change where the outlet's money goes. The audit keeps what it was before: whoever changes an account moves money.

    Raises NotAllowed, qris.WrongCode and InvalidInput.
    """
    if not actor.can(Permission.MANAGE_MONEY, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
    wanted = _checked(details)
    changes = {name: {"from": getattr(outlet, name), "to": value} for name, value in wanted.items() if getattr(outlet, name) != value}
    for name, value in wanted.items():
        setattr(outlet, name, value)
    if changes:
        audit.record(session, actor, "outlet.payment_details", f"outlet:{outlet.code}", changes)
    session.flush()
    return outlet


def _methods(qris_payload: str, account_number: str) -> frozenset[PaymentMethod]:
    found = {PaymentMethod.PAY_AT_PICKUP, PaymentMethod.STRIPE}
    if qris_payload:
        found.add(PaymentMethod.QRIS)
    if account_number:
        found.add(PaymentMethod.BANK_TRANSFER)
    return frozenset(found)


def _checked(details: PaymentDetails) -> dict[str, str]:
    payload = details.qris_payload.strip()
    if payload:
        try:
            code = qris.parse(payload)
        except qris.WrongCode as wrong:
            raise qris.WrongCode(field="qris_payload") from wrong
        if code.get(qris.METHOD) != qris.STATIC:
            raise InvalidInput(N_("This code is made out for one payment. Please use the outlet's static code."), field="qris_payload")
        payload = code.payload
    bank = {
        "bank_name": details.bank_name.strip(),
        "bank_account_number": re.sub(r"[ .-]", "", details.bank_account_number),
        "bank_account_name": details.bank_account_name.strip(),
    }
    if any(bank.values()):
        for name, value in bank.items():
            if not value:
                raise InvalidInput(N_("A transfer needs the bank, the number and the name of the account."), field=name)
        if not _ACCOUNT.fullmatch(bank["bank_account_number"]):
            raise InvalidInput(N_("An account number has 5 to 20 digits."), field="bank_account_number")
    return {"qris_payload": payload} | bank
