"""The demo's processes: they start together, and when one dies the others are stopped and it is named."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from storefront.demo.processes import Job, run_together

_NOTES_ITS_END = (
    "import pathlib, signal, sys, time; signal.signal(15, lambda *_: (pathlib.Path(sys.argv[1]).touch(), sys.exit(0))); time.sleep(60)"
)


def _never() -> None:
    raise AssertionError("nothing serves here")


def test_a_death_is_named_and_stops_the_rest(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    jobs = [
        Job("worker", [sys.executable, "-c", _NOTES_ITS_END, str(ended)]),
        Job("web server", [sys.executable, "-c", "import sys, time; time.sleep(2); sys.exit(3)"]),
    ]
    died = run_together(jobs, os.environ, health="http://127.0.0.1:9/healthz", ready=_never)
    assert died == "The web server ended unexpectedly (exit code 3)."
    assert ended.exists()


def test_a_signal_stops_all_in_peace(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    ended = tmp_path / "ended"
    threading.Timer(2, os.kill, (os.getpid(), signal.SIGINT)).start()
    jobs = [Job("worker", [sys.executable, "-c", _NOTES_ITS_END, str(ended)])]
    assert run_together(jobs, os.environ, health="http://127.0.0.1:9/healthz", ready=_never) is None
    assert ended.exists()
    assert signal.getsignal(signal.SIGINT) is before
