"""Mentoring in the demo: assignments, visits with drawn photos, trainings, organisations, papers that end, one approved dossier."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from catalog import certificates
from catalog.media import BadName, Storage, file_name
from catalog.mentoring import assignments, events, items, organisations, visits
from catalog.mentoring.events import EventFacts
from catalog.mentoring.items import ItemFacts
from catalog.mentoring.organisations import ContactFacts, OrganisationFacts
from catalog.mentoring.visits import VisitFacts
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.maker import Maker
from catalog.models.mentoring import EventKind, ItemOwner, OrganisationKind, ReferralState, Visit
from catalog.models.photo import Photo
from catalog.models.scan import Scan
from catalog.papers import keeping
from kernel import accounts, clock
from kernel.errors import DomainError
from kernel.people import Actor, User
from orders.dossiers import sharing
from orders.dossiers.plan import CHECKS
from storefront.demo.cast import ADMINISTRATOR, DOMAIN, HOME

#: Keeps a file under a name: the private folder of the storefront.
Keep = Callable[[str, bytes], None]

DOSSIER = "rumah-nanas-talang-bulang"
#: Maker, days ago, what was seen, what was agreed on, what is to be done, in how many days.
VISITS = (
    (
        DOSSIER,
        62,
        "Dapur bersih, ada dua kompor. Label sirup belum memuat tanggal kedaluwarsa.",
        "Label dicetak ulang.",
        "Cetak ulang label",
        20,
    ),
    (DOSSIER, 27, "Label baru sudah dipakai. Catatan penjualan ditulis setiap hari.", "Buka rekening usaha.", "Buka rekening usaha", -5),
    (DOSSIER, 4, "Rekening usaha sudah ada. Rencana alat pengering dibahas bersama.", "Susun rencana usaha.", "", 0),
    ("gula-aren-benakat", 41, "Tungku baru hemat kayu. Kemasan masih plastik polos.", "Coba kemasan daun.", "Contoh kemasan daun", 14),
    ("rimba-karet-semangus", 33, "Produksi berhenti dua minggu karena hujan.", "Cari tempat jemur beratap.", "Tempat jemur beratap", -9),
    ("sd-contoh-sungai-ibul", 12, "Murid membuat sabun dengan sarung tangan; guru mencatat resep.", "", "", 0),
    (
        "sabun-kelapa-suka-maju",
        19,
        "Gudang rapi, stok dihitung. Izin edar sedang diurus.",
        "Kirim berkas izin.",
        "Kirim berkas izin",
        10,
    ),
    ("dapur-kencur-karang-agung", 15, "Pesanan naik, tenaga kurang.", "Latih dua tetangga.", "Latih dua tetangga", 25),
    ("kelompok-mocaf-betung", 8, "Mesin giling dipakai bergantian, jadwal ditempel.", "Ukur kadar air.", "Pinjam alat ukur kadar air", 12),
)
ORGANISATIONS = (
    (OrganisationKind.BANK, "Bank Contoh Sumsel", "Kredit usaha rakyat, rekening usaha", "Ibu Rina; bagian mikro; 081200000011"),
    (
        OrganisationKind.UNIVERSITY,
        "Universitas Contoh Sriwijaya",
        "Uji gizi, desain kemasan, KKN",
        "Pak Hadi; dosen pangan; 081200000012",
    ),
    (OrganisationKind.BPOM, "Balai POM (contoh)", "Izin edar, penyuluhan keamanan pangan", "Loket UMKM; ; 081200000013"),
    (OrganisationKind.BPJS, "BPJS Ketenagakerjaan (contoh)", "Jaminan kerja untuk pembuat", ""),
    (OrganisationKind.BUMD, "BUMD Contoh PALI", "Gudang dan angkutan", ""),
    (OrganisationKind.NGO, "Yayasan Contoh Hutan Desa", "Bahan baku lestari", ""),
)
PLAN = {
    "business": "Sirup, selai, dan manisan dari nanas kebun sendiri. Usaha keluarga, dibantu empat tetangga.",
    "market": "Pusat oleh-oleh, pesanan instansi, dan warung. Toko di Palembang meminta 200 botol sebulan.",
    "production": "120 botol seminggu dengan dua kompor. Alat pengering menambah menjadi 200.",
    "purpose": "Satu alat pengering, satu mesin segel, dan bahan kemasan tiga bulan.",
    "repayment": "Rp1.100.000 sebulan selama 24 bulan dari bagi hasil penjualan.",
    "contact": "Pembuat Contoh, lewat dinas koperasi",
    "needed": 24_000_000,
    "own_money": 6_000_000,
    "monthly_costs": 4_500_000,
    "yearly_turnover": 96_000_000,
}


def is_mentored(session: Session) -> bool:
    """Whether it stands already; it is made in one transaction."""
    return bool(session.scalar(select(exists().where(Visit.is_sample))))


def mentor(session: Session, media: Storage, keep_visit: Keep, keep_scan: Keep, today: date) -> None:
    """Everything, in the caller's transaction and marked as sample data; harmless for makers that are not there."""
    if not session.scalar(select(exists().where(User.email == f"pendamping@{DOMAIN}"))):
        return  # a demo from before there were mentors
    office, mentor_person = _actor(session, ADMINISTRATOR.email), _person(session, f"pendamping@{DOMAIN}")
    makers = {maker.slug: maker for maker in session.scalars(select(Maker))}
    walker = accounts.as_actor(mentor_person)
    for slug in dict.fromkeys(visit[0] for visit in VISITS):
        if slug in makers and makers[slug].village_code.startswith("16.12.01."):
            assignments.assign(session, office, mentor_person, makers[slug], today - timedelta(days=120), is_sample=True)
    for number, visit in enumerate(VISITS):
        if visit[0] in makers:
            who = walker if makers[visit[0]].village_code.startswith("16.12.01.") else office
            _visit(session, media, keep_visit, who, makers[visit[0]], visit, number, today)
    _hold_events(session, office, today)
    _end_papers(session, office, today)
    _scan(session, media, keep_scan, office)
    bank = _write_directory(session, office, makers, today)
    if DOSSIER in makers:
        _share_dossier(session, office, makers[DOSSIER], bank, today)


def _visit(
    session: Session,
    media: Storage,
    keep: Keep,
    who: Actor,
    maker: Maker,
    facts: tuple[str, int, str, str, str, int],
    number: int,
    today: date,
) -> None:
    _slug, days_ago, seen, agreed, todo, due = facts
    day = today - timedelta(days=days_ago)
    with clock.at(datetime(day.year, day.month, day.day, 10, tzinfo=clock.ZONES["WIB"])):
        name = _picture(session, media, keep, maker)
        typed = VisitFacts(
            token=hashlib.sha256(f"demo visit {number}".encode()).hexdigest()[:32],
            visited_on=day,
            seen=seen,
            agreed=agreed,
            place="Tempat produksi",
            next_on=day + timedelta(days=30),
        )
        made, _is_new = visits.record_visit(session, who, maker, typed, [name] if name else [], is_sample=True)
        if todo:
            item = ItemFacts(owner=ItemOwner.MAKER, due_on=today + timedelta(days=due), text=todo)
            added = items.add_item(session, who, maker, item, visit=made, is_sample=True)
            if days_ago > 60:
                items.finish(session, who, added.code, "Sudah terlihat pada kunjungan berikutnya.")


def _picture(session: Session, media: Storage, keep: Keep, maker: Maker) -> str:
    """A copy of the maker's drawn picture, as if it was taken there."""
    photo = session.scalar(select(Photo).where(Photo.maker_id == maker.id).order_by(Photo.position).limit(1))
    if photo is None:
        return ""
    try:
        data = media.open(file_name(photo.name, 640, "jpg"))
    except (FileNotFoundError, BadName):
        return ""
    name = f"{secrets.token_hex(16)}.jpg"
    keep(name, data)
    return name


def _hold_events(session: Session, office: Actor, today: date) -> None:
    """A training that was held, and one that is coming."""
    invited = ("16.12.01.2001", "16.12.01.2005", "16.12.04.2001", "16.12.04.2003")
    held = EventFacts(
        kind=EventKind.TRAINING,
        title="Label pangan dan tanggal kedaluwarsa",
        place="Aula Dinas Koperasi dan UKM, Pendopo",
        held_on=today - timedelta(days=21),
        hours="08.30–12.00",
        about="Isi label menurut aturan, cetak sendiri, dan cara menghitung tanggal.",
        villages=invited,
    )
    past = events.create_event(session, office, HOME, held, is_sample=True)
    people = (("16.12.01.2001", "Ibu Contoh Satu"), ("16.12.01.2001", "Ibu Contoh Dua"), ("16.12.04.2001", "Bapak Contoh Tiga"))
    codes = [
        events.register(session, office, past, village, name).code for village, name in (*people, ("16.12.04.2003", "Ibu Contoh Empat"))
    ]
    events.mark(session, office, past, codes[:3])
    coming = EventFacts(
        kind=EventKind.TRAINING,
        title="Mencatat uang usaha",
        place="Balai Desa Betung",
        held_on=today + timedelta(days=9),
        hours="09.00–15.00",
        about="Buku kas sederhana, memisahkan uang rumah tangga, dan rencana usaha.",
        villages=invited,
    )
    soon = events.create_event(session, office, HOME, coming, is_sample=True)
    for village, name in people[:2]:
        events.register(session, office, soon, village, name)


def _end_papers(session: Session, office: Actor, today: date) -> None:
    """Some permits end within a week, a month and three months, so that the calendar and the warnings have something to say."""
    statement = select(Certificate).where(
        Certificate.kind == CertificateKind.PIRT, Certificate.is_sample, Certificate.valid_until_on > today + timedelta(days=365)
    )
    for days, paper in zip((5, 24, 71, 83), session.scalars(statement.order_by(Certificate.id.desc()).limit(4)), strict=False):
        last = today + timedelta(days=days)
        paper.number = f"{paper.number.partition('-')[0]}-{last:%y}"
        certificates.end_certificate(session, office, paper, last)


def _scan(session: Session, media: Storage, keep: Keep, office: Actor) -> None:
    """One paper has a scan: a drawn picture stands for it."""
    of_product = select(Certificate).where(Certificate.is_sample, Certificate.product_id.is_not(None))
    paper = session.scalar(of_product.order_by(Certificate.id).limit(1))
    if paper is None:
        return
    photo = session.scalar(select(Photo).where(Photo.product_id == paper.product_id).order_by(Photo.position).limit(1))
    if photo is None:
        return
    try:
        data = media.open(file_name(photo.name, 640, "jpg"))
    except (FileNotFoundError, BadName):
        return
    name = f"{secrets.token_hex(16)}.jpg"
    keep(name, data)
    digest = hashlib.sha256(data).hexdigest()
    keeping.keep_scan(session, office, paper, Scan(name=name, media_type="image/jpeg", digest=digest, size=len(data)))


def _write_directory(session: Session, office: Actor, makers: dict[str, Maker], today: date) -> str:
    """The organisations and two referrals; the bank's code."""
    codes = []
    for kind, name, helps_with, contact in ORGANISATIONS:
        people = [ContactFacts(*[part.strip() for part in contact.split(";")])] if contact else []
        facts = OrganisationFacts(kind=kind, name=name, area_code=HOME, helps_with=helps_with, contacts=people)
        codes.append(organisations.save_organisation(session, office, facts, is_sample=True).code)
    for slug, code, purpose, answer in (
        (DOSSIER, codes[0], "Modal alat pengering", None),
        ("kelompok-mocaf-betung", codes[1], "Uji kadar air dan gizi", ReferralState.ACCEPTED),
    ):
        if slug in makers:
            found = organisations.get_organisation(session, office, code)
            made = organisations.refer(session, office, makers[slug], found, purpose, today - timedelta(days=18), is_sample=True)
            if answer is not None:
                organisations.note_result(session, office, made.code, answer)
    return codes[0]


def _share_dossier(session: Session, office: Actor, maker: Maker, bank: str, today: date) -> None:
    """Written, approved by the maker's own person, and shared with the bank; only written where nothing was sold yet."""
    sharing.write_plan(session, office, maker, dict(PLAN), dict.fromkeys(CHECKS, True))
    try:
        version = sharing.make_version(session, office, maker, today, is_sample=True)
    except DomainError:
        return
    own = _actor(session, f"pembuat@{DOMAIN}")
    sharing.answer(session, own, maker, version.code, digest=version.digest, agrees=True, name=own.name)
    _share, token = sharing.share(session, office, maker, bank, 30, today)
    sharing.open_share(session, token, "Peramban contoh")


def _person(session: Session, email: str) -> User:
    person = session.scalars(select(User).where(User.email == email)).one()
    session.refresh(person, ["grants"])
    return person


def _actor(session: Session, email: str) -> Actor:
    return accounts.as_actor(_person(session, email))
