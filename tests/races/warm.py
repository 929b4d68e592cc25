"""What each of hundreds of child processes would do for itself, done once by the server from which they are forked."""

from __future__ import annotations

import gc
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import configure_mappers

from storefront.app import create_app
from tests.conftest import make_settings

configure_mappers()
with TemporaryDirectory() as _folder:  # nothing is opened: an app asks its database with its first page
    create_app(make_settings("sqlite://", Path(_folder)))
gc.freeze()  # nobody looks at it again, so that children share its memory
