"""Price tags and shelf labels: of a delivery's lines or of what stands on a shelf, as many of each as are wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from catalog import desk, shelves
from catalog import labels as reads
from catalog.batches import get_batch
from catalog.labels import MOST_LABELS, Wanted
from catalog.provenance.pack_labels import Missing, missing_of, read_pack_labels
from kernel import clock
from kernel.errors import N_, DomainError, InvalidInput
from kernel.parsing import parse_whole_number
from kernel.people import Permission, User
from orders.stockroom import deliveries
from storefront.database import reading
from storefront.documents.answers import answer_drawing, answer_pdf
from storefront.documents.label_stock import FITTING, RESOLUTIONS, LabelKind, PackKind
from storefront.i18n import gettext as _
from storefront.i18n import speaking
from storefront.office.stockroom_forms import LabelsForm
from storefront.pages import asked, asked_page, page_addresses, status_of
from storefront.security import current_actor
from storefront.templating import current_settings, external

#: What a food label lacks, in words (catalog.provenance.pack_labels).
LACKS = {
    Missing.INGREDIENTS: N_("ingredients"),
    Missing.SHARE: N_("share of the main ingredient"),
    Missing.ORIGIN: N_("where the ingredients come from"),
    Missing.LOT: N_("production code"),
    Missing.PRODUCED_ON: N_("production date"),
    Missing.BEST_BEFORE: N_("best-before date"),
    Missing.PERMIT: N_("P-IRT or BPOM number valid on the production day"),
    Missing.HALAL: N_("halal number, or the maker's word that it is not halal"),
}
#: Rows of one page: a form may have 200 parts.
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the form: what is labelled, and how many by default."""

    key: str
    variant_id: int
    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    lot_code: str
    best_before_on: date | None
    count: int


def delivery_labels(code: str) -> ResponseReturnValue:
    """One tag for every accepted unit of a delivery, unless told otherwise."""
    note = deliveries.get_delivery(reading(), current_actor(), Permission.VIEW_STOCK, code)
    number = asked_page()
    lines = note.lines[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    rows = [
        Row(
            key=f"count-{line.position}",
            variant_id=line.variant_id,
            name_id=line.variant.product.name_id,
            name_en=line.variant.product.name_en,
            pack_id=line.variant.name_id,
            pack_en=line.variant.name_en,
            lot_code=line.lot_code,
            best_before_on=line.best_before_on,
            count=line.accepted,
        )
        for line in lines
    ]
    pages = max(1, -(-len(note.lines) // PAGE_SIZE))
    more: dict[str, object] = {
        "delivery": note,
        "page": number,
        "pages": pages,
        "page_url": page_addresses("office.delivery_labels", code=code),
    }
    more["lacks"] = _lacks(rows, note.outlet.zone)
    return _answer(rows, note.outlet.zone, f"{_('Labels')} {note.code}", "office/labels/delivery.html", more)


def delivery_paper(code: str) -> ResponseReturnValue:
    """The delivery note on A4, for both sides' folders."""
    from storefront.documents.delivery_note import draw_note  # loaded with the first paper

    note = deliveries.get_delivery(reading(), current_actor(), Permission.VIEW_STOCK, code)
    counted_by = reading().get(User, note.counted_by_id) if note.counted_by_id else None
    return answer_pdf(draw_note(note, counted_by.name if counted_by else ""), f"{_('Delivery note')} {note.code}")


def shelf_labels(outlet: str) -> ResponseReturnValue:
    """One label for each lot on the shelf, or as many as are wanted."""
    place = shelves.get_outlet(reading(), current_actor(), Permission.VIEW_STOCK, outlet)
    text = asked("q")
    page = shelves.list_shelf(reading(), place, text=text, only="", page=asked_page(), today=clock.today(place.zone))
    variants = reads.ids_by_code(reading(), {row.variant_code for row in page.rows})
    rows = [
        Row(
            key=f"count-{number}",
            variant_id=variants[row.variant_code],
            name_id=row.name_id,
            name_en=row.name_en,
            pack_id=row.pack_id,
            pack_en=row.pack_en,
            lot_code=row.lot_code,
            best_before_on=row.best_before_on,
            count=1 if row.on_hand else 0,
        )
        for number, row in enumerate(page.rows, start=1)
    ]
    more = {"outlet": place, "text": text, "page": page.number, "pages": page.count}
    more["page_url"] = page_addresses("office.shelf_labels", outlet=outlet, q=text)
    return _answer(rows, place.zone, f"{_('Labels')} {place.code}", "office/labels/shelf.html", more)


def lot_labels(slug: str, lot: str) -> ResponseReturnValue:
    """Labels, cards and signs for the packs of one lot, by whoever describes the product; with what its label lacks."""
    product = desk.get_product(reading(), current_actor(), slug)
    batch = get_batch(reading(), product, lot)
    rows = [
        Row(
            key=f"count-{number}",
            variant_id=variant.id,
            name_id=product.name_id,
            name_en=product.name_en,
            pack_id=variant.name_id,
            pack_en=variant.name_en,
            lot_code=batch.lot_code,
            best_before_on=batch.best_before_on,
            count=1,
        )
        for number, variant in enumerate(product.variants, start=1)
    ]
    more: dict[str, object] = {"product": product, "batch": batch, "lacks": _lacks(rows, current_settings().zone)}
    chosen = {"stock": "58x60", "kind": PackKind.PACK.value}
    return _answer(rows, current_settings().zone, f"{_('Labels')} {batch.lot_code}", "office/labels/lot.html", more, chosen)


def _answer(
    rows: Sequence[Row], zone: str, name: str, template: str, more: dict[str, object], chosen: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    usual = {"stock": "40x30", "kind": LabelKind.TAG.value, "language": "id", "dpi": str(RESOLUTIONS[0]), "file": "pdf"}
    form = LabelsForm(data=usual | dict(chosen or {}))
    form.fill()
    typed = {row.key: request.form.get(row.key, "") if form.is_submitted() else str(row.count) for row in rows}
    if form.validate_on_submit():
        try:
            wanted = [
                Wanted(row.variant_id, row.lot_code, row.best_before_on, parse_whole_number(typed[row.key] or "0", 0, MOST_LABELS, row.key))
                for row in rows
            ]
            return _draw(wanted, zone, name, form)
        except DomainError as refusal:
            form.refuse(refusal)
    page = render_template(template, form=form, rows=rows, typed=typed, most=MOST_LABELS, **more)
    return page, status_of(form)


def _lacks(rows: Sequence[Row], zone: str) -> dict[str, list[str]]:
    """What the law wants on each row's pack and is not written down, in words, by the row's key."""
    wanted = [Wanted(row.variant_id, row.lot_code, row.best_before_on, 1) for row in rows]
    labels = read_pack_labels(reading(), wanted, clock.today(zone))
    return {row.key: [_(LACKS[what]) for what in missing_of(label)] for row, label in zip(rows, labels, strict=False)}


def _draw(wanted: Sequence[Wanted], zone: str, name: str, form: LabelsForm) -> ResponseReturnValue:
    """The file: paper, kind, language, dots and format as they were chosen."""
    # Loaded with the first paper, as in storefront.documents.answers.
    from storefront.documents.labels import set_labels
    from storefront.documents.pack_labels import draw_packs
    from storefront.documents.paper import Paper
    from storefront.documents.svg_paper import SvgPaper

    total = sum(each.count for each in wanted)
    if not 1 <= total <= MOST_LABELS:
        raise InvalidInput(N_("Please choose between 1 and %(most)s labels."), most=MOST_LABELS)
    kind, stock = form.chosen_kind, form.stock.value
    if stock not in FITTING[kind]:
        raise InvalidInput(N_("This kind of label has no room on this paper. Please choose another one."), field="stock")
    paper_class = SvgPaper if form.file.value == "svg" else Paper
    first, dpi, today = form.first.value or 1, int(form.dpi.value), clock.today(zone)
    with speaking(form.language.value):
        if isinstance(kind, PackKind):
            packs = read_pack_labels(reading(), wanted, today)
            paper = draw_packs(packs, stock, kind, external(""), first=first, dpi=dpi, paper_class=paper_class)
        else:
            paper = set_labels(reads.read_labels(reading(), wanted, today), stock, kind, first, dpi=dpi, paper_class=paper_class)
        if isinstance(paper, SvgPaper):
            return answer_drawing(paper.svgs(), paper.as_zip, name)
        return answer_pdf(bytes(paper.output()), name)
