"""Partner groups: which offers their partners see. What they pay is orders.wholesale.price_lists' business."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from catalog.models.stock import Outlet
from catalog.shelves import reach_of
from kernel import audit, clock
from kernel.errors import N_, InvalidInput, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_new, insert_rows
from kernel.parsing import parse_text
from kernel.people import Actor, Permission
from orders.models.offer import AssortmentItem, Offer
from orders.models.partner import Partner, PartnerGroup, PartnerState
from orders.wholesale.access import ensure_may_manage


def create_group(session: Session, actor: Actor, outlet: Outlet, name: str, *, sees_everything: bool = True) -> PartnerGroup:
    """A group of the seller's partners. Raises NotAllowed and InvalidInput."""
    ensure_may_manage(session, actor, outlet.id)
    name = parse_text(name, field="name", maximum=80, required=True)
    row = {"outlet_id": outlet.id, "code": make_code(), "name": name, "sees_everything": sees_everything, "created_at": clock.now()}
    ids = insert_new(session, PartnerGroup, [row])
    if not ids:
        raise InvalidInput(N_("There is a group with this name already."), field="name")
    group = session.get_one(PartnerGroup, ids[0])
    audit.record(session, actor, "group.created", subject_of(group), {"name": name})
    return group


def set_assortment(
    session: Session, actor: Actor, group: PartnerGroup, *, name: str, sees_everything: bool, offer_codes: Collection[str]
) -> PartnerGroup:
    """What the group is called and sees: every open offer, or only these. Raises NotAllowed and InvalidInput."""
    ensure_may_manage(session, actor, group.outlet_id)
    name = parse_text(name, field="name", maximum=80, required=True)
    taken = select(PartnerGroup.id).where(PartnerGroup.outlet_id == group.outlet_id, PartnerGroup.name == name, PartnerGroup.id != group.id)
    if session.scalar(taken) is not None:
        raise InvalidInput(N_("There is a group with this name already."), field="name")
    found = session.execute(select(Offer.code, Offer.id).where(Offer.outlet_id == group.outlet_id, Offer.code.in_(set(offer_codes)))).all()
    if len(found) != len(set(offer_codes)):
        raise InvalidInput(N_("Please choose one of the options."), field="offers")
    session.scalars(select(PartnerGroup).where(PartnerGroup.id == group.id).with_for_update()).one()
    group.name, group.sees_everything = name, sees_everything
    session.execute(delete(AssortmentItem).where(AssortmentItem.group_id == group.id))
    insert_rows(session, AssortmentItem, [{"group_id": group.id, "offer_id": offer_id} for _code, offer_id in sorted(found)])
    session.flush()
    details = {"name": name, "everything": sees_everything, "offers": sorted(code for code, _id in found)}
    audit.record(session, actor, "group.assortment", subject_of(group), details)
    return group


def list_groups(session: Session, actor: Actor) -> list[tuple[PartnerGroup, int]]:
    """The groups of the sellers in reach, each with its number of approved partners."""
    count = select(func.count()).where(Partner.group_id == PartnerGroup.id, Partner.state == PartnerState.APPROVED).scalar_subquery()
    statement = (
        select(PartnerGroup, count)
        .join(Outlet, Outlet.id == PartnerGroup.outlet_id)
        .where(*reach_of(actor, Permission.MANAGE_WHOLESALE))
        .options(joinedload(PartnerGroup.outlet))
        .order_by(PartnerGroup.name, PartnerGroup.id)
    )
    return [(group, number) for group, number in session.execute(statement)]


def get_group(session: Session, actor: Actor, code: str) -> PartnerGroup:
    """A group of a seller in reach; NotFound elsewhere."""
    statement = (
        select(PartnerGroup)
        .join(Outlet, Outlet.id == PartnerGroup.outlet_id)
        .where(PartnerGroup.code == code.strip().upper(), *reach_of(actor, Permission.MANAGE_WHOLESALE))
        .options(joinedload(PartnerGroup.outlet))
    )
    group = session.scalar(statement)
    if group is None:
        raise NotFound
    return group


def list_assortment(session: Session, group_id: int) -> set[int]:
    """The ids of the offers chosen for a group."""
    return set(session.scalars(select(AssortmentItem.offer_id).where(AssortmentItem.group_id == group_id)))


def subject_of(group: PartnerGroup) -> str:
    return f"partner-group:{group.code}"
