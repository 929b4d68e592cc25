"""What a new regency's shop still lacks before it can sell, for its administrator's first page; one statement."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.product import Category, ListingState, Product
from catalog.models.programme import ProgrammeRecord
from catalog.models.programme_office import ProgrammeOffice
from catalog.models.stock import Outlet, StockLevel
from kernel.people import Actor, Permission, Role, RoleGrant
from orders.models.till import TillDevice


class FirstStep(StrEnum):
    """What has to be there, in the order in which it is easiest."""

    OFFICE = "office"
    OUTLET = "outlet"
    PAYMENT = "payment"
    CATEGORIES = "categories"
    PEOPLE = "people"
    YEAR = "year"
    MAKER = "maker"
    PRODUCT = "product"
    STOCK = "stock"
    TILL = "till"


#: The shop sells without them, by pay at pickup.
CAN_WAIT = frozenset({FirstStep.PAYMENT, FirstStep.YEAR, FirstStep.TILL})
_DONE: dict[FirstStep, ColumnElement[bool]] = {
    FirstStep.OFFICE: exists().where(ProgrammeOffice.id.is_not(None)),
    FirstStep.OUTLET: exists().where(Outlet.is_active),
    FirstStep.PAYMENT: exists().where(Outlet.is_active, or_(Outlet.qris_payload != "", Outlet.bank_account_number != "")),
    FirstStep.CATEGORIES: exists().where(Category.id.is_not(None)),
    FirstStep.PEOPLE: exists().where(RoleGrant.role.in_((Role.CURATOR, Role.OUTLET_MANAGER, Role.CASHIER))),
    FirstStep.YEAR: exists().where(ProgrammeRecord.id.is_not(None)),
    FirstStep.MAKER: exists().where(Maker.id.is_not(None)),
    FirstStep.PRODUCT: exists().where(Product.state == ListingState.LIVE),
    FirstStep.STOCK: exists().where(StockLevel.on_hand > 0),
    FirstStep.TILL: exists().where(TillDevice.revoked_at.is_(None)),
}


def list_first_steps(session: Session, actor: Actor) -> dict[FirstStep, bool]:
    """Which steps are done; empty once the shop can sell, and for whoever does not set it up."""
    if not actor.can(Permission.MANAGE_PEOPLE, area_code=""):
        return {}
    row = session.execute(select(*_DONE.values())).one()
    done = dict(zip(_DONE, map(bool, row), strict=True))
    return {} if all(done[step] for step in done if step not in CAN_WAIT) else done
