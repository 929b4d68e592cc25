"""How one can pay, in words, before there is a cart."""

from __future__ import annotations

from collections.abc import Collection

from catalog.queries.views import OutletView
from storefront.i18n import gettext as _


def ways_to_pay(outlets: Collection[OutletView], *, takes_cards: bool) -> str:
    """`QRIS, transfer bank, kartu, atau tunai saat mengambil`: what at least one outlet takes, in the checkout's order."""
    others = [
        *([_("QRIS")] if any(outlet.takes_qris for outlet in outlets) else []),
        *([_("bank transfer")] if any(outlet.takes_transfers for outlet in outlets) else []),
        *([_("card")] if takes_cards else []),
    ]
    cash = _("cash when you collect")
    return _("%(others)s, or %(last)s", others=", ".join(others), last=cash) if others else cash
