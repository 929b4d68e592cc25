"""What each movement of stock belongs to, in words, and the page of that paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from catalog.models.stock import Outlet
from catalog.shelves import MovementRow
from kernel.errors import N_
from kernel.people import Permission
from orders.stockroom.queries import find_delivery_codes
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.order_pages import order_pages
from storefront.security import current_actor

_ORDER, _PURCHASE = N_("Order %(code)s"), N_("Partner's order %(code)s")
#: The word before the colon of a reference: what the paper is called, and its page with the name of its parameter.
_PAPERS: dict[str, tuple[str, str, str]] = {
    "refund": (N_("Refund %(code)s"), "office.refund", "code"),
    "delivery": (N_("Delivery %(code)s"), "office.delivery", "code"),
    "count": (N_("Count %(code)s"), "office.count", "code"),
    "pull_out": (N_("Pull-out %(code)s"), "office.pull_out", "code"),
    "transfer": (N_("Transfer %(code)s"), "office.transfer", "code"),
    "receipt": (_PURCHASE, "office.trade_order", "code"),
    "credit": (N_("Credit note %(code)s"), "", ""),
    "lease": (N_("Units kept for a till"), "office.till_board", "outlet"),
}
#: Pages that not everybody who sees stock may open.
_NEEDS = {"office.trade_order": Permission.MANAGE_WHOLESALE, "office.till_board": Permission.MANAGE_TILLS}


@dataclass(frozen=True, slots=True)
class Paper:
    """What a movement belongs to; without an address where there is no page, or not for this person."""

    words: str
    address: str | None = None


def papers_of(rows: Sequence[MovementRow], outlet: Outlet) -> list[Paper | None]:
    """The paper that each movement names, None for a correction, which has its reason only; two statements for all of them."""
    named = [row.reference.partition(":")[::2] for row in rows]
    orders = order_pages(code for kind, code in named if kind == "order")
    # A typed reference is what stands on the maker's own paper; the code of a delivery note leads to it.
    notes = find_delivery_codes(reading(), {code for kind, code in named if kind == "delivery"})
    found: list[Paper | None] = []
    for kind, code in named:
        if kind == "order":
            shown, address = orders[code]
            found.append(Paper(_(_ORDER if shown == code else _PURCHASE, code=shown), address))
        elif kind == "delivery" and code not in notes:
            found.append(Paper(_("Delivery note %(number)s", number=code)) if code else None)
        else:
            found.append(_paper(kind, code, outlet) if kind in _PAPERS else None)
    return found


def _paper(kind: str, code: str, outlet: Outlet) -> Paper:
    words, endpoint, parameter = _PAPERS[kind]
    needed = _NEEDS.get(endpoint)
    if not endpoint or (needed and not current_actor().can(needed, area_code=outlet.area_code, outlet_id=outlet.id)):
        return Paper(_(words, code=code))
    values: dict[str, Any] = {parameter: outlet.code if parameter == "outlet" else code}
    return Paper(_(words, code=code), url_for(endpoint, **values))
