"""What incidents at tills are called, what they mean, and in which words they end."""

from __future__ import annotations

from kernel.errors import N_
from orders.counter.incident_queries import IncidentView
from orders.models.shift import IncidentKind
from storefront.i18n import gettext as _
from storefront.i18n import ngettext
from storefront.state_words import INCIDENT, METHOD
from storefront.templating import rupiah

KIND = INCIDENT
MEANING: dict[IncidentKind, str] = {
    IncidentKind.OVERSOLD: N_(
        "The till sold units that stood in no book: two tills, or a till and the web shop, sold the same piece, or a delivery was not "
        "booked. The sale stands and the maker is credited. Make the books right: count the shelf or book the delivery, and care "
        "for web orders that now have no goods."
    ),
    IncidentKind.STOPPED_BATCH: N_(
        "A buyer took goods of a lot that is past its date, blocked or recalled. "
        "Take the rest off the shelf, and tell the buyer if you can."
    ),
    IncidentKind.REFERENCE_TWICE: N_(
        "The same payment number stands on two sales. Look into the merchant app or at the slips: did the money come twice?"
    ),
    IncidentKind.UNMATCHED_TENDER: N_(
        "The cashier confirmed this payment, and no settlement list or bank statement has shown it. Upload the latest list first: "
        "what is found there ends this by itself."
    ),
    IncidentKind.PRICE_DIFFERS: N_(
        "The till sold at another price than ours of that day, because it was offline while a price changed. "
        "The receipt counts, also for the maker."
    ),
    IncidentKind.VOUCHER_OVER: N_("The till took a voucher that was used up, over, or not good for this sale. The receipt counts."),
    IncidentKind.CLOCK_OFF: N_(
        "The device's clock was off by more than two minutes. Its sales were put at the right time; please set the clock."
    ),
    IncidentKind.NOT_ALLOWED: N_(
        "A discount, price, return or cash out went beyond the outlet's limits without a supervisor who may allow it. "
        "It counts; please look into it."
    ),
    IncidentKind.SHIFT_INCOMPLETE: N_(
        "A shift has no opening yet, or the next one began before it was counted. What the till still sends completes it and ends this "
        "by itself. If the till cannot, open the shift, count the drawer and close it there."
    ),
    IncidentKind.REFUSED_ENTRY: N_(
        "What the till sent makes no sense to us, so it is in no book yet. Read it and decide: it happened, or it did not."
    ),
    IncidentKind.QUARANTINED_ENTRY: N_(
        "The device was revoked before this came in, so it is in no book yet. Compare it with receipts and cash, then decide."
    ),
}
#: What a shift has not got yet (orders.counter.shifts).
MISSING = {
    "opening": N_("the opening of shift %(number)s, with its float"),
    "count": N_("the count at the end of shift %(number)s"),
}
#: What a person should not have done, or not alone (orders.counter.acting).
WRONGS = {
    "person_may_not_sell": N_("This person may not sell at this outlet."),
    "cash_out_without_supervisor": N_("More cash was taken out than the outlet's limit."),
    "drawer_opened_often": N_("The drawer was opened often without a sale."),
    "cancelled_after_payment": N_("A cart was given up after a payment had begun."),
    "return_without_supervisor": N_("Goods were taken back without a supervisor."),
    "more_cash_back_than_was_paid_in_cash": N_("More cash was paid back than had been paid in cash."),
}
RESOLUTION: dict[IncidentKind, dict[str, str]] = {
    IncidentKind.OVERSOLD: {
        "counted": N_("Counted: the books are right now"),
        "received": N_("The goods were here; the delivery is booked"),
        "refunded": N_("The web order was cancelled or refunded"),
        "waits": N_("The buyer of the web order waits for new goods"),
        "replaced": N_("The buyer of the web order takes something else"),
    },
    IncidentKind.STOPPED_BATCH: {
        "buyer_told": N_("The buyer was told"),
        "goods_back": N_("The goods came back"),
        "harmless": N_("Looked into: no harm"),
    },
    IncidentKind.REFERENCE_TWICE: {
        "paid": N_("Both were paid; a number was mistyped"),
        "not_paid": N_("The money came only once"),
    },
    IncidentKind.UNMATCHED_TENDER: {
        "found": N_("The money is there: mark it as found"),
        "not_paid": N_("The money never came"),
    },
    IncidentKind.PRICE_DIFFERS: {"seen": N_("Seen")},
    IncidentKind.VOUCHER_OVER: {"seen": N_("Seen")},
    IncidentKind.CLOCK_OFF: {"set": N_("The clock is set")},
    IncidentKind.NOT_ALLOWED: {
        "allowed": N_("I allow it afterwards"),
        "talked": N_("I talked with the cashier"),
    },
    IncidentKind.SHIFT_INCOMPLETE: {
        "seen": N_("Seen"),
        "arrived": N_("The till sent the opening"),
        "counted": N_("Counted and closed"),
    },
    IncidentKind.REFUSED_ENTRY: {"accepted": N_("Taken into the books"), "dismissed": N_("Dismissed")},
    IncidentKind.QUARANTINED_ENTRY: {"accepted": N_("Taken into the books"), "dismissed": N_("Dismissed")},
}


def ended(view: IncidentView) -> str:
    """How a resolved incident ended."""
    word = view.incident.resolution
    return _(RESOLUTION[view.incident.kind].get(word, word))


def facts_of(view: IncidentView) -> list[tuple[str, str]]:
    """(label, words) of what the incident itself says."""
    found, incident = [], view.incident
    if incident.quantity:
        found.append((_("How many"), ngettext("%(num)s unit", "%(num)s units", incident.quantity)))
    if view.payment is not None:
        found.append((_("Payment"), f"{_(METHOD[view.payment.method])} · {rupiah(view.payment.amount)}"))
        if view.payment.proof:
            found.append((_("Number"), view.payment.proof))
    detail = dict(incident.detail)
    if word := MISSING.get(detail.get("missing", "")):
        found.append((_("What is still missing"), _(word, number=detail["number"])))
    if isinstance(detail.get("price_difference"), int):
        found.append((_("Difference"), rupiah(detail["price_difference"])))
    found += [(_("Why"), _(WRONGS.get(word, word))) for word in detail.get("what", [])]
    return found
