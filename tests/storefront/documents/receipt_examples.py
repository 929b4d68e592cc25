"""Receipts and reports for tests: a plain sale, one with everything, goods that came back, hostile names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from storefront.documents.receipt_layout import Receipt

#: Both layouts are held to it: rows of every example at every width in both languages.
CASES = Path(__file__).with_name("receipt_cases.json")
ADDRESS = "https://toko.example/orders/0123456789abcdefghijklmnopqrstuv"

OUTLET = {
    "name": "Pusat Oleh-Oleh Pendopo",
    "operator": "Koperasi Contoh Serepat Serasan",
    "npwp": "0123456789012345",
    "address": "Jl. Merdeka No. 1, Pendopo, Talang Ubi, Penukal Abab Lematang Ilir",
    "phone": "+62 812-0000-0000",
    "zone": "WIB",
    "footer": "",
}
CHIPS = {"name": "Keripik ubi ungu", "pack": "250 g", "maker": "Dapur Ibu Contoh", "village": "Desa Harapan Jaya"}
MAT = {"name": "Tikar purun anyaman motif bunga cengkih besar", "pack": "120 × 200 cm", "maker": "Kelompok Perajin Purun Tempirai Selatan",
       "village": "Tempirai"}  # fmt: skip


def sale(**changes: Any) -> Receipt:
    """Two bags of chips for cash."""
    receipt = {
        "kind": "sale", "language": "id", "shop": "Etalase", "outlet": OUTLET, "number": "PDP-1-20261122-0001",
        "original": "", "reason": "", "way": "", "at": "2026-11-22T02:05:59.250Z", "cashier": "Sari Contoh",
        "lines": [CHIPS | {"quantity": 2, "unit_price": 12_475, "amount": 24_950}],
        "subtotal": 24_950, "discount": 0, "voucher": "", "voucher_discount": 0, "total": 24_950, "tax": None,
        "tenders": [{"method": "cash", "amount": 24_950, "cash": 24_900, "given": 50_000, "change": 25_100, "reference": ""}],
        "address": ADDRESS, "is_unsynced": False, "is_copy": False,
    }  # fmt: skip
    return cast("Receipt", receipt | changes)


def full_sale() -> Receipt:
    """Discounts, PPN, three tenders, offline, a copy."""
    return sale(
        lines=[
            CHIPS | {"quantity": 12, "unit_price": 12_500, "amount": 150_000},
            MAT | {"quantity": 3, "unit_price": 1_250_000, "amount": 3_750_000},
        ],
        subtotal=3_900_000, discount=100_000, voucher="HEMAT-LEBARAN", voucher_discount=25_025, total=3_774_975,
        tax={"net": 3_400_879, "base": 3_117_472, "tax": 374_096, "rate_bps": 1200, "numerator": 11, "denominator": 12},
        tenders=[
            {"method": "qris", "amount": 2_000_000, "cash": 0, "given": 0, "change": 0, "reference": "QR-123456"},
            {"method": "card", "amount": 1_000_000, "cash": 0, "given": 0, "change": 0, "reference": "4711 / trace 000123"},
            {"method": "cash", "amount": 774_975, "cash": 775_000, "given": 800_000, "change": 25_000, "reference": ""},
        ],
        outlet=OUTLET | {"zone": "WIT", "footer": "Barang yang sudah dibeli dapat ditukar dalam 7 hari dengan struk ini."},
        is_unsynced=True, is_copy=True,
    )  # fmt: skip


def goods_back() -> Receipt:
    """One of the two bags came back for cash."""
    return sale(
        kind="return", number="PDP-1-20261122-0002", original="PDP-1-20261122-0001", reason="Kemasan bocor", way="cash",
        lines=[CHIPS | {"quantity": 1, "unit_price": None, "amount": 12_475}], subtotal=12_475, total=12_475,
        tenders=[{"method": "cash", "amount": 12_475, "cash": 12_500, "given": 0, "change": 0, "reference": ""}], address="",
    )  # fmt: skip


def transferred_back() -> Receipt:
    """The same, paid back by the office."""
    return goods_back() | cast("Receipt", {"way": "transfer", "tenders": []})


def strange_names() -> Receipt:
    """Wide letters, accents that stand alone, direction marks, a word without end, emoji."""
    return sale(
        lines=[
            CHIPS | {"name": "麻花 Mahua – “renyah” banget… 🥟", "maker": "Cafe\u0301 Ko\u202epi"}
            | {"quantity": 1, "unit_price": 1_000, "amount": 1_000},
            CHIPS | {"name": "A" * 75, "pack": "", "maker": "", "village": "B" * 60}
            | {"quantity": 99, "unit_price": 99_999_999, "amount": 9_899_999_901},
        ],
        outlet=OUTLET | {"name": "Rumah\u00a0Oleh–Oleh\u200b  Sangat Panjang Sekali Namanya di Ujung Jalan"}
        | {"npwp": "01.234.567.8-901.000", "phone": ""},
        shop="Etalase Kabupaten Penukal Abab Lematang Ilir", cashier="", subtotal=9_900_000_901, total=9_900_000_901,
        tenders=[{"method": "transfer", "amount": 9_900_000_901, "cash": 0, "given": 0, "change": 0, "reference": "Bank/" + "7" * 55}],
    )  # fmt: skip


EXAMPLES = {"plain": sale, "full": full_sale, "back": goods_back, "transferred": transferred_back, "strange": strange_names}

REPORT: dict[str, Any] = {
    "shop": "Etalase", "outlet": "Pusat Oleh-Oleh Pendopo", "title": "LAPORAN Z", "head": ["Kasir 1, shift 12", "22/11/2026 09.05 WIB"],
    "sections": [
        {"title": "Tunai", "rows": [["Modal awal", "200.000"], ["Penjualan", "1.250.000"], ["Seharusnya ada", "=1.450.000"]]},
        {"title": "", "rows": [["Selisih uang tunai yang dihitung bersama pengganti", "=-2.500"]]},
    ],
    "foot": ["Dicetak 22/11/2026 21.00 WIB"], "signatures": ["Kasir", "Penanggung jawab"],
}  # fmt: skip


def read_cases() -> dict[str, Any]:
    """The file's receipts, words and rows."""
    cases: dict[str, Any] = json.loads(CASES.read_text("utf-8"))
    return cases
