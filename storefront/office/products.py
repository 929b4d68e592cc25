"""Products: the list, a new draft, the texts in both languages, the ingredients, and putting a product live."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import desk
from catalog import products as verbs
from catalog.categories import list_categories
from catalog.models.product import HalalState, ListingState, Product, TravelLimit
from catalog.models.programme import Scheme
from catalog.prices import current_price
from kernel import clock
from kernel.people import Permission
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.forms import IngredientForm, NewProductForm, ProductForm, ReasonForm, show_share
from storefront.office.frame import choices_of
from storefront.office.product_filters import category_choices, filter_values, read_filter, state_choices
from storefront.office.record_history import history_of
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.places import place_text, suggestions, village_label
from storefront.security import current_actor
from storefront.templating import current_settings, text_of

#: Empty rows offered below the ingredients a product has.
SPARE_ROWS = 3


def products() -> ResponseReturnValue:
    """Products in reach, the latest changed first, narrowed by state, village, maker, category and text."""
    actor, wanted = current_actor(), read_filter(request.args)
    page = desk.list_products(reading(), actor, wanted, page=asked_page())
    today = clock.today(current_settings().zone)
    prices = {
        product.id: [price for variant in product.variants if (price := current_price(variant.prices, today))] for product in page.rows
    }
    return render_template(
        "office/products/products.html",
        page=page,
        wanted=wanted,
        prices=prices,
        village_choices=[(village.code, village_label(village)) for village in _villages()],
        maker_choices=[(maker.slug, maker.name) for maker in desk.list_makers_to_choose(reading(), actor)],
        category_choices=category_choices(),
        state_choices=state_choices(),
        kept=filter_values(wanted),
        page_url=page_addresses("office.products", **filter_values(wanted)),
    )


def product_new() -> ResponseReturnValue:
    """Begin a draft; everything else is filled in afterwards."""
    actor = current_actor()
    makers = desk.list_makers_to_choose(reading(), actor)
    form = NewProductForm(data={"maker": asked("maker", 120), "scheme": Scheme.OVOP.value, "halal_state": HalalState.NOT_YET.value})
    form.maker.choices = [(maker.slug, f"{maker.name} ({maker.village.name})") for maker in makers]
    _fill_choices(form)
    made: list[Product] = []

    def work(session: Session) -> None:
        values = form.values()
        maker = desk.get_maker(session, actor, values.pop("maker"))
        made.append(verbs.create_product(session, actor, maker, verbs.ProductFacts(**_facts(values))))

    if form.validate_on_submit() and save(form, work):
        flash(_("The draft is saved. Now describe the product."), "success")
        return redirect(url_for("office.product", slug=made[0].slug), 303)
    return render_template("office/products/new.html", form=form, makers=makers), status_of(form)


def product(slug: str) -> ResponseReturnValue:
    """The texts in both languages, side by side."""
    actor = current_actor()
    record = desk.get_product(reading(), actor, slug)
    form = ProductForm(data=_typed(record))
    _fill_choices(form)
    form.allergens.choices = [(code, _(name)) for code, name in verbs.ALLERGENS.items()]
    form.shelf_life_days.suffix = _("days")

    def work(session: Session) -> None:
        fresh = desk.get_product(session, actor, slug)
        verbs.update_product(session, actor, fresh, replace(verbs.facts_of(session, fresh), **_facts(form.values())))

    if form.validate_on_submit() and save(form, work):
        flash(_("The product is saved."), "success")
        return redirect(url_for("office.product", slug=slug), 303)
    record = desk.get_product(reading(), actor, slug)
    return render_template("office/products/texts.html", form=form, product=record, places=suggestions(_villages())), status_of(form)


def product_ingredients(slug: str) -> ResponseReturnValue:
    """The ingredients in the order of the label, each with the place it comes from."""
    actor = current_actor()
    record = desk.get_product(reading(), actor, slug)
    typed = [
        {"name_id": row.name_id, "name_en": row.name_en, "origin_code": place_text(row.origin_code), "share_bps": show_share(row.share_bps)}
        for row in record.ingredients
    ]
    rows = [
        IngredientForm(prefix=f"row{number}-", data=typed[number] if number < len(typed) else {})
        for number in range(min(len(typed) + SPARE_ROWS, verbs.MOST_INGREDIENTS))
    ]
    first = rows[0]

    def work(session: Session) -> None:
        fresh = desk.get_product(session, actor, slug)
        facts = tuple(verbs.IngredientFacts(**row.values()) for row in rows if row.name_id.value)
        verbs.update_product(session, actor, fresh, replace(verbs.facts_of(session, fresh), ingredients=facts))

    if first.is_submitted() and all([_row_is_valid(row) for row in rows]) and save(first, work):  # noqa: C419 - every row shows its own errors
        flash(_("The ingredients are saved."), "success")
        return redirect(url_for("office.product_ingredients", slug=slug), 303)
    record = desk.get_product(reading(), actor, slug)
    problems = [problem for row in rows for problem in row.problems()]
    page = render_template(
        "office/products/ingredients.html", rows=rows, problems=problems, product=record, places=suggestions(_villages())
    )
    return page, status_of(first)


def product_publication(slug: str) -> ResponseReturnValue:
    """Put a product live or take it away, with a reason that is kept."""
    actor = current_actor()
    desk.get_product(reading(), actor, slug)
    form = ReasonForm()
    # The button says what was decided: a page left open must not turn into the opposite when somebody else was faster.
    asked_for_live = request.form.get("decision") == ListingState.LIVE.value

    def work(session: Session) -> None:
        fresh = desk.get_product(session, actor, slug)
        decide = verbs.publish_product if asked_for_live else verbs.withdraw_product
        decide(session, actor, fresh, form.reason.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("The product is live in the shop.") if asked_for_live else _("The product is withdrawn from the shop."), "success")
        return redirect(url_for("office.product_publication", slug=slug), 303)
    record = desk.get_product(reading(), actor, slug)
    goes_live = record.state is not ListingState.LIVE
    page = render_template(
        "office/products/publication.html",
        goes_live=goes_live,
        form=form,
        product=record,
        missing=[_(message) for message in verbs.list_missing(reading(), record)] if goes_live else [],
        decisions=desk.list_decisions(reading(), record),
        history=history_of([f"product:{slug}"]),
    )
    return page, status_of(form)


def _row_is_valid(row: IngredientForm) -> bool:
    if not row.validate():
        return False
    values = row.values()
    if not values["name_id"] and any(values.values()):
        row.name_id.errors = [*row.name_id.errors, _("Please fill this in.")]
        return False
    return True


def _facts(values: dict[str, Any]) -> dict[str, Any]:
    """Form values as the verbs take them."""
    turned = dict(values, category_id=int(values["category_id"]), scheme=Scheme(values["scheme"]))
    turned["halal_state"] = HalalState(values["halal_state"])
    if "travel_limit" in values:
        turned["travel_limit"] = TravelLimit(values["travel_limit"])
    if "allergens" in values:
        turned["allergens"] = tuple(values["allergens"])
    return turned


def _typed(record: Product) -> dict[str, Any]:
    names = {field.name for field in fields(verbs.ProductFacts)} - {"ingredients"}
    values = {name: getattr(record, name) for name in names}
    village = place_text(record.village_code) if record.village_code != record.maker.village_code else ""
    return values | {
        "village_code": village,
        "scheme": record.scheme.value,
        "halal_state": record.halal_state.value,
        "travel_limit": record.travel_limit.value,
    }


def _fill_choices(form: ProductForm | NewProductForm) -> None:
    form.category_id.choices = [(str(row.id), text_of(row, "name")) for row in list_categories(reading())]
    form.scheme.choices = choices_of(Scheme)
    form.halal_state.choices = choices_of(HalalState)
    if "travel_limit" in form:
        form["travel_limit"].choices = choices_of(TravelLimit)


def _villages() -> list[Any]:
    return desk.list_villages_to_choose(reading(), current_actor(), Permission.EDIT_PRODUCTS, current_settings().area_prefix)
