"""Collections in the office: what stands in the window, from when to when, and in which order; and who was shown how often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import collections as verbs
from catalog import desk, exposure
from catalog.collections import CollectionFacts
from catalog.models.collection import Collection
from kernel import clock
from kernel.errors import N_, InvalidInput, NotFound
from storefront.database import reading
from storefront.fields import CheckField, DayField, LongTextField, PageForm, TextField
from storefront.i18n import gettext as _
from storefront.office.record_history import history_of
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.security import current_actor
from storefront.templating import current_settings

#: Days a report can look back.
PERIODS = (7, 30, 90, 365)
_FOUND = 12


class CollectionForm(PageForm):
    """A collection's texts and days."""

    title_id = TextField(N_("Title in Indonesian"), maximum=80)
    title_en = TextField(N_("Title in English"), maximum=80, required=False)
    story_id = LongTextField(N_("Story in Indonesian"), maximum=2_000, required=False, rows=5)
    story_en = LongTextField(N_("Story in English"), maximum=2_000, required=False, rows=5)
    starts_on = DayField(N_("From"))
    ends_on = DayField(N_("Until"), required=False, hint=N_("Empty: until further notice."))
    is_on_home = CheckField(N_("Show on the home page"))


def collections() -> ResponseReturnValue:
    """All collections, those that begin last first."""
    page = verbs.list_collections(reading(), asked_page())
    today = clock.today(current_settings().zone)
    states = {each.id: verbs.state_on(each, today) for each in page.rows}
    return render_template(
        "office/collections/collections.html",
        page=page,
        states=states,
        beyond=verbs.list_beyond(reading(), current_actor(), page.rows),
        page_url=page_addresses("office.collections"),
    )


def collection_new() -> ResponseReturnValue:
    """A new collection; products are put in afterwards."""
    form = CollectionForm(data={"starts_on": clock.today(current_settings().zone).isoformat(), "is_on_home": True})
    made: list[Collection] = []

    def work(session: Session) -> None:
        made.append(verbs.create_collection(session, current_actor(), CollectionFacts(**form.values())))

    if form.validate_on_submit() and save(form, work):
        flash(_("The collection is made. Now choose its products."), "success")
        return redirect(url_for("office.collection", slug=made[0].slug), 303)
    return render_template("office/collections/new.html", form=form), status_of(form)


def collection(slug: str) -> ResponseReturnValue:
    """One collection: its texts, its days, its products in their order."""
    record = verbs.get_collection(reading(), slug, current_actor())
    form = CollectionForm(data=_typed(record))

    def work(session: Session) -> None:
        verbs.update_collection(
            session, current_actor(), verbs.get_collection(session, slug, current_actor()), CollectionFacts(**form.values())
        )

    if form.validate_on_submit() and save(form, work):
        flash(_("The collection is saved."), "success")
        return redirect(url_for("office.collection", slug=slug), 303)
    return _page(slug, form)


def collection_item(slug: str) -> ResponseReturnValue:
    """Put a product in, take it out, or move it."""
    form = PageForm()
    acts: dict[str, Callable[..., Any]] = {
        "add": verbs.add_product,
        "remove": verbs.remove_product,
        "up": partial(verbs.move_product, places=-1),
        "down": partial(verbs.move_product, places=1),
    }
    act = acts.get(request.form.get("act", ""))

    def work(session: Session) -> None:
        if act is None:
            raise InvalidInput
        product = desk.get_product(session, current_actor(), request.form.get("product", "")[:140])
        act(session, current_actor(), verbs.get_collection(session, slug, current_actor()), product)

    if form.validate_on_submit() and save(form, work):
        return redirect(url_for("office.collection", slug=slug, q=asked("q") or None, _anchor="products"), 303)
    return _page(slug, CollectionForm(formdata=None, data=_typed(verbs.get_collection(reading(), slug, current_actor()))), form)


def collection_remove(slug: str) -> ResponseReturnValue:
    """Forget a collection."""
    form = PageForm()

    def work(session: Session) -> None:
        verbs.remove_collection(session, current_actor(), verbs.get_collection(session, slug, current_actor()))

    if not (form.validate_on_submit() and save(form, work)):
        raise NotFound
    flash(_("The collection is removed. Its products stay in the shop."), "success")
    return redirect(url_for("office.collections"), 303)


def exposure_report() -> ResponseReturnValue:
    """How often the products of each village and maker were shown, the least shown per product first."""
    days = next((each for each in PERIODS if str(each) == asked("days", 4)), 30)
    by = "maker" if asked("by", 6) == "maker" else "village"
    since = clock.today(current_settings().zone) - timedelta(days=days - 1)
    report = exposure.report_by_maker if by == "maker" else exposure.report_by_village
    rows = report(reading(), current_actor(), since)
    total = sum(row.total for row in rows)
    products = sum(row.products for row in rows)
    return render_template(
        "office/collections/exposure.html",
        rows=rows,
        by=by,
        days=days,
        periods=PERIODS,
        since=since,
        total=total,
        usual=total / products if products else 0,
        most=max((row.total / row.products for row in rows), default=0),
    )


def _page(slug: str, form: CollectionForm, other: PageForm | None = None) -> ResponseReturnValue:
    actor, session = current_actor(), reading()
    record = verbs.get_collection(session, slug, current_actor())
    text = asked("q")
    inside = {item.product_id for item in record.items}
    found = desk.list_products(session, actor, desk.ProductFilter(text=text)).rows if text else []
    page = render_template(
        "office/collections/collection.html",
        collection=record,
        form=form,
        problems=(other or form).problems(),
        state=verbs.state_on(record, clock.today(current_settings().zone)),
        text=text,
        found=[product for product in found if product.id not in inside][:_FOUND],
        most=verbs.MOST_ITEMS,
        history=history_of([verbs.subject_of(record)]),
    )
    return page, status_of(other or form)


def _typed(record: Collection) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in ("title_id", "title_en", "story_id", "story_en", "is_on_home")}
    return values | {"starts_on": record.starts_on.isoformat(), "ends_on": record.ends_on.isoformat() if record.ends_on else ""}
