"""The ways to pay that this installation offers: built once per process from the settings, local ones first."""

from __future__ import annotations

from flask import current_app

from orders.gateways import (
    BankTransferGateway,
    Gateway,
    GatewayRefused,
    LocalGateway,
    PayAtPickupGateway,
    PaymentMethod,
    QrisGateway,
)
from storefront.templating import current_settings

_KEY = "etalase.gateways"
#: In the order in which buyers see them; whether they are offered depends on the outlet (`orders.outlet_payments`).
LOCAL_GATEWAYS: tuple[LocalGateway, ...] = (QrisGateway(), BankTransferGateway(), PayAtPickupGateway())


def get_gateways() -> dict[PaymentMethod, Gateway]:
    """Every usable gateway by its method, in the order in which buyers see them."""
    gateways: dict[PaymentMethod, Gateway] | None = current_app.extensions.get(_KEY)
    if gateways is None:
        gateways = current_app.extensions[_KEY] = _build()
    return gateways


def get_gateway(method: PaymentMethod) -> Gateway:
    """The gateway of one method; GatewayRefused when it is not offered here (any more)."""
    gateway = get_gateways().get(method)
    if gateway is None:
        raise GatewayRefused(field="payment_method")
    return gateway


def _build() -> dict[PaymentMethod, Gateway]:
    settings = current_settings()
    found: dict[PaymentMethod, Gateway] = {gateway.method: gateway for gateway in LOCAL_GATEWAYS}
    if settings.takes_cards:
        # Imported here: the SDK costs a process some 30 MB, which a shop without cards need not pay.
        from storefront.integrations.stripe_gateway import StripeGateway

        found[PaymentMethod.STRIPE] = StripeGateway(
            settings.stripe_secret_key, settings.stripe_webhook_secret, api_base=settings.stripe_api_base or None
        )
    return found
