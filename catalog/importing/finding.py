"""The records that a batch of rows names, by their codes or their names, loaded in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog import gtin
from catalog.areas import fold_name
from catalog.importing.planning import Register, Row, only_one
from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.slugs import is_slug
from kernel.errors import N_, InvalidInput, NotAllowed
from kernel.people import Permission

_Record = TypeVar("_Record", Maker, Product)


class Makers:
    """Makers that the rows name in the column `column`, by code or by name."""

    def __init__(self, session: Session, register: Register, rows: Sequence[Row], column: str) -> None:
        self.register = register
        named = {row.text(column) for row in rows} - {""}
        ids = {key for name in named for key, _village in register.makers.get(fold_name(name), ())}
        found = load_named(session, Maker, ids, named)
        self.by_id = {maker.id: maker for maker in found}
        self.by_slug = {maker.slug: maker for maker in found}

    def get(self, text: str, column: str, village: str = "") -> Maker:
        """The maker behind a code or a name; `village` tells two of one name apart."""
        if maker := self.by_slug.get(text):
            if not self.register.actor.can(Permission.EDIT_MAKERS, area_code=maker.village_code):
                raise NotAllowed(field=column)
            return maker
        known = self.register.makers.get(fold_name(text), [])
        near = [key for key, place in known if place == village]
        key = only_one(
            near or [key for key, _place in known],
            text,
            column,
            N_("We know no maker “%(text)s” in your area. Import the makers first, or type the maker's code."),
            N_("More than one maker is called “%(text)s”; type the maker's code."),
        )
        return self.by_id[key]


class Products:
    """Products that the rows name in the column `column`, by code or by name."""

    def __init__(self, session: Session, register: Register, rows: Sequence[Row], column: str) -> None:
        self.register = register
        named = {row.text(column) for row in rows} - {""}
        ids = {key for name in named for key, _maker in register.products.get(fold_name(name), ())}
        found = load_named(session, Product, ids, named)
        self.by_id = {product.id: product for product in found}
        self.by_slug = {product.slug: product for product in found}

    def get(self, text: str, column: str, maker_id: int | None = None) -> Product:
        """The product behind a code or a name; `maker_id` tells two of one name apart."""
        if product := self.by_slug.get(text):
            if not self.register.actor.can(Permission.EDIT_PRODUCTS, area_code=product.village_code):
                raise NotAllowed(field=column)
            return product
        found = [key for key, maker in self.register.products.get(fold_name(text), ()) if maker_id in (None, maker)]
        key = only_one(
            found,
            text,
            column,
            N_("We know no product “%(text)s” in your area. Import the products first, or type the product's code."),
            N_("More than one product is called “%(text)s”; add the maker, or type the product's code."),
        )
        return self.by_id[key]


class Variants:
    """Variants that the rows name: by code, barcode or our own number, or as a size of a product."""

    def __init__(self, session: Session, numbers: Iterable[str], product_ids: Iterable[int]) -> None:
        typed = {number.strip().upper() for number in numbers} - {""}
        codes = {each for each in typed if len(each) <= 12}
        gtins = {each for number in typed if (each := _gtin(number))}
        internal = {each for each in typed if gtin.is_internal_number(each)}
        wanted = or_(
            Variant.code.in_(codes),
            Variant.gtin.in_(gtins),
            Variant.internal_number.in_(internal),
            Variant.product_id.in_(set(product_ids)),
        )
        found = session.scalars(select(Variant).where(wanted).execution_options(populate_existing=True)).all()
        self._by_number: dict[str, Variant] = {}
        self._by_name: dict[tuple[int, str], list[Variant]] = {}
        for variant in found:
            self.note(variant)

    def note(self, variant: Variant) -> None:
        """A variant that there is now."""
        for number in (variant.code, variant.gtin, variant.internal_number):
            if number:
                self._by_number[number] = variant
        self._by_name.setdefault((variant.product_id, fold_name(variant.name_id)), []).append(variant)

    def count_of(self, product_id: int) -> int:
        """How many sizes a product has."""
        return sum(len(found) for (owner, _name), found in self._by_name.items() if owner == product_id)

    def find(self, number: str) -> Variant | None:
        """The variant behind a code or barcode, or None."""
        typed = number.strip().upper()
        return self._by_number.get(typed) or self._by_number.get(_gtin(typed))

    def find_size(self, product_id: int, name: str, column: str) -> Variant | None:
        """The variant of a product that is called `name`, or None; refused when two are."""
        found = self._by_name.get((product_id, fold_name(name)), [])
        if len(found) > 1:
            raise InvalidInput(N_("This product has more than one size of this name; type the variant's code."), field=column)
        return found[0] if found else None


def _gtin(number: str) -> str:
    try:
        return gtin.parse_gtin(number)
    except InvalidInput:
        return ""


def load_named(session: Session, model: type[_Record], ids: set[int], slugs: set[str]) -> list[_Record]:
    """The makers or products with these ids or addresses, read anew: what somebody else changed meanwhile counts."""
    wanted = or_(model.id.in_(ids), model.slug.in_({slug for slug in slugs if is_slug(slug)}))
    return list(session.scalars(select(model).where(wanted).execution_options(populate_existing=True)))
