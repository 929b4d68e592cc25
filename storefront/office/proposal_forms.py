"""Forms of a proposal: whose product it is, what it is, and the words to the office."""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalog.models.product import Unit
from catalog.prices import LARGEST_PRICE, SMALLEST_PRICE
from kernel.errors import N_, InvalidInput
from storefront.fields import (
    ChoiceField,
    ChoicesField,
    FilesField,
    LongTextField,
    PageForm,
    PhoneField,
    RupiahField,
    TextField,
    TypedField,
    WholeField,
)
from storefront.places import PlaceField

#: In the choice of makers: one that the shop does not know yet.
NEW_MAKER = "+"

_CONTENTS = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,3}))?\s*([a-z]+)?\.?", re.ASCII | re.IGNORECASE)
#: As it is written on packs -> the unit, and how many of it one is.
_UNITS = {
    "g": (Unit.GRAM, 1),
    "gr": (Unit.GRAM, 1),
    "gram": (Unit.GRAM, 1),
    "kg": (Unit.GRAM, 1_000),
    "kilo": (Unit.GRAM, 1_000),
    "ons": (Unit.GRAM, 100),
    "ml": (Unit.MILLILITRE, 1),
    "l": (Unit.MILLILITRE, 1_000),
    "liter": (Unit.MILLILITRE, 1_000),
    "litre": (Unit.MILLILITRE, 1_000),
    "buah": (Unit.PIECE, 1),
    "biji": (Unit.PIECE, 1),
    "lembar": (Unit.PIECE, 1),
    "helai": (Unit.PIECE, 1),
    "pasang": (Unit.PIECE, 1),
    "pcs": (Unit.PIECE, 1),
    "piece": (Unit.PIECE, 1),
    "pieces": (Unit.PIECE, 1),
}


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a pack, and how it was written."""

    quantity: int
    unit: Unit
    words: str


class ContentsField(TypedField):
    """Net contents as they stand on the pack: `250 g`, `1,5 kg`, `600 ml`, `2 buah`."""

    def parse(self, text: str) -> Contents:
        found = _CONTENTS.fullmatch(" ".join(text.split()))
        unit, times = _UNITS.get((found[3] or "buah").lower(), (None, 1)) if found else (None, 1)
        if found is None or unit is None:
            raise InvalidInput(N_("Write it as on the pack: 250 g, 600 ml or 2 buah."))
        thousandths = int(found[1]) * 1_000 + int((found[2] or "").ljust(3, "0"))
        quantity, rest = divmod(thousandths * times, 1_000)
        if rest or not 1 <= quantity <= 1_000_000:
            raise InvalidInput(N_("Write it as on the pack: 250 g, 600 ml or 2 buah."))
        return Contents(quantity, unit, " ".join(text.split())[:80])


def show_contents(quantity: int, unit: Unit) -> str:
    """`250 g`, as ContentsField reads it."""
    return f"{quantity} {({Unit.GRAM: 'g', Unit.MILLILITRE: 'ml', Unit.PIECE: 'buah'})[unit]}"


class BeginForm(PageForm):
    """Whose product, and which. A maker that is new to the shop needs its name; a school or a class a grown-up."""

    maker = ChoiceField(N_("Who makes it?"))
    maker_name = TextField(N_("Name of the new maker"), maximum=120, required=False)
    kind = ChoiceField(N_("What kind of maker?"), required=False)
    village_code = PlaceField(N_("Village of the new maker"), required=False, hint=N_("Type the name, or choose from the list."))
    phone = PhoneField(N_("WhatsApp number of the maker"), required=False)
    guardian_name = TextField(N_("Name of the teacher or parent"), maximum=120, required=False)
    guardian_phone = PhoneField(N_("Their WhatsApp number"), required=False)
    name_id = TextField(N_("Name of the product"), maximum=120, hint=N_("As people here call it, such as Keripik ubi kencur."))
    category_id = ChoiceField(N_("Category"))


class ProposalForm(PageForm):
    """What the office needs to know; what is optional helps, and can be said later."""

    name_id = TextField(N_("Name of the product"), maximum=120)
    summary_id = TextField(N_("The product in one sentence"), maximum=240, hint=N_("What is special about it?"))
    contents = ContentsField(N_("Net contents of one pack"), width="short", hint=N_("As on the pack: 250 g, 600 ml or 2 buah."))
    price = RupiahField(N_("Selling price"), minimum=SMALLEST_PRICE, maximum=LARGEST_PRICE)
    category_id = ChoiceField(N_("Category"))
    halal_state = ChoiceField(N_("Halal"))
    description_id = LongTextField(N_("More about it"), maximum=5_000, required=False, rows=5)
    technique_id = LongTextField(N_("How is it made?"), maximum=2_000, required=False, rows=3)
    material_id = LongTextField(N_("What is it made of, and where does that come from?"), maximum=2_000, required=False, rows=3)
    culture_id = LongTextField(N_("What does it mean to the village?"), maximum=2_000, required=False, rows=3)
    shelf_life_days = WholeField(N_("Shelf life"), minimum=1, maximum=3_650, required=False, suffix=N_("days"), width="short")
    storage_id = TextField(N_("How to keep it"), maximum=240, required=False)
    allergens = ChoicesField(N_("Allergens"))
    travel_limit = ChoiceField(N_("Can it be sent?"))
    scheme = ChoiceField(N_("Programme"))
    name_en = TextField(N_("Name in English"), maximum=120, required=False)
    summary_en = TextField(N_("One sentence in English"), maximum=240, required=False)
    description_en = LongTextField(N_("Description in English"), maximum=5_000, required=False, rows=5)
    note = LongTextField(N_("A word to the office"), maximum=2_000, required=False, rows=2)


class ProposalPhotosForm(PageForm):
    """Photos straight from the camera."""

    photos = FilesField(N_("Photos"), hint=N_("The product as it is sold, its label, and the people who make it. Up to 20 MB each."))


class ProposalStepForm(PageForm):
    """What is done with a proposal, and why."""

    reason = LongTextField(N_("Reason"), maximum=2_000, required=False, rows=3)
