"""What one row of a table will do: the words every kind of table shares, and the look-ups that many rows need at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.areas import fold_name, is_area_code
from catalog.desk import below
from catalog.models.area import Area, AreaLevel
from catalog.models.importing import Outcome
from catalog.models.maker import Maker
from catalog.models.product import Category, Product
from kernel.errors import N_, InvalidInput
from kernel.people import Actor, Permission

_T = TypeVar("_T")
#: A village code without its points, as spreadsheets keep it.
_PLAIN_CODE = 10
#: [column, old, new]
Change = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet counts, and what it says by column. A cell that says nothing is absent."""

    number: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """The cell, or ""."""
        return self.cells.get(column, "")

    def read(self, column: str, reader: Callable[[str, str], _T]) -> _T | None:
        """The cell's meaning; None when it says nothing."""
        text = self.cells.get(column, "")
        return reader(text, column) if text else None

    def need(self, column: str, reader: Callable[[str, str], _T]) -> _T:
        """The cell's meaning; refused when it says nothing."""
        found = self.read(column, reader)
        if found is None:
            raise InvalidInput(N_("Please fill this in."), field=column)
        return found


@dataclass(frozen=True, slots=True)
class Plan:
    """What a row does. `key` says which record it is about, so that a second row about it is seen; `apply` calls the verb."""

    outcome: Outcome
    key: tuple[object, ...]
    subject: str
    changes: tuple[Change, ...] = ()
    apply: Callable[[], object] = lambda: None


class Importer(Protocol):
    """One kind of table, made for one batch of rows: what they refer to is loaded at once, then each is planned."""

    def plan(self, row: Row) -> Plan:
        """Raises a DomainError, naming the column, when the row is bad. Writes nothing."""
        ...


@dataclass(slots=True)
class Register:
    """Names -> ids of everything in the actor's reach, so that a row finds its record without a statement of its own.

    It is read at the beginning of a turn of the worker and told of what the turn makes; somebody else's new record is
    seen at the next turn.
    """

    actor: Actor
    makers: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    products: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    slugs: dict[str, int] = field(default_factory=dict)
    villages: dict[str, list[str]] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)

    def load_makers(self, session: Session) -> Register:
        """Every maker in reach by its folded name: (id, village)."""
        self.makers = {}
        reach = below(Maker.village_code, self.actor.area_prefixes(Permission.EDIT_MAKERS))
        for key, name, village in session.execute(select(Maker.id, Maker.name, Maker.village_code).where(reach)):
            self.note_maker(key, name, village)
        return self

    def load_products(self, session: Session) -> Register:
        """Every product in reach by its folded Indonesian name: (id, maker's id)."""
        self.products = {}
        reach = below(Product.village_code, self.actor.area_prefixes(Permission.EDIT_PRODUCTS))
        for key, name, maker in session.execute(select(Product.id, Product.name_id, Product.maker_id).where(reach)):
            self.note_product(key, name, maker)
        return self

    def load_categories(self, session: Session) -> Register:
        """Every category by its address and both its names."""
        rows = session.execute(select(Category.id, Category.slug, Category.name_id, Category.name_en))
        self.categories = {fold_name(name): row[0] for row in rows for name in row[1:] if name}
        return self

    def note_maker(self, maker_id: int, name: str, village: str) -> None:
        """A maker that there is now."""
        self.makers.setdefault(fold_name(name), []).append((maker_id, village))

    def note_product(self, product_id: int, name: str, maker_id: int) -> None:
        """A product that there is now."""
        self.products.setdefault(fold_name(name), []).append((product_id, maker_id))

    def find_villages(self, session: Session, permission: Permission, names: Iterable[str]) -> None:
        """Look up those of the village names that were not looked up before, in one statement."""
        wanted = {folded for name in names if (folded := _village_name(name)) and folded not in self.villages}
        if not wanted:
            return
        self.villages |= {name: [] for name in wanted}
        reach = below(Area.code, self.actor.area_prefixes(permission))
        statement = select(Area.folded_name, Area.code).where(Area.folded_name.in_(wanted), Area.level == AreaLevel.VILLAGE, reach)
        for name, code in session.execute(statement):
            self.villages[name].append(code)

    def village(self, session: Session, text: str, column: str, district: str = "") -> str:
        """The code of the village a cell names by code or by name; the district tells two of one name apart."""
        if code := _typed_code(text):
            return code
        codes = self.villages.get(_village_name(text), [])
        if len(codes) > 1 and district:
            parents = {area.code: area.folded_name for area in _districts(session, codes)}
            wanted = fold_name(district.lower().removeprefix("kecamatan ").removeprefix("kec. "))
            codes = [code for code in codes if parents.get(code.rpartition(".")[0]) == wanted]
        if len(codes) > 1:
            raise InvalidInput(N_("More than one village has this name; type its official code."), field=column)
        if not codes:
            raise InvalidInput(N_("We know no village “%(text)s” in your area."), field=column, text=text[:40])
        return codes[0]


def only_one(found: list[int], text: str, column: str, nothing: str, several: str) -> int:
    """The one id; refused with one of the two sentences otherwise."""
    if len(found) != 1:
        raise InvalidInput(several if found else nothing, field=column, text=text[:60])
    return found[0]


def say(value: Any) -> str:
    """A value as the preview shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple | list):
        return ", ".join(str(each) for each in value)
    return str(getattr(value, "value", value))[:400]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """What differs, column by column."""
    return tuple((name, say(old[name]), say(value)) for name, value in new.items() if old[name] != value)


def _typed_code(text: str) -> str:
    typed = text.strip()
    if typed.isascii() and typed.isdigit() and len(typed) == _PLAIN_CODE:
        typed = f"{typed[:2]}.{typed[2:4]}.{typed[4:6]}.{typed[6:]}"
    return typed if is_area_code(typed) and len(typed) == _PLAIN_CODE + 3 else ""


def _village_name(text: str) -> str:
    if _typed_code(text):
        return ""
    lowered = text.strip().lower()
    for prefix in ("desa ", "kelurahan ", "kel. ", "ds. "):
        lowered = lowered.removeprefix(prefix)
    return fold_name(lowered)


def _districts(session: Session, villages: list[str]) -> list[Area]:
    return list(session.scalars(select(Area).where(Area.code.in_({code.rpartition(".")[0] for code in villages}))))
