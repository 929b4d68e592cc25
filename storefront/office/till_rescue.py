"""A rescue file that a till saved because it could not send any more: taken in once, whoever uploads it (A25)."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel.errors import N_, InvalidInput
from orders.counter import entries as verbs
from orders.counter import queries
from orders.counter.entries import RescueResult
from orders.models.till import EntryState
from storefront.database import reading
from storefront.office.till_forms import RescueForm
from storefront.office.tills import find_place
from storefront.pages import save, status_of
from storefront.security import current_actor

#: A shift of five hundred receipts is about one megabyte.
LARGEST = 10 * 1024 * 1024


def till_rescue(outlet: str) -> ResponseReturnValue:
    """Choose the file; the answer says what came of each entry. Sending it again changes nothing and gives the same answer."""
    find_place(outlet)
    form = RescueForm()
    made: list[RescueResult] = []

    def work(session: Session) -> None:
        made.append(verbs.receive_rescue(session, current_actor(), _text(form)))

    if form.validate_on_submit() and save(form, work):
        result = made[0]
        return render_template(
            "office/tills/rescued.html",
            outlet=find_place(outlet),
            result=result,
            counts=[(state, sum(answer.state is state for answer in result.answers)) for state in EntryState],
            refused=[answer for answer in result.answers if answer.state is EntryState.REFUSED],
            device=queries.get_device(reading(), current_actor(), result.device_code),
        )
    return render_template("office/tills/rescue.html", outlet=find_place(outlet), form=form), status_of(form)


def _text(form: RescueForm) -> str:
    """The file as text; InvalidInput for what is too large or no text."""
    data = form.file.value[0].read(LARGEST + 1)
    if len(data) > LARGEST:
        raise InvalidInput(N_("The file is larger than 10 MB."), field="file")
    try:
        return str(data, "utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(N_("This is no rescue file of a till."), field="file") from None
