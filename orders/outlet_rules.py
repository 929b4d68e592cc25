"""An outlet's registration for tax, and the limits above which a second person must agree; each change kept with its author."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit
from kernel.errors import N_, InvalidInput, NotAllowed
from kernel.money import LARGEST_AMOUNT
from kernel.people import Actor, Permission

LIMITS = (
    *("voucher_percent_limit_bps", "voucher_worth_limit", "packed_cancel_limit", "correction_limit"),
    *("till_discount_limit_bps", "cash_out_limit"),
)
LONGEST_FOOTER = 160
#: A taxpayer number has 15 digits, or 16 since July 2024 (PMK 112/2022).
_NPWP = re.compile(r"[0-9]{15,16}", re.ASCII)


@dataclass(frozen=True, slots=True)
class OutletRules:
    """Whether the operator is registered for PPN (PKP) and under which number; limits in whole rupiah and basis points."""

    is_taxable: bool
    operator_npwp: str
    voucher_percent_limit_bps: int
    voucher_worth_limit: int
    packed_cancel_limit: int
    correction_limit: int
    #: Above these a till asks for a supervisor's PIN.
    till_discount_limit_bps: int
    cash_out_limit: int
    #: The last line of a till's receipts.
    receipt_footer: str


def set_rules(session: Session, actor: Actor, outlet: Outlet, rules: OutletRules) -> Outlet:
    """Change them for what happens from now on: orders remember how it was on their day.

    Whoever is bound to this outlet can lower a limit but not raise it: they could otherwise free themselves from it.
    Raises NotAllowed and InvalidInput.
    """
    if not actor.can(Permission.MANAGE_MONEY, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
    wanted = asdict(rules) | {
        "operator_npwp": re.sub(r"[ .-]", "", rules.operator_npwp),
        "receipt_footer": " ".join(rules.receipt_footer.split()),
    }
    _check(wanted)
    if not may_raise(actor):
        for name in LIMITS:
            if wanted[name] > getattr(outlet, name):
                raise InvalidInput(N_("Only an administrator can raise a limit."), field=name)
    changes = {name: {"from": getattr(outlet, name), "to": value} for name, value in wanted.items() if getattr(outlet, name) != value}
    for name, value in wanted.items():
        setattr(outlet, name, value)
    if changes:
        audit.record(session, actor, "outlet.rules", f"outlet:{outlet.code}", changes)
    session.flush()
    return outlet


def may_raise(actor: Actor) -> bool:
    """Whether the person is not bound to single outlets, whose limits would be their own."""
    return actor.system or actor.outlet_ids(Permission.MANAGE_MONEY) is None


def _check(wanted: dict[str, object]) -> None:
    number = str(wanted["operator_npwp"])
    if number and not _NPWP.fullmatch(number):
        raise InvalidInput(N_("A taxpayer number (NPWP) has 15 or 16 digits."), field="operator_npwp")
    if wanted["is_taxable"] and not number:
        raise InvalidInput(N_("An operator that is registered for PPN has a taxpayer number."), field="operator_npwp")
    if len(str(wanted["receipt_footer"])) > LONGEST_FOOTER:
        raise InvalidInput(N_("Please keep this under %(longest)s letters."), field="receipt_footer", longest=LONGEST_FOOTER)
    for name in LIMITS:
        largest = 10_000 if name.endswith("_bps") else LARGEST_AMOUNT
        value = wanted[name]
        if type(value) is not int or not 0 <= value <= largest:
            raise InvalidInput(field=name)
