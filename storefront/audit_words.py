"""How the acts of the audit trail are said to people: a thing and what happened to it, in the language of the page.

An action is `<thing>.<act>`, as the verbs write it (`kernel.audit`). Thing and act have their words here, so that a new verb rarely
needs more than one; tests/house/test_audit_words.py finds what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from catalog.areas import is_area_code
from catalog.models.certificate import CertificateKind
from catalog.models.channel import Channel
from catalog.models.programme import ProgrammeStatus
from kernel.errors import N_
from storefront import curation_words, mentoring_words, state_words, wholesale_words
from storefront.i18n import gettext as _
from storefront.templating import day, rupiah
from storefront.words import WORDS

THINGS: dict[str, str] = {
    "account": N_("Bank account"),
    "action_item": N_("Action item"),
    "agreement": N_("Agreement"),
    "approval": N_("Approval"),
    "assignment": N_("Mentor's assignment"),
    "batch": N_("Batch"),
    "capacity": N_("Capacity"),
    "category": N_("Category"),
    "certificate": N_("Paper"),
    "channel_requirement": N_("Channel's requirement"),
    "collection": N_("Collection"),
    "count": N_("Stock count"),
    "criteria": N_("Criteria"),
    "curation": N_("Curation"),
    "delivery": N_("Delivery"),
    "dossier": N_("Financing dossier"),
    "entry": N_("Till entry"),
    "event": N_("Event"),
    "evidence": N_("Evidence"),
    "feed": N_("Feed"),
    "group": N_("Group"),
    "import": N_("Import"),
    "improvement": N_("Improvement"),
    "incident": N_("Incident"),
    "invoice": N_("Invoice"),
    "key": N_("API key"),
    "maker": N_("Maker"),
    "maker_link": N_("Maker's link"),
    "mix": N_("Mixed case"),
    "offer": N_("Wholesale offer"),
    "order": N_("Order"),
    "organisation": N_("Supporting organisation"),
    "outlet": N_("Outlet"),
    "partner": N_("Partner"),
    "payment": N_("Payment"),
    "payout": N_("Payout"),
    "period": N_("Period"),
    "person": N_("Person"),
    "photo": N_("Photo"),
    "pin": N_("PIN"),
    "potential": N_("Potential product"),
    "price": N_("Price"),
    "product": N_("Product"),
    "products": N_("Products"),
    "programme": N_("Programme"),
    "programme_office": N_("Programme's office"),
    "pull_out": N_("Pull-out"),
    "purchase": N_("Partner's order"),
    "quote": N_("Quote"),
    "readiness": N_("Readiness profile"),
    "referral": N_("Referral"),
    "refund": N_("Refund"),
    "regency": N_("Regency's public figures"),
    "report": N_("Report"),
    "role": N_("Role"),
    "sample": N_("Sample"),
    "search": N_("Saved search"),
    "second_factor": N_("Second factor"),
    "seller": N_("Seller"),
    "settlement": N_("Bank statement"),
    "shift": N_("Shift"),
    "shipping": N_("Shipping"),
    "statement": N_("Statement"),
    "stock": N_("Stock"),
    "submission": N_("Submission"),
    "texts": N_("Texts"),
    "till": N_("Till"),
    "transfer": N_("Transfer"),
    "variant": N_("Variant"),
    "village": N_("Village"),
    "visit": N_("Visit"),
    "voucher": N_("Voucher"),
    "webhook": N_("Webhook"),
}

ACTS: dict[str, str] = {
    "accepted": N_("accepted"),
    "account": N_("account changed"),
    "add": N_("added"),
    "administrator": N_("made administrator"),
    "agreed": N_("agreed to"),
    "announced": N_("announced"),
    "appeal": N_("appealed"),
    "answered": N_("answered"),
    "applied": N_("applied"),
    "approve": N_("approved"),
    "approve_edit": N_("edit approved"),
    "approved": N_("approved"),
    "ask_improvement": N_("improvement asked for"),
    "asked": N_("asked for"),
    "assortment": N_("assortment changed"),
    "assumed_delivered": N_("counted as delivered"),
    "awaiting_payment": N_("waits for payment"),
    "begin": N_("begun"),
    "blocked": N_("blocked"),
    "booked": N_("booked"),
    "branch": N_("branch saved"),
    "branch_closed": N_("branch closed"),
    "brought": N_("brought"),
    "buyer_added": N_("buyer added"),
    "buyer_removed": N_("buyer removed"),
    "cancel": N_("cancelled"),
    "cancelled": N_("cancelled"),
    "card_opened": N_("card payment begun"),
    "cart_cancelled": N_("sale put aside"),
    "cash_in": N_("cash put in"),
    "cash_out": N_("cash taken out"),
    "category": N_("category chosen"),
    "change": N_("changed"),
    "change_many": N_("changed together"),
    "change_many_undone": N_("change taken back"),
    "changed": N_("changed"),
    "check": N_("checked"),
    "closed": N_("has been closed"),
    "compared": N_("compared"),
    "completed": N_("completed"),
    "confirmed": N_("confirmed"),
    "conflict": N_("conflict of interest noted"),
    "conflict_ended": N_("conflict of interest ended"),
    "correct": N_("corrected"),
    "corrected": N_("corrected"),
    "counted": N_("counted"),
    "countered": N_("countered"),
    "create": N_("created"),
    "created": N_("created"),
    "credited": N_("credited"),
    "decide": N_("decided"),
    "declined": N_("declined"),
    "delivered": N_("delivered"),
    "describe": N_("described"),
    "dismiss_appeal": N_("appeal dismissed"),
    "dismissed": N_("dismissed"),
    "dispatched": N_("dispatched"),
    "divided": N_("divided among makers"),
    "done": N_("done"),
    "draft": N_("draft"),
    "drawer_opened": N_("drawer opened without a sale"),
    "dropped": N_("dropped"),
    "edit": N_("edited"),
    "end": N_("ended"),
    "ended": N_("ended"),
    "endorse": N_("endorsed"),
    "entered": N_("entered"),
    "events": N_("events chosen"),
    "expire": N_("ran out"),
    "expired": N_("ran out"),
    "failed": N_("failed"),
    "gate": N_("gate checked"),
    "given_back": N_("given back"),
    "granted": N_("given"),
    "guardian": N_("contact person saved"),
    "handed_over": N_("handed over"),
    "invited": N_("invited"),
    "issued": N_("issued"),
    "limits": N_("limits changed"),
    "live": N_("put live"),
    "lock": N_("locked"),
    "made": N_("made"),
    "mark": N_("attendance marked"),
    "matched": N_("matched"),
    "mix": N_("mix changed"),
    "move": N_("moved"),
    "moved_lots": N_("taken from other lots"),
    "objected": N_("objected to"),
    "off": N_("switched off"),
    "offered": N_("offered"),
    "on": N_("switched on"),
    "open": N_("opened"),
    "open_assessment": N_("assessment opened"),
    "opened": N_("opened"),
    "packed": N_("packed"),
    "paid": N_("paid"),
    "paired": N_("paired"),
    "pairing_code": N_("pairing code made"),
    "paper": N_("paper changed"),
    "paper_handed_in": N_("paper handed in"),
    "paper_removed": N_("paper taken out"),
    "parcel_corrected": N_("parcel corrected"),
    "payment_details": N_("ways to pay changed"),
    "placed": N_("placed"),
    "posted": N_("booked"),
    "prepared": N_("prepared"),
    "priced": N_("prices agreed"),
    "prices": N_("prices changed"),
    "product": N_("product named"),
    "propose": N_("proposed"),
    "published": N_("published"),
    "rated": N_("judged"),
    "readmitted": N_("let back in"),
    "ready": N_("ready"),
    "recalled": N_("recalled"),
    "receive": N_("received"),
    "received": N_("received"),
    "record": N_("recorded"),
    "refused": N_("refused"),
    "register": N_("registered"),
    "reject": N_("rejected"),
    "rejected": N_("rejected"),
    "released": N_("released"),
    "remind": N_("reminded"),
    "remove": N_("removed"),
    "renew": N_("renewed"),
    "renewed": N_("renewed"),
    "reopen": N_("opened again"),
    "reopened": N_("opened again"),
    "replaced": N_("replaced"),
    "requested": N_("asked for"),
    "rescued": N_("rescued"),
    "reset": N_("reset"),
    "resolved": N_("resolved"),
    "restore": N_("restored"),
    "result": N_("result noted"),
    "resumed": N_("resumed"),
    "retried": N_("tried again"),
    "return": N_("returned"),
    "returned": N_("goods taken back"),
    "review": N_("to be looked at"),
    "revoke": N_("taken back"),
    "device_revoked": N_("device revoked"),
    "revoked": N_("taken back"),
    "rules": N_("rules changed"),
    "run": N_("run"),
    "save": N_("saved"),
    "saved": N_("saved"),
    "scan": N_("scan kept"),
    "score": N_("scored"),
    "secret": N_("secret replaced"),
    "send": N_("sent"),
    "sent": N_("sent"),
    "set": N_("set"),
    "settled": N_("settled"),
    "share": N_("shared"),
    "shipped": N_("shipped"),
    "sold": N_("sold"),
    "source": N_("source changed"),
    "start": N_("started"),
    "started": N_("started"),
    "stop": N_("stopped"),
    "stopped": N_("stopped"),
    "submit": N_("submitted"),
    "subscribed": N_("subscribed"),
    "succeeded": N_("succeeded"),
    "supersede": N_("replaced by a newer version"),
    "suspended": N_("suspended"),
    "take_out": N_("product taken out"),
    "take_up": N_("taken up"),
    "terms": N_("terms agreed"),
    "transformed": N_("made from raw material"),
    "unpublished": N_("taken from public view"),
    "update": N_("changed"),
    "updated": N_("updated"),
    "uphold": N_("upheld"),
    "uphold_appeal": N_("appeal upheld"),
    "waiting": N_("waits"),
    "withdraw": N_("withdrawn"),
    "withdrawn": N_("withdrawn"),
    "write": N_("written"),
    "written_off": N_("written off"),
    "zone": N_("zone saved"),
    "zone_removed": N_("zone removed"),
}

#: What is said about an act besides, by its key in the details; other keys stay with the record.
DETAILS: dict[str, str] = {
    "reason": N_("Reason"),
    "role": N_("Role"),
    "remarks": N_("Remarks"),
    "number": N_("Number"),
    "gate": N_("Gate"),
    "kind": N_("Kind"),
    "channel": N_("Channel"),
    "last_day": N_("Last day"),
    "starts_on": N_("First day"),
    "from": N_("Before"),
    "to": N_("After"),
    "changed": N_("Changed"),
    "quantity": N_("Quantity"),
    "amount": N_("Amount"),
    "lot": N_("Lot"),
    "organisation": N_("Supporting organisation"),
    "village": N_("Village"),
    "name": N_("Name"),
    "legal_name": N_("Legal name"),
    "npwp": N_("Taxpayer number (NPWP)"),
    "nib": N_("Business number (NIB)"),
    "address": N_("Address"),
    "area_code": N_("Area"),
    "contact_name": N_("Contact"),
    "contact_email": N_("E-mail"),
    "contact_phone": N_("Phone"),
    "credit_limit": N_("Credit limit"),
    "payment_days": N_("Days to pay"),
}
#: The words of a detail that is a code: by the thing and the detail's key.
VALUES: dict[tuple[str, str], Mapping[Any, str | tuple[str, str]]] = {
    ("certificate", "kind"): WORDS[CertificateKind],
    ("import", "kind"): state_words.IMPORT_KIND,
    ("order", "channel"): WORDS[Channel],
    ("partner", "kind"): {**wholesale_words.PAPER, **wholesale_words.PARTNER_KIND},
    ("payment", "reason"): state_words.REVIEW,
    ("programme", "from"): WORDS[ProgrammeStatus],
    ("programme", "to"): WORDS[ProgrammeStatus],
    ("pull_out", "reason"): state_words.PULL_OUT_REASON,
    ("referral", "from"): mentoring_words.REFERRAL,
    ("referral", "to"): mentoring_words.REFERRAL,
    ("refund", "reason"): state_words.REFUND_REASON,
    ("report", "from"): state_words.REPORT,
    ("report", "to"): state_words.REPORT,
    ("role", "role"): state_words.ROLE,
    ("submission", "from"): curation_words.CURATION,
    ("submission", "to"): {**curation_words.CURATION, **curation_words.GATE_RESULT},
    ("submission", "kind"): curation_words.KIND,
    ("submission", "gate"): curation_words.GATE,
}
#: What a code of ours looks like; one without words stays with the record.
_CODE = re.compile(r"[a-z]+(_[a-z]+)*(, [a-z]+(_[a-z]+)*)*")
_CODED = frozenset({"kind", "channel", "from", "to", "changed"})
#: Details that are the code of an area, or of a person.
_AREAS = ("village",)
_PEOPLE = (("shift.handed_over", "to"),)
LONGEST = 200


def act_words(action: str) -> str:
    """`Order: paid` for `order.paid`; an action without words as it was written."""
    thing, _dot, act = action.partition(".")
    if thing not in THINGS or act not in ACTS:
        return action
    return f"{_(THINGS[thing])}: {_(ACTS[act])}"


def thing_words(subject: str) -> str:
    """`Product` for `product:keripik`; subjects of other tables as they are called there."""
    thing = subject.partition(":")[0]
    return _(THINGS.get({"user": "person", "area": "village", "partner-group": "group"}.get(thing, thing), thing))


def named_areas(details: dict[str, object]) -> set[str]:
    """The codes of areas that an act names: whoever shows it looks up what they are called."""
    return {code for key in _AREAS if is_area_code(code := str(details.get(key, "")))}


def named_people(action: str, details: dict[str, object]) -> set[str]:
    """The codes of people that an act names."""
    return {str(details[key]) for thing_act, key in _PEOPLE if action == thing_act and details.get(key)}


def detail_words(action: str, details: dict[str, object], names: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """What can be said about an act, as (name, text); `names` has what the areas and people in it are called."""
    thing = action.partition(".")[0]
    called = names or {}
    said = ((name, _said(thing, key, called.get(str(value), value))) for key, name in DETAILS.items() for value in (details.get(key),))
    return [(_(name), text) for name, text in said if text]


def _said(thing: str, key: str, value: object) -> str:
    """The text of one detail; "" for nothing, and for what only programs understand."""
    if isinstance(value, dict) and value.keys() == {"from", "to"}:
        before, after = (_said(thing, key, value[part]) or "–" for part in ("from", "to"))
        return f"{before} → {after}"
    if value in (None, "", [], {}) or isinstance(value, dict):
        return ""
    if key in ("amount", "credit_limit") and isinstance(value, int):
        return rupiah(value)
    text = ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)
    word = VALUES.get((thing, key), {}).get(text)
    if word:
        return _(word if isinstance(word, str) else word[0])
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return day(date.fromisoformat(text))
    if key in _CODED and _CODE.fullmatch(text):
        return ""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
