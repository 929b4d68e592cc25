"""Bank statements and QRIS settlement lists as CSV: columns found by their names, amounts in every usual writing; pure."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from kernel.errors import N_, InvalidInput
from kernel.ids import ALPHABET
from kernel.money import LARGEST_AMOUNT

LARGEST_FILE, MOST_ROWS = 2 * 1024 * 1024, 5_000
#: Statements begin with a few lines about the account before the row of column names.
_HEADER_WITHIN = 25
_DESCRIPTIONS = frozenset(
    {"keterangan", "description", "deskripsi", "uraian", "berita", "catatan", "remark", "remarks", "detail", "tagihan", "bill"}
)
#: Words of column names by what the column holds; the first kind that fits wins.
_COLUMNS: tuple[tuple[str, frozenset[str]], ...] = (
    ("balance", frozenset({"saldo", "balance"})),
    ("debit", frozenset({"debit", "debet", "keluar", "withdrawal"})),
    ("credit", frozenset({"kredit", "credit", "masuk", "deposit"})),
    ("amount", frozenset({"jumlah", "amount", "nominal", "nilai", "mutasi"})),
    ("date", frozenset({"tanggal", "tgl", "date", "waktu", "time"})),
    ("reference", frozenset({"referensi", "reference", "ref", "rrn", "reff"})),
    ("description", _DESCRIPTIONS),
)
_MARK = re.compile(r"\s*(CR|DB|DR|K|D)\.?$", re.IGNORECASE)
_INDONESIAN = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,([0-9]{1,2}))?", re.ASCII)
_ENGLISH = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.([0-9]{1,2}))?", re.ASCII)
_PLAIN = re.compile(r"[0-9]{1,15}(?:[.,]([0-9]{1,2}))?", re.ASCII)
_ISO = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})", re.ASCII)
_LOCAL = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})", re.ASCII)
_CODE = re.compile(rf"(?<![A-Z0-9])(?=([{ALPHABET}]{{4}})[ .-]?([{ALPHABET}]{{4}})(?![A-Z0-9]))")


class UnreadableStatement(InvalidInput):
    """The file is no list that we understand."""

    message = N_("We found no columns for amount and description in this file. Please save the statement as CSV with its column names.")


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One row as it stands in the file. `amount` is None when it cannot be read, negative when money went out."""

    number: int
    booked_on: date | None
    description: str
    reference: str
    amount: int | None
    #: The same for the same line in every export; equal lines of one file are told apart by their count.
    row_hash: str

    @property
    def order_codes(self) -> tuple[str, ...]:
        """What in the texts could be an order code, also when a bank put a space or dash in its middle."""
        text = f"{self.description} | {self.reference}".upper()
        return tuple(dict.fromkeys(first + second for first, second in _CODE.findall(text)))


def decode(data: bytes) -> str:
    """The file as text: UTF-8, or what Windows programs write; UnreadableStatement for a file that is no text or too large."""
    if len(data) > LARGEST_FILE:
        raise InvalidInput(N_("The file is larger than 2 MB. Please export a shorter period."), field="file")
    if b"\x00" in data:
        raise UnreadableStatement(field="file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_rows(text: str, scope: str) -> list[StatementRow]:
    """The rows of a statement in their order; `scope` (outlet and way of paying) keeps equal rows of two accounts apart.

    Raises UnreadableStatement without column names that we know, InvalidInput above 5,000 rows.
    """
    lines = _cells(text)
    start, columns = _find_header(lines)
    body = [(number, cells) for number, cells in enumerate(lines[start + 1 :], start=start + 2) if any(cell.strip() for cell in cells)]
    if len(body) > MOST_ROWS:
        raise InvalidInput(N_("The file has more than %(most)s rows. Please export a shorter period."), field="file", most=MOST_ROWS)
    seen: Counter[str] = Counter()
    rows = []
    for number, cells in body:
        found = {kind: _join(cells, places) for kind, places in columns.items()}
        amount = _amount_of(found)
        facts = "\x1f".join(_folded(found.get(kind, "")) for kind in ("date", "description", "reference")) + f"\x1f{amount}"
        seen[facts] += 1
        rows.append(
            StatementRow(
                number=number,
                booked_on=parse_day(found.get("date", "")),
                description=found.get("description", "")[:500],
                reference=found.get("reference", "")[:120],
                amount=amount,
                row_hash=hashlib.sha256(f"{scope}\x1f{facts}\x1f{seen[facts]}".encode()).hexdigest(),
            )
        )
    return rows


def parse_amount(text: str) -> int | None:
    """`25.000`, `25,000.00`, `25000`, `Rp 25.000,00 CR` as whole rupiah, negative for money that went out; None for anything else."""
    cleaned = text.strip().replace("\N{NO-BREAK SPACE}", " ")
    sign = 1
    if mark := _MARK.search(cleaned):
        sign = -1 if mark[1].upper() in {"DB", "DR", "D"} else 1
        cleaned = cleaned[: mark.start()]
    if cleaned.startswith("(") and cleaned.endswith(")"):
        sign, cleaned = -1, cleaned[1:-1]
    cleaned = re.sub(r"^(?:Rp\.?|IDR)\s*", "", cleaned.strip(), flags=re.IGNORECASE).strip()
    if cleaned[:1] in {"-", "+", "−"}:
        sign, cleaned = (sign if cleaned[0] == "+" else -sign), cleaned[1:].strip()
    for pattern in (_INDONESIAN, _ENGLISH, _PLAIN):
        if found := pattern.fullmatch(cleaned):
            if found[1] and int(found[1]):
                return None  # a fraction of a rupiah is never one of our payments
            whole = cleaned[: found.start(1) - 1] if found[1] else cleaned
            value = int(re.sub(r"[.,]", "", whole))
            return sign * value if value <= LARGEST_AMOUNT else None
    return None


def parse_day(text: str) -> date | None:
    """The day in a date or moment, day before month as in Indonesia; None when it cannot be read."""
    stripped = text.strip()
    if found := _ISO.match(stripped):
        year, month, day = map(int, found.groups())
    elif found := _LOCAL.match(stripped):
        day, month, year = map(int, found.groups())
        year += 2000 if year < 100 else 0
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _cells(text: str) -> list[list[str]]:
    """The file as rows of cells, split at whatever separator its busiest early line uses."""
    early = [line for line in text.splitlines()[:_HEADER_WITHIN] if line.strip()]
    separator = max(";\t,|", key=lambda sign: max((line.count(sign) for line in early), default=0))
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise UnreadableStatement(field="file") from None


def _find_header(lines: list[list[str]]) -> tuple[int, dict[str, list[int]]]:
    for index, cells in enumerate(lines[:_HEADER_WITHIN]):
        columns: dict[str, list[int]] = {}
        for place, cell in enumerate(cells):
            words = set(re.findall(r"[a-z]+", cell.lower()))
            kind = next((kind for kind, names in _COLUMNS if words & names), None)
            if kind is not None and (kind == "description" or kind not in columns):
                columns.setdefault(kind, []).append(place)
        if columns.keys() & {"amount", "credit"} and columns.keys() & {"description", "reference"}:
            return index, columns
    raise UnreadableStatement(field="file")


def _amount_of(found: dict[str, str]) -> int | None:
    """What came in: the credit column if there is one, else the amount; a debit alone went out."""
    incoming = found.get("credit") or found.get("amount") or ""
    amount = parse_amount(incoming)
    if found.get("debit") and not amount:
        out = parse_amount(found["debit"])
        return -abs(out) if out else amount
    return amount


def _join(cells: list[str], places: list[int]) -> str:
    return " ".join(cells[place].strip() for place in places if place < len(cells)).strip()


def _folded(text: str) -> str:
    return " ".join(text.upper().split())
