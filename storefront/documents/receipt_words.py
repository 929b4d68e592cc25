"""The texts of a till's receipts by key and language; tills carry both languages with them, because the buyer chooses."""

from __future__ import annotations

from kernel.locales import LANGUAGES
from storefront.i18n import gettext as _
from storefront.i18n import speaking


def receipt_words(language: str) -> dict[str, str]:
    """What storefront.documents.receipt_layout asks for, in one language."""
    with speaking(language):
        return {
            "phone": _("Tel."),
            "return": _("GOODS BACK"),
            "copy": _("COPY"),
            "cashier": _("Cashier"),
            "original": _("Of receipt"),
            "unsynced": _("Not synced yet: the link works once the till is online."),
            "subtotal": _("Subtotal"),
            "discount": _("Discount"),
            "voucher": _("Voucher"),
            "total": _("TOTAL"),
            "net": _("Price before PPN"),
            "base": _("Tax base"),
            "rounding": _("Rounding of cash"),
            "cash": _("Cash"),
            "qris": "QRIS",
            "card": _("Card"),
            "transfer": _("Bank transfer"),
            "change": _("CHANGE"),
            "paid_back": _("PAID BACK"),
            "back_cash": _("In cash"),
            "back_transfer": _("Our office transfers the money."),
            "reason": _("Reason"),
            "signature": _("Buyer's signature"),
            "scan": _("Scan: who made it, and where"),
            "thanks": _("Thank you for buying from the villages."),
            #: For the buyer's WhatsApp.
            "share": _("Your receipt %(number)s from %(outlet)s, %(total)s. See who made each item and in which village: %(address)s"),
        }


def all_receipt_words() -> dict[str, dict[str, str]]:
    """Both languages, as the till's page carries them (JSON)."""
    return {language: receipt_words(language) for language in LANGUAGES}
