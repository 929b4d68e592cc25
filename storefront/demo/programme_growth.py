"""The programme of a whole province for benchmarks, written in bulk: a standing for every village, what it could make, its report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zlib import crc32

from sqlalchemy import exists, func, insert, select
from sqlalchemy.orm import Session

from catalog.areas import ancestors_of
from catalog.mapping.likeness import likeness_of
from catalog.models.area import Area, AreaLevel
from catalog.models.mapping import Evidence, EvidenceKind, PotentialProduct
from catalog.models.product import Product
from catalog.models.programme import ProgrammeRecord, ProgrammeStatus, Scheme
from catalog.models.reporting import ReportPeriod, ReportStep, ReportVersion, UnitKind, VillageReport
from catalog.reporting import content as contents
from catalog.reporting import periods
from catalog.reporting.content import Need, ReportContent, ReportLine
from catalog.reporting.periods import NewPeriod
from catalog.reporting.states import ReportAct, ReportState
from kernel import clock
from kernel.ids import ALPHABET
from kernel.people import SYSTEM

AddBar = Callable[[str, int], Callable[[int], None]]
Transaction = Callable[[], AbstractContextManager[Session]]
Row = dict[str, Any]
#: Villages written in one transaction.
BATCH = 500
#: Of a hundred villages, how many stand where.
STANDINGS = (
    (ProgrammeStatus.NOT_MAPPED, 18),
    (ProgrammeStatus.MAPPED, 46),
    (ProgrammeStatus.SELECTED, 18),
    (ProgrammeStatus.CURATED, 9),
    (ProgrammeStatus.LAUNCHED, 6),
    (ProgrammeStatus.GRADUATED, 1),
    (ProgrammeStatus.DROPPED, 2),
)
STATES = (ReportState.RECEIVED, ReportState.RECEIVED, ReportState.CHECKED, ReportState.SENT, ReportState.RETURNED, None)
_SEND = (ReportAct.SEND, ReportState.DRAFT, ReportState.SENT)
_CHECK = (ReportAct.CHECK, ReportState.SENT, ReportState.CHECKED)
#: The way to each state.
_WAYS = {
    ReportState.SENT: (_SEND,),
    ReportState.RETURNED: (_SEND, (ReportAct.RETURN, ReportState.SENT, ReportState.RETURNED)),
    ReportState.CHECKED: (_SEND, _CHECK),
    ReportState.RECEIVED: (_SEND, _CHECK, (ReportAct.RECEIVE, ReportState.CHECKED, ReportState.RECEIVED)),
}
_NAMES = ("Tenun ikat", "Kopi arabika", "Madu hutan", "Anyaman lontar", "Gula lontar", "Jagung titi", "Abon ikan", "Minyak kelapa", "Garam")


def grow_programme(transaction: Transaction, area: str, year: int, add_bar: AddBar) -> int:
    """A record for each village of the province that has none, and with it all the rest; how many were added."""
    with transaction() as session:
        villages = _missing(session, area, year)
        period = _find_period(session, area, year)
        period_id, period_code = period.id, period.code
    advance = add_bar("Villages", len(villages))
    for start in range(0, len(villages), BATCH):
        some = villages[start : start + BATCH]
        with transaction() as session:
            _write(session, some, year, period_id, period_code)
        advance(len(some))
    return len(villages)


def _missing(session: Session, area: str, year: int) -> list[tuple[str, str]]:
    """(code, name of one of its products or "") of the villages without a record."""
    product = select(func.min(Product.name_id)).where(Product.village_code == Area.code).correlate(Area).scalar_subquery()
    known = exists().where(ProgrammeRecord.village_code == Area.code, ProgrammeRecord.year == year)
    statement = select(Area.code, product).where(Area.level == AreaLevel.VILLAGE, Area.code.startswith(f"{area}."), ~known)
    return [(code, name or "") for code, name in session.execute(statement.order_by(Area.code))]


def _find_period(session: Session, area: str, year: int) -> ReportPeriod:
    found = session.scalar(select(ReportPeriod).where(ReportPeriod.area_code == area, ReportPeriod.first_on == date(year, 7, 1)))
    if found is not None:
        return found
    quarter = NewPeriod(f"Triwulan III {year}", date(year, 7, 1), date(year, 9, 30), date(year, 10, 15))
    return periods.open_period(session, SYSTEM, area, quarter, is_sample=True)


def _write(session: Session, villages: Iterable[tuple[str, str]], year: int, period_id: int, period_code: str) -> None:
    moment, today = clock.now(), clock.today()
    rows: dict[type[Any], list[Row]] = {model: [] for model in (ProgrammeRecord, PotentialProduct, VillageReport)}
    for code, product in villages:
        chance = Random(crc32(code.encode()))
        status = chance.choices([each for each, _weight in STANDINGS], [weight for _each, weight in STANDINGS])[0]
        is_mapped = status is not ProgrammeStatus.NOT_MAPPED
        name = (product or chance.choice(_NAMES))[:120] if is_mapped else ""
        record = {"village_code": code, "year": year, "status": status, "product_name_id": name, "product_name_en": "", "note": ""}
        rows[ProgrammeRecord].append({**record, "is_sample": True, "updated_at": moment})
        if is_mapped:
            rows[PotentialProduct].append(_potential(code, chance.choice((name, chance.choice(_NAMES))), moment))
            state = chance.choice(STATES)
            if state is not None:
                rows[VillageReport].append(_report(code, name, state, period_id, period_code, chance, moment))
    for model in (ProgrammeRecord, PotentialProduct, VillageReport):
        if rows[model]:
            session.execute(insert(model), rows[model])
    _add_evidence(session, [row["code"] for row in rows[PotentialProduct]], moment, today)
    _add_history(session, rows[VillageReport], moment)


def _code(kind: str, area_code: str) -> str:
    """A code for people that the same village always gets."""
    number = int.from_bytes(hashlib.sha256(f"{kind} {area_code}".encode()).digest()[:8], "big")
    signs = []
    for _place in range(8):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "".join(signs)


def _potential(code: str, name: str, moment: datetime) -> Row:
    texts = {"unit_name": "", "contact_name": "", "contact_phone": "", "name_en": "", "note": "Data contoh."}
    facts = {"village_code": code, "scheme": Scheme.OVOP, "name_id": name, "likeness": likeness_of(name), "created_by_id": None}
    return {
        **texts,
        **facts,
        "code": _code("potential", code),
        "is_sample": True,
        "created_at": moment,
        "updated_at": moment,
        "removed_at": None,
    }


def _report(code: str, name: str, state: ReportState, period_id: int, period_code: str, chance: Random, moment: datetime) -> Row:
    made = chance.randrange(10, 400)
    line = ReportLine(name, "buah", made, made * 3 // 4, made * 3 // 4 * chance.choice((10_000, 25_000, 60_000)))
    makers = chance.randrange(1, 9)
    needs = tuple(need for need in Need if chance.random() < 0.3)
    text = contents.dump(ReportContent((line,), makers, makers * 3, "Pasar desa", needs, "", ""))
    province, regency, district = ancestors_of(code)
    digest = contents.digest_of(period_code, code, UnitKind.VILLAGE.value, 1, text)
    place = {"village_code": code, "district_code": district, "regency_code": regency, "province_code": province}
    unit = {"unit_kind": UnitKind.VILLAGE, "unit_name": "", "contact_name": "", "contact_phone": "", "remarks": ""}
    sent = {"state": state, "content": text, "version": 1, "digest": digest, "is_corrected": False, "sent_by_id": None, "sent_at": moment}
    made_at = {"is_sample": True, "created_at": moment, "changed_at": moment}
    return {"code": _code("report", code), "period_id": period_id, **place, **unit, **sent, **made_at}


def _add_evidence(session: Session, codes: list[str], moment: datetime, today: date) -> None:
    found = session.execute(select(PotentialProduct.id, PotentialProduct.code).where(PotentialProduct.code.in_(codes)))
    rows = [
        {
            "code": _code("evidence", code),
            "potential_id": number,
            "kind": EvidenceKind.NOTE,
            "source": "Sekretaris desa",
            "seen_on": today - timedelta(days=number % 200),
            "note": "Data contoh.",
            "file_name": "",
            "is_sample": True,
            "added_by_id": None,
            "added_at": moment,
        }
        for number, code in found
        if crc32(code.encode()) % 10 < 6
    ]
    if rows:
        session.execute(insert(Evidence), rows)


def _add_history(session: Session, reports: list[Row], moment: datetime) -> None:
    """The version of each report and the steps that led to where it stands."""
    known = select(VillageReport.code, VillageReport.id).where(VillageReport.code.in_([row["code"] for row in reports]))
    ids = {row.code: row.id for row in session.execute(known)}
    versions, steps = [], []
    for row in reports:
        content, common = contents.load(row["content"]), {"report_id": ids[row["code"]], "version": 1, "digest": row["digest"]}
        sums = {"makers": content.makers, "workers": content.workers, "products": len(content.lines), "sales": content.sales}
        sender = {"sent_by_id": None, "sent_by_name": "Perangkat Desa (contoh)", "sent_at": moment}
        versions.append({**common, **sums, **sender, "content": row["content"], "reason": ""})
        for act, before, after in _WAYS[row["state"]]:
            who = {"actor_id": None, "actor_name": "Perangkat Desa (contoh)", "at": moment}
            steps.append({**common, **who, "act": act.value, "from_state": before, "to_state": after, "remarks": ""})
    if versions:
        session.execute(insert(ReportVersion), versions)
        session.execute(insert(ReportStep), steps)
