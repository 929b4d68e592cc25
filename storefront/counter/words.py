"""What the till's modules say, by key: handed to the page as JSON in its language, so that it speaks without a network."""

from __future__ import annotations

from kernel.errors import N_
from storefront.counter.drawer_words import DRAWER
from storefront.counter.paying_words import PAYING
from storefront.counter.print_words import PRINT
from storefront.counter.selling_words import SELLING
from storefront.i18n import gettext as _

#: `t("key", {name: value})` in static/counter/words.js fills %(name)s. Keys begin with the module or part that says them.
CORE: dict[str, str] = {
    "store.not_paired": N_("This device is not paired with a till yet."),
    "store.no_shift": N_("Open a shift first."),
    "store.shift_open": N_("A shift is already open on this till."),
    "store.waiting": N_("%(count)s entries have not reached the server yet. Connect first, or save them to a file."),
    "store.full": N_("This device's storage is full. Nothing was sold; save the waiting entries to a file."),
    "store.broken": N_("The till's storage on this device cannot be opened. Save the waiting entries to a file, then call the office."),
    "store.revoked": N_("This device may no longer sell. Waiting sales go to the office for a decision."),
    "sync.online": N_("Online"),
    "sync.offline": N_("Offline"),
    "sync.waiting": N_("%(count)s not synced"),
    "sync.never": N_("Never synced"),
    "sync.last": N_("Last synced %(time)s"),
    "sync.refused": N_("%(count)s set aside"),
    "sync.unknown": N_("The server does not know this device. Ask the office to pair it again; nothing is lost."),
    "pair.refused": N_("The server did not answer. Pairing needs a connection."),
    "pair.said": "%(message)s",
    "update.ready": N_("A new version is ready. It starts when this sale is done."),
}

FAMILIES: list[dict[str, str]] = [CORE, PRINT, SELLING, PAYING, DRAWER]


def all_words() -> dict[str, str]:
    """Every text in the page's language."""
    return {key: _(message) for family in FAMILIES for key, message in family.items()}
