"""What happens to the shelf in the demo's month: some goods break, some go back, one shelf is counted, one lot is recalled."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from catalog.batch_blocks import recall_batch
from catalog.models.product import Variant
from catalog.models.stock import Batch, LossCause, StockLevel
from orders.consignment.goods import write_off
from orders.models.stockroom import PullOutReason
from orders.stockroom import counts, pull_outs
from orders.stockroom.counts import Figure
from orders.stockroom.pull_outs import Done

if TYPE_CHECKING:
    from storefront.demo.trade import Month, Trader

#: Makers by their place in the list.
BREAKS, TASTED, GIVEN_BACK, COUNTED, RECALLED = (1, 8), 5, 2, 4, 7


def lose_some(month: Month) -> None:
    """A pack falls at two makers' shelves, and visitors taste another's."""
    day = month.last - timedelta(days=3)
    causes = dict.fromkeys(BREAKS, (LossCause.DAMAGED, "Jatuh dari rak.")) | {TASTED: (LossCause.SAMPLE, "Dicicipi tamu.")}
    for place, (cause, reason) in causes.items():
        with month.on(day, 15, place):
            write_off(month.session, month.manager, _level(month, month.traders[place]).id, 1, cause, reason)


def give_back(month: Month) -> None:
    """A pull-out of goods that sell too slowly: announced one day, collected the next."""
    trader = month.traders[GIVEN_BACK]
    level = _level(month, trader)
    with month.on(month.after(1), 10):
        paper = pull_outs.announce_pull_out(
            month.session, month.manager, month.outlet, trader.maker, {level.id: 3}, PullOutReason.UNSOLD, note="Kurang laku."
        )
    with month.on(month.after(2), 10):
        done = {line.id: Done(line.quantity) for line in paper.lines}
        pull_outs.finish_pull_out(month.session, month.manager, paper.id, done, "Keluarga pembuat (contoh)")


def count(month: Month) -> None:
    """A blind count of one maker's goods by the cashier: one unit is missing, and the lead says why."""
    session, trader = month.session, month.traders[COUNTED]
    with month.on(month.after(2), 18):
        paper = counts.start_count(session, month.manager, month.outlet, maker=trader.maker, note="Hitung bulanan (contoh).")
    there = {level.id: level.on_hand for level in session.scalars(select(StockLevel).where(StockLevel.outlet_id == month.outlet.id))}
    with month.on(month.after(2), 18, 30):
        figures = [Figure(line.id, there[line.level_id] - (1 if number == 0 else 0)) for number, line in enumerate(paper.lines)]
        counts.type_figures(session, month.cashier, paper.id, figures)
        counts.close_count(session, month.cashier, paper.id)
    with month.on(month.after(3), 9):
        counts.give_reasons(session, month.manager, paper.id, {paper.lines[0].id: "Satu hilang dari rak depan, tidak ditemukan."})
        counts.book_count(session, month.manager, paper.id)


def recall(month: Month) -> None:
    """A maker takes a lot back: nobody can buy it any more, and its buyers are listed."""
    batch = month.session.get_one(Batch, _level(month, month.traders[RECALLED]).batch_id)
    with month.on(month.after(3), 13):
        recall_batch(month.session, month.manager, batch, "Label tanpa keterangan kacang (contoh).")


def _level(month: Month, trader: Trader) -> StockLevel:
    """The fullest level of the goods that the maker brought in the month."""
    statement = (
        select(StockLevel)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(
            StockLevel.outlet_id == month.outlet.id,
            StockLevel.agreement_id == trader.agreement.id,
            StockLevel.variant_id.in_([variant.id for variant in trader.variants]),
            Batch.produced_on == month.first - timedelta(days=8),
        )
        .order_by((StockLevel.on_hand - StockLevel.held).desc(), StockLevel.id)
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return month.session.scalars(statement).one()
