"""The office's side of a maker's link: its address, and the WhatsApp message that carries it."""

from __future__ import annotations

from flask import request, url_for

from orders.models.maker_link import MakerLink
from orders.portal import links
from storefront.contact import whatsapp_link
from storefront.i18n import gettext as _
from storefront.i18n import speaking
from storefront.templating import current_settings, moment


def address_of(link: MakerLink) -> str:
    """The public address that opens the portal, in Indonesian whatever the office speaks."""
    token = links.write_token(link, current_settings().secret_key)
    path = url_for("makers.open_link", token=token, _external=False).removeprefix(request.script_root)
    return (current_settings().base_url.rstrip("/") or request.host_url.rstrip("/")) + path


def message_of(link: MakerLink) -> str:
    """WhatsApp with the text written in Indonesian; staff read it before they send it."""
    with speaking("id"):
        parts = [
            _("Hello %(name)s,", name=link.maker.name),
            _("here you see what sold, what is left and what you are paid: %(address)s", address=address_of(link)),
            _("The link works until %(when)s. Please do not pass it on.", when=moment(link.expires_at)),
        ]
        return whatsapp_link("\n".join(parts), link.maker.phone)
