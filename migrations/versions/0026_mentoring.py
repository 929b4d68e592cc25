"""Mentoring: assignments, visits, action items, events, supporting organisations; and makers' financing dossiers.

Revision: 0026, after: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

#: In the order in which they need each other.
TABLES = (
    "programme_events",
    "supporting_organisations",
    "dossier_plans",
    "dossier_versions",
    "event_attendees",
    "event_villages",
    "mentor_assignments",
    "organisation_contacts",
    "referrals",
    "visits",
    "dossier_shares",
    "visit_photos",
    "dossier_openings",
    "action_items",
)
#: Facts that are only ever added.
APPEND_ONLY = ("dossier_openings",)


def upgrade() -> None:
    _create_programme_events()
    _create_supporting_organisations()
    _create_dossier_plans()
    _create_dossier_versions()
    _create_event_attendees()
    _create_event_villages()
    _create_mentor_assignments()
    _create_organisation_contacts()
    _create_referrals()
    _create_visits()
    _create_dossier_shares()
    _create_visit_photos()
    _create_dossier_openings()
    _create_action_items()
    for table in APPEND_ONLY:
        _guard(table)


def downgrade() -> None:
    for table in reversed(TABLES):
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


def _create_programme_events() -> None:
    op.create_table(
        "programme_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("area_code", sa.String(13), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("place", sa.String(160), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.String(40), nullable=False),
        sa.Column("about", sa.String(1000), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_programme_events_area_code_areas")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_programme_events_created_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_events")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_events_code")),
    )
    op.create_index("ix_programme_events_area_code", "programme_events", ["area_code"])
    op.create_index("ix_programme_events_created_by_id", "programme_events", ["created_by_id"])
    op.create_index("ix_programme_events_held_on", "programme_events", ["held_on"])


def _create_supporting_organisations() -> None:
    op.create_table(
        "supporting_organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("area_code", sa.String(13), nullable=False),
        sa.Column("helps_with", sa.String(500), nullable=False),
        sa.Column("address", sa.String(240), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_supporting_organisations_area_code_areas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporting_organisations")),
        sa.UniqueConstraint("code", name=op.f("uq_supporting_organisations_code")),
    )
    op.create_index("ix_supporting_organisations_area_code", "supporting_organisations", ["area_code"])


def _create_dossier_plans() -> None:
    op.create_table(
        "dossier_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("checklist", sa.JSON(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["maker_id"], ["makers.id"], name=op.f("fk_dossier_plans_maker_id_makers")),
        sa.ForeignKeyConstraint(["written_by_id"], ["users.id"], name=op.f("fk_dossier_plans_written_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_plans")),
        sa.UniqueConstraint("maker_id", name=op.f("uq_dossier_plans_maker_id")),
    )
    op.create_index("ix_dossier_plans_written_by_id", "dossier_plans", ["written_by_id"])


def _create_dossier_versions() -> None:
    op.create_table(
        "dossier_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(120), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remarks", sa.String(500), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint("approved_at IS NULL OR refused_at IS NULL", name=op.f("ck_dossier_versions_one_answer")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_dossier_versions_made_by_id_users")),
        sa.ForeignKeyConstraint(["maker_id"], ["makers.id"], name=op.f("fk_dossier_versions_maker_id_makers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_versions")),
        sa.UniqueConstraint("code", name=op.f("uq_dossier_versions_code")),
        sa.UniqueConstraint("maker_id", "number", name=op.f("uq_dossier_versions_maker_id_number")),
    )
    op.create_index("ix_dossier_versions_made_by_id", "dossier_versions", ["made_by_id"])


def _create_event_attendees() -> None:
    op.create_table(
        "event_attendees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("village_code", sa.String(13), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["programme_events.id"], name=op.f("fk_event_attendees_event_id_programme_events")),
        sa.ForeignKeyConstraint(["maker_id"], ["makers.id"], name=op.f("fk_event_attendees_maker_id_makers")),
        sa.ForeignKeyConstraint(["village_code"], ["areas.code"], name=op.f("fk_event_attendees_village_code_areas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_attendees")),
        sa.UniqueConstraint("code", name=op.f("uq_event_attendees_code")),
        sa.UniqueConstraint("event_id", "village_code", "name", name=op.f("uq_event_attendees_event_id_village_code_name")),
    )
    op.create_index("ix_event_attendees_maker_id", "event_attendees", ["maker_id"])
    op.create_index("ix_event_attendees_village_code", "event_attendees", ["village_code"])


def _create_event_villages() -> None:
    op.create_table(
        "event_villages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("village_code", sa.String(13), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["programme_events.id"], name=op.f("fk_event_villages_event_id_programme_events")),
        sa.ForeignKeyConstraint(["village_code"], ["areas.code"], name=op.f("fk_event_villages_village_code_areas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_villages")),
        sa.UniqueConstraint("event_id", "village_code", name=op.f("uq_event_villages_event_id_village_code")),
    )
    op.create_index("ix_event_villages_village_code", "event_villages", ["village_code"])


def _create_mentor_assignments() -> None:
    op.create_table(
        "mentor_assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=True),
        sa.Column("village_code", sa.String(13), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(240), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_mentor_assignments_dates_in_order")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_mentor_assignments_created_by_id_users")),
        sa.ForeignKeyConstraint(["maker_id"], ["makers.id"], name=op.f("fk_mentor_assignments_maker_id_makers")),
        sa.ForeignKeyConstraint(["mentor_id"], ["users.id"], name=op.f("fk_mentor_assignments_mentor_id_users")),
        sa.ForeignKeyConstraint(["village_code"], ["areas.code"], name=op.f("fk_mentor_assignments_village_code_areas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_assignments")),
        sa.UniqueConstraint("code", name=op.f("uq_mentor_assignments_code")),
    )
    op.create_index("ix_mentor_assignments_created_by_id", "mentor_assignments", ["created_by_id"])
    op.create_index("ix_mentor_assignments_maker_id", "mentor_assignments", ["maker_id"])
    op.create_index("ix_mentor_assignments_mentor_id", "mentor_assignments", ["mentor_id"])
    op.create_index("ix_mentor_assignments_village_code", "mentor_assignments", ["village_code"])


def _create_organisation_contacts() -> None:
    op.create_table(
        "organisation_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("duty", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["supporting_organisations.id"],
            name=op.f("fk_organisation_contacts_organisation_id_supporting_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_contacts")),
    )
    op.create_index("ix_organisation_contacts_organisation_id", "organisation_contacts", ["organisation_id"])


def _create_referrals() -> None:
    op.create_table(
        "referrals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(240), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("result", sa.String(500), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["maker_id"], ["makers.id"], name=op.f("fk_referrals_maker_id_makers")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["supporting_organisations.id"], name=op.f("fk_referrals_organisation_id_supporting_organisations")
        ),
        sa.ForeignKeyConstraint(["sent_by_id"], ["users.id"], name=op.f("fk_referrals_sent_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("code", name=op.f("uq_referrals_code")),
    )
    op.create_index("ix_referrals_maker_id", "referrals", ["maker_id"])
    op.create_index("ix_referrals_organisation_id", "referrals", ["organisation_id"])
    op.create_index("ix_referrals_sent_by_id", "referrals", ["sent_by_id"])
    op.create_index("ix_referrals_state_changed_at", "referrals", ["state", "changed_at"])


def _create_visits() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("token", sa.String(40), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        sa.Column("maker_id", sa.Integer(), nullable=True),
        sa.Column("village_code", sa.String(13), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("latitude", sa.Integer(), nullable=True),
        sa.Column("longitude", sa.Integer(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["maker_id"], ["makers.id"], name=op.f("fk_visits_maker_id_makers")),
        sa.ForeignKeyConstraint(["mentor_id"], ["users.id"], name=op.f("fk_visits_mentor_id_users")),
        sa.ForeignKeyConstraint(["village_code"], ["areas.code"], name=op.f("fk_visits_village_code_areas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("code", name=op.f("uq_visits_code")),
        sa.UniqueConstraint("token", name=op.f("uq_visits_token")),
    )
    op.create_index("ix_visits_maker_id_visited_on", "visits", ["maker_id", "visited_on"])
    op.create_index("ix_visits_mentor_id", "visits", ["mentor_id"])
    op.create_index("ix_visits_village_code_visited_on", "visits", ["village_code", "visited_on"])
    op.create_index("ix_visits_visited_on", "visits", ["visited_on"])


def _create_dossier_shares() -> None:
    op.create_table(
        "dossier_shares",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("shared_by_id", sa.Integer(), nullable=True),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["supporting_organisations.id"], name=op.f("fk_dossier_shares_organisation_id_supporting_organisations")
        ),
        sa.ForeignKeyConstraint(["shared_by_id"], ["users.id"], name=op.f("fk_dossier_shares_shared_by_id_users")),
        sa.ForeignKeyConstraint(["version_id"], ["dossier_versions.id"], name=op.f("fk_dossier_shares_version_id_dossier_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_shares")),
        sa.UniqueConstraint("code", name=op.f("uq_dossier_shares_code")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_dossier_shares_token_digest")),
    )
    op.create_index("ix_dossier_shares_organisation_id", "dossier_shares", ["organisation_id"])
    op.create_index("ix_dossier_shares_shared_by_id", "dossier_shares", ["shared_by_id"])
    op.create_index("ix_dossier_shares_version_id", "dossier_shares", ["version_id"])


def _create_visit_photos() -> None:
    op.create_table(
        "visit_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_photos_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_photos")),
        sa.UniqueConstraint("name", name=op.f("uq_visit_photos_name")),
    )
    op.create_index("ix_visit_photos_visit_id", "visit_photos", ["visit_id"])


def _create_dossier_openings() -> None:
    op.create_table(
        "dossier_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("browser", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["share_id"], ["dossier_shares.id"], name=op.f("fk_dossier_openings_share_id_dossier_shares")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_openings")),
        sa.UniqueConstraint("code", name=op.f("uq_dossier_openings_code")),
    )
    op.create_index("ix_dossier_openings_share_id", "dossier_openings", ["share_id"])


def _create_action_items() -> None:
    op.create_table(
        "action_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("improvement_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("owner", sa.String(12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(500), nullable=False),
        sa.Column("evidence", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_action_items_created_by_id_users")),
        sa.ForeignKeyConstraint(["done_by_id"], ["users.id"], name=op.f("fk_action_items_done_by_id_users")),
        sa.ForeignKeyConstraint(
            ["improvement_id"], ["improvement_items.id"], name=op.f("fk_action_items_improvement_id_improvement_items")
        ),
        sa.ForeignKeyConstraint(["maker_id"], ["makers.id"], name=op.f("fk_action_items_maker_id_makers")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_action_items_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_items")),
        sa.UniqueConstraint("code", name=op.f("uq_action_items_code")),
    )
    op.create_index("ix_action_items_created_by_id", "action_items", ["created_by_id"])
    op.create_index("ix_action_items_done_at_due_on", "action_items", ["done_at", "due_on"])
    op.create_index("ix_action_items_done_by_id", "action_items", ["done_by_id"])
    op.create_index("ix_action_items_improvement_id", "action_items", ["improvement_id"])
    op.create_index("ix_action_items_maker_id_done_at", "action_items", ["maker_id", "done_at"])
    op.create_index("ix_action_items_visit_id", "action_items", ["visit_id"])
