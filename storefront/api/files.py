"""A partner's feed as a file: the offers it sees with its own prices, as CSV or JSON, by key or by an address that was signed for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from flask import Response, stream_with_context

from kernel import clock
from kernel.walks import Position, Step
from orders.models.api_key import Scope
from orders.wholesale import machine_reads
from orders.wholesale.api_keys import find_caller_of
from orders.wholesale.buyers import Audience
from storefront.api.callers import admit, identify
from storefront.api.offers import offer_shape
from storefront.api.refusals import Refused
from storefront.api.serving import PARTNER_CACHE
from storefront.api.shapes.wholesale import Offer
from storefront.database import reading
from storefront.feed_links import read_feed_token
from storefront.problems import choose_language, problem
from storefront.spreadsheets import Cell, csv_rows

#: Offers that are fetched together while a file is sent.
AT_ONCE = 100
COLUMNS = (
    "offer", "sku", "gtin", "name", "size", "maker", "village", "units_per_case", "case_gtin", "case_length_mm", "case_width_mm",
    "case_height_mm", "case_weight_g", "minimum_cases", "lead_days", "shelf_life_days", "remaining_days", "unit_price", "prices",
    "suggested_price", "stock_units", "halal", "papers", "updated_at",
)  # fmt: skip


def offers_csv() -> Response:
    """By key, as CSV."""
    return _by_key(_csv)


def offers_json() -> Response:
    """By key, as JSON."""
    return _by_key(_json)


def signed_csv(token: str) -> Response:
    """By a signed address, as CSV, for programs that can fetch but not show a key."""
    return _by_token(token, _csv)


def signed_json(token: str) -> Response:
    """By a signed address, as JSON."""
    return _by_token(token, _json)


def _by_key(make: Callable[[Audience], Response]) -> Response:
    choose_language()
    try:
        return make(identify(Scope.CATALOGUE).buyer.audience)
    except Refused as refused:
        return refused.response


def _by_token(token: str, make: Callable[[Audience], Response]) -> Response:
    choose_language()
    code = read_feed_token(token)
    key = find_caller_of(reading(), code) if code else None
    if key is None:
        return problem(404)
    try:
        return make(admit(key, Scope.CATALOGUE).buyer.audience)
    except Refused as refused:
        return refused.response


def _csv(audience: Audience) -> Response:
    def rows() -> Iterator[Sequence[Cell]]:
        yield COLUMNS
        for offer in _offers(audience):
            yield _row(offer)

    return _answer(csv_rows(rows()), "text/csv", "csv")


def _json(audience: Audience) -> Response:
    def parts() -> Iterator[str]:
        yield f'{{"partner":{json.dumps(audience.partner_code)},"made_at":"{clock.now().isoformat()}","items":[\n'
        for number, offer in enumerate(_offers(audience)):
            yield ("" if number == 0 else ",\n") + offer.model_dump_json()
        yield "\n]}\n"

    return _answer(parts(), "application/json", "json")


def _answer(parts: Iterable[str], mimetype: str, ending: str) -> Response:
    response = Response(stream_with_context(part.encode() for part in parts), mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="offers.{ending}"'
    response.headers["Cache-Control"] = PARTNER_CACHE
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.add("Authorization")
    return response


def _offers(audience: Audience) -> Iterator[Offer]:
    """Every offer the partner sees now, some at a time."""
    session, day = reading(), machine_reads.today_of(audience)
    step: Step | None = Step(AT_ONCE)
    while step is not None:
        found = machine_reads.walk_offers(session, audience, step, day)
        page = found[:AT_ONCE]
        for each in machine_reads.dress(audience, [row for row in page if row.is_visible], day):
            yield offer_shape(each)
        last = page[-1].Offer if len(found) > AT_ONCE else None
        step = Step(AT_ONCE, Position(last.updated_at, last.id)) if last is not None else None


def _row(offer: Offer) -> Sequence[Cell]:
    return (
        *(offer.code, offer.sku, offer.gtin or "", offer.name.id, offer.size.id, offer.maker.name, offer.village.name),
        *(offer.case.units, offer.case.gtin or "", offer.case.length_mm, offer.case.width_mm, offer.case.height_mm, offer.case.weight_g),
        *(offer.minimum_cases, offer.lead_days, offer.shelf_life_days, offer.remaining_days),
        offer.prices[0].unit_price if offer.prices else None,
        "|".join(f"{tier.from_cases}:{tier.unit_price}" for tier in offer.prices),
        *(offer.suggested_price, offer.stock.units, offer.halal.value),
        "|".join(f"{paper.kind.value}:{paper.number}:{paper.valid_until or ''}" for paper in offer.papers),
        offer.updated_at.isoformat(),
    )
