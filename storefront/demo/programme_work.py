"""The programme's work in the demo: what every village could make with its evidence, and reports of three quarters in every state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from zlib import crc32

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from catalog import programme
from catalog.mapping import potentials
from catalog.mapping.potentials import EvidenceFacts, PotentialFacts
from catalog.models.mapping import EvidenceKind, PotentialProduct
from catalog.models.programme import ProgrammeRecord, ProgrammeStatus, Scheme
from catalog.models.reporting import ReportPeriod
from catalog.reporting import periods, writing
from catalog.reporting.content import Need, ReportContent, ReportLine
from catalog.reporting.periods import NewPeriod
from kernel.people import Actor

#: Invented; where evidence comes from.
SOURCES = ("Sekretaris desa", "Kepala desa", "Ketua PKK", "Musyawarah desa", "Pendamping desa", "Kunjungan dinas")
NOTES = (
    "Dibuat sejak lama oleh beberapa keluarga, dijual di pasar mingguan.",
    "Tiga rumah membuatnya setiap minggu; bahan dari kebun sendiri.",
    "Pesanan naik menjelang Lebaran, di bulan lain terbatas.",
    "Kelompok ibu-ibu mulai mengemas dengan label sederhana.",
    "Mutunya baik, tetapi kemasan masih plastik polos.",
)
#: Second products, so that neighbours name the same one: village by village.
SECONDS = {
    "16.12.01.2005": ("Keripik pisang", "Banana chips"),
    "16.12.02.2009": ("Keripik pisang", "Banana chips"),
    "16.12.03.2006": ("Kopi robusta", "Robusta coffee"),
    "16.12.03.2012": ("Anyaman purun", "Purun reed weaving"),
    "16.12.05.2014": ("Anyaman purun", "Purun reed weaving"),
    "16.12.04.2007": ("Kemplang dan terasi", "Kemplang and fish paste"),
    "16.12.01.2013": ("Abon ikan", "Fish floss"),
    "16.12.05.2011": ("Olahan nanas", "Pineapple specialities"),
}
SCHOOL = ("16.12.01.2016", "SLB Contoh Talang Ubi", "Sabun dan lilin hias", "Soap and decorated candles")
STATES = ("received", "received", "checked", "checked", "sent", "sent", "returned", "draft", "corrected", "none")


def is_worked(session: Session) -> bool:
    """Whether it stands already; it is made in one transaction."""
    return bool(session.scalar(select(exists().where(PotentialProduct.is_sample))))


def work_programme(session: Session, actor: Actor, area_code: str, year: int, today: date) -> None:
    """Potential products, evidence, and the year's quarters, in the caller's transaction; all marked as sample data."""
    records = programme.list_records(session, year, within=area_code)
    taking_part = [record for record in records if record.status is not ProgrammeStatus.NOT_MAPPED]
    for record in taking_part:
        _map_village(session, actor, record, today)
    _map_school(session, actor)
    _record_last_year(session, actor, taking_part, year - 1)
    for number, quarter in enumerate(_quarters(year)):
        period = periods.open_period(session, actor, area_code, quarter, is_sample=True)
        is_over = number < 2
        for record in taking_part:
            _report(session, record, period, number, "received" if is_over else "")
        if is_over:
            periods.lock_period(session, actor, period.id)


def _map_village(session: Session, actor: Actor, record: ProgrammeRecord, today: date) -> None:
    chance = Random(crc32(record.village_code.encode()))
    village = _voice(record)
    facts = PotentialFacts(record.product_name_id, record.product_name_en, note=chance.choice(NOTES))
    first = potentials.add_potential(session, village, record.village_code, facts, is_sample=True)
    if record.status is not ProgrammeStatus.MAPPED or chance.random() < 0.7:
        for _number in range(1 + (record.status.reached > 2)):
            seen = today - timedelta(days=chance.randrange(20, 300))
            evidence = EvidenceFacts(EvidenceKind.NOTE, chance.choice(SOURCES), seen, chance.choice(NOTES))
            potentials.add_evidence(session, actor, first, evidence, is_sample=True)
    if record.village_code in SECONDS:
        second = PotentialFacts(*SECONDS[record.village_code], note=chance.choice(NOTES))
        potentials.add_potential(session, village, record.village_code, second, is_sample=True)


def _map_school(session: Session, actor: Actor) -> None:
    code, name, in_indonesian, in_english = SCHOOL
    facts = PotentialFacts(
        in_indonesian,
        in_english,
        Scheme.OSOP,
        name,
        "Ibu Wali Contoh",
        "+6281200000011",
        note="Dibuat siswa setiap Sabtu.",
    )
    potentials.add_potential(session, actor, code, facts, is_sample=True)


def _record_last_year(session: Session, actor: Actor, records: Sequence[ProgrammeRecord], year: int) -> None:
    """Most of the villages were mapped a year before; a few had been chosen."""
    for number, record in enumerate(records):
        if number % 3 == 0:
            continue
        status = ProgrammeStatus.SELECTED if record.status.reached > 2 else ProgrammeStatus.MAPPED
        names = {"product_name_id": record.product_name_id, "product_name_en": record.product_name_en}
        programme.record_village(session, actor, record.village_code, year, status, is_sample=True, **names)


def _quarters(year: int) -> list[NewPeriod]:
    """The first three quarters of the programme year."""
    numerals = ("I", "II", "III")
    return [
        NewPeriod(
            f"Triwulan {numerals[number]} {year}",
            date(year, 1 + 3 * number, 1),
            date(year, 4 + 3 * number, 1) - timedelta(days=1),
            date(year, 4 + 3 * number, 15),
        )
        for number in range(3)
    ]


def _report(session: Session, record: ProgrammeRecord, period: ReportPeriod, quarter: int, wanted: str) -> None:
    chance = Random(crc32(f"{record.village_code} {quarter}".encode()))
    state = wanted or STATES[crc32(record.village_code[::-1].encode()) % len(STATES)]
    if state == "none":
        return
    village, regency, province = _voice(record), _office("Dinas Contoh PALI"), _office("Dinas Provinsi Contoh")
    report = writing.begin_report(session, village, period, record.village_code, is_sample=True)
    content = _content(record, chance)
    if state == "draft":
        writing.write_report(session, village, report.id, content)
        return
    writing.send_report(session, village, report.id, content)
    if state == "returned":
        writing.return_report(session, regency, report.id, "Nilai penjualan belum masuk akal. Mohon dicocokkan dengan catatan usaha.")
        return
    if state in ("checked", "received", "corrected"):
        writing.check_report(session, regency, report.id)
    if state in ("received", "corrected"):
        writing.receive_report(session, province, report.id)
    if state == "corrected":
        writing.correct_report(session, village, report.id, "Satu usaha terhitung dua kali.")
        writing.send_report(session, village, report.id, _corrected(content))
        writing.check_report(session, regency, report.id)


def _content(record: ProgrammeRecord, chance: Random) -> ReportContent:
    """A believable quarter: who was launched sells more than who was only mapped."""
    size = record.status.reached
    makers = chance.randrange(1, 3) + size
    made = chance.randrange(4, 12) * 10 * size
    sold = made - chance.randrange(0, made // 4 + 1)
    price = chance.choice((12_000, 15_000, 18_000, 25_000, 30_000))
    line = ReportLine(record.product_name_id, chance.choice(("bungkus", "buah", "kg", "botol")), made, sold, sold * price)
    needs = tuple(need for need in Need if chance.random() < (0.55 if need in (Need.PACKAGING, Need.PERMITS) else 0.25))
    markets = chance.choice(("Pasar Pendopo", "Pasar desa dan tetangga", "Pusat oleh-oleh, pasar", "Pesanan lewat telepon"))
    return ReportContent((line,), makers, makers * chance.randrange(2, 5), markets, needs, "", chance.choice(("", "", NOTES[2], NOTES[4])))


def _corrected(content: ReportContent) -> ReportContent:
    line = content.lines[0]
    fewer = ReportLine(line.name, line.unit, line.made, max(1, line.sold - 10), max(1_000, line.sales - 150_000))
    return replace(content, lines=(fewer,), makers=max(1, content.makers - 1))


def _voice(record: ProgrammeRecord) -> Actor:
    return Actor(user_id=None, name=f"Perangkat Desa {record.village.name} (contoh)", system=True)


def _office(name: str) -> Actor:
    return Actor(user_id=None, name=name, system=True)
