"""Rows about papers; their numbers and dates are checked by catalog.certificates."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog import certificates as verbs
from catalog.access import ensure_can
from catalog.certificates import CertificateFacts
from catalog.importing import cells
from catalog.importing.finding import Makers, Products
from catalog.importing.planning import Change, Plan, Register, Row, say
from catalog.importing.words import CERTIFICATE_KINDS
from catalog.models.certificate import Certificate
from catalog.models.importing import Outcome
from catalog.models.maker import Maker
from catalog.models.product import Product
from kernel.errors import N_, InvalidInput
from kernel.people import Actor, Permission


class CertificateRows:
    """One batch of rows about papers."""

    def __init__(self, session: Session, actor: Actor, register: Register, rows: Sequence[Row]) -> None:
        self.session, self.actor = session, actor
        self.makers = Makers(session, register, rows, "maker")
        self.products = Products(session, register, rows, "product")
        owned = or_(Certificate.product_id.in_(self.products.by_id), Certificate.maker_id.in_(self.makers.by_id))
        self.known = list(session.scalars(select(Certificate).where(owned).execution_options(populate_existing=True)))

    def plan(self, row: Row) -> Plan:
        """A paper is known by its owner, kind, number and first day. It can be ended by a new last day; anything else is another paper."""
        owner, facts = self._owner(row), verbs.check_facts(self._facts(row))
        permission = Permission.EDIT_PRODUCTS if isinstance(owner, Product) else Permission.EDIT_MAKERS
        ensure_can(self.actor, permission, owner.village_code)
        name = (owner.name_id or owner.name_en) if isinstance(owner, Product) else owner.name
        subject = f"{name}, {facts.kind.value.upper()} {facts.number}".strip()
        key = ("certificate", type(owner).__name__, owner.id, facts.kind, facts.number, facts.valid_from_on, facts.award_year)
        known = next((paper for paper in self.known if _is_same(paper, owner, facts)), None)
        if known is None:

            def apply() -> None:
                self.known.append(verbs.add_certificate(self.session, self.actor, owner, facts))

            return Plan(Outcome.NEW, key, subject, apply=apply)
        changes = _differences(known, facts)
        if any(name != "valid_until_on" for name, _old, _new in changes):
            raise InvalidInput(N_("This paper is on the list already, and says something else."), field=changes[0][0])
        last_day = facts.valid_until_on
        if not changes or last_day is None:
            return Plan(Outcome.UNCHANGED, key, subject)
        return Plan(Outcome.CHANGED, key, subject, changes, lambda: verbs.end_certificate(self.session, self.actor, known, last_day))

    def _owner(self, row: Row) -> Product | Maker:
        maker = row.read("maker", self.makers.get)
        product = row.read("product", lambda text, column: self.products.get(text, column, maker.id if maker else None))
        owner = product or maker
        if owner is None:
            raise InvalidInput(N_("Say which product or which maker the paper belongs to."), field="product")
        return owner

    def _facts(self, row: Row) -> CertificateFacts:
        return CertificateFacts(
            kind=row.need("kind", CERTIFICATE_KINDS.read),
            number=row.text("number"),
            issuer=row.need("issuer", lambda text, _column: text),
            valid_from_on=row.need("valid_from_on", cells.read_day),
            valid_until_on=row.read("valid_until_on", cells.read_day),
            award_scheme=row.text("award_scheme"),
            award_year=row.read("award_year", cells.read_whole),
            stars=row.read("stars", cells.read_whole),
            stars_scale=row.read("stars_scale", cells.read_whole),
        )


def _is_same(paper: Certificate, owner: Product | Maker, facts: CertificateFacts) -> bool:
    is_owner = paper.product_id == owner.id if isinstance(owner, Product) else paper.maker_id == owner.id
    said = (facts.kind, facts.number, facts.valid_from_on, facts.award_year)
    return is_owner and (paper.kind, paper.number, paper.valid_from_on, paper.award_year) == said


def _differences(paper: Certificate, facts: CertificateFacts) -> tuple[Change, ...]:
    """What the row says otherwise; a cell left empty says nothing."""
    names = ("issuer", "valid_until_on", "award_scheme", "stars", "stars_scale")
    said = ((name, getattr(paper, name), getattr(facts, name)) for name in names)
    return tuple((name, say(old), say(new)) for name, old, new in said if new not in (None, "") and new != old)
