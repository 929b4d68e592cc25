"""A season of curation in PALI: proposals in every state, scorecards, decisions with stars, an appeal, approvals that run out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from catalog import media
from catalog.curation import appeals, assessing, checking, criteria, deciding, drafting, improving, proposals, stars
from catalog.curation.assessing import Mark
from catalog.curation.criteria import DEFAULT
from catalog.curation.deciding import Improvement, Verdict
from catalog.curation.states import CurationState
from catalog.media import Storage
from catalog.models.curation import CriteriaSet, CurationDecision, Gate, GateResult, ImprovementItem, Submission, SubmissionKind
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import Product, Unit
from catalog.photo_files import FORMATS, WIDTHS, PreparedPhoto
from catalog.products import ProductFacts, facts_of
from catalog.programme_offices import OfficeFacts, save_office
from catalog.variants import VariantFacts
from kernel import accounts, clock
from kernel.people import Actor, User
from storefront.demo.cast import ADMINISTRATOR, DOMAIN, HOME

_DAY = timedelta(days=1)
_S = CurationState


@dataclass(frozen=True, slots=True)
class Case:
    """One product that is scored: whose, how good each assessor finds it, how many days ago it was decided, and in what words."""

    maker: str
    quality: Sequence[float]
    days_ago: int
    outcome: CurationState = _S.APPROVED
    reason_id: str = "Produk ini memenuhi syarat dan siap dijual. Pertahankan mutunya."
    reason_en: str = "This product meets the criteria and is ready to be sold. Please keep its quality."
    summary_id: str = ""
    summary_en: str = ""


#: The first season tried criteria that count for half a year; some of its decisions have run out or soon will.
FIRST_SEASON = (
    Case(
        "kebun-kopi-gunung-menang", (0.8, 0.78), 150, summary_id="Kopi robusta yang disangrai rapi.", summary_en="Neatly roasted robusta."
    ),
    Case("tenun-bumi-ayu", (0.86, 0.8), 205),
    Case("bengkel-kayu-karet-semangus", (0.7, 0.66), 120),
)
SECOND_SEASON = (
    Case(
        "dapur-kencur-karang-agung",
        (0.97, 1.0, 0.95),
        70,
        summary_id="Renyah, wangi kencur, dan jelas asal-usulnya.",
        summary_en="Crisp, fragrant with kencur, and clear about where it comes from.",
    ),
    Case(
        "rumah-nanas-talang-bulang",
        (0.82, 0.8),
        64,
        summary_id="Nanas desa, dimasak pelan.",
        summary_en="Village pineapple, slowly cooked.",
    ),
    Case("penderes-benakat", (0.68, 0.66), 51),
    Case(
        "kelompok-wanita-prabu-menang",
        (0.4, 0.5),
        20,
        _S.IMPROVE,
        "Rasanya sudah baik. Kemasan dan masa simpan belum cukup untuk dijual di pusat oleh-oleh.",
        "The taste is good. Packaging and shelf life are not enough yet for the souvenir centre.",
    ),
    Case(
        "lumbung-pandan",
        (0.45, 0.55),
        12,
        _S.IMPROVE,
        "Pasokan belum pasti sepanjang tahun. Buat catatan panen, lalu usulkan lagi.",
        "The supply is not certain all year. Please keep a record of harvests, then propose it again.",
    ),
)
#: Scored, and not decided: two far apart ask for a third, one is half filled in, two are enough.
BEING_SCORED = (
    ("madu-rimba-sungai-langan", (0.95, 0.6)),
    ("sanggar-purun-indah", (0.8,)),
    ("sabun-kelapa-suka-maju", (0.78, 0.74)),
)


@dataclass(frozen=True, slots=True)
class Season:
    """Who takes part."""

    session: Session
    administrator: Actor
    village: Actor
    curator: Actor
    second: Actor
    assessors: tuple[Actor, Actor, Actor]
    now: datetime


def is_curated(session: Session) -> bool:
    """Whether the season was made; it is made in one transaction, so it stands whole."""
    return bool(session.scalar(select(exists().where(Submission.id > 0))))


def curate(session: Session, storage: Storage, done: Callable[[], None] = lambda: None) -> None:
    """Make the season in the caller's transaction. Harmless when it stands, or when its people are not there."""
    if is_curated(session) or session.scalar(select(User.id).where(User.email == f"penilai3@{DOMAIN}")) is None:
        return
    season = _season(session)
    _name_office(season)
    with clock.at(season.now - 260 * _DAY):
        _open_criteria(season, 6)
    for case in FIRST_SEASON:
        _decide(season, case)
        done()
    with clock.at(season.now - 90 * _DAY):
        _open_criteria(season, 24)
    decided = [_decide(season, case) for case in SECOND_SEASON]
    _note_improvement(season, decided[3])
    with clock.at(season.now - 4 * _DAY):
        grounds = "Panen pandan kami catat sejak Januari; buku panen dapat dilihat di balai desa."
        appeals.appeal(session, season.administrator, session.get_one(Submission, decided[4].submission_id), grounds)
    done()
    for maker, quality in BEING_SCORED:
        _score_some(season, maker, quality)
    _leave_at_the_desk(season)
    _edit(season, storage)
    stars.expire_due(session)
    done()


def _season(session: Session) -> Season:
    def actor(local_part: str) -> Actor:
        person = session.scalars(select(User).where(User.email == f"{local_part}@{DOMAIN}").options(selectinload(User.grants))).one()
        return accounts.as_actor(person)

    return Season(
        session=session,
        administrator=actor(ADMINISTRATOR.local_part),
        village=actor("desa"),
        curator=actor("kurator"),
        second=actor("kurator2"),
        assessors=(actor("penilai"), actor("penilai2"), actor("penilai3")),
        now=clock.now(),
    )


def _name_office(season: Season) -> None:
    facts = OfficeFacts(
        area_code=HOME,
        name_id="Dinas Koperasi, UKM dan Perdagangan Kabupaten PALI (contoh)",
        name_en="Cooperatives, Small Business and Trade Office of PALI (sample)",
        address="Jalan Contoh No. 2, Talang Ubi, PALI",
        phone="+6281200000001",
        head_name="Kepala Dinas Contoh",
        head_title_id="Kepala Dinas",
        head_title_en="Head of the office",
    )
    save_office(season.session, season.administrator, facts, is_sample=True)


def _open_criteria(season: Season, months: int) -> None:
    data = replace(DEFAULT, valid_months=months)
    made = criteria.create_set(season.session, season.administrator, 2026, data)
    criteria.open_set(season.session, season.administrator, made)


def _product(season: Season, maker: str) -> Product:
    statement = select(Product).join(Maker, Maker.id == Product.maker_id).where(Maker.slug == maker).order_by(Product.id).limit(1)
    return season.session.scalars(statement).one()


def _look(season: Season, maker: str, days_ago: int) -> Submission:
    """Another look at a maker's first product, proposed, checked and open for scores so many days ago."""
    session = season.session
    with clock.at(season.now - (days_ago + 12) * _DAY):
        submission = proposals.propose_edit(session, season.administrator, _product(season, maker), kind=SubmissionKind.RECURATION)
        proposals.submit(session, season.administrator, submission)
    with clock.at(season.now - (days_ago + 9) * _DAY):
        checking.take_up(session, season.curator, submission)
        for gate in Gate:
            remark = "Contoh sudah diterima di dinas." if gate is Gate.SAMPLE_RECEIVED else ""
            checking.record_gate(session, season.curator, submission, gate, GateResult.PASSED, remark=remark)
        checking.open_assessment(session, season.curator, submission)
    return submission


def _decide(season: Season, case: Case) -> CurationDecision:
    submission = _look(season, case.maker, case.days_ago)
    for place, quality in enumerate(case.quality):
        with clock.at(season.now - (case.days_ago + 6 - place) * _DAY):
            _score(season, season.assessors[place], submission, quality)
    with clock.at(season.now - case.days_ago * _DAY):
        improvements = _improvements(season, submission) if case.outcome is _S.IMPROVE else []
        verdict = Verdict(
            outcome=case.outcome,
            reason_id=case.reason_id,
            reason_en=case.reason_en,
            summary_id=case.summary_id,
            summary_en=case.summary_en,
            improvements=improvements,
        )
        return deciding.decide(season.session, season.curator, submission, verdict)


def _improvements(season: Season, submission: Submission) -> list[Improvement]:
    used = criteria.get_set(season.session, submission.criteria_set_id or 0)
    failed = assessing.list_failed(used, assessing.list_finished(season.session, submission)) or [used.criteria[0].key]
    names = {row.key: row.name_id for row in used.criteria}
    return [Improvement(text=f"{names[key]}: perbaiki bersama pendamping, lalu tunjukkan hasilnya.", criterion=key) for key in failed[:3]]


def _score(season: Season, assessor: Actor, submission: Submission, quality: float, *, finish: bool = True) -> None:
    used = criteria.get_set(season.session, submission.criteria_set_id or 0)
    assessing.score(season.session, assessor, submission, _marks(used, quality, f"{submission.title}-{assessor.user_id}"), finish=finish)


def _marks(used: CriteriaSet, quality: float, seed: str) -> dict[str, Mark]:
    """Levels around `quality`, the same for the same product and assessor; a few with what was seen."""
    chance = Random(seed)
    marks = {}
    for place, criterion in enumerate(used.criteria):
        steps = len(criterion.levels) - 1
        level = round(min(1.0, max(0.0, quality + chance.uniform(-0.12, 0.12))) * steps) + 1
        marks[criterion.key] = Mark(level, note="Dilihat pada kunjungan ke rumah produksi." if place % 6 == 0 else "")
    return marks


def _note_improvement(season: Season, decision: CurationDecision) -> None:
    """One of the things asked for is done already."""
    first = select(ImprovementItem.code).where(ImprovementItem.decision_id == decision.id).order_by(ImprovementItem.position).limit(1)
    with clock.at(season.now - 5 * _DAY):
        improving.set_improved(season.session, season.curator, season.session.scalars(first).one(), is_done=True)


def _score_some(season: Season, maker: str, quality: Sequence[float]) -> None:
    submission = _look(season, maker, 0)
    for place, each in enumerate(quality):
        with clock.at(season.now - (5 - place) * _DAY):
            _score(season, season.assessors[place + 1], submission, each)


def _leave_at_the_desk(season: Season) -> None:
    """One is being checked and misses its permit, one waits to be taken up."""
    session = season.session
    with clock.at(season.now - 3 * _DAY):
        checked = proposals.propose_edit(session, season.administrator, _product(season, "bambu-tempirai"), kind=SubmissionKind.RECURATION)
        proposals.submit(session, season.administrator, checked)
        waiting = proposals.propose_edit(session, season.administrator, _product(season, "kemplang-modong"), kind=SubmissionKind.RECURATION)
        proposals.submit(session, season.administrator, waiting)
    with clock.at(season.now - 2 * _DAY):
        checking.take_up(session, season.curator, checked)
        for gate in (Gate.NIB, Gate.MAKER_NOT_RESELLER, Gate.SAMPLE_RECEIVED):
            checking.record_gate(session, season.curator, checked, gate, GateResult.PASSED)
        remark = "Alamat pembuat belum tertulis pada label."
        checking.record_gate(session, season.curator, checked, Gate.LABEL_COMPLETE, GateResult.FAILED, remark=remark)


def _edit(season: Season, storage: Storage) -> None:
    """What Karang Agung wrote: an edit of what is live, a new product that was returned, one that waits, one still being written."""
    session, village = season.session, season.village
    with clock.at(season.now - 2 * _DAY):
        live = _second_product(season, "dapur-kencur-karang-agung")
        words = "Keripik ubi pedas dengan daun jeruk segar dari pekarangan Karang Agung, digoreng tanpa pengawet."
        edit = proposals.propose_edit(session, village, live, replace(facts_of(session, live), summary_id=words))
        proposals.submit(session, village, edit)
    with clock.at(season.now - 6 * _DAY):
        returned = _new(season, storage, live, "Keripik talas balado", "Talas dari kebun sendiri, pedas manis, digoreng dua kali.")
        proposals.submit(session, village, returned)
        waiting = _new(season, storage, live, "Opak singkong wijen", "Opak tipis dari singkong parut, ditabur wijen, dijemur dua hari.")
        proposals.submit(session, village, waiting)
    with clock.at(season.now - 4 * _DAY):
        checking.take_up(session, season.curator, returned)
        checking.return_for_changes(
            session, season.curator, returned, "Tulis berat bersih yang sama dengan label, dan tambahkan foto label dari dekat."
        )
    with clock.at(season.now - _DAY):
        category = facts_of(session, live).category_id
        maker = session.get_one(Maker, live.maker_id)
        draft = ProductFacts(category_id=category, name_id="Kerupuk kencur")
        proposals.propose_product(session, village, maker, draft, is_sample=True)


def _second_product(season: Season, maker: str) -> Product:
    statement = select(Product).join(Maker, Maker.id == Product.maker_id).where(Maker.slug == maker).order_by(Product.id.desc()).limit(1)
    return season.session.scalars(statement).one()


def _new(season: Season, storage: Storage, like: Product, name: str, summary: str) -> Submission:
    """A new product of the same maker, with a pack, and a picture lent by `like`."""
    session = season.session
    facts = ProductFacts(category_id=facts_of(session, like).category_id, name_id=name, summary_id=summary)
    made = proposals.propose_product(session, season.village, session.get_one(Maker, like.maker_id), facts, is_sample=True)
    pack = VariantFacts(name_id="150 g", net_quantity=150, unit=Unit.GRAM, shipping_weight_g=200)
    drafting.add_pack(session, season.village, made, pack, price=15_000)
    photo = session.scalars(select(Photo).where(Photo.product_id == like.id).order_by(Photo.position).limit(1)).one()
    files = {(width, ending): storage.open(media.file_name(photo.name, width, ending)) for width in WIDTHS for ending in FORMATS}
    borrowed = PreparedPhoto(files=files, width=photo.width, height=photo.height)
    drafting.add_photo(session, storage, borrowed, made, actor=season.village, alt_id=f"Contoh: {name}", alt_en=f"Sample: {name}")
    return made
