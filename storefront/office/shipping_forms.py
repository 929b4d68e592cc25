"""Forms of the office about shipping: a zone with its areas and weight table, and the parcels of an order."""

from __future__ import annotations

from typing import Any

from kernel.errors import N_, InvalidInput
from orders.parcels import HEAVIEST_G, ParcelFacts
from orders.shipping import ZoneView
from orders.zones import EVERYWHERE, HEAVIEST_KG, MOST_DAYS, MOST_RATES, ZoneFacts, parse_prefixes
from storefront.fields import CheckField, LongTextField, PageForm, RupiahField, TextField, WholeField
from storefront.i18n import gettext as _
from storefront.templating import current_settings

#: Empty rows below the table's own, and how many parcels one form sends.
SPARE_RATES, PARCEL_ROWS = 3, 4


class ZoneForm(PageForm):
    """A zone; `zone_form` adds the rows of its table."""

    name_id = TextField(N_("Name in Indonesian"), maximum=80, hint=N_("Buyers see it, such as “Sumatera bagian selatan”."))
    name_en = TextField(N_("Name in English"), maximum=80, required=False)
    courier = TextField(N_("Courier"), maximum=60, hint=N_("Who usually carries it. It can differ for each parcel."))
    days_min = WholeField(N_("Shortest duration"), minimum=0, maximum=MOST_DAYS, width="short")
    days_max = WholeField(N_("Longest duration"), minimum=0, maximum=MOST_DAYS, width="short")
    prefixes = LongTextField(N_("Areas"), maximum=9_000, rows=4)
    extra_kg_price = RupiahField(
        N_("Each further kilogram"), required=False, width="short", hint=N_("Empty: heavier orders are not sent there.")
    )
    is_active = CheckField(N_("Buyers can choose this zone"))


class ParcelForm(PageForm):
    """One parcel that has left."""

    courier = TextField(N_("Courier"), maximum=60)
    tracking_number = TextField(N_("Tracking number"), maximum=60, required=False)
    weight_g = WholeField(N_("Weight"), minimum=1, maximum=HEAVIEST_G, required=False, suffix="g", width="short")


def zone_form(zone: ZoneView | None) -> ZoneForm:
    """The form of a zone, with a row for each weight of its table and some empty ones."""
    rates = zone.rates if zone else ()
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {"is_active": True}
    for number in range(1, min(len(rates) + SPARE_RATES, MOST_RATES) + 1):
        fields[f"kg_{number}"] = WholeField(N_("Up to"), minimum=1, maximum=HEAVIEST_KG, required=False, suffix="kg", width="short")
        fields[f"price_{number}"] = RupiahField(N_("Price"), required=False, width="short")
    for number, (kilograms, price) in enumerate(rates, start=1):
        data |= {f"kg_{number}": kilograms, f"price_{number}": price}
    if zone:
        data |= {name: getattr(zone, name) for name in ("name_id", "name_en", "courier", "days_min", "days_max", "is_active")}
        data["extra_kg_price"] = "" if zone.extra_kg_price is None else zone.extra_kg_price
        data["prefixes"] = " ".join(prefix or EVERYWHERE for prefix in zone.prefixes)
    form: ZoneForm = type("OutletZoneForm", (ZoneForm,), fields)(data=data)
    form.days_min.suffix = form.days_max.suffix = _("days")
    home = current_settings().area_prefix
    form.prefixes.hint = _(
        "Area codes with spaces between: %(regency)s is a regency, %(province)s a province, %(island)s an island group, * everywhere. "
        "The longest one wins.",
        regency=home[:5],
        province=home[:2],
        island=home[:1],
    )
    return form


def rate_rows(form: ZoneForm) -> list[tuple[Any, Any]]:
    """(up to, price) fields of the table, row by row."""
    numbers = [number for number in range(1, MOST_RATES + 1) if f"kg_{number}" in form]
    return [(form[f"kg_{number}"], form[f"price_{number}"]) for number in numbers]


def zone_facts(form: ZoneForm) -> ZoneFacts:
    """What was typed, as the verb takes it. InvalidInput for a row that is half filled in."""
    rates = []
    for kilograms, price in rate_rows(form):
        if (kilograms.value is None) != (price.value is None):
            raise InvalidInput(N_("A row of the table needs a weight and a price."), field="rates")
        if kilograms.value is not None:
            rates.append((kilograms.value, price.value))
    plain = form.values("name_id", "name_en", "courier", "days_min", "days_max", "extra_kg_price")
    return ZoneFacts(**plain, prefixes=parse_prefixes(form.prefixes.value), rates=tuple(rates), is_active=bool(form.is_active.data))


def parcels_form(courier: str) -> PageForm:
    """The parcels with which an order leaves: the first has the zone's courier, the others stay empty when there are none."""
    fields: dict[str, Any] = {}
    for number in range(1, PARCEL_ROWS + 1):
        fields[f"courier_{number}"] = TextField(N_("Courier"), maximum=60, required=number == 1)
        fields[f"tracking_{number}"] = TextField(N_("Tracking number"), maximum=60, required=False)
        fields[f"weight_{number}"] = WholeField(N_("Weight"), minimum=1, maximum=HEAVIEST_G, required=False, suffix="g", width="short")
    form: PageForm = type("OrderParcelsForm", (PageForm,), fields)(data={"courier_1": courier})
    return form


def parcel_rows(form: PageForm) -> list[tuple[Any, Any, Any]]:
    """(courier, number, weight) fields of each parcel."""
    return [(form[f"courier_{row}"], form[f"tracking_{row}"], form[f"weight_{row}"]) for row in range(1, PARCEL_ROWS + 1)]


def typed_parcels(form: PageForm) -> list[ParcelFacts]:
    """The rows that were filled in. A row without a courier goes with the first row's."""
    first = form["courier_1"].value
    return [
        ParcelFacts(courier.value or first, number.value or "", weight.value)
        for row, (courier, number, weight) in enumerate(parcel_rows(form), start=1)
        if row == 1 or courier.value or number.value or weight.value
    ]


def name_rows(form: PageForm, label: str) -> None:
    """Tell the rows' fields apart for whoever hears them: “Courier, parcel 2”."""
    for field in form:
        _name, _sep, number = field.short_name.rpartition("_")
        if number.isdigit() and int(number) > 1:
            field.label.text = f"{field.label.text}, {_(label, number=number)}"
