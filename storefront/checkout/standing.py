"""Where an order stands, in the buyer's words: one sentence on top, and the steps from order to goods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel import clock
from orders.gateways import CONFIRMED_BY_STAFF
from orders.models.order import Fulfilment
from orders.queries import OrderView
from orders.states import OrderState, PaymentState
from storefront.hours import slot_words
from storefront.i18n import gettext as _
from storefront.templating import day, moment, rupiah
from storefront.words import days_words


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an order stands, in the buyer's words; `tone` colours it."""

    title: str
    text: str
    tone: str


def standing_of(view: OrderView, waits: bool) -> Standing:
    """The one sentence a buyer looks for first."""
    if view.needs_review:
        return Standing(
            _("We are checking your payment"), _("A colleague looks at it and will contact you. Please do not pay again."), "warning"
        )
    if view.state is OrderState.AWAITING_PAYMENT:
        return _unpaid(view, waits)
    if view.state is OrderState.EXPIRED and any(payment.method in CONFIRMED_BY_STAFF for payment in view.payments):
        return Standing(
            _("No longer reserved"),
            _("The time to pay has run out. If you have paid already, write to us on WhatsApp: nothing you paid is lost."),
            "warning",
        )
    if view.state is OrderState.CANCELLED:
        return Standing(_("Cancelled"), _cancelled(view), "info")
    if view.state is OrderState.EXPIRED:
        return Standing(
            _("No longer reserved"),
            _("The time to pay has run out and the goods went back on the shelf. You are welcome to order again."),
            "warning",
        )
    return _on_its_way(view) if view.fulfilment is Fulfilment.SHIPPING else _at_the_counter(view)


def _at_the_counter(view: OrderView) -> Standing:
    if view.state is OrderState.READY:
        return Standing(_("Ready to collect"), _("Your goods wait at the counter. Show the order code."), "success")
    if view.state is OrderState.COMPLETED:
        return Standing(_("Collected"), _("Thank you for buying from the villages."), "success")
    if not view.is_paid:
        until = moment(view.hold_until, view.outlet.zone) if view.hold_until else ""
        return Standing(
            _("Your order is reserved"),
            _("Please bring %(amount)s in cash. We keep your goods until %(until)s.", amount=rupiah(view.cash_due), until=until),
            "success",
        )
    return Standing(_("Paid. Thank you!"), _("We are preparing your goods. Show the order code when you collect."), "success")


def _on_its_way(view: OrderView) -> Standing:
    if view.state is OrderState.SHIPPED and view.shipped_at is not None:
        return Standing(_("On its way to you"), _("Your parcel left on %(day)s.", day=_date(view.shipped_at, view)), "success")
    if view.state is OrderState.COMPLETED:
        return Standing(_("Delivered"), _("Thank you for buying from the villages."), "success")
    if view.state is OrderState.READY:
        return Standing(_("Packed"), _("Your parcel waits for the courier."), "success")
    return Standing(
        _("Paid. Thank you!"), _("We are packing your goods. Courier and tracking number appear here as soon as they leave."), "success"
    )


def _cancelled(view: OrderView) -> str:
    if not view.paid:
        return _("This order was cancelled; nothing is owed.")
    if view.refunded >= view.paid:
        return _("This order was cancelled and your money has been paid back.")
    return _("This order was cancelled. Your money is on its way back to you.")


def _unpaid(view: OrderView, waits: bool) -> Standing:
    if waits:
        return Standing(
            _("Your payment is being confirmed"),
            _("This page looks again by itself. You can also close it: we go on without you."),
            "info",
        )
    if view.payment.state is PaymentState.FAILED and view.payment.method in CONFIRMED_BY_STAFF:
        return Standing(
            _("We have not found your payment"),
            _("If you have paid, write to us on WhatsApp with a picture of the receipt. Otherwise please try again: your goods are kept."),
            "warning",
        )
    if view.payment.state is PaymentState.FAILED:
        return Standing(
            _("The payment did not go through"), _("Nothing was charged. Your goods are still kept: please try again."), "warning"
        )
    kept_until = view.payment.expires_at if view.shows_code else view.hold_until
    if kept_until is not None:
        until = moment(kept_until, view.outlet.zone)
        return Standing(_("Waiting for your payment"), _("Your goods are kept for you until %(until)s.", until=until), "info")
    return Standing(_("Waiting for your payment"), _("Your goods are kept for you meanwhile."), "info")


def progress_of(view: OrderView) -> list[tuple[str, str, str]]:
    """(label, note, done | now | "") of the steps from order to goods."""
    if view.state in (OrderState.CANCELLED, OrderState.EXPIRED):
        return []
    is_sent = view.fulfilment is Fulfilment.SHIPPING
    reached = _reached(view.state, is_sent=is_sent)
    steps = [(_("Ordered"), moment(view.placed_at, view.outlet.zone)), _payment_step(view, reached)]
    steps += _shipping_steps(view) if is_sent else _pickup_steps(view)
    return [
        (label, note, "done" if index < reached or view.state is OrderState.COMPLETED else "now" if index == reached else "")
        for index, (label, note) in enumerate(steps)
    ]


def _reached(state: OrderState, *, is_sent: bool) -> int:
    """The step that is being done: the first is 0."""
    if state is OrderState.READY:
        return 2 if is_sent else 3
    return {OrderState.AWAITING_PAYMENT: 1, OrderState.CONFIRMED: 2, OrderState.SHIPPED: 3, OrderState.COMPLETED: 4}[state]


def _payment_step(view: OrderView, reached: int) -> tuple[str, str]:
    paid_at = next((payment.paid_at for payment in view.payments if payment.paid_at), None)
    when = moment(paid_at, view.outlet.zone) if paid_at else _("in cash when you collect") if reached > 1 else ""
    return _("Paid") if view.is_paid else _("Payment"), when


def _pickup_steps(view: OrderView) -> list[tuple[str, str]]:
    zone = view.outlet.zone
    slot = slot_words(view.pickup_at, zone) if view.pickup_at else ""
    return [
        (_("Being prepared"), ""),
        (_("Ready to collect"), slot or view.outlet.name),
        (_("Collected"), moment(view.completed_at, zone) if view.completed_at else ""),
    ]


def _shipping_steps(view: OrderView) -> list[tuple[str, str]]:
    packed = _("Packed") if view.state in (OrderState.READY, OrderState.SHIPPED, OrderState.COMPLETED) else _("Being packed")
    return [
        (packed, ""),
        (_("On the way"), moment(view.shipped_at, view.outlet.zone) if view.shipped_at else arrival_words(view)),
        (_("Delivered"), moment(view.completed_at, view.outlet.zone) if view.completed_at else ""),
    ]


def arrival_words(view: OrderView) -> str:
    """`2–4 days after it leaves`; once it has left, between which days it should arrive."""
    if view.shipping is None:
        return ""
    least, most = view.shipping.days_min, view.shipping.days_max
    if view.shipped_at is None:
        return _("%(days)s after it leaves", days=days_words(least, most))
    first, last = (_date(view.shipped_at + timedelta(days=days), view) for days in (least, most))
    return _("Expected on %(day)s", day=first) if first == last else _("Expected between %(first)s and %(last)s", first=first, last=last)


def _date(at: datetime, view: OrderView) -> str:
    return day(clock.local(at, view.outlet.zone).date())
