"""What every office page shares: the rooms a person may enter, and what its templates can call."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import url_for

from kernel.errors import N_
from kernel.people import GRANTS, Actor, Permission, Role
from storefront import state_words
from storefront.i18n import gettext as _
from storefront.routing import Reach
from storefront.security import current_actor, may_enter
from storefront.templating import current_settings
from storefront.words import days_words, measure, percent, word

#: Room, its name, its first page, and who may enter.
Room = tuple[str, str, str, Permission | Reach]
#: The wings of the office with their rooms; the first has no name.
WINGS: tuple[tuple[str, tuple[Room, ...]], ...] = (
    (
        "",
        (("dashboard", N_("Today"), "office.dashboard", Permission.VIEW_OFFICE),),
    ),
    (
        N_("Sales"),
        (
            ("orders", N_("Orders"), "office.orders", Permission.VIEW_ORDERS),
            ("tills", N_("Tills"), "office.tills", Permission.MANAGE_TILLS),
            ("refunds", N_("Refunds"), "office.refund_list", Permission.REFUND_ORDERS),
            ("vouchers", N_("Vouchers"), "office.vouchers", Permission.MANAGE_VOUCHERS),
            ("shipping", N_("Shipping zones"), "office.shipping_outlets", Permission.MANAGE_SHIPPING),
        ),
    ),
    (
        N_("Goods"),
        (
            ("stock", N_("Stock"), "office.stock", Permission.VIEW_STOCK),
            ("stockroom", N_("Stock room"), "office.deliveries", Permission.VIEW_STOCK),
            ("approvals", N_("Approvals"), "office.approvals", Permission.VIEW_STOCK),
            ("agreements", N_("Makers' goods"), "office.agreements", Permission.MANAGE_AGREEMENTS),
        ),
    ),
    (
        N_("Money"),
        (
            ("settlements", N_("Settlements"), "office.settlements", Permission.MANAGE_MONEY),
            ("outlets", N_("Outlets"), "office.outlets", Permission.MANAGE_MONEY),
        ),
    ),
    (
        N_("Catalogue"),
        (
            ("products", N_("Products"), "office.products", Permission.EDIT_PRODUCTS),
            ("makers", N_("Makers"), "office.makers", Permission.EDIT_MAKERS),
            ("papers", N_("Papers"), "office.papers", Permission.VIEW_CURATION),
            ("catalogue", N_("Catalogue work"), "office.imports", Permission.EDIT_PRODUCTS),
            ("feeds", N_("Feeds"), "office.feed_list", Permission.MANAGE_FEEDS),
        ),
    ),
    (
        N_("Programme"),
        (
            ("proposals", N_("Proposals"), "office.proposals", Reach.PROPOSER),
            ("curation", N_("Curation"), "office.curation_queue", Permission.VIEW_CURATION),
            ("mapping", N_("Mapping"), "office.mapping", Permission.VIEW_PROGRAMME),
            ("mentoring", N_("Mentoring"), "office.mentoring", Permission.VIEW_CURATION),
            ("reporting", N_("Village reports"), "office.reporting", Permission.VIEW_PROGRAMME),
            ("monitoring", N_("Monitoring"), "office.monitoring", Permission.VIEW_PROGRAMME),
        ),
    ),
    (
        N_("Wholesale"),
        (
            ("trade", N_("Partners' orders"), "office.trade_quotes", Permission.MANAGE_WHOLESALE),
            ("partners", N_("Partners"), "office.partner_list", Permission.MANAGE_WHOLESALE),
            ("offers", N_("Offers"), "office.offer_list", Permission.MANAGE_WHOLESALE),
        ),
    ),
    (
        N_("Office"),
        (
            ("reports", N_("Reports"), "office.reports", Permission.VIEW_REPORTS),
            ("audit", N_("Audit trail"), "office.audit_trail", Permission.VIEW_REPORTS),
            ("people", N_("People"), "office.people", Permission.MANAGE_PEOPLE),
        ),
    ),
)


def office_wings() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """What this person may enter: each wing's name with (room, name, address) of its rooms."""
    actor = current_actor()
    hidden = {"curation"} if _only_proposes(actor) else set()
    if not actor.can(Permission.MANAGE_FEEDS, area_code=current_settings().area_prefix):
        hidden.add("feeds")
    entered = [
        (
            wing,
            [
                (room, _(name), url_for(endpoint))
                for room, name, endpoint, access in rooms
                if may_enter(actor, access) and room not in hidden
            ],
        )
        for wing, rooms in WINGS
    ]
    return [(_(wing) if wing else "", rooms) for wing, rooms in entered if rooms]


def _only_proposes(actor: Actor) -> bool:
    """A village officer reads of their proposals where they write them; the desk's lists say nothing more."""
    return all(grant.role is Role.VILLAGE_OFFICER for grant in actor.grants if Permission.VIEW_CURATION in GRANTS[grant.role])


def office_globals() -> dict[str, Any]:
    """What office templates can call."""
    words = {"said": state_words, "word": word, "measure": measure, "days_words": days_words, "percent": percent}
    return {"office_wings": office_wings, "Permission": Permission, **words}


def choices_of(enum: type[StrEnum]) -> list[tuple[str, str]]:
    """(value, words) of every member, for a choice field."""
    return [(member.value, word(member)) for member in enum]
