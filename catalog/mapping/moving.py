"""Moving a village on in a programme year, or back, with a reason; each move is on record."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.access import ensure_can
from catalog.areas import get_village
from catalog.mapping.moves import WrongMove, needs_reason
from catalog.models.mapping import PotentialProduct
from catalog.models.programme import ProgrammeRecord, ProgrammeStatus
from catalog.programme import check_year
from kernel import audit, clock
from kernel.errors import N_, InvalidInput
from kernel.inserts import insert_new
from kernel.parsing import parse_text
from kernel.people import Actor, Permission

LONGEST_REASON = 500


def move_village(
    session: Session,
    actor: Actor,
    village_code: str,
    year: int,
    after: ProgrammeStatus,
    *,
    seen: ProgrammeStatus,
    reason: str = "",
    potential: PotentialProduct | None = None,
) -> ProgrammeRecord:
    """Bring a village from the standing that was `seen` to `after`. From "mapped" on a product is named: `potential`, or the one before.

    WrongMove when there is no such step or somebody was faster; InvalidInput without a reason where one is needed.
    """
    ensure_can(actor, Permission.DECIDE_PROGRAMME, village_code)
    get_village(session, village_code)
    check_year(year)
    record = _lock_record(session, village_code, year)
    if record.status is not seen:
        raise WrongMove
    must_say = needs_reason(seen, after)
    reason = parse_text(reason, field="reason", maximum=LONGEST_REASON, required=must_say)
    if potential is not None:
        _put_forward(record, potential)
    if after is not ProgrammeStatus.NOT_MAPPED and not (record.product_name_id or record.product_name_en):
        raise InvalidInput(N_("Name the product the village puts forward."), field="potential")
    record.status, record.updated_at = after, clock.now()
    if reason:
        record.note = reason
    session.flush()
    details = {"year": year, "from": seen.value, "to": after.value, "reason": reason, "product": record.product_name_id}
    audit.record(session, actor, "programme.move", f"area:{village_code}", details)
    return record


def _put_forward(record: ProgrammeRecord, potential: PotentialProduct) -> None:
    if potential.village_code != record.village_code or potential.removed_at is not None:
        raise InvalidInput(N_("Please choose one of the village's products."), field="potential")
    record.product_name_id, record.product_name_en = potential.name_id, potential.name_en


def _lock_record(session: Session, village_code: str, year: int) -> ProgrammeRecord:
    """The village's row of the year, made when it is missing; nobody else's until the transaction ends."""
    row = {"village_code": village_code, "year": year, "status": ProgrammeStatus.NOT_MAPPED, "updated_at": clock.now()}
    insert_new(session, ProgrammeRecord, [row])
    statement = select(ProgrammeRecord).where(ProgrammeRecord.village_code == village_code, ProgrammeRecord.year == year)
    return session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one()
