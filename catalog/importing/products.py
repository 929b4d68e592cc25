"""Rows about products, planned for catalog.products' verbs. A new product is a draft: only a decision makes it live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import products as verbs
from catalog.access import ensure_can
from catalog.areas import fold_name
from catalog.importing import cells
from catalog.importing.finding import Makers, load_named
from catalog.importing.planning import Plan, Register, Row, differences, only_one
from catalog.importing.words import HALAL_STATES, SCHEMES, TRAVEL_LIMITS, read_allergens
from catalog.models.area import Area
from catalog.models.importing import Outcome
from catalog.models.maker import Maker
from catalog.models.product import Category, Product
from catalog.products import ProductFacts
from kernel.errors import N_, InvalidInput
from kernel.people import Actor, Permission

_TEXTS = tuple(
    f"{name}_{language}"
    for name in ("name", "summary", "description", "material", "technique", "design", "culture", "storage")
    for language in ("id", "en")
)


class ProductRows:
    """One batch of rows about products."""

    def __init__(self, session: Session, actor: Actor, register: Register, rows: Sequence[Row]) -> None:
        self.session, self.actor, self.register = session, actor, register
        register.find_villages(session, Permission.EDIT_PRODUCTS, (row.text("village_code") for row in rows))
        self.makers = Makers(session, register, rows, "maker")
        ids = {key for row in rows for key, _maker in register.products.get(fold_name(row.text("name_id")), ())}
        found = load_named(session, Product, ids, {row.text("code") for row in rows} - {""})
        self.by_id = {product.id: product for product in found}
        self.by_slug = {product.slug: product for product in found}
        # Held for the whole batch, so that the verbs find them without asking again.
        villages = {maker.village_code for maker in self.makers.by_id.values()}
        self._held = [*session.scalars(select(Area).where(Area.code.in_(villages))), *session.scalars(select(Category))]

    def plan(self, row: Row) -> Plan:
        """A product is known by its code, else by its maker and its Indonesian name."""
        said = self._read(row)
        village = said.get("village_code", "")
        maker = row.need("maker", lambda text, column: self.makers.get(text, column, village))
        product = self._find(row, maker, said)
        if product is None:
            return self._new(maker, said)
        ensure_can(self.actor, Permission.EDIT_PRODUCTS, product.village_code)
        if product.maker_id != maker.id:
            raise InvalidInput(N_("This product belongs to another maker."), field="maker")
        before = verbs.facts_of(self.session, product)
        facts = verbs.check_facts(self.session, replace(before, **said), maker.village_code)
        changes = differences({name: getattr(before, name) for name in said}, {name: getattr(facts, name) for name in said})
        return Plan(
            outcome=Outcome.CHANGED if changes else Outcome.UNCHANGED,
            key=("product", product.id),
            subject=product.name_id or product.name_en,
            changes=changes,
            apply=lambda: verbs.update_product(self.session, self.actor, product, facts),
        )

    def _new(self, maker: Maker, said: dict[str, Any]) -> Plan:
        facts = verbs.check_facts(self.session, ProductFacts(**said), maker.village_code)
        ensure_can(self.actor, Permission.EDIT_PRODUCTS, maker.village_code, facts.village_code or "")

        def apply() -> None:
            product = verbs.create_product(self.session, self.actor, maker, facts)
            self.register.note_product(product.id, product.name_id, maker.id)
            self.by_id[product.id] = product

        return Plan(Outcome.NEW, ("product", maker.id, fold_name(facts.name_id)), facts.name_id, apply=apply)

    def _find(self, row: Row, maker: Maker, said: dict[str, Any]) -> Product | None:
        if code := row.text("code"):
            if code not in self.by_slug:
                raise InvalidInput(N_("There is no record with the code “%(text)s”."), field="code", text=code[:60])
            return self.by_slug[code]
        found = [key for key, owner in self.register.products.get(fold_name(said["name_id"]), ()) if owner == maker.id]
        if not found:
            return None
        several = N_("More than one product is called “%(text)s”; add the maker, or type the product's code.")
        return self.by_id[only_one(found, said["name_id"], "name_id", several, several)]

    def _read(self, row: Row) -> dict[str, Any]:
        if not row.text("code"):
            row.need("name_id", lambda text, _column: text)
        said: dict[str, Any] = {
            "category_id": row.need("category", self._category),
            "village_code": row.read("village_code", lambda text, column: self.register.village(self.session, text, column)),
            "scheme": row.read("scheme", SCHEMES.read),
            "halal_state": row.read("halal_state", HALAL_STATES.read),
            "travel_limit": row.read("travel_limit", TRAVEL_LIMITS.read),
            "shelf_life_days": row.read("shelf_life_days", _read_days),
            "allergens": row.read("allergens", read_allergens),
        }
        said |= {name: row.text(name) or None for name in _TEXTS}
        return {name: value for name, value in said.items() if value is not None}

    def _category(self, text: str, column: str) -> int:
        found = self.register.categories.get(fold_name(text))
        if found is None:
            raise InvalidInput(N_("There is no category “%(text)s”."), field=column, text=text[:40])
        return found


def _read_days(text: str, column: str) -> int:
    """`90`, `90 hari` or `3 bulan` (of thirty days)."""
    number, _, unit = text.strip().lower().partition(" ")
    factors = {"": 1, "hari": 1, "days": 1, "day": 1, "minggu": 7, "weeks": 7, "bulan": 30, "bln": 30, "months": 30, "tahun": 365}
    if unit not in factors:
        raise InvalidInput(N_("Type a whole number with the digits 0 to 9."), field=column)
    return cells.read_whole(number, column) * factors[unit]
