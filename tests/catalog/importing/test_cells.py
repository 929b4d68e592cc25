"""What people type into cells."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.importing import cells
from catalog.importing.words import HALAL_STATES, MAKER_KINDS, read_allergens
from catalog.models.maker import MakerKind
from catalog.models.product import HalalState, Unit
from kernel.errors import InvalidInput


@pytest.mark.parametrize(
    "text",
    [
        "15000",
        "15.000",
        "15,000",
        "15 000",
        "Rp 15.000",
        "Rp15.000,-",
        "rp. 15.000,00",
        "IDR 15,000.00",
        "15000.0",
        "Rp\N{NO-BREAK SPACE}15.000",
    ],
)
def test_an_amount_is_read_however_its_thousands_are_parted(text: str) -> None:
    assert cells.read_amount(text, "price") == 15_000


@pytest.mark.parametrize("text", ["15.00.0", "1.5", "lima belas ribu", "15.000.00,5", "-15000", "1e4", "１５０００", "15,5", "Rp"])
def test_an_amount_that_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        cells.read_amount(text, "price")
    assert refusal.value.field == "price"


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("250", 250, None),
        ("250 gr", 250, Unit.GRAM),
        ("1,5 kg", 1_500, Unit.GRAM),
        ("1.000 gram", 1_000, Unit.GRAM),
        ("0.6 liter", 600, Unit.MILLILITRE),
        ("600ml", 600, Unit.MILLILITRE),
        ("1 buah", 1, Unit.PIECE),
        ("2 Lembar", 2, Unit.PIECE),
    ],
)
def test_a_quantity_brings_its_unit(text: str, quantity: int, unit: Unit | None) -> None:
    assert cells.read_quantity(text, "net_quantity") == (quantity, unit)


@pytest.mark.parametrize("text", ["setengah kilo", "250 karung", "1,5 buah", "0,0005 kg"])
def test_a_quantity_nobody_can_weigh_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        cells.read_quantity(text, "net_quantity")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21",
        "21/11/2026",
        "21-11-2026",
        "21.11.2026",
        "21 November 2026",
        "Sabtu, 21 Nop 2026",
        "21-Nov-2026",
        "2026-11-21 00:00:00",
    ],
)
def test_a_day_is_read_as_people_here_write_it(text: str) -> None:
    assert cells.read_day(text, "starts_on") == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "day"), [("17 Agustus 2026", date(2026, 8, 17)), ("1 Mei 2027", date(2027, 5, 1)), ("5 Des 2026", date(2026, 12, 5))]
)
def test_months_have_indonesian_names(text: str, day: date) -> None:
    assert cells.read_day(text, "starts_on") == day


@pytest.mark.parametrize("text", ["31/02/2026", "11/21/2026", "kemarin", "46347"])
def test_a_day_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        cells.read_day(text, "starts_on")


def test_words_of_a_list_are_known_in_both_languages() -> None:
    assert MAKER_KINDS.read("Kelompok Tani", "kind") is MakerKind.GROUP
    assert HALAL_STATES.read("NOT YET", "halal_state") is HalalState.NOT_YET
    assert read_allergens("kedelai; Gandum, telur", "allergens") == ("gluten", "eggs", "soy")
    with pytest.raises(InvalidInput) as refusal:
        HALAL_STATES.read("mungkin", "halal_state")
    assert "belum" in refusal.value.params["options"]
