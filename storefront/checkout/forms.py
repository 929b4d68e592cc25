"""What checkout asks: a name, a WhatsApp number and how to pay; an e-mail address only from whoever wants letters."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, IntegerField

from catalog.queries.views import OutletView
from kernel.errors import N_
from kernel.ids import make_token
from orders.gateways import Gateway, PaymentMethod
from storefront.fields import ChoiceField, EmailField, LongTextField, PageForm, PhoneField, TextField


class CheckoutForm(PageForm):
    """Contact, place and way to pay. `checkout_key` makes the form one order, however often it is sent."""

    name = TextField(N_("Your name"), maximum=120, autocomplete="name")
    phone = PhoneField(N_("WhatsApp number"), hint=N_("Such as 0812 3456 7890. Only used for this order."), autocomplete="tel")
    email = EmailField(N_("E-mail"), required=False, hint=N_("For a confirmation by e-mail."), autocomplete="email")
    outlet = ChoiceField(N_("Where would you like to collect?"))
    payment_method = ChoiceField(N_("How would you like to pay?"))
    note = LongTextField(N_("Note for the souvenir centre"), maximum=500, required=False, rows=2)
    checkout_key = HiddenField()
    seen_total = IntegerField()

    def __init__(self, outlets: tuple[OutletView, ...], gateways: dict[PaymentMethod, Gateway], **named: Any) -> None:
        super().__init__(**named)
        self.outlet.choices = [(outlet.slug, outlet.name) for outlet in outlets]
        self.payment_method.choices = [(method.value, method.value) for method in gateways]
        if not self.is_submitted():
            self.checkout_key.data = make_token()
            self.outlet.data = outlets[0].slug if outlets else None
            self.payment_method.data = next(iter(gateways)).value


class FindOrderForm(PageForm):
    """What a buyer who lost the link still knows."""

    code = TextField(N_("Order code"), maximum=12, hint=N_("Eight letters and digits, such as K7QTX4MN."))
    phone = PhoneField(N_("WhatsApp number"), hint=N_("The one you ordered with."), autocomplete="tel")
