"""Requests checked against the SDK's own generated parameter types, so that what Stripe would refuse is refused here.

pydantic reads the TypedDicts of stripe.params at the pinned API version; unknown keys are forbidden. This is what
catches a misspelt or retired parameter (`payment_method_types`) without the network.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

import qs_codec
import stripe.params
import stripe.params.checkout
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import core_schema
from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject

from storefront.integrations.stripe_stand_in.refusals import Refusal

Params = dict[str, Any]

PARAMETERS: Mapping[str, type] = {
    "session.create": stripe.params.checkout.SessionCreateParams,
    "session.retrieve": stripe.params.checkout.SessionRetrieveParams,
    "session.list": stripe.params.checkout.SessionListParams,
    "session.expire": stripe.params.checkout.SessionExpireParams,
    "session.line_items": stripe.params.checkout.SessionListLineItemsParams,
    "payment_intent.retrieve": stripe.params.PaymentIntentRetrieveParams,
    "payment_intent.list": stripe.params.PaymentIntentListParams,
    "charge.retrieve": stripe.params.ChargeRetrieveParams,
    "charge.list": stripe.params.ChargeListParams,
    "refund.create": stripe.params.RefundCreateParams,
    "refund.retrieve": stripe.params.RefundRetrieveParams,
    "refund.list": stripe.params.RefundListParams,
    "event.retrieve": stripe.params.EventRetrieveParams,
    "event.list": stripe.params.EventListParams,
    "webhook_endpoint.create": stripe.params.WebhookEndpointCreateParams,
    "webhook_endpoint.list": stripe.params.WebhookEndpointListParams,
}
CODES = {
    "extra_forbidden": "parameter_unknown",
    "missing": "parameter_missing",
    "int_parsing": "parameter_invalid_integer",
}


def read(name: str, encoded: str) -> Params:
    """The parameters in a form body or query string, typed; raises Refusal with Stripe's code and parameter name."""
    raw = qs_codec.decode(encoded, qs_codec.DecodeOptions(depth=10, list_limit=200, parameter_limit=5_000))
    try:
        checked: Params = _adapter(name).validate_python(raw)
    except ValidationError as error:
        raise _refusal(error) from None
    return checked


@cache
def _adapter(name: str) -> TypeAdapter[Params]:
    _teach_pydantic()
    parameters = PARAMETERS[name]
    for nested in vars(sys.modules[parameters.__module__]).values():
        if isinstance(nested, type) and hasattr(nested, "__required_keys__"):
            nested.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]  # pydantic's own hook
    for option in RequestOptions.__annotations__:  # accepted by the SDK beside the parameters, never sent
        parameters.__annotations__.pop(option, None)
    return TypeAdapter(parameters)


@cache
def _teach_pydantic() -> None:
    """UntypedStripeObject[str] is how the SDK writes metadata: a dictionary of strings."""

    def metadata(_source: object, _handler: object) -> core_schema.CoreSchema:
        return core_schema.dict_schema(core_schema.str_schema(), core_schema.str_schema())

    UntypedStripeObject.__get_pydantic_core_schema__ = metadata  # type: ignore[attr-defined]  # pydantic's own hook


def _refusal(error: ValidationError) -> Refusal:
    first = error.errors()[0]
    outer, *inner = (str(part) for part in first["loc"])
    param = outer + "".join(f"[{part}]" for part in inner)
    code = CODES.get(first["type"])
    if code == "parameter_unknown":
        return _unknown(param)
    if code == "parameter_missing":
        return Refusal(f"Missing required param: {param}.", code=code, param=param)
    return Refusal(f"Invalid {param}: {first['msg']}", code=code, param=param)


def _unknown(param: str) -> Refusal:
    return Refusal(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)
