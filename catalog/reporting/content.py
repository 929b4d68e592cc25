"""What a report says (pure): what is made and sold, who makes it, what is needed; as text that is kept, and its digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from kernel.errors import N_, InvalidInput
from kernel.money import LARGEST_AMOUNT
from kernel.parsing import check_range, parse_text

MOST_LINES = 20
MOST_UNITS = 10_000_000
MOST_PEOPLE = 100_000


class Need(StrEnum):
    """What a village asks for most often."""

    CAPITAL = "capital"
    TOOLS = "tools"
    RAW_MATERIAL = "raw_material"
    PACKAGING = "packaging"
    PERMITS = "permits"
    TRAINING = "training"
    MARKET = "market"


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One product: how much was made and sold in the period, and for how much in whole rupiah."""

    name: str
    unit: str = ""
    made: int = 0
    sold: int = 0
    sales: int = 0


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A report as its unit wrote it."""

    lines: tuple[ReportLine, ...] = ()
    #: Businesses at work, and the people in them.
    makers: int = 0
    workers: int = 0
    #: Where it was sold, in words.
    markets: str = ""
    needs: tuple[Need, ...] = ()
    needs_note: str = ""
    note: str = ""

    @property
    def sales(self) -> int:
        """All lines together."""
        return sum(line.sales for line in self.lines)


def check_content(content: ReportContent) -> ReportContent:
    """Cleaned and within bounds, whatever is still missing; InvalidInput names the field. A line without a name and figures is dropped."""
    lines = []
    for number, line in enumerate(content.lines):
        name = parse_text(line.name, field=f"name_{number}", maximum=120)
        if not name and (line.made or line.sold or line.sales):
            raise InvalidInput(N_("Name this product."), field=f"name_{number}")
        if name:
            lines.append(
                ReportLine(
                    name,
                    parse_text(line.unit, field=f"unit_{number}", maximum=20),
                    check_range(line.made, 0, MOST_UNITS, f"made_{number}"),
                    check_range(line.sold, 0, MOST_UNITS, f"sold_{number}"),
                    check_range(line.sales, 0, LARGEST_AMOUNT, f"sales_{number}"),
                )
            )
    if len(lines) > MOST_LINES:
        raise InvalidInput(N_("A report has at most %(maximum)s products."), maximum=MOST_LINES)
    return ReportContent(
        tuple(lines),
        check_range(content.makers, 0, MOST_PEOPLE, "makers"),
        check_range(content.workers, 0, MOST_PEOPLE, "workers"),
        parse_text(content.markets, field="markets", maximum=500),
        tuple(need for need in Need if need in content.needs),
        parse_text(content.needs_note, field="needs_note", maximum=1_000),
        parse_text(content.note, field="note", maximum=2_000),
    )


def check_complete(content: ReportContent) -> None:
    """What must be there before it is sent; InvalidInput otherwise. A village where nothing was made says so in its note."""
    if not content.lines and not content.note:
        raise InvalidInput(N_("Write at least one product, or say in the remarks why there is none."), field="name_0")
    if content.lines and not content.makers:
        raise InvalidInput(N_("Say how many businesses make it."), field="makers")
    if content.workers and content.workers < content.makers:
        raise InvalidInput(N_("There cannot be fewer people than businesses."), field="workers")


def dump(content: ReportContent) -> str:
    """As text: the same content is always the same text."""
    return json.dumps(asdict(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> ReportContent:
    """What `dump` wrote."""
    data = json.loads(text)
    data["lines"] = tuple(ReportLine(**line) for line in data["lines"])
    data["needs"] = tuple(Need(need) for need in data["needs"])
    return ReportContent(**data)


def digest_of(period_code: str, village_code: str, unit: str, version: int, text: str) -> str:
    """SHA-256 of a version: whose it is, about when, which one, and every sign of it."""
    return hashlib.sha256("\n".join((period_code, village_code, unit, str(version), text)).encode()).hexdigest()


def list_changed_lines(before: ReportContent, after: ReportContent) -> list[tuple[ReportLine | None, ReportLine | None]]:
    """Products whose figures a correction changed, as they were and as they are; None: it was not, or is no more, in the report."""
    old, new = ({line.name: line for line in content.lines} for content in (before, after))
    return [(old.get(name), new.get(name)) for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
