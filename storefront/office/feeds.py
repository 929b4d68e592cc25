"""Feeds in the office: what each receiver gets and why some rows stay here, its settings, its categories, and the sheets to upload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from flask import Response, abort, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.categories import list_categories
from catalog.feeds import items, settings
from catalog.feeds.rules import RULES, SOURCES
from catalog.feeds.settings import MARKETPLACES
from catalog.models.feed import Feed, StockRule
from kernel import clock
from kernel.errors import NotFound
from kernel.paging import Page
from kernel.people import Permission
from storefront.database import reading
from storefront.feed_rows import check_item, stream_rows
from storefront.fields import PageForm
from storefront.i18n import current_language, speaking
from storefront.i18n import gettext as _
from storefront.office.feed_forms import FeedForm, shown_settings
from storefront.office.feed_words import NAMES, STOCK_RULES, problem_words
from storefront.office.record_history import history_of
from storefront.pages import asked_page, page_addresses, save, status_of
from storefront.security import current_actor
from storefront.spreadsheets import Cell
from storefront.templating import current_settings, external, local
from storefront.workbooks import MIMETYPE, workbook_parts

PAGE_SIZE = 50


def feed_list() -> ResponseReturnValue:
    """All receivers, with how much each gets."""
    _check_reach()
    session, today = reading(), _today()
    rows = [(feed, NAMES[feed.kind], items.count_items(session, feed, today)) for feed in settings.list_feeds(session)]
    return render_template("office/feeds/feeds.html", rows=rows, marketplaces=MARKETPLACES)


def feed(feed: str) -> ResponseReturnValue:
    """What goes out, row by row, and what is missing where one stays here."""
    found, session, number = _find(feed), reading(), asked_page()
    today = _today()
    total = items.count_items(session, found, today)
    shown = items.list_items(session, found, current_language(), today, after=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    checked = [check_item(found, item) for item in shown]
    return render_template(
        "office/feeds/feed.html",
        **_frame(found),
        page=Page(checked, total, number, PAGE_SIZE),
        page_url=page_addresses("office.feed", feed=feed),
        others=items.list_others(session, found),
        problem_words=problem_words,
        addresses=_addresses(found),
        form=PageForm(formdata=None),
    )


def feed_settings(feed: str) -> ResponseReturnValue:
    """Mark-up, title, units, and whether it is on."""
    found, actor, area = _find(feed), current_actor(), current_settings().area_prefix
    form = FeedForm(data=shown_settings(found))
    form.stock_rule.choices = [(rule.value, _(STOCK_RULES[rule])) for rule in StockRule]

    def work(session: Session) -> None:
        settings.change_feed(session, actor, area, settings.find_feed(session, feed), form.facts())

    if form.validate_on_submit() and save(form, work):
        flash(_("The feed was changed."), "success")
        return redirect(url_for("office.feed", feed=feed), 303)
    history = history_of([f"feed:{feed}"])
    return render_template("office/feeds/settings.html", **_frame(_find(feed)), form=form, history=history), status_of(form)


def feed_categories(feed: str) -> ResponseReturnValue:
    """What the receiver calls our shelves."""
    found, actor, area = _find(feed), current_actor(), current_settings().area_prefix
    shelves = list_categories(reading())
    typed = {shelf.slug: request.form.get(f"category-{shelf.slug}", "") for shelf in shelves}
    form = PageForm()

    def work(session: Session) -> None:
        ours = settings.find_feed(session, feed)
        for slug, name in typed.items():
            settings.name_category(session, actor, area, ours, slug, name)

    if form.validate_on_submit() and save(form, work):
        flash(_("The shelves were named."), "success")
        return redirect(url_for("office.feed_categories", feed=feed), 303)
    found, shelves = _find(feed), list_categories(reading())
    names = {each.category_id: each.name for each in found.categories}
    rows = [(shelf, typed[shelf.slug] if form.is_submitted() else names.get(shelf.id, "")) for shelf in shelves]
    return render_template("office/feeds/categories.html", **_frame(found), form=form, rows=rows), status_of(form)


def feed_product(feed: str, product: str) -> ResponseReturnValue:
    """Let a product go out, or leave it out."""
    _find(feed)
    form, goes_out = PageForm(), request.form.get("goes_out") == "yes"
    actor, area = current_actor(), current_settings().area_prefix

    def work(session: Session) -> None:
        settings.choose_product(session, actor, area, settings.find_feed(session, feed), product, goes_out=goes_out)

    if not save(form, work):
        abort(422)
    flash(_("The product goes out with this feed.") if goes_out else _("The product is left out of this feed."), "success")
    return redirect(url_for("office.feed", feed=feed), 303)


def feed_sheet(feed: str) -> ResponseReturnValue:
    """The rows as a workbook, for the marketplace's own upload page."""
    found = _find(feed)
    if found.kind not in MARKETPLACES:
        raise NotFound
    language = current_language()

    def rows() -> Iterator[Sequence[Cell]]:
        fields = [rule.field for rule in RULES[found.kind]]
        with speaking(language):
            yield fields
            yield from ([row.get(field, "") for field in fields] for row in stream_rows(reading(), found))

    answer = Response(stream_with_context(workbook_parts([(NAMES[found.kind], rows())])), mimetype=MIMETYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{feed}-{_today():%Y-%m-%d}.xlsx"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _check_reach() -> None:
    """The feeds hold the home area's catalogue: whoever looks after another area finds nothing here."""
    if not current_actor().can(Permission.MANAGE_FEEDS, area_code=current_settings().area_prefix):
        raise NotFound


def _find(kind: str) -> Feed:
    _check_reach()
    return settings.find_feed(reading(), kind)


def _frame(found: Feed) -> dict[str, object]:
    """What every page of one feed shows around its own part."""
    return {"feed": found, "name": NAMES[found.kind], "is_marketplace": found.kind in MARKETPLACES, "source": SOURCES[found.kind]}


def _addresses(found: Feed) -> list[str]:
    """Where the receiver fetches it; a marketplace gets a sheet instead."""
    files = {"google": ("google.xml", "google.tsv"), "meta": ("meta.csv",)}.get(found.kind.value, ())
    return [external(local(f"/feeds/{name}")) for name in files]


def _today() -> date:
    return clock.today(current_settings().zone)
