"""What a financing dossier asks for: the plan's fields, the checklist, and when a business is eligible. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kernel.errors import N_, InvalidInput
from kernel.parsing import check_range, parse_text

#: The facility is for businesses that need less than this (NTT, 2025; docs/dossier.md).
LIMIT = 100_000_000
#: Texts of the plan with their longest length.
TEXTS = {"business": 1_500, "market": 1_000, "production": 1_000, "purpose": 1_000, "repayment": 1_000, "contact": 160}
#: Amounts in whole rupiah.
AMOUNTS = ("needed", "own_money", "monthly_costs", "yearly_turnover")
#: What has to be true for a dossier to be worth sending.
CHECKS: dict[str, str] = {
    "small": N_("The business is worth less than Rp100 million, land and building not counted"),
    "nib": N_("It has a business number (NIB)"),
    "books": N_("Income and costs are written down"),
    "account": N_("Business and household money are kept apart"),
    "no_arrears": N_("No loan is in arrears"),
    "agrees": N_("The owner wants this money and knows that it has to be paid back"),
}
#: Without any sale in our books there is nothing that a bank could not hear elsewhere.
LEAST_MONTHS = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan that was checked. `checks` are the names of CHECKS that are true."""

    texts: Mapping[str, str]
    amounts: Mapping[str, int]
    checks: frozenset[str]


def read_plan(fields: Mapping[str, Any], checklist: Mapping[str, Any]) -> Plan:
    """The plan as it was typed, tidied; InvalidInput names the field. Everything may still be empty."""
    texts = {name: parse_text(str(fields.get(name) or ""), field=name, maximum=most) for name, most in TEXTS.items()}
    amounts = {name: check_range(int(fields.get(name) or 0), 0, 10_000_000_000, name) for name in AMOUNTS}
    if amounts["needed"] >= LIMIT:
        raise InvalidInput(N_("This dossier is for less than Rp100 million."), field="needed")
    return Plan(texts, amounts, frozenset(name for name in CHECKS if checklist.get(name)))


def list_gaps(plan: Plan, months_with_sales: int) -> list[str]:
    """Messages (msgids) about what is missing before the maker can be asked; empty when it is ready."""
    gaps = []
    if any(not plan.texts[name] for name in ("business", "market", "production", "purpose", "repayment")):
        gaps.append(N_("Write every part of the business plan."))
    if not plan.amounts["needed"]:
        gaps.append(N_("Say how much money is needed."))
    if plan.checks != frozenset(CHECKS):
        gaps.append(N_("Every line of the checklist must be true."))
    if months_with_sales < LEAST_MONTHS:
        gaps.append(N_("Nothing was sold in our outlets in the last twelve months."))
    return gaps
