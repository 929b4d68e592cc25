"""Pack sizes of a product: their quantity, their number, and their prices by date."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import desk
from catalog import variants as verbs
from catalog.models.product import Product, Unit, Variant
from catalog.prices import current_price
from kernel import clock
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.forms import NewVariantForm, PriceForm, VariantForm
from storefront.pages import save, status_of
from storefront.security import current_actor
from storefront.state_words import UNIT
from storefront.templating import current_settings


def product_variants(slug: str) -> ResponseReturnValue:
    """The product's pack sizes with today's prices."""
    record = desk.get_product(reading(), current_actor(), slug)
    today = clock.today(current_settings().zone)
    prices = {variant.id: current_price(variant.prices, today) for variant in record.variants}
    return render_template("office/products/variants.html", product=record, prices=prices)


def variant_new(slug: str) -> ResponseReturnValue:
    """A further pack size, with its first price."""
    actor = current_actor()
    record = desk.get_product(reading(), actor, slug)
    form = NewVariantForm(data={"is_active": True, "unit": Unit.GRAM.value})
    _fill_choices(form)

    def work(session: Session) -> None:
        values = form.values()
        price = values.pop("price")
        fresh = desk.get_product(session, actor, slug)
        facts = verbs.VariantFacts(**_facts(values), position=len(fresh.variants))
        verbs.create_variant(session, actor, fresh, facts, price=price)

    if form.validate_on_submit() and save(form, work):
        flash(_("The pack size is added."), "success")
        return redirect(url_for("office.product_variants", slug=slug), 303)
    record = desk.get_product(reading(), actor, slug)
    return render_template("office/products/variant_new.html", form=form, product=record), status_of(form)


def variant(slug: str, code: str) -> ResponseReturnValue:
    """Correct a pack size."""
    actor = current_actor()
    record, found = _load(slug, code)
    form = VariantForm(data=vars_of(found))
    _fill_choices(form)

    def work(session: Session) -> None:
        fresh = desk.get_variant(desk.get_product(session, actor, slug), code)
        verbs.update_variant(session, actor, fresh, replace(verbs.facts_of(fresh), **_facts(form.values())))

    if form.validate_on_submit() and save(form, work):
        flash(_("The pack size is saved."), "success")
        return redirect(url_for("office.variant", slug=slug, code=code), 303)
    record, found = _load(slug, code)
    return _page(record, found, form, PriceForm(formdata=None)), status_of(form)


def variant_price(slug: str, code: str) -> ResponseReturnValue:
    """A new price from a day on. What buyers paid before stays as it was."""
    actor = current_actor()
    _load(slug, code)
    form = PriceForm()

    def work(session: Session) -> None:
        fresh = desk.get_variant(desk.get_product(session, actor, slug), code)
        amount, starts_on, ends_on = form.price.value, form.starts_on.value, form.ends_on.value
        verbs.set_price(session, actor, fresh, amount, starts_on=starts_on, ends_on=ends_on)

    if form.validate_on_submit() and save(form, work):
        flash(_("The price is set."), "success")
        return redirect(url_for("office.variant", slug=slug, code=code), 303)
    record, found = _load(slug, code)
    other = VariantForm(formdata=None, data=vars_of(found))
    _fill_choices(other)
    return _page(record, found, other, form), 422


def vars_of(found: Variant) -> dict[str, Any]:
    """What the form shows of a variant."""
    names = ("name_id", "name_en", "net_quantity", "shipping_weight_g", "gtin", "is_active")
    return {name: getattr(found, name) for name in names} | {"unit": found.unit.value}


def _page(record: Product, found: Variant, form: VariantForm, price_form: PriceForm) -> str:
    today = clock.today(current_settings().zone)
    if not price_form.starts_on.data:
        price_form.starts_on.data = today.isoformat()
    return render_template(
        "office/products/variant.html",
        product=record,
        variant=found,
        form=form,
        price_form=price_form,
        today=today,
        price=current_price(found.prices, today),
    )


def _load(slug: str, code: str) -> tuple[Product, Variant]:
    record = desk.get_product(reading(), current_actor(), slug)
    return record, desk.get_variant(record, code)


def _fill_choices(form: VariantForm) -> None:
    form.unit.choices = [(unit.value, _(name)) for unit, name in UNIT.items()]


def _facts(values: dict[str, Any]) -> dict[str, Any]:
    return dict(values, unit=Unit(values["unit"]), gtin=values["gtin"] or None)
