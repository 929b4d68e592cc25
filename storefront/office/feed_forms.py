"""Forms of the office about feeds."""

from __future__ import annotations

from catalog.feeds.settings import MOST_UNITS, FeedFacts
from catalog.models.feed import Feed, StockRule
from kernel.errors import N_
from storefront.fields import CheckField, ChoiceField, PageForm, TextField, WholeField


class FeedForm(PageForm):
    """What a receiver gets, and at which price."""

    is_active = CheckField(N_("This feed is on"))
    takes_everything = CheckField(
        N_("Every product goes out, except those that are left out"),
        hint=N_("Without the tick only chosen products go out. A change here empties the list of choices."),
    )
    title_template = TextField(
        N_("Title"), maximum=160, hint=N_("May contain {name}, {size}, {maker}, {village}, {district} and {category}.")
    )
    markup = WholeField(
        N_("Mark-up for the receiver's fees"), minimum=0, maximum=100, suffix="%", hint=N_("Prices end in full hundreds, rounded up.")
    )
    stock_rule = ChoiceField(N_("How many units it may sell"))
    stock_share = WholeField(N_("Share"), minimum=0, maximum=100, suffix="%", hint=N_("Of the units nobody holds, rounded down."))
    stock_units = WholeField(N_("Fixed number"), minimum=0, maximum=MOST_UNITS)

    def facts(self) -> FeedFacts:
        """What was typed, for the verb."""
        return FeedFacts(
            is_active=self.is_active.value,
            takes_everything=self.takes_everything.value,
            markup_bps=self.markup.value * 100,
            title_template=self.title_template.value,
            stock_rule=StockRule(self.stock_rule.value),
            stock_share_bps=self.stock_share.value * 100,
            stock_units=self.stock_units.value,
        )


def shown_settings(feed: Feed) -> dict[str, object]:
    """What the form shows of a feed before anything was typed."""
    return {
        "is_active": feed.is_active,
        "takes_everything": feed.takes_everything,
        "title_template": feed.title_template,
        "markup": str(feed.markup_bps // 100),
        "stock_rule": feed.stock_rule.value,
        "stock_share": str(feed.stock_share_bps // 100),
        "stock_units": str(feed.stock_units),
    }
