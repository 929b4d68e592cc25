"""Forms of the office about vouchers and about an outlet's limits."""

from __future__ import annotations

from kernel.errors import N_
from orders.voucher_issuing import MOST_USES, NewVoucher
from storefront.fields import CheckField, ChoiceField, DayField, PageForm, RupiahField, TextField, WholeField


class VoucherForm(PageForm):
    """A new voucher. Its code is made by us."""

    outlet = ChoiceField(N_("Outlet"))
    label = TextField(N_("Name of the voucher"), maximum=80, hint=N_("Buyers read it on the order, such as Village fair 2026."))
    percent = WholeField(N_("Percentage off the goods"), minimum=1, maximum=100, required=False, suffix="%")
    amount = RupiahField(N_("Or an amount off the goods"), minimum=1, required=False)
    most_discount = RupiahField(N_("Largest discount for one order"), minimum=1, required=False, hint=N_("Needed with a percentage."))
    least_subtotal = RupiahField(N_("Only for goods worth at least"), required=False, hint=N_("Empty: for any order."))
    use_limit = WholeField(N_("How many orders may use it"), minimum=1, maximum=MOST_USES)
    once_per_phone = CheckField(N_("Only once for each phone number"))
    starts_on = DayField(N_("First day"))
    ends_on = DayField(N_("Last day"))

    def new_voucher(self) -> NewVoucher:
        """What was typed, for the verb."""
        percent: int | None = self.percent.value
        return NewVoucher(
            label=self.label.value,
            percent_bps=percent * 100 if percent is not None else None,
            amount=self.amount.value,
            least_subtotal=self.least_subtotal.value or 0,
            most_discount=self.most_discount.value,
            use_limit=self.use_limit.value,
            once_per_phone=self.once_per_phone.value,
            starts_on=self.starts_on.value,
            ends_on=self.ends_on.value,
        )


class RulesForm(PageForm):
    """Tax registration, and the limits above which a second person must agree."""

    is_taxable = CheckField(
        N_("The operator is registered for PPN (PKP)"), hint=N_("Receipts of new orders then show the PPN inside the price.")
    )
    operator_npwp = TextField(N_("Taxpayer number (NPWP)"), maximum=24, required=False, hint=N_("15 or 16 digits."))
    voucher_percent_limit = WholeField(N_("Vouchers: percentage above"), minimum=0, maximum=100, suffix="%")
    voucher_worth_limit = RupiahField(N_("Vouchers: possible cost in all above"))
    packed_cancel_limit = RupiahField(N_("Cancelling a packed order above"))
    correction_limit = RupiahField(N_("Goods missing after a correction, worth more than"))
    till_discount_limit = WholeField(N_("Discount at the till above"), minimum=0, maximum=100, suffix="%")
    cash_out_limit = RupiahField(N_("Cash taken out of a drawer above"))
    receipt_footer = TextField(
        N_("Last line of the receipts"),
        maximum=160,
        required=False,
        hint=N_("Such as a thank-you, or until when goods can be brought back."),
    )
