"""What every office page shares: the rooms a person may enter, page numbers and addresses of lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request, url_for

from kernel.errors import N_
from kernel.paging import parse_page
from kernel.people import Permission
from storefront import state_words
from storefront.i18n import gettext as _
from storefront.security import current_actor
from storefront.words import measure, word

#: Room, its name, its first page, and who may enter.
ROOMS = (
    ("dashboard", N_("Today"), "office.dashboard", Permission.VIEW_OFFICE),
    ("orders", N_("Orders"), "office.orders", Permission.VIEW_ORDERS),
    ("stock", N_("Stock"), "office.stock", Permission.VIEW_STOCK),
    ("products", N_("Products"), "office.products", Permission.EDIT_PRODUCTS),
    ("makers", N_("Makers"), "office.makers", Permission.EDIT_MAKERS),
    ("people", N_("People"), "office.people", Permission.MANAGE_PEOPLE),
)


def office_rooms() -> list[tuple[str, str, str]]:
    """(room, name, address) of what this person may enter."""
    actor = current_actor()
    return [(room, _(name), url_for(endpoint)) for room, name, endpoint, permission in ROOMS if actor.can(permission)]


def office_globals() -> dict[str, Any]:
    """What office templates can call."""
    return {"office_rooms": office_rooms, "said": state_words, "word": word, "measure": measure, "Permission": Permission}


def asked_page() -> int:
    """The page number in the address; InvalidInput, and so a 400, for nonsense."""
    return parse_page(request.args.get("page", ""))


def asked(name: str, longest: int = 100) -> str:
    """A short text in the address's query, without control characters."""
    return "".join(sign for sign in request.args.get(name, "") if sign.isprintable()).strip()[:longest]


def page_addresses(endpoint: str, **values: Any) -> Callable[[int], str]:
    """Page number -> address of the same list with the same filters."""
    kept = {name: value for name, value in values.items() if value not in ("", None)}
    return lambda number: url_for(endpoint, page=number, **kept)
