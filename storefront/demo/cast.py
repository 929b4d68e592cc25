"""The demo's people: one of every role, all with the same documented password."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.stock import Outlet
from kernel import accounts, roster
from kernel.people import Actor, Grant, Role, User

#: Written in docs/demo.md; the demo listens on this machine only.
PASSWORD = "etalase-demo"  # noqa: S105 - meant to be known
DOMAIN = "demo.etalase.test"
HOME = "16.12"


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the cast."""

    local_part: str
    name: str
    role: Role
    may: str
    #: At the tills; written in docs/demo.md like the password.
    pin: str = ""
    #: Where the role counts; "" is everywhere.
    area: str = ""

    @property
    def email(self) -> str:
        return f"{self.local_part}@{DOMAIN}"


ADMINISTRATOR = Member("admin", "Admin Contoh", Role.ADMINISTRATOR, "everything, people included")
MANAGER = Member("manajer", "Manajer Outlet Contoh", Role.OUTLET_MANAGER, "also receives and corrects stock", pin="750318")
CASHIER = Member("kasir", "Kasir Contoh", Role.CASHIER, "sells and hands orders over in Pendopo", pin="402913")
BUYER = Member("ritel", "Pembeli Ritel Contoh", Role.RETAIL_BUYER, "buys for a minimarket chain, says yes to larger orders")
BUYER_COLLEAGUE = Member("ritel-staf", "Staf Ritel Contoh", Role.RETAIL_BUYER, "buys for the same chain, up to Rp3.000.000 alone")
RIVAL_BUYER = Member("hotel", "Pembeli Hotel Contoh", Role.RETAIL_BUYER, "buys for a hotel: other offers, other prices")
APPLICANT = Member("pemohon", "Pemohon Contoh", Role.SHOPPER, "has applied for wholesale and waits")
CAST = (
    Member("pembeli", "Pembeli Contoh", Role.SHOPPER, "buys, sees own orders"),
    Member("pembuat", "Pembuat Contoh", Role.MAKER, "belongs to Rumah Nanas Talang Bulang"),
    CASHIER,
    MANAGER,
    Member("kurator", "Kurator Contoh", Role.CURATOR, "edits, decides and publishes in PALI", area=HOME),
    Member("desa", "Perangkat Desa Contoh", Role.VILLAGE_OFFICER, "proposes for Karang Agung", area="16.12.04.2003"),
    Member("pendamping", "Pendamping Contoh", Role.MENTOR, "goes to makers in Talang Ubi", area="16.12.01"),
    Member("penilai", "Penilai Contoh", Role.ASSESSOR, "fills in scorecards in PALI", area=HOME),
    Member("kurator2", "Kurator Kedua Contoh", Role.CURATOR, "the second person, and answers appeals", area=HOME),
    Member("penilai2", "Penilai Kedua Contoh", Role.ASSESSOR, "fills in scorecards in PALI", area=HOME),
    Member("penilai3", "Penilai Ketiga Contoh", Role.ASSESSOR, "fills in scorecards in PALI", area=HOME),
    Member("provinsi", "Dinas Provinsi Contoh", Role.PROVINCE_OFFICER, "receives what South Sumatra reports", area="16"),
    Member("pengamat", "Pengamat Contoh", Role.OBSERVER, "reads along in PALI", area=HOME),
    BUYER,
    BUYER_COLLEAGUE,
    RIVAL_BUYER,
    APPLICANT,
    ADMINISTRATOR,
)


def create_administrator(session: Session) -> Actor:
    """The first person: everything else in the demo is done in their name."""
    person = accounts.create_user(session, email=ADMINISTRATOR.email, name=ADMINISTRATOR.name, password=PASSWORD)
    accounts.grant_role(session, person, Grant(Role.ADMINISTRATOR))
    session.refresh(person, ["grants"])
    return accounts.as_actor(person)


def create_cast(session: Session, actor: Actor, outlet: Outlet, maker: Maker) -> None:
    """Everybody else, each with a role in its scope."""
    for member in CAST:
        if member is not ADMINISTRATOR:
            person: User = accounts.create_user(session, email=member.email, name=member.name, password=PASSWORD)
            roster.grant(session, actor, person, _scope(member, outlet, maker))


def _scope(member: Member, outlet: Outlet, maker: Maker) -> Grant:
    if member.role in roster.OUTLET_ROLES:
        return Grant(member.role, area_prefix=HOME, outlet_id=outlet.id)
    if member.role in roster.MAKER_ROLES:
        return Grant(member.role, maker_id=maker.id)
    return Grant(member.role, area_prefix=member.area)
