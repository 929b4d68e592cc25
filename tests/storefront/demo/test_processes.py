"""The demo's processes: they start together, and when one dies the others are stopped and it is named."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from storefront.demo.processes import Job, run_together

#: A worker that says when it can be stopped, and that it was.
_NOTES_ITS_END = """
import pathlib, signal, sys, time
ready, ended = map(pathlib.Path, sys.argv[1:])
signal.signal(signal.SIGTERM, lambda *_: (ended.touch(), sys.exit(0)))
ready.touch()
time.sleep(60)
"""
_DIES_ONCE_THE_OTHER_IS_READY = """
import pathlib, sys, time
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.02)
sys.exit(3)
"""


def _never() -> None:
    raise AssertionError("nothing serves here")


def _interrupt_once_there(file: Path) -> None:
    ends = time.monotonic() + 60
    while not file.exists() and time.monotonic() < ends:
        time.sleep(0.02)
    os.kill(os.getpid(), signal.SIGINT)


def test_a_death_is_named_and_stops_the_rest(tmp_path: Path) -> None:
    ready, ended = tmp_path / "ready", tmp_path / "ended"
    jobs = [
        Job("worker", [sys.executable, "-c", _NOTES_ITS_END, str(ready), str(ended)]),
        Job("web server", [sys.executable, "-c", _DIES_ONCE_THE_OTHER_IS_READY, str(ready)]),
    ]
    died = run_together(jobs, os.environ, health="http://127.0.0.1:9/healthz", ready=_never)
    assert died == "The web server ended unexpectedly (exit code 3)."
    assert ended.exists()


def test_a_signal_stops_all_in_peace(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    ready, ended = tmp_path / "ready", tmp_path / "ended"
    threading.Thread(target=_interrupt_once_there, args=(ready,)).start()
    jobs = [Job("worker", [sys.executable, "-c", _NOTES_ITS_END, str(ready), str(ended)])]
    assert run_together(jobs, os.environ, health="http://127.0.0.1:9/healthz", ready=_never) is None
    assert ended.exists()
    assert signal.getsignal(signal.SIGINT) is before
