"""People: users, roles with an area or outlet scope, sessions that the server can end, and the Actor a verb receives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.base import Base, enum_column
from kernel.ids import make_code


class Role(StrEnum):
    """What a person may be. Scope (area prefix, outlet, maker) is on the grant, not in the role."""

    SHOPPER = "shopper"
    MAKER = "maker"
    CASHIER = "cashier"
    OUTLET_MANAGER = "outlet_manager"
    CURATOR = "curator"
    RETAIL_BUYER = "retail_buyer"
    #: Proposes products for the village the grant names: its head, secretary, BUMDes chair.
    VILLAGE_OFFICER = "village_officer"
    MENTOR = "mentor"
    ASSESSOR = "assessor"
    #: The province receives what its regencies report.
    PROVINCE_OFFICER = "province_officer"
    #: A bank, a university, BPOM: reads.
    OBSERVER = "observer"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What can be done; docs/permissions.md says which role may do it, and why."""

    VIEW_OFFICE = "view_office"
    EDIT_MAKERS = "edit_makers"
    EDIT_PRODUCTS = "edit_products"
    PUBLISH_PRODUCTS = "publish_products"
    EDIT_STOCK = "edit_stock"
    VIEW_STOCK = "view_stock"
    #: Type what stands on the shelf in a blind count.
    COUNT_STOCK = "count_stock"
    VIEW_ORDERS = "view_orders"
    HAND_OVER_ORDERS = "hand_over_orders"
    REFUND_ORDERS = "refund_orders"
    APPROVE_REFUNDS = "approve_refunds"
    VIEW_REPORTS = "view_reports"
    MANAGE_PEOPLE = "manage_people"
    #: Where an outlet's money goes, and whether it arrived: payment details, bank statements.
    MANAGE_MONEY = "manage_money"
    #: Where an outlet sends goods and for how much.
    MANAGE_SHIPPING = "manage_shipping"
    #: Make and stop an outlet's discount vouchers.
    MANAGE_VOUCHERS = "manage_vouchers"
    #: What an outlet and a maker agree on, closing statements, and putting the maker's books right.
    MANAGE_AGREEMENTS = "manage_agreements"
    #: Money to makers takes two people: one prepares, another approves. The same for a maker's bank account.
    PREPARE_PAYOUTS = "prepare_payouts"
    APPROVE_PAYOUTS = "approve_payouts"
    #: Agree to what somebody else asked for and the outlet's limits do not let one person do alone.
    APPROVE_ACTS = "approve_acts"
    #: Sell at a till, and on the page that needs no JavaScript.
    SELL_AT_TILLS = "sell_at_tills"
    #: Pair and revoke devices, set PINs, end incidents; the PIN of such a person allows what a cashier's does not.
    MANAGE_TILLS = "manage_tills"
    #: See what was proposed, how it was judged and decided.
    VIEW_CURATION = "view_curation"
    #: Propose a product, edit what was returned, appeal.
    PROPOSE_PRODUCTS = "propose_products"
    #: Fill in a scorecard.
    ASSESS_PRODUCTS = "assess_products"
    #: Check the gates, return, decide, decide appeals; always somebody else than the proposer.
    DECIDE_CURATION = "decide_curation"
    #: Go to makers, and note what they improved.
    MENTOR_MAKERS = "mentor_makers"
    #: See how far villages have come, what they report, and the figures of the programme.
    VIEW_PROGRAMME = "view_programme"
    #: Write down what a village could make, with evidence.
    MAP_VILLAGES = "map_villages"
    #: Say how far a village has come; open a programme year.
    DECIDE_PROGRAMME = "decide_programme"
    #: Write and send a village's report.
    SEND_REPORTS = "send_reports"
    #: Check a village's report, or return it with remarks; never one's own.
    CHECK_REPORTS = "check_reports"
    #: Receive what a regency has checked.
    RECEIVE_REPORTS = "receive_reports"
    #: Open a period of reports and lock it.
    MANAGE_PERIODS = "manage_periods"
    #: Open a locked period again, with a reason.
    REOPEN_PERIODS = "reopen_periods"
    #: Partners, their terms and price lists; offers, makers' capacity, and what kinds of retailers ask for.
    MANAGE_WHOLESALE = "manage_wholesale"
    #: See wholesale figures and order by the case, for the partner one buys for.
    BUY_WHOLESALE = "buy_wholesale"
    #: What search engines, social shops and marketplaces receive of the goods.
    MANAGE_FEEDS = "manage_feeds"


_OFFICE_CATALOGUE = {Permission.VIEW_OFFICE, Permission.EDIT_MAKERS, Permission.EDIT_PRODUCTS, Permission.PUBLISH_PRODUCTS}
_CURATION_DESK = {Permission.VIEW_OFFICE, Permission.VIEW_CURATION, Permission.VIEW_PROGRAMME}
_OUTLET_FLOOR = {
    Permission.VIEW_OFFICE,
    Permission.VIEW_STOCK,
    Permission.COUNT_STOCK,
    Permission.VIEW_ORDERS,
    Permission.HAND_OVER_ORDERS,
    Permission.REFUND_ORDERS,
    Permission.SELL_AT_TILLS,
}

#: The whole table of rights. A permission absent here belongs to nobody.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.SHOPPER: frozenset(),
    Role.MAKER: frozenset(),
    Role.RETAIL_BUYER: frozenset({Permission.BUY_WHOLESALE}),
    Role.CASHIER: frozenset(_OUTLET_FLOOR),
    Role.OUTLET_MANAGER: frozenset(
        _OUTLET_FLOOR
        | {
            Permission.EDIT_STOCK,
            Permission.APPROVE_REFUNDS,
            Permission.VIEW_REPORTS,
            Permission.MANAGE_MONEY,
            Permission.MANAGE_SHIPPING,
            Permission.MANAGE_VOUCHERS,
            Permission.MANAGE_AGREEMENTS,
            Permission.PREPARE_PAYOUTS,
            Permission.APPROVE_PAYOUTS,
            Permission.APPROVE_ACTS,
            Permission.MANAGE_TILLS,
            Permission.MANAGE_WHOLESALE,
        }
    ),
    Role.CURATOR: frozenset(
        _OFFICE_CATALOGUE
        | _CURATION_DESK
        | {
            Permission.VIEW_REPORTS,
            Permission.MANAGE_FEEDS,
            Permission.PROPOSE_PRODUCTS,
            Permission.ASSESS_PRODUCTS,
            Permission.DECIDE_CURATION,
            Permission.MENTOR_MAKERS,
            Permission.MAP_VILLAGES,
            Permission.DECIDE_PROGRAMME,
            Permission.SEND_REPORTS,
            Permission.CHECK_REPORTS,
            Permission.MANAGE_PERIODS,
            Permission.MANAGE_WHOLESALE,
        }
    ),
    Role.VILLAGE_OFFICER: frozenset(_CURATION_DESK | {Permission.PROPOSE_PRODUCTS, Permission.MAP_VILLAGES, Permission.SEND_REPORTS}),
    Role.MENTOR: frozenset(_CURATION_DESK | {Permission.MENTOR_MAKERS, Permission.MAP_VILLAGES}),
    Role.ASSESSOR: frozenset(_CURATION_DESK | {Permission.ASSESS_PRODUCTS}),
    Role.PROVINCE_OFFICER: frozenset(_CURATION_DESK | {Permission.VIEW_REPORTS, Permission.RECEIVE_REPORTS, Permission.MANAGE_PERIODS}),
    Role.OBSERVER: frozenset(_CURATION_DESK),
    # Who decides what partners pay does not buy for one.
    Role.ADMINISTRATOR: frozenset(Permission) - {Permission.BUY_WHOLESALE},
}


class User(Base):
    """A person with a login. Guests buy without one."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Names the person in the office's addresses, where neither a key nor an e-mail belongs.
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20), default="")
    password_hash: Mapped[str] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(2), default="id")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    #: Since when signing in takes a second step; its facts are kernel.second_factor's.
    second_factor_at: Mapped[datetime | None]

    grants: Mapped[list[RoleGrant]] = relationship(back_populates="user", lazy="raise", cascade="all, delete-orphan")


class RoleGrant(Base):
    """One role given to one person, limited to an area prefix ("" is everywhere), an outlet or a maker."""

    __tablename__ = "role_grants"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    area_prefix: Mapped[str] = mapped_column(String(13), default="")
    outlet_id: Mapped[int | None] = mapped_column(ForeignKey("outlets.id"), index=True)
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("makers.id"), index=True)

    user: Mapped[User] = relationship(back_populates="grants", lazy="raise")

    @property
    def grant(self) -> Grant:
        """The same as an Actor carries it."""
        return Grant(self.role, self.area_prefix, self.outlet_id, self.maker_id)


class LoginSession(Base):
    """One signed-in browser. Only a digest of its token is stored; ending it here signs the browser out."""

    __tablename__ = "login_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    #: When a code of the second factor was last given in this browser.
    verified_at: Mapped[datetime | None]


class LoginAttempt(Base):
    """A failed try to sign in, counted per e-mail digest and per address digest to slow down guessing."""

    __tablename__ = "login_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

    __table_args__ = (Index(None, "key", "at"),)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role with its scope, as an Actor carries it."""

    role: Role
    area_prefix: str = ""
    outlet_id: int | None = None
    maker_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a signed-in person, a guest (no grants) or the system itself (`system` is True)."""

    user_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    system: bool = False

    def can(self, permission: Permission, *, area_code: str | None = None, outlet_id: int | None = None) -> bool:
        """Whether any grant allows `permission`, and, where given, reaches the area or the outlet.

        An area grant reaches every code that equals its prefix or lies below it: 16.12 reaches 16.12.01.2001, not 16.121.
        """
        if self.system:
            return True
        return any(
            permission in GRANTS[grant.role]
            and (area_code is None or covers(grant.area_prefix, area_code))
            and (outlet_id is None or grant.outlet_id in (None, outlet_id))
            for grant in self.grants
        )

    def area_prefixes(self, permission: Permission) -> tuple[str, ...]:
        """The area prefixes in which `permission` is held; ("",) is all of Indonesia, () is nowhere."""
        if self.system:
            return ("",)
        prefixes = {grant.area_prefix for grant in self.grants if permission in GRANTS[grant.role]}
        return ("",) if "" in prefixes else tuple(sorted(prefixes))

    def outlet_ids(self, permission: Permission) -> frozenset[int] | None:
        """The outlets at which `permission` is held; None is every outlet (that the area prefixes reach)."""
        if self.system:
            return None
        ids = {grant.outlet_id for grant in self.grants if permission in GRANTS[grant.role]}
        return None if None in ids else frozenset(number for number in ids if number is not None)

    def has_role(self, role: Role) -> bool:
        """Whether the person holds `role` in any scope."""
        return any(grant.role is role for grant in self.grants)


GUEST = Actor(user_id=None, name="guest")
SYSTEM = Actor(user_id=None, name="system", system=True)


def covers(area_prefix: str, area_code: str) -> bool:
    """Whether `area_code` is `area_prefix` or lies below it; the empty prefix covers all of Indonesia."""
    return not area_prefix or area_code == area_prefix or area_code.startswith(area_prefix + ".")
