"""Forms of mapping: what a village could make, what shows it, and moving the village on."""

from __future__ import annotations

from catalog.mapping.potentials import PotentialFacts
from catalog.models.programme import Scheme
from kernel.errors import N_
from storefront.fields import ChoiceField, DayField, FilesField, LongTextField, PageForm, TextField

#: What evidence may be; anything else is refused by what is inside the file.
EVIDENCE_FILES = "image/*,application/pdf"


class PotentialForm(PageForm):
    """Something a village, or a community, school or class in it, could make."""

    name_id = TextField(N_("Product, in Indonesian"), maximum=120, hint=N_("Short, as people call it: keripik ubi kencur."))
    name_en = TextField(N_("Product, in English"), maximum=120, required=False)
    scheme = ChoiceField(N_("Scheme"))
    unit_name = TextField(N_("Community, school or class"), maximum=120, required=False, hint=N_("Empty for the village itself."))
    contact_name = TextField(N_("Whom to ask"), maximum=120, required=False, hint=N_("For a school: a guardian or a teacher."))
    contact_phone = TextField(N_("Their phone"), maximum=30, required=False)
    note = LongTextField(
        N_("What we know"), maximum=2_000, rows=3, required=False, hint=N_("Who makes it, how much, where it is sold now.")
    )

    def facts(self) -> PotentialFacts:
        """What was typed, for the verb."""
        return PotentialFacts(
            name_id=self.name_id.value or "",
            name_en=self.name_en.value or "",
            scheme=Scheme(self.scheme.value),
            unit_name=self.unit_name.value or "",
            contact_name=self.contact_name.value or "",
            contact_phone=self.contact_phone.value or "",
            note=self.note.value or "",
        )


class EvidenceForm(PageForm):
    """What shows that something is made there."""

    photos = FilesField(N_("Photo or PDF"), required=False, accept=EVIDENCE_FILES, hint=N_("Straight from the camera, or a letter as PDF."))
    note = LongTextField(N_("What it shows"), maximum=2_000, rows=3, required=False, hint=N_("Without a file this is the evidence."))
    source = TextField(N_("Source"), maximum=160, hint=N_("Who says so, such as the village secretary."))
    seen_on = DayField(N_("Seen on"))


class MoveForm(PageForm):
    """How far a village is now."""

    after = ChoiceField(N_("New standing"))
    potential = ChoiceField(N_("Product it puts forward"), required=False)
    reason = LongTextField(N_("Reason"), maximum=500, rows=2, required=False, hint=N_("Needed for a step back, or out."))
    seen = TextField(maximum=12)
