"""Runs the demo's processes side by side: waits until the shop answers, stops all together, and tells when one died."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import config

#: How long a process may take to finish what it is doing.
PATIENCE = 15.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Job:
    """A process to run: the name people read, and its command line."""

    name: str
    command: Sequence[str]


def run_together(jobs: Sequence[Job], environment: Mapping[str, str], *, health: str, ready: Callable[[], None]) -> str | None:
    """Run `jobs` until a signal or a death; None after a signal, else what died. `ready` is called once `health` answers."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_signal: stop.set()) for number in _SIGNALS}
    running: list[tuple[Job, subprocess.Popen[bytes]]] = []
    try:
        for job in jobs:
            # A session of its own: Ctrl-C reaches us alone, and we stop them in order.
            process = subprocess.Popen(job.command, cwd=config.ROOT, env=dict(environment), start_new_session=True)  # noqa: S603
            running.append((job, process))
        told = False
        while not stop.wait(0.2):
            dead = next(((job, process) for job, process in running if process.poll() is not None), None)
            if dead:
                return f"The {dead[0].name} ended unexpectedly (exit code {dead[1].returncode})."
            if not told and _answers(health):
                told = True
                ready()
        return None
    finally:
        _stop([process for _job, process in reversed(running)])
        for number, handler in before.items():
            signal.signal(number, handler)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
