"""What checkout asks: a name, a WhatsApp number and how to pay; a street when goods are sent; e-mail and pickup time if wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wtforms import HiddenField, IntegerField

from catalog.queries.views import OutletView
from kernel import clock
from kernel.errors import N_, InvalidInput
from kernel.ids import make_token
from orders.gateways import Gateway, PaymentMethod
from orders.models.order import Fulfilment
from orders.shipping import LONGEST_NOTE, LONGEST_STREET
from storefront.checkout.receiving import Receiving
from storefront.checkout.villages import VillageField
from storefront.fields import ChoiceField, EmailField, LongTextField, PageForm, PhoneField, TextField, TypedField

_MOMENT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[T ]+(\d{1,2})[:.](\d{2})(:\d{2})?", re.ASCII)
#: What only one of the two ways needs.
SHIPPING_FIELDS = ("street", "landmark", "postal_code")
PICKUP_FIELDS = ("departs_at", "pickup_at")


class MomentField(TypedField):
    """A day and time on the outlet's clock, from a picker or typed as 2026-11-22 15:30; `value` is an aware moment."""

    kind = "datetime-local"
    zone = "WIB"

    def parse(self, text: str) -> datetime:
        found = _MOMENT.fullmatch(text.strip())
        try:
            if found is None or not found[1].startswith("20"):
                raise ValueError
            return datetime(*(int(part) for part in found.groups()[:5]), tzinfo=clock.ZONES[self.zone])  # type: ignore[arg-type, misc]
        except ValueError:
            raise InvalidInput(N_("Please give day and time, such as 2026-11-22 15:30.")) from None


class SlotField(TypedField):
    """When the buyer collects; `value` is the moment the slot begins, or None for any time."""

    kind = "slot"

    def parse(self, text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise InvalidInput(N_("Please choose one from the list.")) from None
        if moment.tzinfo is None or not 2000 <= moment.year < 2100:
            raise InvalidInput(N_("Please choose one from the list."))
        return moment  # whether it is (still) possible is for the order to say


class ReceivingForm(PageForm):
    """The choice in the cart: collect, or send to a village."""

    fulfilment = ChoiceField(N_("How would you like to get it?"))
    village = VillageField(N_("Village, district or city"), hint=N_("A few letters are enough, such as “tal bul”."))

    def __init__(self, receiving: Receiving, **named: Any) -> None:
        super().__init__(data={"fulfilment": receiving.fulfilment.value, "village": receiving.village and receiving.village.code}, **named)
        ways = Fulfilment if receiving.sender else (Fulfilment.PICKUP,)
        self.fulfilment.choices = [(way.value, way.value) for way in ways]
        self.village.is_wanted = self.fulfilment.data == Fulfilment.SHIPPING


class CheckoutForm(PageForm):
    """Contact, place and way to pay. `checkout_key` makes the form one order, however often it is sent."""

    name = TextField(N_("Your name"), maximum=120, autocomplete="name")
    phone = PhoneField(
        N_("WhatsApp number"),
        hint=N_("Such as 0812 3456 7890; from abroad with + and your country's code. Only used for this order."),
        autocomplete="tel",
    )
    email = EmailField(N_("E-mail"), required=False, hint=N_("For a confirmation by e-mail."), autocomplete="email")
    street = TextField(N_("Street and house number"), maximum=LONGEST_STREET, autocomplete="address-line1")
    landmark = TextField(N_("Landmark for the courier"), maximum=LONGEST_NOTE, required=False)
    postal_code = TextField(N_("Postal code"), maximum=10, required=False, autocomplete="postal-code", width="short")
    outlet = ChoiceField(N_("Where would you like to collect?"))
    departs_at = MomentField(N_("When do you travel on?"), required=False, hint=N_("We then offer only times before your departure."))
    pickup_at = SlotField(N_("When will you collect?"), required=False)
    payment_method = ChoiceField(N_("How would you like to pay?"))
    note = LongTextField(N_("Note for the souvenir centre"), maximum=500, required=False, rows=2)
    checkout_key = HiddenField()
    seen_total = IntegerField()

    def __init__(self, outlets: Sequence[OutletView], gateways: dict[PaymentMethod, Gateway], *, is_shipping: bool, **named: Any) -> None:
        super().__init__(**named)
        for name in PICKUP_FIELDS if is_shipping else SHIPPING_FIELDS:
            del self[name]
        self.outlet.choices = [(outlet.slug, outlet.name) for outlet in outlets]
        self.payment_method.choices = [(method.value, method.value) for method in gateways]
        if not self.is_submitted():
            self.checkout_key.data = make_token()
            self.outlet.data = outlets[0].slug if outlets else None
            self.payment_method.data = next(iter(gateways)).value if gateways else None
        if not is_shipping:
            self.departs_at.zone = next((outlet.zone for outlet in outlets if outlet.slug == self.outlet.data), MomentField.zone)


class FindOrderForm(PageForm):
    """What a buyer who lost the link still knows."""

    code = TextField(N_("Order code"), maximum=12, hint=N_("Eight letters and digits, such as K7QTX4MN."))
    phone = PhoneField(N_("WhatsApp number"), hint=N_("The one you ordered with."), autocomplete="tel")
