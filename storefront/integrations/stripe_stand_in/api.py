"""The one path every call of the SDK takes: key, fault, idempotency, parameters, handler, answer."""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Callable

from flask import Blueprint, Response, current_app, request

from storefront.integrations.stripe_stand_in import validation
from storefront.integrations.stripe_stand_in.bank import Bank
from storefront.integrations.stripe_stand_in.chaos import Fault
from storefront.integrations.stripe_stand_in.endpoints import ENDPOINTS, Call, Endpoint
from storefront.integrations.stripe_stand_in.refusals import Refusal
from storefront.integrations.stripe_stand_in.webhooks import API_VERSION

TEST_KEYS = ("sk_test_", "rk_test_")


def make_blueprint(bank: Bank) -> Blueprint:
    blueprint = Blueprint("api", __name__, url_prefix="/v1")
    for endpoint in ENDPOINTS:
        name = endpoint.params.replace(".", "_")
        blueprint.add_url_rule(endpoint.rule, name, _view(bank, endpoint), methods=[endpoint.verb])
    blueprint.register_error_handler(Refusal, lambda refusal: _json(refusal.status, json.dumps(refusal.body)))
    blueprint.after_request(_with_stripe_headers)
    return blueprint


def _view(bank: Bank, endpoint: Endpoint) -> Callable[..., Response]:
    def view(object_id: str = "") -> Response:
        _refuse_strangers()
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        fault = bank.chaos.fault(request.method, request.path)
        with bank.keys.claimed(key):
            if fault and fault.when == "before":
                _spoil(bank, fault)
            answer = _answer(bank, endpoint, object_id, key)
            if fault and fault.when == "after":
                _spoil(bank, fault)
            return answer

    return view


def _answer(bank: Bank, endpoint: Endpoint, object_id: str, key: str | None) -> Response:
    """Do the work once per key; a GET changes nothing that needs keeping."""
    sent = request.get_data(as_text=True)
    asked = f"{request.path}\n{sent}"
    with bank.changing():
        if (before := bank.keys.answered(key, asked)) is not None:
            return _json(before.status, before.body, replayed=True)
        encoded = sent if request.method == "POST" else request.query_string.decode()
        public_url = current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")
        try:
            call = Call(validation.read(endpoint.params, encoded), request.path, object_id, public_url)
            status, body = 200, json.dumps(endpoint.handler(bank, call))
        except Refusal as refusal:
            status, body = refusal.status, json.dumps(refusal.body)
        bank.keys.keep(key, asked, status, body)
        return _json(status, body)


def _refuse_strangers() -> None:
    authorization = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not authorization.startswith(TEST_KEYS):
        raise Refusal("This is not Stripe: use a key that begins with sk_test_.", status=401)
    if request.headers.get("Stripe-Version", API_VERSION) != API_VERSION:
        raise Refusal(f"This stand-in speaks API version {API_VERSION} only.")


def _spoil(bank: Bank, fault: Fault) -> None:
    if fault.stall:
        bank.chaos.stall(fault.stall)
    if fault.status is None:
        return
    if fault.status == 0:
        connection: socket.socket = request.environ["werkzeug.socket"]
        connection.shutdown(socket.SHUT_RDWR)
    raise Refusal(
        f"Injected failure ({fault.when} the work).",
        status=fault.status or 500,
        kind="api_error",
        code="rate_limit" if fault.status == 429 else None,
    )


def _json(status: int, body: str, *, replayed: bool = False) -> Response:
    answer = Response(body, status, mimetype="application/json")
    if replayed:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _with_stripe_headers(answer: Response) -> Response:
    answer.headers["Request-Id"] = f"req_{secrets.token_hex(7)}"
    answer.headers["Stripe-Version"] = API_VERSION
    return answer
