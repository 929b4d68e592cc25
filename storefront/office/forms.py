"""Forms of the office about makers and products; labels are marked here and translated when the form is made."""

from __future__ import annotations

import re
from typing import Any

from catalog.prices import LARGEST_PRICE, SMALLEST_PRICE
from kernel.errors import N_, InvalidInput
from storefront.fields import (
    CheckField,
    ChoiceField,
    ChoicesField,
    DayField,
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

_SHARE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?", re.ASCII)


class ShareField(TypedField):
    """A share in per cent with up to two decimals; `value` is in basis points."""

    def __init__(self, label: str = "", **rest: Any) -> None:
        super().__init__(label, suffix="%", width="short", **rest)

    def parse(self, text: str) -> int:
        return self.parse_share(text)

    @staticmethod
    def parse_share(text: str) -> int:
        """`12,5` as 1250; InvalidInput unless it is above nothing and at most the whole."""
        found = _SHARE.fullmatch(text.strip().removesuffix("%").strip())
        share = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
        if not 1 <= share <= 10_000:
            raise InvalidInput(N_("Type a share between 0,01 and 100 per cent."))
        return share


def show_share(share_bps: int | None) -> str:
    """1250 as `12,5`; nothing as nothing."""
    if share_bps is None:
        return ""
    whole, rest = divmod(share_bps, 100)
    return f"{whole},{rest:02}".rstrip("0").rstrip(",") if rest else str(whole)


class MakerForm(PageForm):
    """A maker with its village, story and contact."""

    name = TextField(N_("Name of the maker"), maximum=120)
    kind = ChoiceField(N_("Kind"))
    village_code = PlaceField(N_("Village"), hint=N_("Type the name, or choose from the list."))
    phone = PhoneField(N_("WhatsApp number"), required=False)
    is_phone_public = CheckField(N_("Buyers may see this number"))
    founded_year = WholeField(N_("Founded in"), minimum=1900, maximum=2100, required=False, width="short")
    people_count = WholeField(N_("People who work there"), minimum=1, maximum=10_000, required=False, width="short")
    story_id = LongTextField(N_("Story in Indonesian"), maximum=4_000, required=False, rows=8)
    story_en = LongTextField(N_("Story in English"), maximum=4_000, required=False, rows=8)


class ProductForm(PageForm):
    """Everything about a product that is text or a choice."""

    category_id = ChoiceField(N_("Category"))
    scheme = ChoiceField(N_("Programme"))
    village_code = PlaceField(N_("Where it is made"), required=False, hint=N_("Leave empty for the maker's village."))
    halal_state = ChoiceField(N_("Halal"))
    travel_limit = ChoiceField(N_("Can it be sent?"), hint=N_("What cannot travel is offered for pickup only; buyers read why."))
    shelf_life_days = WholeField(N_("Shelf life"), minimum=1, maximum=3_650, required=False, suffix=N_("days"), width="short")
    allergens = ChoicesField(N_("Allergens"))
    name_id = TextField(N_("Name in Indonesian"), maximum=120)
    name_en = TextField(N_("Name in English"), maximum=120, required=False)
    summary_id = TextField(N_("One sentence in Indonesian"), maximum=240, required=False)
    summary_en = TextField(N_("One sentence in English"), maximum=240, required=False)
    description_id = LongTextField(N_("Description in Indonesian"), maximum=5_000, required=False, rows=7)
    description_en = LongTextField(N_("Description in English"), maximum=5_000, required=False, rows=7)
    material_id = LongTextField(N_("Material, in Indonesian"), maximum=2_000, required=False, rows=3)
    material_en = LongTextField(N_("Material, in English"), maximum=2_000, required=False, rows=3)
    technique_id = LongTextField(N_("Technique, in Indonesian"), maximum=2_000, required=False, rows=3)
    technique_en = LongTextField(N_("Technique, in English"), maximum=2_000, required=False, rows=3)
    design_id = LongTextField(N_("Design, in Indonesian"), maximum=2_000, required=False, rows=3)
    design_en = LongTextField(N_("Design, in English"), maximum=2_000, required=False, rows=3)
    culture_id = LongTextField(N_("Culture, in Indonesian"), maximum=2_000, required=False, rows=3)
    culture_en = LongTextField(N_("Culture, in English"), maximum=2_000, required=False, rows=3)
    storage_id = TextField(N_("Storage, in Indonesian"), maximum=240, required=False)
    storage_en = TextField(N_("Storage, in English"), maximum=240, required=False)


class NewProductForm(PageForm):
    """The few facts a draft begins with."""

    maker = ChoiceField(N_("Maker"))
    name_id = TextField(N_("Name in Indonesian"), maximum=120)
    name_en = TextField(N_("Name in English"), maximum=120, required=False)
    category_id = ChoiceField(N_("Category"))
    scheme = ChoiceField(N_("Programme"))
    halal_state = ChoiceField(N_("Halal"))


class IngredientForm(PageForm):
    """One row of the list of ingredients; an empty row is left out."""

    class Meta:
        """The page's own form token covers all rows."""

        csrf = False

    name_id = TextField(N_("Name in Indonesian"), maximum=80, required=False)
    name_en = TextField(N_("Name in English"), maximum=80, required=False)
    origin_code = PlaceField(N_("Comes from"), level=None, required=False)
    share_bps = ShareField(N_("Share"), required=False)


class VariantForm(PageForm):
    """One pack size."""

    name_id = TextField(N_("Name in Indonesian"), maximum=80, hint=N_("What the buyer chooses, such as 250 g."))
    name_en = TextField(N_("Name in English"), maximum=80, required=False)
    net_quantity = WholeField(N_("Net quantity"), minimum=1, maximum=1_000_000, width="short")
    unit = ChoiceField(N_("Unit"))
    shipping_weight_g = WholeField(N_("Weight of the parcel"), minimum=1, maximum=100_000, suffix="g", width="short")
    gtin = TextField(
        N_("Barcode number (GTIN)"),
        maximum=20,
        required=False,
        hint=N_("Only a number issued by GS1. Without one the shop makes a number of its own for the label."),
    )
    is_active = CheckField(N_("Can be sold"))


class NewVariantForm(VariantForm):
    """A pack size with its first price."""

    price = RupiahField(N_("Price"), minimum=SMALLEST_PRICE, maximum=LARGEST_PRICE, required=False, hint=N_("From today; tax included."))


class PriceForm(PageForm):
    """A price from a day on, with or without an end."""

    price = RupiahField(N_("New price"), minimum=SMALLEST_PRICE, maximum=LARGEST_PRICE)
    starts_on = DayField(N_("From"))
    ends_on = DayField(N_("Until"), required=False, hint=N_("Empty: until further notice."))


class CertificateForm(PageForm):
    """A paper of a product or its maker."""

    kind = ChoiceField(N_("Kind of paper"))
    owner = ChoiceField(N_("Belongs to"))
    number = TextField(N_("Number"), maximum=40, required=False, hint=N_("As it stands on the paper."))
    issuer = TextField(N_("Issued by"), maximum=120)
    valid_from_on = DayField(N_("Valid from"))
    valid_until_on = DayField(N_("Valid until"), required=False, hint=N_("Empty when the paper does not end."))
    award_scheme = TextField(N_("Name of the award"), maximum=60, required=False)
    award_year = WholeField(N_("Year of the award"), minimum=2000, maximum=2100, required=False, width="short")
    stars = WholeField(N_("Stars"), minimum=1, maximum=10, required=False, width="short")
    stars_scale = WholeField(N_("Out of"), minimum=1, maximum=10, required=False, width="short")


class PhotosForm(PageForm):
    """New photos."""

    photos = FilesField(N_("New photos"), hint=N_("JPEG, PNG, WebP or AVIF, up to 20 MB each. Place and camera are removed."))


class PhotoTextForm(PageForm):
    """What a photo shows, for those who cannot see it."""

    alt_id = TextField(N_("What it shows, in Indonesian"), maximum=200, required=False)
    alt_en = TextField(N_("What it shows, in English"), maximum=200, required=False)


class ReasonForm(PageForm):
    """A decision with its reason, kept with the name of who took it."""

    reason = LongTextField(N_("Reason"), maximum=500, rows=3, hint=N_("One sentence that the maker will understand."))
