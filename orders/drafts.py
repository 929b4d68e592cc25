"""What somebody asks for when an order is placed, and the checks that need nothing but what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kernel.errors import N_, DomainError, InvalidInput
from kernel.locales import LANGUAGES
from orders.gateways import PaymentMethod
from orders.models.order import Channel, Fulfilment
from orders.pricing import LARGEST_CASE_QUANTITY, LARGEST_LINE_QUANTITY, MOST_CASE_LINES, MOST_LINES, check_quantity
from orders.shipping import Destination

_E164 = re.compile(r"\+[1-9][0-9]{7,14}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", re.ASCII)


class EmptyCart(DomainError):
    """There is nothing to order."""

    message = N_("Your cart is empty.")


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the order is for: a name, a phone number in E.164 (`kernel.phones.parse_phone`) and perhaps an e-mail address."""

    name: str
    phone: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the buyer chose, before anything is looked up."""

    channel: Channel
    contact: Contact
    #: None: on account, as partners pay.
    method: PaymentMethod | None
    checkout_key: str
    language: str
    note: str
    moment: datetime
    destination: Destination | None = None
    pickup_at: datetime | None = None
    departs_at: datetime | None = None

    @property
    def fulfilment(self) -> Fulfilment:
        is_collected = self.destination is None and self.channel is not Channel.WHOLESALE
        return Fulfilment.PICKUP if is_collected else Fulfilment.SHIPPING


def check_draft(draft: Draft, cart_lines: Mapping[int, int]) -> None:
    """Refuse with InvalidInput or EmptyCart what cannot become an order, whatever the shop has."""
    name, phone, email = draft.contact.name, draft.contact.phone, draft.contact.email
    if not 2 <= len(name.strip()) <= 120 or not name.isprintable():
        raise InvalidInput(N_("Please give a name of 2 to 120 letters."), field="name")
    if not _E164.fullmatch(phone):
        raise InvalidInput(N_("Type a complete phone number, such as 0812 3456 7890."), field="phone")
    if email and (len(email) > 254 or not _EMAIL.fullmatch(email)):
        raise InvalidInput(N_("This e-mail address is not complete."), field="email")
    if len(draft.note) > 500:
        raise InvalidInput(N_("Please keep the note under 500 letters."), field="note")
    if draft.language not in LANGUAGES:
        raise InvalidInput(field="language")
    if not cart_lines:
        raise EmptyCart
    is_by_case = draft.channel is Channel.WHOLESALE
    most, largest = (MOST_CASE_LINES, LARGEST_CASE_QUANTITY) if is_by_case else (MOST_LINES, LARGEST_LINE_QUANTITY)
    if len(cart_lines) > most:
        raise InvalidInput(N_("An order holds at most %(most)s different items."), field="quantity", most=most)
    for quantity in cart_lines.values():
        check_quantity(quantity, largest)
