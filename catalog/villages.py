"""What a village tells visitors: its introduction, when to come and what there is to see."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from sqlalchemy.orm import Session

from catalog.access import ensure_can
from catalog.areas import get_village
from catalog.models.area import VillageProfile
from kernel import audit, clock
from kernel.parsing import parse_text
from kernel.people import Actor, Permission
from kernel.phones import normalise_phone


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageFacts:
    """Texts in both languages, each of which may be missing."""

    intro_id: str = ""
    intro_en: str = ""
    visit_id: str = ""
    visit_en: str = ""
    season_id: str = ""
    season_en: str = ""
    contact_phone: str = ""


def describe_visit(session: Session, actor: Actor, village_code: str, facts: VillageFacts, *, is_sample: bool = False) -> VillageProfile:
    """Set what the village's page says, new or corrected."""
    ensure_can(actor, Permission.EDIT_MAKERS, village_code)
    village = get_village(session, village_code)
    facts = _checked(facts)
    profile = session.get(VillageProfile, village.code)
    if profile is None:
        profile = VillageProfile(area_code=village.code, is_sample=is_sample)
        session.add(profile)
    for name, value in asdict(facts).items():
        setattr(profile, name, value)
    profile.updated_at = clock.now()
    session.flush()
    audit.record(session, actor, "village.describe", f"area:{village.code}")
    return profile


def find_profile(session: Session, village_code: str) -> VillageProfile | None:
    """What the village says, or None: most say nothing yet."""
    return session.get(VillageProfile, village_code)


def _checked(facts: VillageFacts) -> VillageFacts:
    lengths = {"intro": 2_000, "visit": 4_000, "season": 200}
    texts = {
        f"{name}_{language}": parse_text(getattr(facts, f"{name}_{language}"), field=f"{name}_{language}", maximum=maximum)
        for name, maximum in lengths.items()
        for language in ("id", "en")
    }
    return replace(facts, **texts, contact_phone=normalise_phone(facts.contact_phone, field="contact_phone"))
