"""Curation: versioned criteria, submissions of products, gates, scorecards, decisions, improvements, appeals.

Revision: 0016, after: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

#: Facts that are only ever added.
APPEND_ONLY = ("submission_steps", "curation_decisions")
TABLES = (
    "appeals",
    "improvement_items",
    "curation_decisions",
    "assessor_conflicts",
    "assessments",
    "score_sheets",
    "gate_checks",
    "submission_steps",
    "submission_authors",
    "submissions",
    "criterion_levels",
    "criteria",
    "criteria_sets",
)


def upgrade() -> None:
    _create_criteria()
    _create_submissions()
    _create_scores()
    _create_decisions()
    for table in APPEND_ONLY:
        _guard(table)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _guard(table: str) -> None:
    """No UPDATE, no DELETE; PostgreSQL's function is that of migration 0002."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _create_criteria() -> None:
    op.create_table(
        "criteria_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_id", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("star_thresholds", sa.JSON(), nullable=False),
        sa.Column("fewest_assessors", sa.Integer(), nullable=False),
        sa.Column("widest_spread", sa.Integer(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria_sets")),
        sa.UniqueConstraint("scheme", "year", "version", name=op.f("uq_criteria_sets_scheme_year_version")),
    )
    op.create_table(
        "criteria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("block", sa.String(2), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("weight_bps", sa.Integer(), nullable=False),
        sa.Column("name_id", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("evidence_id", sa.String(240), nullable=False),
        sa.Column("evidence_en", sa.String(240), nullable=False),
        sa.CheckConstraint("weight_bps BETWEEN 1 AND 10000", name=op.f("ck_criteria_weight_in_range")),
        sa.ForeignKeyConstraint(["set_id"], ["criteria_sets.id"], name=op.f("fk_criteria_set_id_criteria_sets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria")),
        sa.UniqueConstraint("set_id", "key", name=op.f("uq_criteria_set_id_key")),
    )
    op.create_table(
        "criterion_levels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("share_bps", sa.Integer(), nullable=False),
        sa.Column("words_id", sa.String(240), nullable=False),
        sa.Column("words_en", sa.String(240), nullable=False),
        sa.CheckConstraint("share_bps BETWEEN 0 AND 10000", name=op.f("ck_criterion_levels_share_in_range")),
        sa.ForeignKeyConstraint(["criterion_id"], ["criteria.id"], name=op.f("fk_criterion_levels_criterion_id_criteria")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion_levels")),
        sa.UniqueConstraint("criterion_id", "position", name=op.f("uq_criterion_levels_criterion_id_position")),
    )


def _create_submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("village_code", sa.String(13), nullable=False),
        sa.Column("regency_code", sa.String(5), nullable=False),
        sa.Column("criteria_set_id", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("endorsed_by_id", sa.Integer(), nullable=True),
        sa.Column("endorsed_stars", sa.Integer(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["criteria_set_id"], ["criteria_sets.id"], name=op.f("fk_submissions_criteria_set_id_criteria_sets")),
        sa.ForeignKeyConstraint(["endorsed_by_id"], ["users.id"], name=op.f("fk_submissions_endorsed_by_id_users")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_submissions_product_id_products")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["users.id"], name=op.f("fk_submissions_proposed_by_id_users")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["users.id"], name=op.f("fk_submissions_submitted_by_id_users")),
        sa.ForeignKeyConstraint(["village_code"], ["areas.code"], name=op.f("fk_submissions_village_code_areas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("code", name=op.f("uq_submissions_code")),
        sa.UniqueConstraint("product_id", "version", name=op.f("uq_submissions_product_id_version")),
    )
    op.create_index(op.f("ix_submissions_changed_at"), "submissions", ["changed_at"], unique=False)
    op.create_index(op.f("ix_submissions_criteria_set_id"), "submissions", ["criteria_set_id"], unique=False)
    op.create_index(op.f("ix_submissions_endorsed_by_id"), "submissions", ["endorsed_by_id"], unique=False)
    op.create_index(op.f("ix_submissions_proposed_by_id"), "submissions", ["proposed_by_id"], unique=False)
    op.create_index(op.f("ix_submissions_regency_code_changed_at"), "submissions", ["regency_code", "changed_at"], unique=False)
    op.create_index(
        op.f("ix_submissions_regency_code_state_changed_at"), "submissions", ["regency_code", "state", "changed_at"], unique=False
    )
    op.create_index(op.f("ix_submissions_state_changed_at"), "submissions", ["state", "changed_at"], unique=False)
    op.create_index(op.f("ix_submissions_submitted_by_id"), "submissions", ["submitted_by_id"], unique=False)
    op.create_index(op.f("ix_submissions_village_code_changed_at"), "submissions", ["village_code", "changed_at"], unique=False)
    op.create_index(
        "uq_submissions_approved",
        "submissions",
        ["product_id"],
        unique=True,
        sqlite_where=sa.text("state = 'approved'"),
        postgresql_where=sa.text("state = 'approved'"),
    )
    op.create_index(
        "uq_submissions_open",
        "submissions",
        ["product_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('appealed', 'assessment', 'desk_check', 'draft', 'returned', 'submitted')"),
        postgresql_where=sa.text("state IN ('appealed', 'assessment', 'desk_check', 'draft', 'returned', 'submitted')"),
    )
    op.create_table(
        "submission_authors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_submission_authors_submission_id_submissions")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_submission_authors_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_authors")),
        sa.UniqueConstraint("submission_id", "user_id", name=op.f("uq_submission_authors_submission_id_user_id")),
    )
    op.create_index(op.f("ix_submission_authors_user_id"), "submission_authors", ["user_id"], unique=False)
    op.create_table(
        "submission_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("from_state", sa.String(12), nullable=True),
        sa.Column("to_state", sa.String(12), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_submission_steps_actor_id_users")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_submission_steps_submission_id_submissions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_steps")),
    )
    op.create_index(op.f("ix_submission_steps_actor_id"), "submission_steps", ["actor_id"], unique=False)
    op.create_index(op.f("ix_submission_steps_submission_id"), "submission_steps", ["submission_id"], unique=False)
    op.create_table(
        "gate_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("gate", sa.String(20), nullable=False),
        sa.Column("result", sa.String(8), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(80), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["checked_by_id"], ["users.id"], name=op.f("fk_gate_checks_checked_by_id_users")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_gate_checks_submission_id_submissions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_checks")),
        sa.UniqueConstraint("submission_id", "gate", name=op.f("uq_gate_checks_submission_id_gate")),
    )
    op.create_index(op.f("ix_gate_checks_checked_by_id"), "gate_checks", ["checked_by_id"], unique=False)


def _create_scores() -> None:
    op.create_table(
        "score_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assessor_id"], ["users.id"], name=op.f("fk_score_sheets_assessor_id_users")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_score_sheets_submission_id_submissions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheets")),
        sa.UniqueConstraint("submission_id", "round", "assessor_id", name=op.f("uq_score_sheets_submission_id_round_assessor_id")),
    )
    op.create_index(op.f("ix_score_sheets_assessor_id"), "score_sheets", ["assessor_id"], unique=False)
    op.create_table(
        "assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(80), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_assessments_level_in_range")),
        sa.ForeignKeyConstraint(["criterion_id"], ["criteria.id"], name=op.f("fk_assessments_criterion_id_criteria")),
        sa.ForeignKeyConstraint(["sheet_id"], ["score_sheets.id"], name=op.f("fk_assessments_sheet_id_score_sheets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("sheet_id", "criterion_id", name=op.f("uq_assessments_sheet_id_criterion_id")),
    )
    op.create_index(op.f("ix_assessments_criterion_id"), "assessments", ["criterion_id"], unique=False)
    op.create_table(
        "assessor_conflicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(240), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["declared_by_id"], ["users.id"], name=op.f("fk_assessor_conflicts_declared_by_id_users")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"], name=op.f("fk_assessor_conflicts_ended_by_id_users")),
        sa.ForeignKeyConstraint(["maker_id"], ["makers.id"], name=op.f("fk_assessor_conflicts_maker_id_makers")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_assessor_conflicts_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessor_conflicts")),
    )
    op.create_index(op.f("ix_assessor_conflicts_declared_by_id"), "assessor_conflicts", ["declared_by_id"], unique=False)
    op.create_index(op.f("ix_assessor_conflicts_ended_by_id"), "assessor_conflicts", ["ended_by_id"], unique=False)
    op.create_index(op.f("ix_assessor_conflicts_maker_id_user_id"), "assessor_conflicts", ["maker_id", "user_id"], unique=False)
    op.create_index(op.f("ix_assessor_conflicts_user_id"), "assessor_conflicts", ["user_id"], unique=False)
    op.create_index(
        "uq_assessor_conflicts_standing",
        "assessor_conflicts",
        ["maker_id", "user_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _create_decisions() -> None:
    op.create_table(
        "curation_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("stars_scale", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("spread", sa.Integer(), nullable=True),
        sa.Column("assessor_count", sa.Integer(), nullable=False),
        sa.Column("reason_id", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.Column("summary_id", sa.String(500), nullable=False),
        sa.Column("summary_en", sa.String(500), nullable=False),
        sa.Column("private_remarks", sa.Text(), nullable=False),
        sa.Column("valid_until_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("second_reviewer_id", sa.Integer(), nullable=True),
        sa.Column("publication_decision_id", sa.Integer(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(stars IS NULL AND valid_until_on IS NULL) OR outcome = 'approved'", name=op.f("ck_curation_decisions_stars_need_approval")
        ),
        sa.CheckConstraint("stars IS NULL OR (stars >= 1 AND stars <= stars_scale)", name=op.f("ck_curation_decisions_stars_within_scale")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_curation_decisions_decided_by_id_users")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_curation_decisions_product_id_products")),
        sa.ForeignKeyConstraint(
            ["publication_decision_id"],
            ["publication_decisions.id"],
            name=op.f("fk_curation_decisions_publication_decision_id_publication_decisions"),
        ),
        sa.ForeignKeyConstraint(["second_reviewer_id"], ["users.id"], name=op.f("fk_curation_decisions_second_reviewer_id_users")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_curation_decisions_submission_id_submissions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curation_decisions")),
        sa.UniqueConstraint("code", name=op.f("uq_curation_decisions_code")),
        sa.UniqueConstraint("submission_id", "round", name=op.f("uq_curation_decisions_submission_id_round")),
    )
    op.create_index(op.f("ix_curation_decisions_decided_by_id"), "curation_decisions", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_curation_decisions_outcome_valid_until_on"), "curation_decisions", ["outcome", "valid_until_on"], unique=False)
    op.create_index(op.f("ix_curation_decisions_product_id_outcome"), "curation_decisions", ["product_id", "outcome"], unique=False)
    op.create_index(op.f("ix_curation_decisions_publication_decision_id"), "curation_decisions", ["publication_decision_id"], unique=False)
    op.create_index(op.f("ix_curation_decisions_second_reviewer_id"), "curation_decisions", ["second_reviewer_id"], unique=False)
    op.create_index(op.f("ix_curation_decisions_submission_id"), "curation_decisions", ["submission_id"], unique=False)
    op.create_table(
        "improvement_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=True),
        sa.Column("gate", sa.String(20), nullable=True),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(criterion_id IS NULL) <> (gate IS NULL)", name=op.f("ck_improvement_items_one_cause")),
        sa.ForeignKeyConstraint(["criterion_id"], ["criteria.id"], name=op.f("fk_improvement_items_criterion_id_criteria")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["curation_decisions.id"], name=op.f("fk_improvement_items_decision_id_curation_decisions")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["users.id"], name=op.f("fk_improvement_items_done_by_id_users")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_improvement_items_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_items")),
        sa.UniqueConstraint("code", name=op.f("uq_improvement_items_code")),
    )
    op.create_index(op.f("ix_improvement_items_criterion_id"), "improvement_items", ["criterion_id"], unique=False)
    op.create_index(op.f("ix_improvement_items_decision_id"), "improvement_items", ["decision_id"], unique=False)
    op.create_index(op.f("ix_improvement_items_done_by_id"), "improvement_items", ["done_by_id"], unique=False)
    op.create_index(op.f("ix_improvement_items_product_id_done_at"), "improvement_items", ["product_id", "done_at"], unique=False)
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_appeals_decided_by_id_users")),
        sa.ForeignKeyConstraint(["decision_id"], ["curation_decisions.id"], name=op.f("fk_appeals_decision_id_curation_decisions")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_appeals_made_by_id_users")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_appeals_submission_id_submissions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeals_decision_id")),
    )
    op.create_index(op.f("ix_appeals_decided_by_id"), "appeals", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_appeals_made_by_id"), "appeals", ["made_by_id"], unique=False)
    op.create_index(op.f("ix_appeals_submission_id"), "appeals", ["submission_id"], unique=False)
