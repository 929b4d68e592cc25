"""Operations for everybody about provenance: one production lot, as the page behind its code shows it, and as events."""

from __future__ import annotations

from catalog.provenance import epcis
from catalog.provenance.batch_page import BatchPage, get_batch_page
from catalog.provenance.digital_link import events_path
from catalog.provenance.epcis import Transformed
from catalog.provenance.events import list_public_events
from kernel import clock
from storefront.api import public
from storefront.api.operations import Call
from storefront.api.shapes import public as shapes
from storefront.api.shapes.ground import Text
from storefront.templating import current_settings, external


def get_batch(call: Call) -> shapes.Batch:
    """A lot of a product that is or was live."""
    today = clock.today(current_settings().zone)
    indonesian, english = (get_batch_page(call.session, call.places["slug"], call.asked.lot, language, today) for language in ("id", "en"))
    return shapes.Batch(
        product=indonesian.slug,
        url=external(f"/p/{indonesian.variants[0].code}/{indonesian.lot}")
        if indonesian.variants
        else external(f"/products/{indonesian.slug}"),
        name=Text(id=indonesian.name, en=english.name),
        lot=indonesian.lot,
        produced_on=_day(indonesian.produced_on),
        best_before_on=_day(indonesian.best_before_on),
        state=indonesian.state,
        state_reason=indonesian.state_reason,
        maker=shapes.MakerName(slug=indonesian.maker.slug, name=indonesian.maker.name, kind=indonesian.maker.kind),
        village=public.village_name(indonesian.place),
        halal=indonesian.halal,
        papers_on=indonesian.papers_on.isoformat(),
        papers=[public.paper(claim) for claim in indonesian.claims],
        ingredients=_ingredients(indonesian, english),
        journey=[shapes.JourneyStop(what=stop.kind.value, place=stop.outlet_name, at=stop.at) for stop in indonesian.journey],
        events=external(events_path(indonesian.slug, indonesian.lot)),
        is_sample=indonesian.is_sample,
    )


def list_batch_events(call: Call) -> shapes.BatchEvents:
    """Its beginning, how it was made, and when it first came to each outlet. No amounts that moved, sales, papers or orders."""
    events = list_public_events(call.session, call.places["slug"], call.asked.lot)
    newest = max((event.recorded_at if isinstance(event, Transformed) else event.at for event in events), default=clock.now())
    return shapes.BatchEvents.model_validate_json("".join(epcis.write_document(events, external(""), newest)))


def _ingredients(indonesian: BatchPage, english: BatchPage) -> list[shapes.Material]:
    return [
        shapes.Material(name=Text(id=first.name, en=second.name), origin=first.origin, share_bps=first.share_bps)
        for first, second in zip(indonesian.ingredients, english.ingredients, strict=True)
    ]


def _day(value: object) -> str | None:
    return str(value) if value else None
