"""Rows about prices: what a variant costs from a day on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import prices as rules
from catalog import variants as verbs
from catalog.access import ensure_can
from catalog.importing import cells
from catalog.importing.finding import Products, Variants
from catalog.importing.planning import Plan, Register, Row
from catalog.importing.variants import price_change
from catalog.models.importing import Outcome
from catalog.models.product import Price, Product, Variant
from kernel import clock
from kernel.errors import N_, InvalidInput
from kernel.people import Actor, Permission


class PriceRows:
    """One batch of rows about prices."""

    def __init__(self, session: Session, actor: Actor, register: Register, rows: Sequence[Row]) -> None:
        self.session, self.actor = session, actor
        self.products = Products(session, register, rows, "product")
        self.variants = Variants(session, (row.text("variant") for row in rows), self.products.by_id)
        self.today = clock.today()

    def plan(self, row: Row) -> Plan:
        """The price of a variant from a day on (today when none is said) is one record."""
        variant = self._variant(row)
        product = self.session.get_one(Product, variant.product_id)
        ensure_can(self.actor, Permission.EDIT_PRODUCTS, product.village_code)
        amount = rules.check_amount(row.need("price", cells.read_amount))
        starts_on = row.read("starts_on", cells.read_day) or self.today
        ends_on = row.read("ends_on", cells.read_day)
        if ends_on is not None and ends_on < starts_on:
            raise InvalidInput(N_("The last day must not be before the first."), field="ends_on")
        known = self.session.scalars(select(Price).where(Price.variant_id == variant.id).order_by(Price.starts_on)).all()
        old = rules.find_price(known, starts_on)
        key = ("price", variant.id, starts_on)
        subject = f"{product.name_id or product.name_en}, {variant.name_id}"
        if old is not None and old.amount == amount and old.ends_on == ends_on:
            return Plan(Outcome.UNCHANGED, key, subject)
        verbs.check_price_dates(known, starts_on, ends_on, self.today)
        return Plan(
            outcome=Outcome.NEW if old is None else Outcome.CHANGED,
            key=key,
            subject=subject,
            changes=price_change(old.amount if old else None, amount),
            apply=lambda: verbs.set_price(self.session, self.actor, variant, amount, starts_on=starts_on, ends_on=ends_on),
        )

    def _variant(self, row: Row) -> Variant:
        if number := row.text("variant"):
            found = self.variants.find(number)
            if found is None:
                raise InvalidInput(N_("There is no variant with the code or barcode “%(text)s”."), field="variant", text=number[:40])
            return found
        product = row.need("product", self.products.get)
        found = self.variants.find_size(product.id, row.need("size", lambda text, _column: text), "size")
        if found is None:
            raise InvalidInput(N_("This product has no size “%(text)s”."), field="size", text=row.text("size")[:40])
        return found
