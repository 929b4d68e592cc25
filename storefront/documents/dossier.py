"""The financing dossier on A4: who, what for, the plan, sales by month, goods on hand, papers, and the maker's approval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, timedelta

from catalog.models.certificate import CertificateKind
from catalog.models.maker import MakerKind
from kernel import clock
from kernel.locales import pick
from orders.dossiers.content import Content
from orders.dossiers.plan import CHECKS
from orders.models.dossier import DossierVersion
from storefront.documents.paper import GOLD, INK, MAROON, SERIF, SOFT
from storefront.documents.sheet import BOTTOM, INNER, MARGIN, RIGHT, Sheet
from storefront.dossier_words import AMOUNT, TEXT
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.templating import day, month, number, rupiah
from storefront.words import word


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands under the shop's name."""

    name: str


class _Pages:
    """Text that flows over as many pages as it needs."""

    def __init__(self, version: DossierVersion, content: Content) -> None:
        self.sheet = Sheet(_("Financing dossier"))
        self.sheet.set_lang(current_language())
        self.sheet.set_creation_date(version.made_at.astimezone(UTC))
        self.code = f"{version.code} · {_('Version %(number)s', number=version.number)}"
        self.foot = _("Check: %(digest)s. Not to be passed on without the maker's consent.", digest=version.digest[:16])
        self.pages = 1
        self.y = self.sheet.head(_Head(content.maker), self.code)

    def need(self, height: float) -> bool:
        """Begin a page when there is no room left; whether one was begun."""
        if self.y + height <= BOTTOM:
            return False
        self.end_page()
        self.pages += 1
        self.y = self.sheet.head_again(self.code)
        return True

    def end_page(self) -> None:
        """Close the page with its foot."""
        self.sheet.foot(f"{self.foot} {_('Page')} {self.pages}", self.pages, 1)

    def title(self, text: str) -> None:
        """A heading with a gold line."""
        self.need(24)
        self.y += 4
        self.sheet.face(13, "B", MAROON, SERIF)
        self.y = self.sheet.say(MARGIN, self.y, text, INNER) + 0.8
        self.sheet.rule(MARGIN, self.y, INNER, GOLD, 0.4)
        self.y += 2.5

    def text(self, label: str, text: str) -> None:
        """A paragraph under its label, broken over pages line by line."""
        self.need(14)
        self.sheet.overline(MARGIN, self.y, label)
        self.y += 4.4
        for paragraph in text.splitlines() or ["–"]:
            self.sheet.face(9.5, colour=INK)
            for line in self.sheet.split(paragraph, INNER):
                self.need(6)
                self.sheet.face(9.5, colour=INK)
                self.y = self.sheet.say(MARGIN, self.y, line, INNER)
        self.y += 2

    def row(self, left: str, *right: str, bold: bool = False) -> None:
        """A line of a table: a name and up to three figures."""
        self.need(7)
        self.sheet.face(9, "B" if bold else "", INK)
        for place, figure in enumerate(reversed(right)):
            self.sheet.say(RIGHT - 32 - 34 * place, self.y, figure, 32, "R")
        room = INNER - 34 * len(right) - 2
        below = self.sheet.tell(MARGIN, self.y, left, room)
        self.sheet.rule(MARGIN, below + 0.8, INNER)
        self.y = below + 1.8


def draw_dossier(version: DossierVersion, content: Content) -> bytes:
    """The PDF of one version in the language that is spoken now; the same version is always the same file."""
    pages = _Pages(version, content)
    if content.is_sample:
        pages.sheet.face(9, "B", MAROON)
        pages.y = pages.sheet.say(MARGIN, pages.y, _("Sample data, not a real business.")) + 2
    _about(pages, content)
    _plan(pages, content)
    _sales(pages, content)
    _goods_and_papers(pages, content)
    _approval(pages, version)
    pages.end_page()
    return bytes(pages.sheet.output())


def _about(pages: _Pages, content: Content) -> None:
    pages.title(_("The business"))
    facts = [word(MakerKind(content.kind)), content.village]
    if content.founded_year:
        facts.append(_("since %(year)s", year=content.founded_year))
    if content.people_count:
        facts.append(_("%(people)s people", people=number(content.people_count)))
    pages.text(content.maker, " · ".join(facts))
    for name in ("needed", "own_money", "monthly_costs", "yearly_turnover"):
        pages.row(_(AMOUNT[name]), rupiah(content.amounts[name]), bold=name == "needed")


def _plan(pages: _Pages, content: Content) -> None:
    pages.title(_("Business plan"))
    for name, label in TEXT.items():
        if content.texts.get(name):
            pages.text(_(label), content.texts[name])
    pages.title(_("Checklist"))
    for name, label in CHECKS.items():
        pages.row(_(label), _("yes") if name in content.checks else _("no"))


def _sales(pages: _Pages, content: Content) -> None:
    pages.title(_("Sales in our outlets until %(day)s, from the books", day=day(date.fromisoformat(content.as_of) - timedelta(days=1))))
    columns = (_("Month"), _("Units"), _("Selling price"), _("Maker's share"))
    pages.row(*columns, bold=True)
    for each in content.sales:
        if pages.need(7):
            pages.row(*columns, bold=True)
        first = date.fromisoformat(f"{each.month}-01")
        pages.row(month(first), number(each.units), rupiah(each.gross), rupiah(each.share))
    sums = [sum(getattr(each, name) for each in content.sales) for name in ("units", "gross", "share")]
    pages.row(_("Together"), number(sums[0]), rupiah(sums[1]), rupiah(sums[2]), bold=True)


def _goods_and_papers(pages: _Pages, content: Content) -> None:
    language = current_language()
    pages.title(_("Goods on hand"))
    for goods in content.stock:
        pages.row(f"{pick(language, goods.name_id, goods.name_en)}, {pick(language, goods.pack_id, goods.pack_en)}", number(goods.units))
    if not content.stock:
        pages.text("", _("Nothing stands at an outlet."))
    pages.title(_("Valid papers"))
    for paper in content.papers:
        until = day(date.fromisoformat(paper.valid_until)) if paper.valid_until else _("no end")
        pages.row(f"{word(CertificateKind(paper.kind))} {paper.number}".rstrip() + f", {paper.issuer}", until)
    if not content.papers:
        pages.text("", _("No paper is valid at present."))


def _approval(pages: _Pages, version: DossierVersion) -> None:
    pages.title(_("The maker's approval"))
    pages.sheet.face(9.5, colour=SOFT)
    if version.approved_at is not None:
        said = _(
            "%(name)s approved exactly this content on %(day)s and agrees to its being shown to the organisation named in the link.",
            name=version.approved_by,
            day=day(clock.local(version.approved_at, clock.home()).date()),
        )
    else:
        said = _("Not approved yet: a draft for the maker alone.")
    pages.text("", said)
