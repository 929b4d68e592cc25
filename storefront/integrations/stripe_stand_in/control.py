"""The /_stand_in addresses: what tests and a curious newcomer may read and switch; Stripe has nothing like them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.wrappers import Response

from storefront.integrations.stripe_stand_in.bank import Bank
from storefront.integrations.stripe_stand_in.refusals import Refusal
from storefront.integrations.stripe_stand_in.texts import language_of, rupiah, texts

Answer = dict[str, Any] | tuple[dict[str, Any], int] | Response | str
SHOWN_SESSIONS = 50


def make_blueprint(bank: Bank) -> Blueprint:
    blueprint = Blueprint("control", __name__, url_prefix="/_stand_in")
    rules: tuple[tuple[str, str, str, Callable[..., Answer]], ...] = (
        ("overview", "GET", "/", partial(_overview, bank)),
        ("settle", "POST", "/settle/<session_id>", partial(_settle, bank)),
        ("ledger", "GET", "/ledger", bank.totals),
        ("chaos", "GET", "/chaos", partial(_chaos, bank)),
        ("switch", "POST", "/chaos", partial(_switch, bank)),
        ("calm", "DELETE", "/chaos", partial(_calm, bank)),
        ("deliveries", "GET", "/deliveries", partial(_deliveries, bank)),
        ("reset", "DELETE", "/data", partial(_reset, bank)),
    )
    for name, verb, rule, view in rules:
        blueprint.add_url_rule(rule, name, view, methods=[verb])
    blueprint.register_error_handler(Refusal, lambda refusal: (refusal.body, refusal.status))
    return blueprint


def _overview(bank: Bank) -> str:
    """Every session of the shop, and buttons that let promised money arrive or fail."""
    language = language_of(None, request.accept_languages.best_match(["id", "en"]))
    totals = bank.totals()
    with bank.store.lock:
        sessions = [
            {
                "id": session["id"],
                "order": session["client_reference_id"] or "",
                "amount": rupiah(session["amount_total"], session["currency"]),
                "state": _state(session),
            }
            for session, _ in zip(bank.store.of_kind("checkout.session"), range(SHOWN_SESSIONS), strict=False)
        ]
    shown = {name: rupiah(totals[name] * 100, "idr") for name in ("captured", "refunded", "kept")}
    return render_template("overview.html", t=texts(language), language=language, sessions=sessions, totals=shown)


def _state(session: dict[str, Any]) -> str:
    if session["payment_status"] == "paid":
        return "paid"
    return "promised" if session["status"] == "complete" else str(session["status"])


def _settle(bank: Bank, session_id: str) -> Answer:
    """JSON {"arrived": bool} from tests, the form's button from people."""
    sent: Any = request.get_json(silent=True) or {"arrived": request.form.get("arrived") != "0"}
    with bank.changing():
        session = bank.sessions.get(session_id)
        bank.sessions.settle(session, arrived=bool(sent["arrived"]))
        if request.is_json:
            return bank.store.public(session)
    return redirect(url_for("control.overview"), 303)


def _deliveries(bank: Bank) -> Answer:
    return {"deliveries": [asdict(attempt) for attempt in list(bank.webhooks.attempts)]}


def _chaos(bank: Bank) -> Answer:
    return bank.chaos.settings.model_dump()


def _switch(bank: Bank) -> Answer:
    try:
        return bank.chaos.set(**request.get_json()).model_dump()
    except (ValidationError, TypeError) as error:
        return {"error": str(error)}, 400


def _calm(bank: Bank) -> Answer:
    bank.chaos.calm()
    return _chaos(bank)


def _reset(bank: Bank) -> Answer:
    bank.reset()
    return {}
