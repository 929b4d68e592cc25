"""The hosted payment page and the bank's 3-D Secure page: plain forms, no JavaScript, in the session's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from kernel import clock
from storefront.integrations.stripe_stand_in.bank import Bank
from storefront.integrations.stripe_stand_in.cards import CARDS, SHOWN
from storefront.integrations.stripe_stand_in.refusals import Refusal
from storefront.integrations.stripe_stand_in.store import StripeObject
from storefront.integrations.stripe_stand_in.texts import language_of, rupiah, texts

SAMPLE_EMAIL = "pembeli@contoh.example"


def make_blueprint(bank: Bank) -> Blueprint:
    blueprint = Blueprint("pages", __name__)
    rules: tuple[tuple[str, str, str, Callable[..., Response]], ...] = (
        ("show", "GET", "/c/pay/<session_id>", partial(_show, bank)),
        ("pay", "POST", "/c/pay/<session_id>", partial(_pay, bank)),
        ("ask", "GET", "/c/bank/<intent_id>", partial(_ask, bank)),
        ("answer", "POST", "/c/bank/<intent_id>", partial(_take_answer, bank)),
    )
    for name, verb, rule, view in rules:
        blueprint.add_url_rule(rule, name, view, methods=[verb])
    blueprint.register_error_handler(Refusal, lambda refusal: _closed("unknown", None, 404))
    return blueprint


def _show(bank: Bank, session_id: str) -> Response:
    with bank.changing():
        session = bank.sessions.get(session_id)
        return _form(session, {}) if session["status"] == "open" else _ended(session)


def _pay(bank: Bank, session_id: str) -> Response:
    typed = {name: request.form.get(name, "").strip() for name in ("email", "number", "expiry", "cvc")}
    with bank.changing():
        session = bank.sessions.get(session_id)
        if session["status"] != "open":
            return _ended(session)
        if request.form.get("method") == "qris":
            bank.sessions.promise(session, "qris", typed["email"] or SAMPLE_EMAIL)
            return _to_shop(session)
        if wrong := _wrong_fields(typed):
            return _form(session, wrong, typed, 422)
        bank_page = session["_page"].replace(f"/c/pay/{session_id}", "/c/bank/{intent}")
        try:
            bank_url = bank.sessions.pay(session, CARDS[_digits(typed["number"])], typed["email"], bank_page)
        except Refusal as refusal:
            return _form(session, {"number": refusal.code}, typed, 402)
        return redirect(bank_url, 303) if bank_url else _to_shop(session)


def _ask(bank: Bank, intent_id: str) -> Response:
    with bank.changing():
        session = bank.sessions.of_intent(intent_id)
        if session["status"] != "open":
            return _ended(session)
        return _page("bank.html", session)


def _take_answer(bank: Bank, intent_id: str) -> Response:
    with bank.changing():
        session = bank.sessions.of_intent(intent_id)
        intent = bank.store.get(intent_id, "payment_intent")
        if session["status"] != "open" or intent["status"] != "requires_action":
            return _ended(session) if session["status"] != "open" else redirect(session["url"], 303)
        try:
            bank.sessions.authenticate(session, agreed=request.form.get("agreed") == "1")
        except Refusal as refusal:
            return _form(session, {"number": refusal.code}, status=402)
        return _to_shop(session)


def _wrong_fields(typed: dict[str, str]) -> dict[str, str]:
    """The fields that cannot be used, each with the name of its text."""
    wrong = {}
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", typed["email"]):
        wrong["email"] = "invalid_email"
    if _digits(typed["number"]) not in CARDS:
        wrong["number"] = "invalid_number"
    if not _is_ahead(typed["expiry"]):
        wrong["expiry"] = "invalid_expiry"
    if not re.fullmatch(r"[0-9]{3,4}", typed["cvc"]):
        wrong["cvc"] = "invalid_cvc"
    return wrong


def _is_ahead(expiry: str) -> bool:
    parts = re.fullmatch(r"([0-9]{1,2})\s*/\s*([0-9]{2})", expiry)
    if parts is None or not 1 <= int(parts[1]) <= 12:
        return False
    today = clock.now()
    return (2000 + int(parts[2]), int(parts[1])) >= (today.year, today.month)


def _digits(number: str) -> str:
    return re.sub(r"[\s-]", "", number)


def _form(session: StripeObject, wrong: dict[str, str], typed: dict[str, str] | None = None, status: int = 200) -> Response:
    """The payment form; what was typed is kept, except the card."""
    email = (typed or {}).get("email") or session["customer_email"] or SAMPLE_EMAIL
    lines = [{**line, "shown": rupiah(line["amount_total"], line["currency"])} for line in session["_lines"]]
    return _page("pay.html", session, status, wrong=wrong, email=email, lines=lines, cards=SHOWN)


def _ended(session: StripeObject) -> Response:
    if session["status"] == "complete":
        return _closed("paid", session, 200)
    return _closed("expired", session, 410)


def _closed(what: str, session: StripeObject | None, status: int) -> Response:
    back = (session["success_url"] if what == "paid" else session["cancel_url"]) if session else None
    return _page("closed.html", session, status, what=what, back=_filled(back, session))


def _to_shop(session: StripeObject) -> Response:
    return redirect(_filled(session["success_url"], session), 303)


def _filled(address: str | None, session: StripeObject | None) -> str:
    return (address or "").replace("{CHECKOUT_SESSION_ID}", session["id"] if session else "")


def _page(template: str, session: StripeObject | None, status: int = 200, **more: object) -> Response:
    language = language_of(session["locale"] if session else None, request.accept_languages.best_match(["id", "en"]))
    total = rupiah(session["amount_total"], session["currency"]) if session else ""
    answer = make_response(render_template(template, t=texts(language), language=language, session=session, total=total, **more), status)
    # Chromium holds form-action against the redirect that follows a form as well: the shop must be listed.
    shop = {f"{parts.scheme}://{parts.netloc}" for parts in (urlsplit(session["success_url"]),)} if session else set()
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self'; form-action 'self' {' '.join(shop)}; frame-ancestors 'none'"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
