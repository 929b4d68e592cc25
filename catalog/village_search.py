"""The village a buyer means: the beginning of its name, perhaps with its district or regency, those near the outlet first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from catalog.areas import ancestors_of, display_name, find_area, fold_name, is_area_code, map_areas
from catalog.models.area import Area, AreaLevel

#: How many are offered at once, and how much of a question is read.
MOST_FOUND = 8
LONGEST_QUESTION = 80
#: Fewer letters say nothing: every tenth village begins with an S.
SHORTEST_NAME = 2
MOST_WORDS = 6
_VILLAGE_CODE_LENGTH, _DISTRICT_CODE_LENGTH = 13, 8
_LAST = "z" * 100
#: What stands before a name on an envelope and is no part of it.
_KINDS = frozenset({"desa", "kelurahan", "kel", "kecamatan", "kec", "kabupaten", "kab", "village", "district", "regency"})
_POSTAL_CODE = re.compile(r"[0-9]{5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class VillageChoice:
    """One village to choose: `text` is `Talang Bulang, Talang Ubi, PALI, Sumatera Selatan`; the postal code may be unknown."""

    code: str
    text: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class _Question:
    """One way to read what was typed: the beginning of a village's name, and words from the names above it."""

    name: str
    above: tuple[str, ...] = ()


def search_villages(session: Session, text: str, *, near: str = "", language: str = "id", limit: int = MOST_FOUND) -> list[VillageChoice]:
    """Up to `limit` villages for what was typed: a name's beginning, two names in either order, a postal code or an area code.

    `near` is the area code of the outlet: its regency comes first, then its province, then its group of islands.
    """
    typed = " ".join(text[:LONGEST_QUESTION].split())
    if is_area_code(typed):
        return _describe(session, [typed] if find_village(session, typed) else [], language)
    if _POSTAL_CODE.fullmatch(typed):
        return _describe(session, _by_postal_code(session, typed, near, limit), language)
    found: dict[str, None] = {}
    for place, question in enumerate(_readings(typed)):
        found |= dict.fromkeys(_ask(session, question, near, limit))
        if place and len(found) >= limit:  # two readings at least: "su p" is Supat, but also a Suka… in Penukal nearby
            break
    if len(found) < limit:
        found |= dict.fromkeys(_below(session, fold_name(typed), near, limit))
    nearest_first = sorted(found, key=lambda code: bool(near) and not code.startswith(f"{near[:5]}."))
    return _describe(session, nearest_first[:limit], language)


def find_village(session: Session, code: str) -> Area | None:
    """The village with this code, or None."""
    area = find_area(session, code)
    return area if area is not None and area.level is AreaLevel.VILLAGE else None


def describe_choice(session: Session, code: str, language: str = "id") -> VillageChoice | None:
    """The village with this code as search_villages shows it, or None."""
    return next(iter(_describe(session, [code], language)), None) if find_village(session, code) else None


def _readings(typed: str) -> Iterator[_Question]:
    """The ways to read it, the likeliest first; commas part names for certain, spaces perhaps."""
    whole = fold_name(typed)
    if len(whole) < SHORTEST_NAME:
        return
    yield _Question(whole)
    parts = [part for part in (_without_kinds(part) for part in typed.split(",")) if part]
    if len(parts) > 1:
        yield _Question("".join(parts[0]), tuple(word for part in parts[1:] for word in part))
        return
    words = [word for part in parts for word in part][:MOST_WORDS]
    if "".join(words) != whole and len("".join(words)) >= SHORTEST_NAME:
        yield _Question("".join(words))
    for place in range(len(words) - 1, 0, -1):
        yield _Question("".join(words[:place]), tuple(words[place:]))
    for place in range(1, len(words)):
        yield _Question("".join(words[place:]), tuple(words[:place]))


def _without_kinds(part: str) -> list[str]:
    folded = [fold_name(word) for word in re.split(r"[\s.]+", part)]
    return [word for word in folded if word and word not in _KINDS]


def _begins(column: ColumnElement[str], beginning: str) -> ColumnElement[bool]:
    """A range that the index on names answers, and the exact check beside it, for collations that sort in their own way."""
    return and_(column.between(beginning, beginning + _LAST), column.startswith(beginning))


def _ask(session: Session, question: _Question, near: str, limit: int) -> Sequence[str]:
    if len(question.name) < SHORTEST_NAME:
        return []
    village, district, regency, province = Area, aliased(Area), aliased(Area), aliased(Area)
    statement = select(village.code).where(
        _begins(village.folded_name.expression, question.name), func.length(village.code) == _VILLAGE_CODE_LENGTH
    )
    if question.above:
        statement = statement.join(district, district.code == village.parent_code)
        statement = statement.join(regency, regency.code == district.parent_code).join(province, province.code == regency.parent_code)
        statement = statement.where(*(_lies_in(word, district, regency, province) for word in question.above))
    is_whole = case((village.folded_name == question.name, 0), else_=1)
    order = (_distance(near, 1), is_whole, _distance(near, 3), village.folded_name, village.code)
    return session.scalars(statement.order_by(*order).limit(limit)).all()


def _lies_in(word: str, district: type[Area], regency: type[Area], province: type[Area]) -> ColumnElement[bool]:
    """Whether a name above the village has this word: one or two letters must begin it, more may stand inside."""
    inside = "%" if len(word) > 2 else ""
    return or_(
        district.folded_name.like(f"{inside}{word}%"),
        *(regency.folded_name.like(f"{kind}{inside}{word}%") for kind in ("kabupaten", "kota")),
        func.lower(regency.short_name).like(f"{word}%"),
        province.folded_name.like(f"{inside}{word}%"),
    )


def _below(session: Session, name: str, near: str, limit: int) -> Sequence[str]:
    """Villages of the districts, cities and regencies that begin with `name`, for who knows no more than that."""
    if len(name) <= SHORTEST_NAME:
        return []
    folded = Area.folded_name.expression
    is_above = and_(
        func.length(Area.code) <= _DISTRICT_CODE_LENGTH, or_(*(_begins(folded, kind + name) for kind in ("", "kota", "kabupaten")))
    )
    above = session.scalars(select(Area.code).where(is_above).order_by(_distance(near, 3), Area.code).limit(limit)).all()
    if not above:
        return []
    is_below = or_(*(Area.code.between(f"{code}.", f"{code}.~") for code in above))
    statement = select(Area.code).where(is_below, func.length(Area.code) == _VILLAGE_CODE_LENGTH)
    return session.scalars(statement.order_by(_distance(near, 3), Area.folded_name, Area.code).limit(limit)).all()


def _by_postal_code(session: Session, postal_code: str, near: str, limit: int) -> Sequence[str]:
    statement = select(Area.code).where(Area.postal_code == postal_code, func.length(Area.code) == _VILLAGE_CODE_LENGTH)
    return session.scalars(statement.order_by(_distance(near, 3), Area.folded_name, Area.code).limit(limit)).all()


def _distance(near: str, steps: int) -> ColumnElement[int]:
    """0 in the outlet's regency, 1 in its province, 2 among its islands (codes begin with their number), else `steps`."""
    if not near:
        return case((Area.code == "", 0), else_=0)
    circles = [f"{near[:5]}.", f"{near[:2]}.", near[:1]][:steps]
    return case(*((Area.code.startswith(circle), place) for place, circle in enumerate(circles)), else_=steps)


def _describe(session: Session, codes: Sequence[str], language: str) -> list[VillageChoice]:
    known = map_areas(session, codes) if codes else {}
    choices = []
    for code in codes:
        names = [display_name(known[each], language) for each in (code, *reversed(ancestors_of(code))) if each in known]
        choices.append(VillageChoice(code, ", ".join(names), known[code].postal_code))
    return choices
