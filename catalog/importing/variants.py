"""Rows about variants (pack sizes), with a price from today on where one is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import prices
from catalog import variants as verbs
from catalog.access import ensure_can
from catalog.areas import fold_name
from catalog.importing import cells
from catalog.importing.finding import Makers, Products, Variants
from catalog.importing.planning import Change, Plan, Register, Row, differences
from catalog.models.importing import Outcome
from catalog.models.product import Price, Product, Variant
from catalog.variants import VariantFacts
from kernel import clock
from kernel.errors import N_, InvalidInput
from kernel.people import Actor, Permission


class VariantRows:
    """One batch of rows about variants."""

    def __init__(self, session: Session, actor: Actor, register: Register, rows: Sequence[Row]) -> None:
        self.session, self.actor = session, actor
        self.makers = Makers(session, register, rows, "maker")
        self.products = Products(session, register, rows, "product")
        numbers = [number for row in rows for number in (row.text("code"), row.text("gtin"))]
        self.variants = Variants(session, numbers, self.products.by_id)
        self.today = clock.today()

    def plan(self, row: Row) -> Plan:
        """A variant is known by its code, else its barcode, else its name among the product's sizes."""
        maker = row.read("maker", self.makers.get)
        product = row.need("product", lambda text, column: self.products.get(text, column, maker.id if maker else None))
        ensure_can(self.actor, Permission.EDIT_PRODUCTS, product.village_code)
        said, price = self._read(row), row.read("price", cells.read_amount)
        if price is not None:
            prices.check_amount(price)
        variant = self._find(row, product, said)
        subject = f"{product.name_id or product.name_en}, {said['name_id']}"
        if variant is None:
            return self._new(product, said, price, subject)
        if variant.product_id != product.id:
            raise InvalidInput(N_("This variant belongs to another product."), field="product")
        before = verbs.facts_of(variant)
        facts = verbs.check_facts(self.session, replace(before, **said), own_id=variant.id)
        changes = differences({name: getattr(before, name) for name in said}, {name: getattr(facts, name) for name in said})
        old_price = current_price(self.session, variant, self.today) if price is not None else None
        changes += price_change(old_price, price)

        def apply() -> None:
            verbs.update_variant(self.session, self.actor, variant, facts)
            if price is not None and price != old_price:
                verbs.set_price(self.session, self.actor, variant, price)

        return Plan(Outcome.CHANGED if changes else Outcome.UNCHANGED, ("variant", variant.id), subject, changes, apply)

    def _new(self, product: Product, said: dict[str, Any], price: int | None, subject: str) -> Plan:
        if "unit" not in said:
            raise InvalidInput(N_("Type the quantity with its unit, such as 250 g, 1 kg, 600 ml or 1 piece."), field="net_quantity")
        facts = verbs.check_facts(self.session, VariantFacts(**said, position=self.variants.count_of(product.id)))

        def apply() -> None:
            variant = verbs.create_variant(self.session, self.actor, product, facts, price=price)
            self.variants.note(variant)

        return Plan(Outcome.NEW, ("variant", product.id, fold_name(facts.name_id)), subject, apply=apply)

    def _find(self, row: Row, product: Product, said: dict[str, Any]) -> Variant | None:
        if code := row.text("code"):
            found = self.variants.find(code)
            if found is None:
                raise InvalidInput(N_("There is no record with the code “%(text)s”."), field="code", text=code[:60])
            return found
        by_number = self.variants.find(said["gtin"]) if "gtin" in said else None
        return by_number or self.variants.find_size(product.id, said["name_id"], "name_id")

    def _read(self, row: Row) -> dict[str, Any]:
        quantity, unit = row.need("net_quantity", cells.read_quantity)
        said: dict[str, Any] = {
            "name_id": row.need("name_id", lambda text, _column: text),
            "name_en": row.text("name_en") or None,
            "net_quantity": quantity,
            "unit": unit or row.read("unit", cells.read_unit),
            "shipping_weight_g": row.need("shipping_weight_g", cells.read_weight),
            "gtin": row.text("gtin") or None,
            "is_active": row.read("is_active", cells.read_flag),
        }
        if said["gtin"] and len(said["gtin"]) == 13 and said["gtin"].startswith("2"):
            said["gtin"] = None  # our own number, which exports show beside the code
        return {name: value for name, value in said.items() if value is not None}


def current_price(session: Session, variant: Variant, day: date) -> int | None:
    """Today's price of one variant. One statement."""
    rows = session.scalars(select(Price).where(Price.variant_id == variant.id, Price.starts_on <= day))
    return prices.current_price(list(rows), day)


def price_change(old: int | None, new: int | None) -> tuple[Change, ...]:
    """What to say about a price, when it differs."""
    if new is None or new == old:
        return ()
    return (("price", "" if old is None else str(old), str(new)),)
