"""Wholesale: partners, their branches and buyers; offers, prices, makers' capacity; readiness profiles; samples and saved searches.

Revision: 0019, after: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = (
    "saved_search_hits",
    "saved_searches",
    "sample_requests",
    "capacity_takes",
    "capacity_months",
    "assortment_items",
    "offer_sources",
    "offer_prices",
    "offers",
    "offer_mixes",
    "seller_terms",
    "partner_papers",
    "partner_buyers",
    "partner_branches",
    "partners",
    "partner_groups",
    "readiness_requirements",
    "readiness_profiles",
)


def upgrade() -> None:
    _create_readiness()
    _create_partners()
    _create_offers()
    _create_wishes()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _create_readiness() -> None:
    op.create_table(
        "readiness_profiles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_id", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=240), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_readiness_profiles_created_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_profiles")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_readiness_profiles_key_version")),
    )
    op.create_index(op.f("ix_readiness_profiles_created_by_id"), "readiness_profiles", ["created_by_id"], unique=False)
    op.create_index(
        "uq_readiness_profiles_current",
        "readiness_profiles",
        ["key"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "readiness_requirements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("papers", sa.JSON(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_readiness_requirements_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["readiness_profiles.id"], name=op.f("fk_readiness_requirements_profile_id_readiness_profiles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_requirements")),
        sa.UniqueConstraint("profile_id", "kind", name=op.f("uq_readiness_requirements_profile_id_kind")),
    )


def _create_partners() -> None:
    op.create_table(
        "partner_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("sees_everything", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_partner_groups_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_groups")),
        sa.UniqueConstraint("code", name=op.f("uq_partner_groups_code")),
        sa.UniqueConstraint("outlet_id", "name", name=op.f("uq_partner_groups_outlet_id_name")),
    )
    op.create_table(
        "partners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("legal_name", sa.String(length=160), nullable=False),
        sa.Column("npwp", sa.String(length=16), nullable=False),
        sa.Column("nib", sa.String(length=13), nullable=False),
        sa.Column("is_pkp", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=240), nullable=False),
        sa.Column("area_code", sa.String(length=13), nullable=False),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_phone", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("profile_key", sa.String(length=40), nullable=False),
        sa.Column("credit_limit", sa.BigInteger(), nullable=False),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.Column("trading_terms_bps", sa.Integer(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state <> 'approved' OR group_id IS NOT NULL", name=op.f("ck_partners_approved_has_a_group")),
        sa.CheckConstraint("credit_limit >= 0 AND payment_days BETWEEN 0 AND 180", name=op.f("ck_partners_credit_possible")),
        sa.CheckConstraint("trading_terms_bps BETWEEN 0 AND 1500", name=op.f("ck_partners_trading_terms_within_cap")),
        sa.ForeignKeyConstraint(["applied_by_id"], ["users.id"], name=op.f("fk_partners_applied_by_id_users")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_partners_area_code_areas")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_partners_decided_by_id_users")),
        sa.ForeignKeyConstraint(["group_id"], ["partner_groups.id"], name=op.f("fk_partners_group_id_partner_groups")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_partners_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sa.UniqueConstraint("code", name=op.f("uq_partners_code")),
        sa.UniqueConstraint("token", name=op.f("uq_partners_token")),
    )
    op.create_index(op.f("ix_partners_applied_by_id"), "partners", ["applied_by_id"], unique=False)
    op.create_index(op.f("ix_partners_area_code"), "partners", ["area_code"], unique=False)
    op.create_index(op.f("ix_partners_decided_by_id"), "partners", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_partners_group_id"), "partners", ["group_id"], unique=False)
    op.create_index(op.f("ix_partners_outlet_id_state_applied_at"), "partners", ["outlet_id", "state", "applied_at"], unique=False)
    op.create_table(
        "partner_branches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=240), nullable=False),
        sa.Column("area_code", sa.String(length=13), nullable=False),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("contact_phone", sa.String(length=20), nullable=False),
        sa.Column("receiving_note", sa.String(length=240), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_partner_branches_area_code_areas")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_partner_branches_partner_id_partners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_branches")),
        sa.UniqueConstraint("code", name=op.f("uq_partner_branches_code")),
    )
    op.create_index(op.f("ix_partner_branches_area_code"), "partner_branches", ["area_code"], unique=False)
    op.create_index(op.f("ix_partner_branches_partner_id"), "partner_branches", ["partner_id"], unique=False)
    op.create_table(
        "partner_buyers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("is_approver", sa.Boolean(), nullable=False),
        sa.Column("order_limit", sa.BigInteger(), nullable=True),
        sa.Column("month_limit", sa.BigInteger(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("month_limit IS NULL OR month_limit > 0", name=op.f("ck_partner_buyers_month_limit_positive")),
        sa.CheckConstraint("order_limit IS NULL OR order_limit > 0", name=op.f("ck_partner_buyers_order_limit_positive")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_partner_buyers_partner_id_partners")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_partner_buyers_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_buyers")),
        sa.UniqueConstraint("user_id", name=op.f("uq_partner_buyers_user_id")),
    )
    op.create_index(op.f("ix_partner_buyers_partner_id"), "partner_buyers", ["partner_id"], unique=False)
    op.create_table(
        "partner_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("valid_until_on", sa.Date(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["checked_by_id"], ["users.id"], name=op.f("fk_partner_papers_checked_by_id_users")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_partner_papers_partner_id_partners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_papers")),
        sa.UniqueConstraint("partner_id", "kind", "number", name=op.f("uq_partner_papers_partner_id_kind_number")),
    )
    op.create_index(op.f("ix_partner_papers_checked_by_id"), "partner_papers", ["checked_by_id"], unique=False)


def _create_offers() -> None:
    op.create_table(
        "seller_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("first_order_minimum", sa.BigInteger(), nullable=False),
        sa.Column("reorder_minimum", sa.BigInteger(), nullable=False),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.String(length=240), nullable=False),
        sa.Column("note_en", sa.String(length=240), nullable=False),
        sa.CheckConstraint(
            "first_order_minimum >= 0 AND reorder_minimum >= 0 AND payment_days >= 0", name=op.f("ck_seller_terms_nothing_negative")
        ),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_seller_terms_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seller_terms")),
        sa.UniqueConstraint("outlet_id", name=op.f("uq_seller_terms_outlet_id")),
    )
    op.create_table(
        "offer_mixes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name_id", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("minimum_cases", sa.Integer(), nullable=False),
        sa.CheckConstraint("minimum_cases > 0", name=op.f("ck_offer_mixes_minimum_positive")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_offer_mixes_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_mixes")),
        sa.UniqueConstraint("code", name=op.f("uq_offer_mixes_code")),
    )
    op.create_index(op.f("ix_offer_mixes_outlet_id"), "offer_mixes", ["outlet_id"], unique=False)
    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("mix_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("units_per_case", sa.Integer(), nullable=False),
        sa.Column("case_length_mm", sa.Integer(), nullable=True),
        sa.Column("case_width_mm", sa.Integer(), nullable=True),
        sa.Column("case_height_mm", sa.Integer(), nullable=True),
        sa.Column("case_weight_g", sa.Integer(), nullable=True),
        sa.Column("case_gtin", sa.String(length=14), nullable=True),
        sa.Column("cases_per_layer", sa.Integer(), nullable=True),
        sa.Column("layers_per_pallet", sa.Integer(), nullable=True),
        sa.Column("minimum_cases", sa.Integer(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("shelf_life_days", sa.Integer(), nullable=True),
        sa.Column("remaining_days", sa.Integer(), nullable=True),
        sa.Column("delivery_prefixes", sa.JSON(), nullable=False),
        sa.Column("return_policy", sa.String(length=8), nullable=False),
        sa.Column("suggested_price", sa.BigInteger(), nullable=True),
        sa.Column("insured_until_on", sa.Date(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "remaining_days IS NULL OR remaining_days BETWEEN 0 AND shelf_life_days", name=op.f("ck_offers_remaining_within_life")
        ),
        sa.CheckConstraint("remaining_days IS NULL OR shelf_life_days IS NOT NULL", name=op.f("ck_offers_remaining_of_something")),
        sa.CheckConstraint("suggested_price IS NULL OR suggested_price > 0", name=op.f("ck_offers_suggested_price_positive")),
        sa.CheckConstraint("units_per_case > 0 AND minimum_cases > 0 AND lead_days >= 0", name=op.f("ck_offers_case_possible")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_offers_created_by_id_users")),
        sa.ForeignKeyConstraint(["mix_id"], ["offer_mixes.id"], name=op.f("fk_offers_mix_id_offer_mixes")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_offers_outlet_id_outlets")),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_offers_variant_id_variants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("case_gtin", name=op.f("uq_offers_case_gtin")),
        sa.UniqueConstraint("code", name=op.f("uq_offers_code")),
        sa.UniqueConstraint("outlet_id", "variant_id", name=op.f("uq_offers_outlet_id_variant_id")),
    )
    op.create_index(op.f("ix_offers_created_by_id"), "offers", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_offers_mix_id"), "offers", ["mix_id"], unique=False)
    op.create_index(op.f("ix_offers_outlet_id_state_updated_at"), "offers", ["outlet_id", "state", "updated_at"], unique=False)
    op.create_index(op.f("ix_offers_variant_id"), "offers", ["variant_id"], unique=False)
    op.create_table(
        "offer_prices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("from_cases", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_offer_prices_days_in_order")),
        sa.CheckConstraint("unit_price > 0 AND from_cases > 0", name=op.f("ck_offer_prices_price_positive")),
        sa.ForeignKeyConstraint(["group_id"], ["partner_groups.id"], name=op.f("fk_offer_prices_group_id_partner_groups")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_offer_prices_offer_id_offers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_prices")),
        sa.UniqueConstraint(
            "offer_id", "group_id", "from_cases", "starts_on", name=op.f("uq_offer_prices_offer_id_group_id_from_cases_starts_on")
        ),
    )
    op.create_index(op.f("ix_offer_prices_group_id"), "offer_prices", ["group_id"], unique=False)
    op.create_index(op.f("ix_offer_prices_offer_id"), "offer_prices", ["offer_id"], unique=False)
    op.create_index(
        "uq_offer_prices_for_all",
        "offer_prices",
        ["offer_id", "from_cases", "starts_on"],
        unique=True,
        sqlite_where=sa.text("group_id IS NULL"),
        postgresql_where=sa.text("group_id IS NULL"),
    )
    op.create_table(
        "offer_sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("monthly_quantity", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("monthly_quantity >= 0", name=op.f("ck_offer_sources_quantity_not_negative")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_offer_sources_offer_id_offers")),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_offer_sources_variant_id_variants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_sources")),
        sa.UniqueConstraint("offer_id", "variant_id", name=op.f("uq_offer_sources_offer_id_variant_id")),
    )
    op.create_index(op.f("ix_offer_sources_variant_id"), "offer_sources", ["variant_id"], unique=False)
    op.create_table(
        "assortment_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["partner_groups.id"], name=op.f("fk_assortment_items_group_id_partner_groups")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_assortment_items_offer_id_offers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assortment_items")),
        sa.UniqueConstraint("group_id", "offer_id", name=op.f("uq_assortment_items_group_id_offer_id")),
    )
    op.create_index(op.f("ix_assortment_items_offer_id"), "assortment_items", ["offer_id"], unique=False)
    op.create_table(
        "capacity_months",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= quantity", name=op.f("ck_capacity_months_taken_within_quantity")),
        sa.ForeignKeyConstraint(["source_id"], ["offer_sources.id"], name=op.f("fk_capacity_months_source_id_offer_sources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_months")),
        sa.UniqueConstraint("source_id", "month_on", name=op.f("uq_capacity_months_source_id_month_on")),
    )
    op.create_table(
        "capacity_takes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("capacity_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_capacity_takes_quantity_positive")),
        sa.ForeignKeyConstraint(["capacity_id"], ["capacity_months.id"], name=op.f("fk_capacity_takes_capacity_id_capacity_months")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_takes")),
        sa.UniqueConstraint("reference", name=op.f("uq_capacity_takes_reference")),
    )
    op.create_index(op.f("ix_capacity_takes_capacity_id"), "capacity_takes", ["capacity_id"], unique=False)


def _create_wishes() -> None:
    op.create_table(
        "sample_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carrier", sa.String(length=60), nullable=False),
        sa.Column("tracking_number", sa.String(length=60), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("feedback_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("ck_sample_requests_rating_in_range")),
        sa.CheckConstraint("units > 0", name=op.f("ck_sample_requests_units_positive")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["users.id"], name=op.f("fk_sample_requests_answered_by_id_users")),
        sa.ForeignKeyConstraint(["branch_id"], ["partner_branches.id"], name=op.f("fk_sample_requests_branch_id_partner_branches")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_sample_requests_offer_id_offers")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_sample_requests_partner_id_partners")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["users.id"], name=op.f("fk_sample_requests_requested_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_requests")),
        sa.UniqueConstraint("code", name=op.f("uq_sample_requests_code")),
    )
    op.create_index(op.f("ix_sample_requests_answered_by_id"), "sample_requests", ["answered_by_id"], unique=False)
    op.create_index(op.f("ix_sample_requests_branch_id"), "sample_requests", ["branch_id"], unique=False)
    op.create_index(op.f("ix_sample_requests_offer_id"), "sample_requests", ["offer_id"], unique=False)
    op.create_index(op.f("ix_sample_requests_partner_id_requested_at"), "sample_requests", ["partner_id", "requested_at"], unique=False)
    op.create_index(op.f("ix_sample_requests_requested_by_id"), "sample_requests", ["requested_by_id"], unique=False)
    op.create_index(op.f("ix_sample_requests_state_requested_at"), "sample_requests", ["state", "requested_at"], unique=False)
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("is_notified", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_searches_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
        sa.UniqueConstraint("code", name=op.f("uq_saved_searches_code")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_searches_user_id_name")),
    )
    op.create_index(op.f("ix_saved_searches_is_notified_looked_at"), "saved_searches", ["is_notified", "looked_at"], unique=False)
    op.create_table(
        "saved_search_hits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("search_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_saved_search_hits_offer_id_offers")),
        sa.ForeignKeyConstraint(["search_id"], ["saved_searches.id"], name=op.f("fk_saved_search_hits_search_id_saved_searches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search_hits")),
        sa.UniqueConstraint("search_id", "offer_id", name=op.f("uq_saved_search_hits_search_id_offer_id")),
    )
    op.create_index(op.f("ix_saved_search_hits_offer_id"), "saved_search_hits", ["offer_id"], unique=False)
