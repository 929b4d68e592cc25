"""Every way in which a provider, or a message in its name, says no or nothing."""

from __future__ import annotations

from kernel.errors import N_, DomainError


class GatewayUnavailable(DomainError):
    """No certain answer came: the work may or may not have been done. Ask again with the same idempotency key."""

    message = N_("The payment service does not answer right now. Please try again, or choose another way to pay.")


class GatewayRefused(DomainError):
    """The provider answered no: asking the same again will not help."""

    message = N_("The payment service did not accept this payment. Please choose another way to pay.")


class OpeningTooLate(GatewayRefused):
    """This attempt was never opened, and no time is left for its page: it is over, a new attempt may begin."""


class ClockDisagrees(GatewayRefused):
    """The provider took our moment for a wrong one: this machine's clock is off."""


class WebhookRefused(DomainError):
    """The message did not come from the provider, is too old, too new, or is not meant for this shop."""

    message = N_("This payment message cannot be trusted.")


class WebhookOutOfTime(WebhookRefused):
    """The provider did sign the message, at a moment too far from ours: a replay, or this machine's clock is off."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        #: How far our clock is ahead of the signature's; negative when it is behind.
        self.seconds = seconds
