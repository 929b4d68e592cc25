"""What a maker's goods still miss for each kind of shop, and what to do next."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from catalog.readiness.profiles import list_profiles
from kernel.errors import NotFound
from orders.wholesale import gaps
from storefront import wholesale_words
from storefront.database import reading
from storefront.i18n import current_language
from storefront.maker_door import enter
from storefront.makers.frame import show
from storefront.pages import asked


def readiness(maker: str) -> ResponseReturnValue:
    """The maker's offers by what they lack of one profile."""
    session, entry = reading(), enter(maker)
    profiles = list_profiles(session)
    key = asked("profile", 40) or profiles[0].key
    profile = next((each for each in profiles if each.key == key), None)
    if profile is None:
        raise NotFound
    rows = gaps.list_of_maker(session, entry.maker.id, profile)
    tabs = [
        (each.name(current_language()), url_for("makers.readiness", maker=maker, profile=each.key), each.key == key) for each in profiles
    ]
    return show("makers/readiness/readiness.html", entry, tabs=tabs, rows=rows, says=wholesale_words)
