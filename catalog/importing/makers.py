"""Rows about makers, planned for catalog.makers' verbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from catalog import makers as verbs
from catalog.access import ensure_can
from catalog.areas import fold_name
from catalog.importing import cells
from catalog.importing.finding import load_named
from catalog.importing.planning import Plan, Register, Row, differences
from catalog.importing.words import MAKER_KINDS
from catalog.makers import MakerFacts
from catalog.models.importing import Outcome
from catalog.models.maker import Maker, MakerKind
from kernel.errors import N_, InvalidInput
from kernel.people import Actor, Permission

_TEXTS = ("name", "story_id", "story_en")


class MakerRows:
    """One batch of rows about makers."""

    def __init__(self, session: Session, actor: Actor, register: Register, rows: Sequence[Row]) -> None:
        self.session, self.actor, self.register = session, actor, register
        register.find_villages(session, Permission.EDIT_MAKERS, (row.text("village_code") for row in rows))
        ids = {key for row in rows for key, _village in register.makers.get(fold_name(row.text("name")), ())}
        found = load_named(session, Maker, ids, {row.text("code") for row in rows} - {""})
        self.by_id = {maker.id: maker for maker in found}
        self.by_slug = {maker.slug: maker for maker in found}

    def plan(self, row: Row) -> Plan:
        """A maker is known by its code, else by its name in its village."""
        said = self._read(row)
        maker = self._find(row, said)
        if maker is None:
            return self._new(said)
        ensure_can(self.actor, Permission.EDIT_MAKERS, maker.village_code)
        before = verbs.facts_of(maker)
        facts = verbs.check_facts(self.session, replace(before, **said))
        ensure_can(self.actor, Permission.EDIT_MAKERS, facts.village_code)
        changes = differences({name: getattr(before, name) for name in said}, {name: getattr(facts, name) for name in said})
        return Plan(
            outcome=Outcome.CHANGED if changes else Outcome.UNCHANGED,
            key=("maker", maker.id),
            subject=maker.name,
            changes=changes,
            apply=lambda: verbs.update_maker(self.session, self.actor, maker, facts),
        )

    def _new(self, said: dict[str, Any]) -> Plan:
        facts = verbs.check_facts(self.session, MakerFacts(**({"kind": MakerKind.HOUSEHOLD} | said)))
        ensure_can(self.actor, Permission.EDIT_MAKERS, facts.village_code)

        def apply() -> None:
            maker = verbs.create_maker(self.session, self.actor, facts)
            self.register.note_maker(maker.id, maker.name, maker.village_code)
            self.by_id[maker.id] = maker

        return Plan(Outcome.NEW, ("maker", fold_name(facts.name), facts.village_code), facts.name, apply=apply)

    def _find(self, row: Row, said: dict[str, Any]) -> Maker | None:
        if code := row.text("code"):
            if code not in self.by_slug:
                raise InvalidInput(N_("There is no record with the code “%(text)s”."), field="code", text=code[:60])
            return self.by_slug[code]
        found = [key for key, village in self.register.makers.get(fold_name(said["name"]), ()) if village == said["village_code"]]
        if len(found) > 1:
            raise InvalidInput(N_("More than one maker is called “%(text)s”; type the maker's code."), field="name", text=said["name"][:60])
        return self.by_id[found[0]] if found else None

    def _read(self, row: Row) -> dict[str, Any]:
        village = row.need("village_code", lambda text, column: self.register.village(self.session, text, column, row.text("district")))
        row.need("name", lambda text, _column: text)
        said: dict[str, Any] = {
            "village_code": village,
            "kind": row.read("kind", MAKER_KINDS.read),
            "phone": row.read("phone", _read_phone),
            "is_phone_public": row.read("is_phone_public", cells.read_flag),
            "founded_year": row.read("founded_year", cells.read_whole),
            "people_count": row.read("people_count", cells.read_whole),
        }
        said |= {name: row.text(name) or None for name in _TEXTS}
        return {name: value for name, value in said.items() if value is not None}


def _read_phone(text: str, _column: str) -> str:
    """A spreadsheet that took a number for a number has lost its zero."""
    return f"0{text}" if text.isascii() and text.isdigit() and text.startswith("8") else text
