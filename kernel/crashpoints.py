"""Named points between two steps that matter, where a test can have this process killed as if the power had gone (docs/faults.md)."""

from __future__ import annotations

import os
import signal

#: The environment variable that holds the name of one point; config.py refuses it in production.
VARIABLE = "ETALASE_CRASH_AT"


def here(name: str) -> None:
    """Nothing, unless the environment names this very point: then the process dies at once, without any clearing up."""
    if os.environ.get(VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)
