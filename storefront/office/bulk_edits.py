"""One change to many products: choose them on the list, choose the change, look at what it does, and take it back where possible."""

from __future__ import annotations

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import bulk_edits as verbs
from catalog import collections
from catalog.categories import list_categories
from catalog.models.desk_work import BulkAct, BulkEdit
from catalog.models.product import HalalState, Product
from kernel import clock
from kernel.errors import N_, DomainError, InvalidInput
from storefront.database import reading, transaction
from storefront.fields import ChoiceField, DayField, LongTextField, PageForm, TypedField, WholeField
from storefront.i18n import gettext as _
from storefront.i18n import ngettext
from storefront.office.frame import choices_of
from storefront.office.product_filters import read_filter
from storefront.office.record_history import history_of
from storefront.pages import save
from storefront.security import current_actor
from storefront.state_words import BULK
from storefront.templating import current_settings, rupiah, text_of

_PERCENT = re.compile(r"[+-]?[0-9]{1,4}(\.[0-9]{1,2})?", re.ASCII)


class PercentField(TypedField):
    """Per cent, up or down, with up to two decimals; `value` is in basis points."""

    def __init__(self, label: str = "", **rest: Any) -> None:
        super().__init__(label, suffix="%", width="short", **rest)

    def parse(self, text: str) -> int:
        typed = text.strip().removesuffix("%").replace("−", "-").replace(",", ".").strip()
        if not _PERCENT.fullmatch(typed):
            raise InvalidInput(N_("Type per cent with at most two decimals, such as 7,5 or -10."))
        whole, _point, rest = typed.lstrip("+-").partition(".")
        value = int(whole) * 100 + int(rest.ljust(2, "0") or 0)
        return -value if typed.startswith("-") else value


class RupiahChangeField(WholeField):
    """Whole rupiah, up or down."""

    def __init__(self, label: str = "", **rest: Any) -> None:
        super().__init__(label, minimum=0, maximum=100_000_000, prefix="Rp", **rest)

    def parse(self, text: str) -> int:
        typed = text.strip().replace("−", "-")
        value: int = super().parse(typed.lstrip("+-").replace(".", ""))
        return -value if typed.startswith("-") else value


class ChangeForm(PageForm):
    """What is changed; only the fields of the chosen act count."""

    act = ChoiceField(N_("What to change"))
    category = ChoiceField(N_("Category"), required=False)
    percent_bps = PercentField(N_("Price by per cent"), required=False, hint=N_("Up, or down with a minus sign."))
    amount = RupiahChangeField(N_("or by an amount"), required=False)
    rounding = ChoiceField(N_("Round to"), required=False)
    starts_on = DayField(N_("From"), required=False)
    halal = ChoiceField(N_("Halal"), required=False)
    reason = LongTextField(N_("Reason"), maximum=500, required=False, rows=2)
    collection = ChoiceField(N_("Collection"), required=False)


def bulk_new() -> ResponseReturnValue:
    """Choose the change; with one chosen, look at it product by product; sent with POST, it is made."""
    actor, session = current_actor(), reading()
    found = _chosen(session)
    form = _form(request.values if request.values.get("act") else None)
    planned, choice = [], {}
    if found and form.act.data and form.validate():
        try:
            act = BulkAct(form.act.value)
            choice = verbs.check_choice(session, act, _values(form))
            planned = verbs.plan(session, actor, found, act, choice)
        except DomainError as refusal:
            form.refuse(refusal)
    if request.method == "POST" and planned:
        made: list[BulkEdit] = []
        wanted = [each.product.id for each in planned if each.changes]

        def work(fresh: Session) -> None:
            made.append(verbs.begin(fresh, actor, verbs.load_products(fresh, wanted), act, choice))

        if save(form, work):
            return _go_on(made[0].code)
    page = render_template(
        "office/bulk/new.html",
        found=found,
        form=form,
        planned=planned,
        changing=sum(bool(each.changes) for each in planned),
        refusals={each.product.id: _(each.refusal.message, **each.refusal.params) for each in planned if each.refusal},
        most=verbs.MOST_PRODUCTS,
        carried=[(name, value) for name, values in request.values.lists() if name != "csrf_token" for value in values],
        names=_names(session),
    )
    return page, 422 if form.problems() else 200


def bulk_edit(code: str) -> ResponseReturnValue:
    """What came of a change."""
    edit = verbs.get_edit(reading(), current_actor(), code)
    reasons = {item.id: _(item.reason, **item.params) if item.params else _(item.reason) for item in edit.items if item.reason}
    return render_template(
        "office/bulk/edit.html",
        edit=edit,
        reasons=reasons,
        done=sum(item.is_done for item in edit.items),
        waiting=sum(not item.is_done and not item.reason for item in edit.items),
        can_undo=edit.undone_at is None and edit.act in verbs.UNDOABLE,
        history=history_of([f"bulk:{edit.code}"]),
    )


def bulk_go_on(code: str) -> ResponseReturnValue:
    """Make what was left when something interrupted."""
    verbs.get_edit(reading(), current_actor(), code)
    return _go_on(code)


def bulk_undo(code: str) -> ResponseReturnValue:
    """Put back what was before."""
    form, kept = PageForm(), []

    def work(session: Session) -> None:
        kept.append(verbs.undo(session, current_actor(), verbs.get_edit(session, current_actor(), code)))

    if form.validate_on_submit() and save(form, work):
        words = _("The change is taken back, except where somebody changed it since.") if kept[0] else _("The change is taken back.")
        flash(words, "success")
    else:
        flash(form.refusals[0] if form.refusals else _("This could not be done."), "error")
    return redirect(url_for("office.bulk_edit", code=code), 303)


def _go_on(code: str) -> ResponseReturnValue:
    """Portion by portion, each in a transaction of its own: nobody waits for the whole."""
    more = True
    while more:
        with transaction() as session:
            edit = verbs.get_edit(session, current_actor(), code)
            more = verbs.go_on(session, current_actor(), edit)
    edit = verbs.get_edit(reading(), current_actor(), code)
    done = sum(item.is_done for item in edit.items)
    flash(ngettext("%(num)s product is changed.", "%(num)s products are changed.", done), "success")
    return redirect(url_for("office.bulk_edit", code=code), 303)


def _chosen(session: Session) -> list[Product]:
    values = request.values
    if values.get("all"):
        return verbs.choose_products(session, current_actor(), [], read_filter(values))
    return verbs.choose_products(session, current_actor(), [slug[:140] for slug in values.getlist("product")], None)


def _form(values: Any) -> ChangeForm:
    today = clock.today(current_settings().zone)
    # Looking changes nothing and needs no token.
    more: dict[str, Any] = {} if request.method == "POST" else {"meta": {"csrf": False}}
    form = ChangeForm(formdata=values, data={"starts_on": today.isoformat(), "rounding": "500"}, **more)
    form.act.choices = [(act.value, _(words)) for act, words in BULK.items()]
    form.category.choices = [(str(row.id), text_of(row, "name")) for row in list_categories(reading())]
    form.rounding.choices = [(str(step), rupiah(step)) for step in verbs.ROUNDINGS]
    form.halal.choices = choices_of(HalalState)
    form.collection.choices = [(each.slug, text_of(each, "title")) for each in collections.list_to_choose(reading(), today)]
    return form


def _values(form: ChangeForm) -> dict[str, Any]:
    values = form.values()
    whole = {name: int(values[name]) if values[name] else None for name in ("category", "rounding")}
    return values | whole


def _names(session: Session) -> dict[str, str]:
    """Codes in previews -> words."""
    shelves = {row.slug: text_of(row, "name") for row in list_categories(session)}
    shown = collections.list_to_choose(session, clock.today(current_settings().zone))
    return shelves | {each.slug: text_of(each, "title") for each in shown} | dict(choices_of(HalalState))
