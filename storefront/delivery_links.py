"""The maker's way to confirm a delivery from afar: a signed link that ends, the code beside it, and the message that carries both."""

from __future__ import annotations

from datetime import timedelta

from flask import request, url_for
from sqlalchemy.orm import Session

from kernel import links
from kernel.links import LinkEnded
from orders.models.delivery import Delivery
from orders.stockroom import deliveries
from storefront.contact import whatsapp_link
from storefront.i18n import gettext as _
from storefront.i18n import ngettext, speaking
from storefront.templating import current_settings

PURPOSE = "delivery"
LIFETIME = timedelta(days=3)


def address_of(delivery: Delivery) -> str:
    """The public address of the maker's page for the present count."""
    token = links.sign(current_settings().secret_key, PURPOSE, delivery.code, binding=str(delivery.revision))
    path = url_for("deliveries.confirm", token=token, _external=False).removeprefix(request.script_root)
    return (current_settings().base_url.rstrip("/") or request.host_url.rstrip("/")) + path


def read_link(session: Session, token: str) -> Delivery:
    """The delivery that a link opens; LinkEnded when it is old, not ours, or for another count than the present one."""
    delivery = deliveries.find_by_code(session, links.peek(token)[:8])
    if delivery is None:
        raise LinkEnded
    links.read(current_settings().secret_key, PURPOSE, token, binding=str(delivery.revision), lifetime=LIFETIME)
    return delivery


def message_to_maker(delivery: Delivery) -> str:
    """WhatsApp with the text written in Indonesian, the makers' language; staff read it before they send it."""
    units = sum(line.accepted for line in delivery.lines)
    with speaking("id"):
        parts = [
            _("Hello %(name)s,", name=delivery.maker.name),
            ngettext(
                "we counted %(num)s unit of delivery %(code)s at %(outlet)s.",
                "we counted %(num)s units of delivery %(code)s at %(outlet)s.",
                units,
                code=delivery.code,
                outlet=delivery.outlet.name,
            ),
            _("Please look at it and confirm: %(address)s", address=address_of(delivery)),
            _("Or tell us this code: %(code)s", code=deliveries.maker_code(current_settings().secret_key, delivery)),
        ]
        return whatsapp_link(" ".join(parts[:2]) + "\n" + "\n".join(parts[2:]), delivery.maker.phone)
