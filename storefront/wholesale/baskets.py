"""The quick order pad, and the basket of cases that becomes an order at list price or a question for a quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from sqlalchemy.orm import Session
from wtforms import HiddenField

from kernel.errors import N_, DomainError, InvalidInput
from kernel.ids import make_token
from orders.models.partner import Partner
from orders.wholesale import billing, buyers, pad, purchase_views, purchasing, quotes
from orders.wholesale import goods as goods_room
from orders.wholesale.buyers import Buyer
from orders.wholesale.goods import Goods
from orders.wholesale.pad import PadAnswer
from orders.wholesale.price_lists import MOST_CASES
from orders.wholesale.quotes import Priced
from storefront.database import reading
from storefront.errors import message_of
from storefront.fields import ChoiceField, DayField, LongTextField, PageForm, TextField, WholeField
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.pages import asked, save
from storefront.security import current_actor
from storefront.wholesale.frame import enter, show

#: A file of a hundred rows is far below.
LARGEST_FILE = 1024 * 1024


class PadForm(PageForm):
    """Rows that are pasted, or a file."""

    rows = LongTextField(
        N_("Item numbers and cases"),
        maximum=10_000,
        rows=8,
        required=False,
        hint=N_("One item in a row: its number or bar code, then the cases, such as V000123 12."),
    )
    file = FileField(N_("Or a file (CSV or XLSX)"))


class BasketForm(PageForm):
    """What is needed to order, or to ask; `basket_form` adds a row for each item."""

    key = HiddenField()
    branch = ChoiceField(N_("Deliver to"))
    wanted_on = DayField(N_("Wanted on"), required=False)
    partner_number = TextField(N_("Your order number (PO)"), maximum=40, required=False, hint=N_("Only for an order."))
    note = TextField(N_("Note"), maximum=500, required=False)


@dataclass(frozen=True, slots=True)
class BasketRow:
    """One item with its list price for the cases that are wanted; None where a quote is needed."""

    goods: Goods
    cases: int
    unit_price: int | None

    @property
    def total(self) -> int | None:
        """Before trading terms."""
        return self.unit_price * self.cases * self.goods.units_per_case if self.unit_price is not None else None


def order_pad() -> ResponseReturnValue:
    """Type, paste or send a list (`?item=` as of a basket stands in it); what was understood becomes a basket, the rest says why not."""
    buyer = enter()
    form = PadForm(data={"rows": _known_rows(buyer)})
    if not form.is_submitted():
        return show("wholesale/trade/pad.html", buyer, form=form, answer=None)
    try:
        answer = _read(buyer, form)
    except DomainError as refusal:
        form.refuse(refusal)
        return show("wholesale/trade/pad.html", buyer, 422, form=form, answer=None)
    if answer.problems or not answer.lines:
        return show("wholesale/trade/pad.html", buyer, 422, form=form, answer=answer)
    goods = goods_room.map_goods(reading(), buyer.audience, list(answer.lines))
    items = [f"{goods[offer_id].code}:{cases}" for offer_id, cases in answer.lines.items() if offer_id in goods]
    return redirect(url_for("wholesale.basket", item=items), 303)


def basket() -> ResponseReturnValue:
    """A basket of some items (`?item=CODE:12`, as often as there are; without a number its minimum), or of an earlier order (`?again=`)."""
    buyer, session = enter(), reading()
    lines: dict[int, int] = {}
    if again := asked("again", 12):
        view = purchase_views.get_for_partner(session, buyer.audience, again, current_language())
        visible = goods_room.map_goods(session, buyer.audience, [line.offer_id for line in view.lines])
        lines = {line.offer_id: line.cases for line in view.lines if line.offer_id in visible}
        if len(lines) < len(view.lines):
            flash(_("Some items are no longer offered. Please take them off the list."), "warning")
    else:
        asked_for = dict(_asked_item(item) for item in request.args.getlist("item")[: goods_room.MOST_ITEMS])
        for code, found in goods_room.find_by_numbers(session, buyer.audience, set(asked_for)).items():
            lines[found.offer_id] = asked_for[code] or found.minimum_cases
    if not lines:
        return redirect(url_for("wholesale.order_pad"), 303)
    return _basket(buyer, lines)


def basket_order() -> ResponseReturnValue:
    """Order at list price."""
    buyer = enter()
    form, lines = _sent(buyer)
    made: list[str] = []

    def work(session: Session) -> None:
        if not (form.partner_number.value or "").strip():
            raise InvalidInput(form.partner_number.left_empty, field="partner_number")
        purchase = purchasing.order_from_list(
            session,
            current_actor(),
            _wanted(form, lines),
            branch_code=form.branch.value,
            partner_number=form.partner_number.value,
            key=form.key.data or "",
            wanted_on=form.wanted_on.value,
            note=form.note.value,
        )
        made.append(purchase.code)

    if form.validate_on_submit() and save(form, work):
        flash(_("We have your order. Both of us see on this page how it moves on."), "success")
        return redirect(url_for("wholesale.purchase", code=made[0]), 303)
    return _show(enter(), form, lines, 422)


def basket_quote() -> ResponseReturnValue:
    """Ask for a quote."""
    buyer = enter()
    form, lines = _sent(buyer)
    made: list[str] = []

    def work(session: Session) -> None:
        wanted = {offer_id: Priced(cases) for offer_id, cases in _wanted(form, lines).items()}
        quote = quotes.request_quote(
            session,
            current_actor(),
            wanted,
            branch_code=form.branch.value,
            key=form.key.data or "",
            wanted_on=form.wanted_on.value,
            message=form.note.value,
        )
        made.append(quote.code)

    if form.validate_on_submit() and save(form, work):
        flash(_("Your question is with the office. We write to you as soon as there is an offer."), "success")
        return redirect(url_for("wholesale.quote", code=made[0]), 303)
    return _show(enter(), form, lines, 422)


def _known_rows(buyer: Buyer) -> str:
    """The items of a basket that somebody came back from, as rows of the pad."""
    asked_for = dict(_asked_item(item) for item in request.args.getlist("item")[: goods_room.MOST_ITEMS])
    found = goods_room.find_by_numbers(reading(), buyer.audience, set(asked_for)) if asked_for else {}
    return "".join(f"{found[code].sku} {cases or found[code].minimum_cases}\n" for code, cases in asked_for.items() if code in found)


def _asked_item(text: str) -> tuple[str, int]:
    code, _colon, cases = text.strip().upper()[:24].partition(":")
    return code, int(cases) if cases.isascii() and cases.isdigit() and len(cases) < 7 else 0


def _read(buyer: Buyer, form: PadForm) -> PadAnswer:
    if not form.validate_on_submit():
        raise InvalidInput(field="rows")
    if form.file.data and form.file.data.filename:
        data = form.file.data.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise InvalidInput(N_("The file is too large. Please send a list with fewer rows."), field="file")
        return pad.read_file(reading(), buyer.audience, form.file.data.filename, data)
    return pad.read_pasted(reading(), buyer.audience, form.rows.value)


def _basket(buyer: Buyer, lines: Mapping[int, int]) -> ResponseReturnValue:
    """The page of a basket that was just put together."""
    goods = goods_room.map_goods(reading(), buyer.audience, list(lines))
    rows = {goods[offer_id].code: offer_id for offer_id in lines if offer_id in goods}
    values: dict[str, Any] = {"key": make_token()} | {f"cases_{code}": lines[offer_id] for code, offer_id in rows.items()}
    form = _kind(rows)(formdata=None, data=values)
    form.branch.choices = _branches(buyer)
    return _show(buyer, form, rows, 200)


def _kind(codes: Iterable[str]) -> Any:
    """The form's class with a row for each item; a row that is emptied is left out of the order."""
    fields = {f"cases_{code}": WholeField(N_("Cases"), minimum=0, maximum=MOST_CASES, required=False, width="short") for code in codes}
    return type("BasketFormWithRows", (BasketForm,), fields)


def _sent(buyer: Buyer) -> tuple[Any, dict[str, int]]:
    """The form as it came, and the offer of each of its rows by code; codes that are not this partner's to see are dropped."""
    codes = [name.removeprefix("cases_") for name in request.form if name.startswith("cases_")][: goods_room.MOST_ITEMS]
    found = goods_room.find_by_numbers(reading(), buyer.audience, set(codes))
    rows = {code: found[code].offer_id for code in codes if code in found and found[code].code == code}
    form = _kind(rows)()
    form.branch.choices = _branches(buyer)
    return form, rows


def _branches(buyer: Buyer) -> list[tuple[str, str]]:
    return [(branch.code, branch.name) for branch in buyers.list_branches(reading(), buyer.audience.partner_id)]


def _wanted(form: Any, rows: Mapping[str, int]) -> dict[int, int]:
    """Cases by offer; rows that were emptied or set to nothing are left out."""
    return {offer_id: cases for code, offer_id in rows.items() if (cases := form[f"cases_{code}"].value)}


def _show(buyer: Buyer, form: Any, rows: Mapping[str, int], status: int) -> ResponseReturnValue:
    session = reading()
    goods = goods_room.map_goods(session, buyer.audience, list(rows.values()))
    lines = []
    for code, offer_id in rows.items():
        if offer_id in goods:
            typed = str(form[f"cases_{code}"].data or "0")
            cases = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0
            lines.append(BasketRow(goods[offer_id], cases, goods[offer_id].unit_price(cases) if cases else None))
    total = sum(line.total or 0 for line in lines)
    terms_bps = session.get_one(Partner, buyer.audience.partner_id).trading_terms_bps
    problem = ""
    try:
        wanted = {line.goods.offer_id: line.cases for line in lines if line.cases}
        goods_room.price_from_list(session, buyer.audience, goods, wanted)
    except DomainError as refusal:
        problem = message_of(refusal)
    return show(
        "wholesale/trade/basket.html",
        buyer,
        status,
        form=form,
        lines=lines,
        items=[f"{line.goods.code}:{line.cases}" for line in lines],
        total=total,
        terms=billing.terms_of(total, terms_bps),
        terms_bps=terms_bps,
        problem=problem,
        branches=form.branch.choices,
    )
