"""QRIS codes (EMVCo merchant-presented): read the outlet's static code as TLV, and make it a code for one amount.

Source: EMV QR Code Specification for Payment Systems, Merchant-Presented Mode; tags as used by QRIS. Nothing here knows whether
somebody paid: only the merchant's own app or its settlement list does.
"""

from __future__ import annotations

import re
from binascii import crc_hqx
from dataclasses import dataclass

from kernel.errors import N_, InvalidInput

#: The most one QRIS payment may carry, in rupiah (limit of the scheme).
LARGEST_PAYMENT = 10_000_000

FORMAT, METHOD, CURRENCY, AMOUNT, COUNTRY, NAME, CITY, EXTRA, CRC = "00", "01", "53", "54", "58", "59", "60", "62", "63"
STATIC, DYNAMIC = "11", "12"
RUPIAH, INDONESIA = "360", "ID"
#: Tips and convenience fees: a code for an exact amount must not invite the payer to add to it.
FEES = ("55", "56", "57")
BILL_NUMBER = "01"
_TAG = re.compile(r"[0-9]{2}", re.ASCII)
_LONGEST = 512


class WrongCode(InvalidInput):
    """The text is not a QRIS code that can be used here."""

    message = N_("This is not a QRIS code we can use. Please copy the whole text of the outlet's own static code.")


@dataclass(frozen=True, slots=True)
class QrisCode:
    """A QRIS code as its data objects, in their order, without the check sum."""

    fields: tuple[tuple[str, str], ...]

    def get(self, tag: str) -> str | None:
        """The value of a tag."""
        return dict(self.fields).get(tag)

    @property
    def merchant(self) -> str:
        """The merchant's name as the payer's app shows it."""
        return self.get(NAME) or ""

    @property
    def payload(self) -> str:
        """The text that goes into the QR symbol, check sum included."""
        body = write_tlv(self.fields) + f"{CRC}04"
        return body + checksum(body)


def parse(text: str) -> QrisCode:
    """The code in `text`; WrongCode unless it is whole, in rupiah, Indonesian, and its check sum fits."""
    payload = text.strip()
    if not 50 <= len(payload) <= _LONGEST or not payload.isprintable():
        raise WrongCode(field="qris")
    fields = read_tlv(payload)
    tags = [tag for tag, _value in fields]
    if len(set(tags)) != len(tags) or tags[-1] != CRC or fields[0] != (FORMAT, "01"):
        raise WrongCode(field="qris")
    if checksum(payload[:-4]) != payload[-4:].upper():
        raise WrongCode(field="qris")
    code = QrisCode(tuple(fields[:-1]))
    has_merchant = any("26" <= tag <= "51" for tag in tags)
    if code.get(CURRENCY) != RUPIAH or code.get(COUNTRY) != INDONESIA or not code.merchant or not has_merchant:
        raise WrongCode(field="qris")
    return code


def for_amount(static: QrisCode, amount: int, bill_number: str) -> QrisCode:
    """The outlet's static code as a dynamic one for exactly `amount` rupiah; the bill number is what staff will look for."""
    if not 1 <= amount <= LARGEST_PAYMENT:
        raise ValueError(f"a QRIS payment carries 1 to {LARGEST_PAYMENT} rupiah, not {amount}")
    if not re.fullmatch(r"[A-Za-z0-9-]{1,25}", bill_number, re.ASCII):
        raise ValueError("a bill number has 1 to 25 letters, digits or dashes")
    extra = dict(read_tlv(static.get(EXTRA) or "")) | {BILL_NUMBER: bill_number}
    fields = {tag: value for tag, value in static.fields if tag not in FEES}
    fields |= {METHOD: DYNAMIC, AMOUNT: str(amount), EXTRA: write_tlv(sorted(extra.items()))}
    return QrisCode(tuple(sorted(fields.items())))


def read_tlv(text: str) -> list[tuple[str, str]]:
    """(tag, value) pairs of two-digit tags and lengths; WrongCode when a length runs past the end."""
    pairs, position = [], 0
    while position < len(text):
        tag, length = text[position : position + 2], text[position + 2 : position + 4]
        if not _TAG.fullmatch(tag) or not _TAG.fullmatch(length):
            raise WrongCode(field="qris")
        value = text[position + 4 : position + 4 + int(length)]
        if len(value) != int(length):
            raise WrongCode(field="qris")
        pairs.append((tag, value))
        position += 4 + int(length)
    return pairs


def write_tlv(pairs: tuple[tuple[str, str], ...] | list[tuple[str, str]]) -> str:
    """The pairs as one text; ValueError when a value is longer than two digits can say."""
    for tag, value in pairs:
        if len(value) > 99:
            raise ValueError(f"the value of tag {tag} is too long")
    return "".join(f"{tag}{len(value):02d}{value}" for tag, value in pairs)


def checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF) over the UTF-8 bytes, four upper-case hex digits."""
    return f"{crc_hqx(text.encode(), 0xFFFF):04X}"
