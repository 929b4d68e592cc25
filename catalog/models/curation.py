"""Curation: criteria in versions, submissions of products, gates, scorecards, decisions that are never changed, improvements, appeals."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.curation.scorecard import Block, Line, Rules
from catalog.curation.states import OPEN, CurationState
from catalog.models.area import Area
from catalog.models.product import Product
from kernel.base import Base, enum_column, only_where
from kernel.ids import make_code
from kernel.people import User


class SubmissionKind(StrEnum):
    """Why somebody proposes: something new, an edit of what is live, or another look when a decision runs out."""

    NEW = "new"
    EDIT = "edit"
    RECURATION = "recuration"


class Gate(StrEnum):
    """What must be right before anybody scores (docs/curation.md)."""

    NIB = "nib"
    MAKER_NOT_RESELLER = "maker_not_reseller"
    RIGHT_PERMIT = "right_permit"
    HALAL_STATE = "halal_state"
    LABEL_COMPLETE = "label_complete"
    SAMPLE_RECEIVED = "sample_received"


class GateResult(StrEnum):
    """What the desk found. `pending`: the text changed since, so it has to be looked at again."""

    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"


class AppealState(StrEnum):
    """Where an appeal stands."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class CriteriaSet(Base):
    """One version of the criteria of a scheme in a year, with the rules that turn marks into stars. Frozen once used."""

    __tablename__ = "criteria_sets"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Whose stars these are, as a word: `regency_curation`. Never the ministry's: its awards are certificates.
    scheme: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    version: Mapped[int]
    name_id: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    #: Hundredths of a point for each star, rising; their number is the scale.
    star_thresholds: Mapped[list[int]] = mapped_column(JSON)
    fewest_assessors: Mapped[int]
    #: Hundredths of a point.
    widest_spread: Mapped[int]
    valid_months: Mapped[int]
    #: New assessments use the latest set that was opened.
    opened_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    criteria: Mapped[list[Criterion]] = relationship(
        lazy="raise", order_by="Criterion.block, Criterion.position", cascade="all, delete-orphan"
    )

    __table_args__ = (UniqueConstraint("scheme", "year", "version"),)

    @property
    def card(self) -> list[Line]:
        """The criteria as the arithmetic wants them; criteria and levels are loaded."""
        return [
            Line(
                each.key, each.block, each.weight_bps, tuple(level.share_bps for level in sorted(each.levels, key=lambda row: row.position))
            )
            for each in self.criteria
        ]

    @property
    def rules(self) -> Rules:
        """How marks become stars."""
        return Rules(tuple(self.star_thresholds), self.fewest_assessors, self.widest_spread)


class Criterion(Base):
    """One line of a scorecard, with the evidence an assessor should have seen."""

    __tablename__ = "criteria"

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("criteria_sets.id"))
    key: Mapped[str] = mapped_column(String(40))
    block: Mapped[Block] = mapped_column(enum_column(Block, 2))
    position: Mapped[int]
    #: Of the whole scorecard, not of the block.
    weight_bps: Mapped[int]
    name_id: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    evidence_id: Mapped[str] = mapped_column(String(240))
    evidence_en: Mapped[str] = mapped_column(String(240))

    levels: Mapped[list[CriterionLevel]] = relationship(lazy="raise", order_by="CriterionLevel.position", cascade="all, delete-orphan")

    __table_args__ = (
        UniqueConstraint("set_id", "key"),
        CheckConstraint("weight_bps BETWEEN 1 AND 10000", name="weight_in_range"),
    )


class CriterionLevel(Base):
    """One of three or four levels, described in words; `share_bps` is how much of the criterion's weight it brings."""

    __tablename__ = "criterion_levels"

    id: Mapped[int] = mapped_column(primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criteria.id"))
    #: From 1, the lowest.
    position: Mapped[int]
    share_bps: Mapped[int]
    words_id: Mapped[str] = mapped_column(String(240))
    words_en: Mapped[str] = mapped_column(String(240))

    __table_args__ = (
        UniqueConstraint("criterion_id", "position"),
        CheckConstraint("share_bps BETWEEN 0 AND 10000", name="share_in_range"),
    )


class Submission(Base):
    """One version of a product on its way through curation. The product itself changes when this is approved, not before."""

    __tablename__ = "submissions"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    version: Mapped[int]
    kind: Mapped[SubmissionKind] = mapped_column(enum_column(SubmissionKind, 12))
    state: Mapped[CurationState] = mapped_column(enum_column(CurationState, 12))
    #: From the content, for lists: the name, where it is made, and that village's regency.
    title: Mapped[str] = mapped_column(String(120))
    village_code: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    regency_code: Mapped[str] = mapped_column(String(5))
    #: The criteria it is scored by, fixed when the assessment opens; an appeal that is upheld begins another round.
    criteria_set_id: Mapped[int | None] = mapped_column(ForeignKey("criteria_sets.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    #: The second person's word that more stars than last time are right, in this round.
    endorsed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    endorsed_stars: Mapped[int | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    proposed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    #: When makers and office were told that the approval runs out.
    reminded_at: Mapped[datetime | None]
    # The long texts stand last, for lists on SQLite. What the proposer says to the office, and what the office answered last.
    note: Mapped[str] = mapped_column(Text, default="")
    remarks: Mapped[str] = mapped_column(Text, default="")
    #: What the product shall say, as canonical JSON (catalog.curation.content); what it said when this version began.
    content: Mapped[str] = mapped_column(Text)
    base: Mapped[str] = mapped_column(Text)
    #: The content that was returned last.
    returned: Mapped[str] = mapped_column(Text, default="")

    product: Mapped[Product] = relationship(lazy="raise")
    village: Mapped[Area] = relationship(lazy="raise")
    criteria_set: Mapped[CriteriaSet | None] = relationship(lazy="raise")
    proposed_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[proposed_by_id])

    __table_args__ = (
        UniqueConstraint("product_id", "version"),
        # Two people may edit one product at once; two versions of it are never under way.
        Index(
            "uq_submissions_open", "product_id", unique=True, **only_where(f"state IN ({', '.join(repr(s.value) for s in sorted(OPEN))})")
        ),
        Index("uq_submissions_approved", "product_id", unique=True, **only_where("state = 'approved'")),
        Index(None, "state", "changed_at"),
        Index(None, "regency_code", "state", "changed_at"),
        Index(None, "regency_code", "changed_at"),
        Index(None, "village_code", "changed_at"),
        Index(None, "changed_at"),
    )


class SubmissionAuthor(Base):
    """Somebody who wrote in a submission, once: they neither check, score nor decide it."""

    __tablename__ = "submission_authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    first_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("submission_id", "user_id"),)


class SubmissionStep(Base):
    """One act on a submission with the remarks of that moment and a digest of the text it was about. Append-only."""

    __tablename__ = "submission_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    act: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[CurationState | None] = mapped_column(enum_column(CurationState, 12))
    to_state: Mapped[CurationState] = mapped_column(enum_column(CurationState, 12))
    remarks: Mapped[str] = mapped_column(Text)
    content_digest: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: As it was called then.
    actor_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


class GateCheck(Base):
    """One gate of one submission: what was found, by whom, and the file that shows it."""

    __tablename__ = "gate_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    gate: Mapped[Gate] = mapped_column(enum_column(Gate, 20))
    result: Mapped[GateResult] = mapped_column(enum_column(GateResult, 8))
    remark: Mapped[str] = mapped_column(Text, default="")
    #: Name of a private file, or empty.
    evidence: Mapped[str] = mapped_column(String(80), default="")
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    checked_at: Mapped[datetime]

    checked_by: Mapped[User | None] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("submission_id", "gate"),)


class ScoreSheet(Base):
    """One assessor's scorecard in one round. It counts once finished, and not when a conflict of interest comes out."""

    __tablename__ = "score_sheets"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    round: Mapped[int]
    assessor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    #: Hundredths of a point, when finished.
    total: Mapped[int | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]

    assessments: Mapped[list[Assessment]] = relationship(lazy="raise", cascade="all, delete-orphan")
    assessor: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("submission_id", "round", "assessor_id"),)


class Assessment(Base):
    """One criterion on one scorecard: the level, what was seen, and the file that shows it."""

    __tablename__ = "assessments"

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheets.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criteria.id"), index=True)
    level: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    #: Name of a private file, or empty.
    evidence: Mapped[str] = mapped_column(String(80), default="")
    assessed_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("sheet_id", "criterion_id"), CheckConstraint("level BETWEEN 1 AND 4", name="level_in_range"))


class AssessorConflict(Base):
    """A person who is too close to a maker to check, score or decide anything of it, until a second person ends that."""

    __tablename__ = "assessor_conflicts"

    id: Mapped[int] = mapped_column(primary_key=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("makers.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    reason: Mapped[str] = mapped_column(String(240))
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    declared_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise", foreign_keys=[user_id])

    __table_args__ = (
        Index("uq_assessor_conflicts_standing", "maker_id", "user_id", unique=True, **only_where("ended_at IS NULL")),
        Index(None, "maker_id", "user_id"),
    )


class CurationDecision(Base):
    """What was decided about a submission, with reasons and the figures it rests on. Append-only."""

    __tablename__ = "curation_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    round: Mapped[int]
    outcome: Mapped[CurationState] = mapped_column(enum_column(CurationState, 12))
    scheme: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    #: None: decided without a star, or without scores.
    stars: Mapped[int | None]
    stars_scale: Mapped[int]
    #: Hundredths of a point; None without scores.
    score: Mapped[int | None]
    spread: Mapped[int | None]
    assessor_count: Mapped[int]
    #: To the maker, in plain words.
    reason_id: Mapped[str] = mapped_column(Text)
    reason_en: Mapped[str] = mapped_column(Text)
    #: To everybody.
    summary_id: Mapped[str] = mapped_column(String(500))
    summary_en: Mapped[str] = mapped_column(String(500))
    #: To the office alone.
    private_remarks: Mapped[str] = mapped_column(Text)
    valid_until_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    second_reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    publication_decision_id: Mapped[int | None] = mapped_column(ForeignKey("publication_decisions.id"), index=True)
    is_sample: Mapped[bool]
    decided_at: Mapped[datetime]

    submission: Mapped[Submission] = relationship(lazy="raise")
    decided_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])

    __table_args__ = (
        UniqueConstraint("submission_id", "round"),
        Index(None, "product_id", "outcome"),
        Index(None, "outcome", "valid_until_on"),
        CheckConstraint("stars IS NULL OR (stars >= 1 AND stars <= stars_scale)", name="stars_within_scale"),
        CheckConstraint("(stars IS NULL AND valid_until_on IS NULL) OR outcome = 'approved'", name="stars_need_approval"),
    )


class ImprovementItem(Base):
    """What a maker should do before the next version, tied to the criterion or the gate that asked for it."""

    __tablename__ = "improvement_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=make_code)
    decision_id: Mapped[int] = mapped_column(ForeignKey("curation_decisions.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    position: Mapped[int]
    criterion_id: Mapped[int | None] = mapped_column(ForeignKey("criteria.id"), index=True)
    gate: Mapped[Gate | None] = mapped_column(enum_column(Gate, 20))
    text: Mapped[str] = mapped_column(String(500))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    criterion: Mapped[Criterion | None] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("(criterion_id IS NULL) <> (gate IS NULL)", name="one_cause"),
        Index(None, "product_id", "done_at"),
    )


class Appeal(Base):
    """The maker's side asks for another look at one decision, once."""

    __tablename__ = "appeals"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("curation_decisions.id"), unique=True)
    grounds: Mapped[str] = mapped_column(Text)
    state: Mapped[AppealState] = mapped_column(enum_column(AppealState, 12))
    answer: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    made_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    decided_at: Mapped[datetime | None]
