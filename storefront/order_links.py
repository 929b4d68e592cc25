"""Public addresses of an order's page, for paper and messages, and what staff write to its buyer on WhatsApp."""

from __future__ import annotations

from flask import request, url_for

from kernel.locales import DEFAULT_LANGUAGE
from orders.queries import OrderView
from orders.shipping_queries import ShippingView
from orders.states import OrderState
from storefront.contact import opening_words, whatsapp_link
from storefront.i18n import gettext as _
from storefront.i18n import speaking
from storefront.templating import current_settings, moment, rupiah


def order_address(view: OrderView) -> str:
    """The buyer's page in the order's language."""
    prefix = "" if view.language == DEFAULT_LANGUAGE else f"/{view.language}"
    return _origin() + prefix + _path("checkout.order", token=view.token)


def office_address(view: OrderView) -> str:
    """The staff's page of the order: only who may handle it gets in."""
    return _origin() + _path("office.order", code=view.code)


def message_to_buyer(view: OrderView) -> str:
    """WhatsApp with the text written in the buyer's language; staff read it before they send it."""
    with speaking(view.language):
        return whatsapp_link(_words(view), view.contact_phone)


def _words(view: OrderView) -> str:
    address = order_address(view)
    if view.shipping is not None and view.shipping.parcels:
        return "\n".join([_shipped_words(view, view.shipping), address])
    if view.state is not OrderState.READY or view.shipping is not None:
        return _("Hello %(name)s, about your order %(code)s: %(address)s", name=view.contact_name, code=view.code, address=address)
    parts = [
        _("Hello %(name)s,", name=view.contact_name),
        _(
            "Order %(code)s is ready to collect at %(outlet)s, %(place)s.",
            code=view.code,
            outlet=view.outlet.name,
            place=view.outlet.address,
        ),
        f"{opening_words(view.outlet).rstrip('.')}.",
    ]
    if view.cash_due:
        parts.append(_("Please bring %(amount)s in cash.", amount=rupiah(view.cash_due)))
    if view.hold_until:
        parts.append(_("We keep your goods until %(until)s.", until=moment(view.hold_until, view.outlet.zone)))
    return "\n".join([" ".join(parts), address])


def _shipped_words(view: OrderView, shipping: ShippingView) -> str:
    numbers = ", ".join(f"{parcel.courier} {parcel.tracking_number}".strip() for parcel in shipping.parcels)
    name, code = view.contact_name, view.code
    if view.state is OrderState.COMPLETED:
        return _("Hello %(name)s, has your order %(code)s (%(numbers)s) arrived well?", name=name, code=code, numbers=numbers)
    return _("Hello %(name)s, your order %(code)s is on its way: %(numbers)s.", name=name, code=code, numbers=numbers)


def _origin() -> str:
    return current_settings().base_url.rstrip("/") or request.host_url.rstrip("/")


def _path(endpoint: str, **values: str) -> str:
    """The path without the language of the page that is being looked at."""
    path = url_for(endpoint, _external=False, **values)
    return path.removeprefix(request.script_root)
