"""The list of transfers that the bank reads: one row for each payout of an approved batch."""

from __future__ import annotations

from collections.abc import Iterator

from orders.models.maker_payout import PayoutBatch, PayoutState, PayoutWay
from storefront.i18n import gettext as _
from storefront.spreadsheets import Cell, csv_rows


def bank_file(batch: PayoutBatch) -> Iterator[str]:
    """Bank, account, holder, whole rupiah and our reference; nothing while nobody has approved. Payouts in cash are not in it.

    The batch comes from `payouts.get_batch`, accounts loaded.
    """
    return csv_rows(_rows(batch))


def _rows(batch: PayoutBatch) -> Iterator[list[Cell]]:
    yield [_("Bank"), _("Account number"), _("Account holder"), _("Amount"), _("Reference")]
    if batch.state in (PayoutState.APPROVED, PayoutState.SETTLED):
        for payout in batch.payouts:
            if payout.way is PayoutWay.TRANSFER and payout.account is not None:
                account = payout.account
                yield [account.bank_name, account.account_number, account.holder_name, payout.amount, payout.code]
