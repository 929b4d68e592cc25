"""Potential products with their evidence: of one village, and those that several villages name, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.mapping.focus import Focus
from catalog.models.area import Area
from catalog.models.maker import Maker
from catalog.models.mapping import Evidence, PotentialProduct
from catalog.models.product import ListingState, Product
from catalog.models.programme import ProgrammeRecord
from catalog.queries.parts import District, Village
from kernel import audit
from kernel.audit import AuditEntry
from kernel.paging import Page

#: Products on a page, and villages side by side of one of them.
TWINS_PAGE, MOST_BESIDE = 12, 12


@dataclass(frozen=True, slots=True)
class MappingFile:
    """What the page of one village shows."""

    potentials: Sequence[PotentialProduct]
    removed: Sequence[PotentialProduct]
    #: Every year's record, the latest first.
    records: Sequence[ProgrammeRecord]
    makers: Sequence[Maker]
    #: Name, slug and listing state of the village's products in the catalogue.
    products: Sequence[Product]
    history: Sequence[AuditEntry]
    #: Codes of potential products that another village of the regency names too.
    shared: frozenset[str]


@dataclass(frozen=True, slots=True)
class Twins:
    """One product that several villages name; the first potentials with village, district and evidence."""

    likeness: str
    #: How many villages name it in all.
    villages: int
    potentials: Sequence[PotentialProduct]


def read_mapping_file(session: Session, village_code: str) -> MappingFile:
    """Everything mapping knows of a village; the caller has asked whether it is in reach. Eight statements."""
    statement = select(PotentialProduct).where(PotentialProduct.village_code == village_code).order_by(PotentialProduct.id)
    evidence = selectinload(PotentialProduct.evidence).joinedload(Evidence.added_by)
    found = session.scalars(statement.options(evidence).execution_options(populate_existing=True)).all()
    standing = [potential for potential in found if potential.removed_at is None]
    return MappingFile(
        potentials=standing,
        removed=[potential for potential in found if potential.removed_at is not None],
        records=session.scalars(
            select(ProgrammeRecord).where(ProgrammeRecord.village_code == village_code).order_by(ProgrammeRecord.year.desc())
        ).all(),
        makers=session.scalars(select(Maker).where(Maker.village_code == village_code).order_by(Maker.name, Maker.id)).all(),
        products=session.scalars(
            select(Product)
            .where(Product.village_code == village_code, Product.state != ListingState.WITHDRAWN)
            .order_by(Product.name_id, Product.id)
        ).all(),
        history=audit.list_for(session, f"area:{village_code}"),
        shared=_shared(session, village_code, [potential.likeness for potential in standing]),
    )


def list_twins(session: Session, focus: Focus, *, page: int = 1) -> Page[Twins]:
    """Products that more than one village of the area names, those of most villages first. Four statements."""
    count = func.count(PotentialProduct.village_code.distinct())
    groups = _named_in(select(PotentialProduct.likeness, count.label("villages")), focus)
    groups = groups.group_by(PotentialProduct.likeness).having(count > 1)
    total = session.scalar(select(func.count()).select_from(groups.subquery())) or 0
    found = session.execute(
        groups.order_by(count.desc(), PotentialProduct.likeness).limit(TWINS_PAGE).offset((page - 1) * TWINS_PAGE)
    ).all()
    place = func.row_number().over(partition_by=PotentialProduct.likeness, order_by=(PotentialProduct.village_code, PotentialProduct.id))
    names = [row.likeness for row in found]
    numbered = _named_in(select(PotentialProduct.id, place.label("place")), focus).where(PotentialProduct.likeness.in_(names)).subquery()
    potentials = session.scalars(
        select(PotentialProduct)
        .join(numbered, numbered.c.id == PotentialProduct.id)
        .where(numbered.c.place <= MOST_BESIDE)
        .order_by(PotentialProduct.village_code, PotentialProduct.id)
        .options(selectinload(PotentialProduct.evidence), joinedload(PotentialProduct.village).joinedload(Area.parent))
    ).all()
    rows = [Twins(name, count, [each for each in potentials if each.likeness == name]) for name, count in found]
    return Page(rows, total, page, TWINS_PAGE)


def _named_in(statement: Select[*tuple[Any, ...]], focus: Focus) -> Select[*tuple[Any, ...]]:
    statement = statement.join(Village, Village.code == PotentialProduct.village_code).join(District, District.code == Village.parent_code)
    return statement.where(focus.villages(), PotentialProduct.removed_at.is_(None))


def _shared(session: Session, village_code: str, names: Sequence[str]) -> frozenset[str]:
    """The names that stand in another village of the same regency, too."""
    statement = (
        select(PotentialProduct.likeness)
        .join(Village, Village.code == PotentialProduct.village_code)
        .join(District, District.code == Village.parent_code)
        .where(
            PotentialProduct.likeness.in_(names),
            PotentialProduct.removed_at.is_(None),
            PotentialProduct.village_code != village_code,
            District.parent_code == village_code[:5],
        )
        .distinct()
    )
    return frozenset(session.scalars(statement))
