"""Papers of a company: handed in by the company, compared with the original by the office, each with its scan."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from catalog.models.scan import Scan
from kernel import audit, clock
from kernel.errors import N_, InvalidInput, NotFound
from kernel.parsing import parse_choice, parse_text
from kernel.people import Actor
from orders.models.partner import PaperKind, Partner, PartnerPaper, PartnerPaperScan, PartnerState
from orders.wholesale.access import ensure_may_manage
from orders.wholesale.applications import lock_application
from orders.wholesale.buyers import ensure_may_tend
from orders.wholesale.company_numbers import parse_nib, parse_npwp
from orders.wholesale.partners import change_partner, lock_partner, subject_of

#: Papers that may wait for the office at a time: the link of an application is no store for files.
MOST_WAITING = 8


def add_paper(
    session: Session,
    actor: Actor,
    partner_id: int,
    kind: PaperKind,
    number: str,
    valid_until_on: date | None = None,
    scan: Scan | None = None,
) -> PartnerPaper:
    """A paper the office has compared with the original. Raises NotAllowed and InvalidInput."""
    partner = lock_partner(session, partner_id)
    ensure_may_manage(session, actor, partner.outlet_id)
    kind, number = _parsed(partner, kind, number)
    if _find(session, partner, kind, number) is not None:
        raise _known_already()
    paper = _new(session, partner, kind, number)
    paper.valid_until_on, paper.checked_by_id, paper.checked_at = valid_until_on, actor.user_id, clock.now()
    if scan is not None:
        _keep(session, actor, paper, scan)
    session.flush()
    audit.record(session, actor, "partner.paper", subject_of(partner), {"kind": kind.value, "number": number})
    return paper


def hand_in_by_link(session: Session, actor: Actor, token: str, kind: PaperKind, number: str, scan: Scan) -> str | None:
    """Whoever holds an undecided application's link hands in a paper, which answers what the office asked. See `hand_in`.

    Raises NotFound, Conflict and InvalidInput.
    """
    partner = lock_application(session, token)
    before = _hand_in(session, actor, partner, kind, number, scan)
    change_partner(session, actor, partner, "partner.answered", {"state": PartnerState.APPLIED})
    return before


def hand_in(session: Session, actor: Actor, partner_id: int, kind: PaperKind, number: str, scan: Scan) -> str | None:
    """The partner's approver, or the office for it, hands in a paper that nobody has compared yet.

    The same paper handed in again takes the place of the file before: its name comes back, and the caller deletes that file.
    Raises NotAllowed and InvalidInput.
    """
    partner = lock_partner(session, partner_id)
    ensure_may_tend(session, actor, partner)
    return _hand_in(session, actor, partner, kind, number, scan)


def check_paper(session: Session, actor: Actor, partner_id: int, code: str, valid_until_on: date | None) -> PartnerPaper:
    """The office has compared a paper that was handed in. Harmless twice. Raises NotAllowed and NotFound."""
    partner = lock_partner(session, partner_id)
    ensure_may_manage(session, actor, partner.outlet_id)
    paper = get_paper(session, partner.id, code)
    if paper.checked_at is None:
        paper.valid_until_on, paper.checked_by_id, paper.checked_at = valid_until_on, actor.user_id, clock.now()
        session.flush()
        audit.record(session, actor, "partner.paper", subject_of(partner), {"kind": paper.kind.value, "number": paper.number})
    return paper


def remove_paper(session: Session, actor: Actor, partner_id: int, code: str) -> str | None:
    """The office takes out a paper that is wrong; the name of its file, which the caller deletes. Raises NotAllowed and NotFound."""
    partner = lock_partner(session, partner_id)
    ensure_may_manage(session, actor, partner.outlet_id)
    paper = get_paper(session, partner.id, code)
    details = {"kind": paper.kind.value, "number": paper.number}
    before = paper.scan.name if paper.scan else None
    if paper.scan is not None:
        session.delete(paper.scan)
        session.flush()
    session.delete(paper)
    session.flush()
    audit.record(session, actor, "partner.paper_removed", subject_of(partner), details)
    return before


def get_paper(session: Session, partner_id: int, code: str) -> PartnerPaper:
    """A paper of this partner, with its scan; NotFound for anybody else's."""
    statement = select(PartnerPaper).where(PartnerPaper.partner_id == partner_id, PartnerPaper.code == code.strip().upper())
    paper = session.scalar(statement.options(joinedload(PartnerPaper.scan)))
    if paper is None:
        raise NotFound
    return paper


def list_papers(session: Session, partner_id: int) -> list[PartnerPaper]:
    """A partner's papers with their scans, the oldest first."""
    statement = select(PartnerPaper).where(PartnerPaper.partner_id == partner_id).order_by(PartnerPaper.id)
    return list(session.scalars(statement.options(joinedload(PartnerPaper.scan))))


def _hand_in(session: Session, actor: Actor, partner: Partner, kind: PaperKind, number: str, scan: Scan) -> str | None:
    kind, number = _parsed(partner, kind, number)
    paper = _find(session, partner, kind, number)
    if paper is None:
        waiting = select(func.count()).where(PartnerPaper.partner_id == partner.id, PartnerPaper.checked_at.is_(None))
        if (session.scalar(waiting) or 0) >= MOST_WAITING:
            raise InvalidInput(N_("The office has to look at the papers that are here first."), field="scan")
        paper = _new(session, partner, kind, number)
    elif paper.checked_at is not None and paper.scan is not None:
        raise _known_already()
    before = _keep(session, actor, paper, scan)
    audit.record(
        session, actor, "partner.paper_handed_in", subject_of(partner), {"kind": kind.value, "number": number, "digest": scan.digest}
    )
    return before


def _new(session: Session, partner: Partner, kind: PaperKind, number: str) -> PartnerPaper:
    paper = PartnerPaper(partner_id=partner.id, kind=kind, number=number, created_at=clock.now(), scan=None)
    session.add(paper)
    session.flush()
    return paper


def _keep(session: Session, actor: Actor, paper: PartnerPaper, scan: Scan) -> str | None:
    """Note the file; the name of the one it replaces."""
    before = paper.scan.name if paper.scan else None
    if paper.scan is None:
        paper.scan = PartnerPaperScan()
    paper.scan.take(scan, actor.user_id, clock.now())
    session.flush()
    return before


def _parsed(partner: Partner, kind: PaperKind, number: str) -> tuple[PaperKind, str]:
    """The kind and the number as they are kept; the company's own NIB and NPWP need not be typed again."""
    kind = parse_choice(PaperKind, kind, field="kind")
    known = {PaperKind.NPWP: partner.npwp, PaperKind.NIB: partner.nib}.get(kind, "")
    number = parse_text(number.strip() or known, field="number", maximum=60, required=True)
    if kind is PaperKind.NPWP:
        return kind, parse_npwp(number, field="number")
    return kind, parse_nib(number, field="number") if kind is PaperKind.NIB else number


def _find(session: Session, partner: Partner, kind: PaperKind, number: str) -> PartnerPaper | None:
    statement = select(PartnerPaper).where(PartnerPaper.partner_id == partner.id, PartnerPaper.kind == kind, PartnerPaper.number == number)
    return session.scalar(statement.options(joinedload(PartnerPaper.scan)))


def _known_already() -> InvalidInput:
    return InvalidInput(N_("This paper is on the list already."), field="number")
