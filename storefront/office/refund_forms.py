"""Forms of the office about refunds; the one for an order has a row of fields for each of its lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import ImmutableMultiDict

from kernel.errors import N_
from orders.queries import OrderView
from orders.refund_states import RefundReason, RefundWay
from orders.refunds import Wanted
from storefront import state_words
from storefront.fields import CheckField, ChoiceField, LongTextField, PageForm, TextField, WholeField
from storefront.i18n import gettext as _
from storefront.templating import rupiah

#: Reasons staff choose from; payments in review have their own.
REASONS = tuple(reason for reason in RefundReason if reason is not RefundReason.CANNOT_DELIVER)


class ReturnForm(PageForm):
    """How a payment in review goes back, and why."""

    way = ChoiceField(N_("How the money goes back"))
    text = LongTextField(N_("Note"), maximum=240, rows=2, required=False, hint=N_("The buyer does not see it."))
    key = TextField("", maximum=64)


class RefundForm(ReturnForm):
    """What is common to the refunds of all orders; `refund_form` adds the lines."""

    reason = ChoiceField(N_("Reason"))


class PaidOutForm(PageForm):
    """That cash or a transfer was given."""

    proof = TextField(N_("Who received it, or the bank's reference"), maximum=120)


class RetryForm(PageForm):
    """How a failed refund is tried again."""

    way = ChoiceField(N_("How the money goes back"))


def refund_form(
    view: OrderView, left: Mapping[int, int], ways: tuple[RefundWay, ...], formdata: Any, *, shipping: int = 0, has_token: bool = False
) -> RefundForm:
    """The refund form of one order, filled with `formdata`. A form that is only looked at carries no token."""
    fields: dict[str, Any] = {}
    for position, line in enumerate(view.lines, start=1):
        most = left.get(line.line_id, 0)
        if most:
            label = _("How many of %(most)s", most=most)
            fields[f"quantity_{position}"] = WholeField(label, minimum=0, maximum=most, required=False, width="short")
            fields[f"unfit_{position}"] = CheckField(N_("Cannot be sold again: write off"))
    if shipping:
        fields["with_shipping"] = CheckField(_("Pay back shipping too: %(amount)s", amount=rupiah(shipping)))
    form: RefundForm = type("OrderRefundForm", (RefundForm,), fields)(
        formdata=ImmutableMultiDict(formdata) if formdata else None, meta={} if has_token else {"csrf": False}
    )
    form.reason.choices = [(reason.value, _(state_words.REFUND_REASON[reason])) for reason in REASONS]
    form.way.choices = way_choices(ways)
    return form


def wanted_lines(form: RefundForm, view: OrderView) -> Wanted:
    """Line id -> (units, fit for sale) of what was filled in."""
    found = {}
    for position, line in enumerate(view.lines, start=1):
        name = f"quantity_{position}"
        if name in form and form[name].value:
            found[line.line_id] = (form[name].value, not form[f"unfit_{position}"].value)
    return found


def wants_shipping(form: RefundForm) -> bool:
    """Whether shipping goes back with a part of the goods, or alone."""
    return "with_shipping" in form and bool(form["with_shipping"].data)


def way_choices(ways: tuple[RefundWay, ...]) -> list[tuple[str, str]]:
    """(value, words) of ways to give money back."""
    return [(way.value, _(state_words.REFUND_WAY[way])) for way in ways]
