"""What is in the catalogue as tables, in the very columns an import takes: read row by row, so that memory does not grow with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, case, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from catalog.desk import below
from catalog.importing.columns import COLUMNS
from catalog.importing.words import CERTIFICATE_KINDS, HALAL_STATES, MAKER_KINDS, SCHEMES, TRAVEL_LIMITS
from catalog.models.certificate import Certificate
from catalog.models.importing import ImportKind
from catalog.models.maker import Maker
from catalog.models.product import Category, Price, Product, Variant
from kernel.people import Actor, Permission

#: Rows fetched together.
_AT_ONCE = 500
Cell = str | int | None
#: How a value is written; the rest stands as it is kept.
_SAID: dict[str, Callable[[Any], Cell]] = {
    "scheme": SCHEMES.first.__getitem__,
    "halal_state": HALAL_STATES.first.__getitem__,
    "travel_limit": TRAVEL_LIMITS.first.__getitem__,
    "allergens": ", ".join,
    "unit": str,
}
_KINDS: dict[ImportKind, Mapping[Any, str]] = {ImportKind.MAKERS: MAKER_KINDS.first, ImportKind.CERTIFICATES: CERTIFICATE_KINDS.first}


def stream_rows(session: Session, actor: Actor, kind: ImportKind) -> Iterator[Sequence[Cell]]:
    """The rows of one kind in the actor's reach, in the order of its columns. One statement, read while it is sent."""
    names = [column.name for column in COLUMNS[kind]]
    statement = _STATEMENTS[kind](actor).execution_options(yield_per=_AT_ONCE)
    for row in session.execute(statement).mappings():
        yield [_cell(kind, name, row.get(name)) for name in names]


def _cell(kind: ImportKind, name: str, value: Any) -> Cell:
    if value is None or value == "":
        return None
    if name == "kind":
        return _KINDS[kind][value]
    if name in _SAID:
        return _SAID[name](value)
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return value if isinstance(value, int | str) else str(value)


def _makers(actor: Actor) -> Select[Any]:
    names = ("name", "kind", "village_code", "phone", "is_phone_public", "founded_year", "people_count", "story_id", "story_en")
    columns = (Maker.slug.label("code"), *(getattr(Maker, name) for name in names))
    return select(*columns).where(below(Maker.village_code, actor.area_prefixes(Permission.EDIT_MAKERS))).order_by(Maker.id)


def _products(actor: Actor) -> Select[Any]:
    own = {"code", "maker", "category"}
    rest = (getattr(Product, column.name) for column in COLUMNS[ImportKind.PRODUCTS] if column.name not in own)
    columns = (Product.slug.label("code"), Maker.slug.label("maker"), Category.slug.label("category"), *rest)
    statement = select(*columns).join(Maker, Maker.id == Product.maker_id).join(Category, Category.id == Product.category_id)
    return statement.where(_reach(actor, Product.village_code)).order_by(Product.id)


def _variants(actor: Actor) -> Select[Any]:
    own = {"product", "maker", "price"}
    columns = (getattr(Variant, column.name) for column in COLUMNS[ImportKind.VARIANTS] if column.name not in own)
    statement = select(Product.slug.label("product"), *columns).join(Product, Product.id == Variant.product_id)
    return statement.where(_reach(actor, Product.village_code)).order_by(Variant.id)


def _prices(actor: Actor) -> Select[Any]:
    of_variant = [Variant.code.label("variant"), Product.slug.label("product"), Variant.name_id.label("size")]
    columns: list[Any] = [*of_variant, Price.amount.label("price"), Price.starts_on, Price.ends_on]
    statement = select(*columns).join(Variant, Variant.id == Price.variant_id).join(Product, Product.id == Variant.product_id)
    return statement.where(_reach(actor, Product.village_code)).order_by(Price.variant_id, Price.starts_on)


def _certificates(actor: Actor) -> Select[Any]:
    own = {"product", "maker"}
    columns = [getattr(Certificate, column.name) for column in COLUMNS[ImportKind.CERTIFICATES] if column.name not in own]
    maker = case((Certificate.maker_id.is_not(None), Maker.slug)).label("maker")
    reach = or_(_reach(actor, Product.village_code), below(Maker.village_code, actor.area_prefixes(Permission.EDIT_MAKERS)))
    statement = select(Product.slug.label("product"), maker, *columns)
    statement = statement.outerjoin(Product, Product.id == Certificate.product_id).outerjoin(Maker, Maker.id == Certificate.maker_id)
    return statement.where(reach).order_by(Certificate.id)


def _reach(actor: Actor, column: InstrumentedAttribute[str]) -> Any:
    return below(column, actor.area_prefixes(Permission.EDIT_PRODUCTS))


_STATEMENTS: dict[ImportKind, Callable[[Actor], Select[Any]]] = {
    ImportKind.MAKERS: _makers,
    ImportKind.PRODUCTS: _products,
    ImportKind.VARIANTS: _variants,
    ImportKind.PRICES: _prices,
    ImportKind.CERTIFICATES: _certificates,
}
