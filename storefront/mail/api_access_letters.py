"""Letters to partners about their API access."""

from __future__ import annotations

from storefront.i18n import gettext as _
from storefront.mail.letters import Letter, Payload, write


def webhook_paused(payload: Payload) -> Letter:
    """Nothing arrived for days, so messages are held."""
    return write("webhook_paused", _("Messages to your program are held"), payload["email"], name=payload["name"], url=payload["url"])
