"""Labels for partners' cartons, 100 × 150 mm: GS1-128 bars with number, best before and lot where the case has a registered GTIN-14."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from catalog.provenance.digital_link import BEST_BEFORE, date_attribute, pack_address
from kernel.locales import pick
from orders.wholesale.cartons import CaseLabel
from storefront.documents.label_stock import DOT
from storefront.documents.paper import BLACK, Paper, qr_modules
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.templating import day

WIDTH, HEIGHT, EDGE = 100.0, 150.0, 6.0
#: Dots of a 203 dpi printer for one module of the bars, and white modules beside them (GS1 General Specifications 5.4).
MODULE, QUIET = 2, 10
BAR_HEIGHT = 32.0


def draw_cases(labels: Sequence[CaseLabel], root: str) -> bytes:
    """One page for each carton; `root` is the shop's address."""
    paper = Paper((WIDTH, HEIGHT), _("Carton labels"), 0)
    paper.set_lang(current_language())
    for label in labels:
        paper.add_page()
        _draw(paper, label, root)
    return bytes(paper.output())


def _draw(paper: Paper, label: CaseLabel, root: str) -> None:
    inner = WIDTH - 2 * EDGE
    language = current_language()
    paper.face(10, "", BLACK)
    y = paper.say(EDGE, EDGE, label.outlet, inner)
    paper.say(EDGE, EDGE, _("Carton %(number)s of %(count)s", number=label.number, count=label.of), inner, "R")
    paper.face(9, "", BLACK)
    order = _("Order %(code)s", code=label.purchase_code) + (f" \u00b7 {label.partner_number}" if label.partner_number else "")
    y = paper.say(EDGE, y, order, inner) + 2
    paper.rule(EDGE, y, inner, BLACK, 0.4)
    y += 3
    paper.face(17, "B", BLACK)
    name = f"{pick(language, label.name_id, label.name_en)}, {pick(language, label.pack_id, label.pack_en)}"
    for line in paper.split(name, inner)[:3]:
        y = paper.say(EDGE, y, line, inner)
    paper.face(11, "", BLACK)
    y = paper.say(EDGE, y + 1, f"{label.maker}", inner)
    size = _draw_symbol(paper, label, root, y + 3)
    facts = [_("%(count)s units", count=label.units), _("Code %(lot)s", lot=label.lot)]
    if label.best_before_on:
        facts.append(_("Best before %(day)s", day=day(label.best_before_on)))
    paper.face(13, "B", BLACK)
    at = y + 4
    for fact in facts:
        for line in paper.split(fact, inner - size - 4):
            at = paper.say(EDGE, at, line, inner) + 0.8
    if label.case_gtin:
        _draw_bars(paper, label, label.case_gtin)


def _draw_symbol(paper: Paper, label: CaseLabel, root: str, y: float) -> float:
    """The address of the lot, for phones; its width."""
    address = pack_address(root, code=label.variant_code, gtin=label.variant_gtin, lot=label.lot)
    module = 5 * DOT
    size = len(qr_modules(address)) * module
    left, top = (round(place / DOT) * DOT for place in (WIDTH - EDGE - size, y))
    paper.symbol(left, top, module, address)
    return size


def _draw_bars(paper: Paper, label: CaseLabel, gtin: str) -> None:
    """(01) number, (15) best before, (10) lot: the lot stands last, because its length varies."""
    pattern = gs1_modules(element_string(gtin, label))
    left = round((WIDTH - len(pattern) * MODULE * DOT) / 2 / DOT) * DOT
    top = HEIGHT - EDGE - BAR_HEIGHT - 6
    paper.set_fill_color(*BLACK)
    at = 0
    while at < len(pattern):
        width = next((place for place in range(at, len(pattern)) if pattern[place] != pattern[at]), len(pattern)) - at
        if pattern[at] == "1":
            paper.rect(left + at * MODULE * DOT, top, width * MODULE * DOT, BAR_HEIGHT, style="F")
        at += width
    paper.face(10, "", BLACK)
    dated = f"(15){date_attribute(label.best_before_on)}" if label.best_before_on else ""
    paper.say(EDGE, top + BAR_HEIGHT + 1, f"(01){gtin}{dated}(10){label.lot}", WIDTH - 2 * EDGE, "C")


def element_string(gtin: str, label: CaseLabel) -> str:
    """What the bars say, without the first FNC1."""
    dated = f"{BEST_BEFORE}{date_attribute(label.best_before_on)}" if label.best_before_on else ""
    return f"01{gtin}{dated}10{label.lot}"


@lru_cache(maxsize=256)
def gs1_modules(text: str) -> str:
    """A GS1-128 symbol as modules, `1` dark."""
    from barcode.codex import Gs1_128  # with the first carton

    built: list[str] = Gs1_128(text).build()
    return built[0]
