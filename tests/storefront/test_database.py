"""What waits for a commit: done once it is there, forgotten when it is not."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel.errors import Conflict
from storefront.database import afterwards, transaction
from storefront.private_files import PrivateFile, replace_file, storage
from storefront.templating import current_settings

pytestmark = pytest.mark.one_database


def refuse_after(act: Callable[[Session], None]) -> None:
    """A transaction that does this and is refused in the end."""
    with transaction() as session:
        act(session)
        raise Conflict("no")


def test_what_waits_for_a_commit_is_done_after_it_and_once(app: Flask) -> None:
    done: list[str] = []
    with app.app_context():
        with transaction() as session:
            afterwards(session, lambda: done.append("first"))
            assert done == []
        assert done == ["first"]
        with transaction():
            pass
    assert done == ["first"]


def test_a_rollback_forgets_what_waited(app: Flask) -> None:
    done: list[str] = []
    with app.app_context():
        with pytest.raises(Conflict):
            refuse_after(lambda session: afterwards(session, lambda: done.append("never")))
        with transaction():
            pass
    assert done == []


def test_a_file_outlives_the_transaction_that_failed_to_replace_it(app: Flask) -> None:
    """The row still names it."""
    old, new = (PrivateFile(f"{digit * 32}.pdf", "application/pdf", b"%PDF-") for digit in "ab")
    with app.test_request_context():
        kept = storage("certificates")
        assert kept.folder.is_relative_to(Path(current_settings().private_folder))
        kept.save(old.name, old.data)
        with pytest.raises(Conflict):
            refuse_after(lambda session: replace_file(session, "certificates", new, old.name))
        assert kept.open(old.name) == old.data
        with transaction() as session:
            replace_file(session, "certificates", new, old.name)
        with pytest.raises(FileNotFoundError):
            kept.open(old.name)
