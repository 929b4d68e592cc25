"""The one area that a page of the programme looks at: within the person's reach, with the way up and the areas below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from catalog.areas import ancestors_of, display_name, is_area_code
from catalog.models.area import Area
from catalog.queries.points import below
from kernel.errors import NotAllowed, NotFound
from kernel.people import Actor, Permission, covers

#: Parts of a code: province 1, regency 2, district 3, village 4.
PROVINCE, REGENCY, DISTRICT, VILLAGE = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Step:
    """An area on the way up or one level down."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Focus:
    """The area looked at. `above` are those in reach from the highest, `below` its children by name."""

    code: str
    name: str
    above: tuple[Step, ...]
    below: tuple[Step, ...]

    @property
    def level(self) -> int:
        """1 for a province, 4 for a village."""
        return self.code.count(".") + 1

    def villages(self) -> ColumnElement[bool]:
        """The villages in it; the statement has the village and its district (catalog.queries.parts)."""
        return below(self.code, self.level - 1)


def choose_area(actor: Actor, permission: Permission, asked: str, home: str) -> str:
    """The code that `asked` means: it, or by default home, or the first area of the person. NotFound out of reach."""
    prefixes = actor.area_prefixes(permission)
    if not prefixes:
        raise NotAllowed
    if asked:
        if not is_area_code(asked) or not any(covers(prefix, asked) for prefix in prefixes):
            raise NotFound
        return asked
    return home if any(covers(prefix, home) for prefix in prefixes) else prefixes[0]


def get_focus(session: Session, actor: Actor, permission: Permission, asked: str, home: str, language: str) -> Focus:
    """The area of a page, with names; NotFound when it is out of reach or does not exist. Two statements."""
    code = choose_area(actor, permission, asked, home)
    prefixes = actor.area_prefixes(permission)
    line = [each for each in ancestors_of(code) if any(covers(prefix, each) for prefix in prefixes)]
    found = {area.code: area for area in session.scalars(select(Area).where(Area.code.in_([*line, code])))}
    if code not in found:
        raise NotFound
    children = session.scalars(select(Area).where(Area.parent_code == code).order_by(Area.name, Area.code)).all()
    return Focus(code, display_name(found[code], language), _steps([found[each] for each in line], language), _steps(children, language))


def _steps(areas: Sequence[Area], language: str) -> tuple[Step, ...]:
    return tuple(Step(area.code, display_name(area, language)) for area in areas)
