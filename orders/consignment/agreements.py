"""Agreements between makers and outlets: making one, agreeing on new terms from a day on, maker's prices, finding what holds when."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from catalog.prices import check_amount
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotAllowed, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_new
from kernel.parsing import check_range
from kernel.people import Actor, Permission
from orders.models.agreement import Agreement, AgreementTerms, Bearer, MakerPrice, Rhythm, TermsModel

LARGEST_FEE = 10_000_000
LARGEST_MARKUP_BPS = 30_000


class AgreementExists(Conflict):
    """One maker and one outlet have one agreement; what changes is its terms."""

    message = N_("This maker and this outlet have an agreement already. Please change its terms instead.")


class TermsOverlap(InvalidInput):
    """New terms end the ones before; they cannot begin before or with them."""

    message = N_("These terms must begin after %(day)s, when the present ones began.")


class NoAgreement(NotFound):
    """Goods of a maker who has no agreement with the outlet, or an ended one."""

    message = N_("There is no agreement with this maker. Please make one before goods are received.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTerms:
    """What is agreed from `starts_on` on. The defaults are those of the programme (docs/consignment.md)."""

    starts_on: date
    model: TermsModel = TermsModel.COMMISSION
    rate_bps: int = 1_500
    fee: int = 0
    rhythm: Rhythm = Rhythm.MONTHLY
    rhythm_day: int = 5
    loss_borne_by: Bearer = Bearer.OUTLET
    damage_borne_by: Bearer = Bearer.OUTLET
    expiry_borne_by: Bearer = Bearer.MAKER
    pull_out_days: int = 14
    note: str = ""


def create_agreement(session: Session, actor: Actor, maker: Maker, outlet: Outlet, terms: NewTerms) -> Agreement:
    """The first terms between a maker and an outlet. Raises AgreementExists, InvalidInput, NotAllowed."""
    check_may_agree(actor, outlet)
    if not outlet.is_active:
        raise InvalidInput(N_("This outlet is closed."))
    row = {
        "code": make_code(),
        "maker_id": maker.id,
        "outlet_id": outlet.id,
        "created_at": clock.now(),
        "created_by_id": actor.user_id,
    }
    ids = insert_new(session, Agreement, [row])
    if not ids:
        raise AgreementExists(field="maker")
    agreement = session.get_one(Agreement, ids[0])
    _add_terms(session, actor, agreement, terms)
    return agreement


def agree_terms(session: Session, actor: Actor, agreement_id: int, terms: NewTerms) -> AgreementTerms:
    """New terms from today or a later day on; they end the ones before. What was sold before keeps its own.

    Raises TermsOverlap, InvalidInput, NotAllowed.
    """
    agreement = lock_agreement(session, agreement_id)
    outlet = session.get_one(Outlet, agreement.outlet_id)
    check_may_agree(actor, outlet)
    latest = session.scalar(select(func.max(AgreementTerms.starts_on)).where(AgreementTerms.agreement_id == agreement_id))
    if latest is not None and terms.starts_on <= latest:
        raise TermsOverlap(field="starts_on", day=latest.strftime("%d/%m/%Y"))
    if terms.starts_on < clock.today(outlet.zone):
        raise InvalidInput(N_("New terms begin today at the earliest: what was sold before keeps its terms."), field="starts_on")
    return _add_terms(session, actor, agreement, terms)


def end_agreement(session: Session, actor: Actor, agreement_id: int, ends_on: date) -> Agreement:
    """Nothing new is received from `ends_on` on; the shelf is still sold, settled and given back."""
    agreement = lock_agreement(session, agreement_id)
    check_may_agree(actor, session.get_one(Outlet, agreement.outlet_id))
    agreement.ends_on = ends_on
    audit.record(session, actor, "agreement.ended", f"agreement:{agreement.code}", {"ends_on": ends_on.isoformat()})
    session.flush()
    return agreement


def set_maker_price(session: Session, actor: Actor, agreement_id: int, variant: Variant, amount: int, starts_on: date) -> MakerPrice:
    """What the maker wants for a unit from a day on; used by mark-up and purchase. A second price for one day is a Conflict."""
    agreement = session.get_one(Agreement, agreement_id)
    check_may_agree(actor, session.get_one(Outlet, agreement.outlet_id))
    if session.scalars(select(Product.maker_id).where(Product.id == variant.product_id)).one() != agreement.maker_id:
        raise InvalidInput(N_("This product is another maker's."), field="variant")
    row = {
        "agreement_id": agreement_id,
        "variant_id": variant.id,
        "amount": check_amount(amount, "amount"),
        "starts_on": starts_on,
        "created_at": clock.now(),
        "created_by_id": actor.user_id,
    }
    ids = insert_new(session, MakerPrice, [row])
    if not ids:
        raise Conflict(N_("There is a price from this day on already."), field="starts_on")
    details = {"variant": variant.code, "amount": amount, "starts_on": starts_on.isoformat()}
    audit.record(session, actor, "agreement.priced", f"agreement:{agreement.code}", details)
    return session.get_one(MakerPrice, ids[0])


def get_agreement(session: Session, actor: Actor, code: str, permission: Permission = Permission.MANAGE_AGREEMENTS) -> Agreement:
    """An agreement of an outlet in reach by its code; NotFound elsewhere."""
    row = session.execute(select(Agreement, Outlet).join(Outlet, Outlet.id == Agreement.outlet_id).where(Agreement.code == code)).first()
    if row is None or not actor.can(permission, area_code=row[1].area_code, outlet_id=row[1].id):
        raise NotFound
    agreement: Agreement = row[0]
    return agreement


def find_for(session: Session, maker_id: int, outlet_id: int) -> Agreement | None:
    """The agreement of a maker with an outlet, ended or not."""
    return session.scalar(select(Agreement).where(Agreement.maker_id == maker_id, Agreement.outlet_id == outlet_id))


def get_open_for(session: Session, maker_id: int, outlet_id: int) -> Agreement:
    """The agreement under which goods can be received today; NoAgreement otherwise."""
    agreement = find_for(session, maker_id, outlet_id)
    if agreement is None:
        raise NoAgreement
    today = clock.today(session.get_one(Outlet, outlet_id).zone)
    if agreement.ends_on is not None and agreement.ends_on <= today:
        raise NoAgreement
    begins = session.scalar(select(func.min(AgreementTerms.starts_on)).where(AgreementTerms.agreement_id == agreement.id))
    if begins is None or begins > today:
        raise NoAgreement
    return agreement


def list_terms(session: Session, agreement_ids: Collection[int]) -> dict[int, list[AgreementTerms]]:
    """All versions of each agreement, the oldest first."""
    found: dict[int, list[AgreementTerms]] = {agreement_id: [] for agreement_id in agreement_ids}
    statement = select(AgreementTerms).where(AgreementTerms.agreement_id.in_(agreement_ids)).order_by(AgreementTerms.starts_on)
    for terms in session.scalars(statement):
        found[terms.agreement_id].append(terms)
    return found


def pick_terms(versions: Sequence[AgreementTerms], day: date) -> AgreementTerms:
    """The version of `day`: the latest that had begun, or the first when none had."""
    begun = [terms for terms in versions if terms.starts_on <= day]
    return begun[-1] if begun else versions[0]


def terms_on(session: Session, agreement_id: int, day: date) -> AgreementTerms:
    """The terms that hold on `day` in the outlet's zone."""
    return pick_terms(list_terms(session, [agreement_id])[agreement_id], day)


def maker_prices_on(session: Session, pairs: Collection[tuple[int, int]], day: date) -> Mapping[tuple[int, int], int]:
    """The maker's price of a unit on `day` by (agreement id, variant id), where there is one."""
    if not pairs:
        return {}
    agreements, variants = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    statement = (
        select(MakerPrice.agreement_id, MakerPrice.variant_id, MakerPrice.amount)
        .where(MakerPrice.agreement_id.in_(agreements), MakerPrice.variant_id.in_(variants), MakerPrice.starts_on <= day)
        .order_by(MakerPrice.starts_on)
    )
    return {(agreement_id, variant_id): amount for agreement_id, variant_id, amount in session.execute(statement)}


def list_maker_prices(
    session: Session, agreement_ids: Collection[int], variant_ids: Collection[int]
) -> dict[tuple[int, int], list[tuple[date, int]]]:
    """The maker's prices of a unit by (agreement id, variant id): first day and amount, the oldest first."""
    found: dict[tuple[int, int], list[tuple[date, int]]] = {}
    statement = (
        select(MakerPrice.agreement_id, MakerPrice.variant_id, MakerPrice.starts_on, MakerPrice.amount)
        .where(MakerPrice.agreement_id.in_(agreement_ids), MakerPrice.variant_id.in_(variant_ids))
        .order_by(MakerPrice.starts_on)
    )
    for agreement_id, variant_id, starts_on, amount in session.execute(statement):
        found.setdefault((agreement_id, variant_id), []).append((starts_on, amount))
    return found


def lock_agreement(session: Session, agreement_id: int) -> Agreement:
    """The agreement read anew, alone until the transaction ends: no fact of it is booked meanwhile. NotFound otherwise.

    On PostgreSQL this waits for everybody who is booking (they hold the row's key, see `ledger.open_books`).
    """
    statement = select(Agreement).where(Agreement.id == agreement_id).with_for_update().execution_options(populate_existing=True)
    agreement = session.scalar(statement)
    if agreement is None:
        raise NotFound
    return agreement


def check_may_agree(actor: Actor, outlet: Outlet, permission: Permission = Permission.MANAGE_AGREEMENTS) -> None:
    """NotAllowed unless the person has `permission` at the outlet."""
    if not actor.can(permission, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed


def _add_terms(session: Session, actor: Actor, agreement: Agreement, terms: NewTerms) -> AgreementTerms:
    values = _check_terms(terms)
    ids = insert_new(
        session,
        AgreementTerms,
        [{"agreement_id": agreement.id, **values, "created_at": clock.now(), "created_by_id": actor.user_id}],
    )
    if not ids:
        raise Conflict
    details = {key: value.isoformat() if isinstance(value, date) else str(value) for key, value in values.items()}
    audit.record(session, actor, "agreement.terms", f"agreement:{agreement.code}", details)
    return session.get_one(AgreementTerms, ids[0])


def _check_terms(terms: NewTerms) -> dict[str, object]:
    """The values as they are stored: what a model does not use is 0."""
    has_rate, has_fee = terms.model in (TermsModel.COMMISSION, TermsModel.MARKUP), terms.model is TermsModel.MONTHLY_FEE
    if has_rate:
        check_range(terms.rate_bps, 0, 10_000 if terms.model is TermsModel.COMMISSION else LARGEST_MARKUP_BPS, "rate_bps")
    if has_fee:
        check_range(terms.fee, 1, LARGEST_FEE, "fee")
    last_day = {Rhythm.MONTHLY: 28, Rhythm.WEEKLY: 7}.get(terms.rhythm, 0)
    if last_day:
        check_range(terms.rhythm_day, 1, last_day, "rhythm_day")
    check_range(terms.pull_out_days, 0, 365, "pull_out_days")
    return {
        "starts_on": terms.starts_on,
        "model": terms.model,
        "rate_bps": terms.rate_bps if has_rate else 0,
        "fee": terms.fee if has_fee else 0,
        "rhythm": terms.rhythm,
        "rhythm_day": terms.rhythm_day if last_day else 0,
        "loss_borne_by": terms.loss_borne_by,
        "damage_borne_by": terms.damage_borne_by,
        "expiry_borne_by": terms.expiry_borne_by,
        "pull_out_days": terms.pull_out_days,
        "note": " ".join(terms.note.split())[:240],
    }
