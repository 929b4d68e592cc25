"""Servers under measurement: gunicorn as deploy/ runs it, two synchronous workers on loopback, and what their processes take."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.load import HOST, drive

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Server:
    """A running gunicorn."""

    port: int
    pid: int
    #: From the command to the first answered page, in seconds.
    started_in: float

    @property
    def workers(self) -> list[int]:
        """The process ids of the workers."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in children.split()]

    def cpu_seconds(self) -> float:
        """Processor time of all workers so far: it counts their work alone, however busy the machine is."""
        ticks = 0
        for pid in self.workers:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def resident_megabytes(self) -> float:
        """The largest worker's resident memory, what it shares with its master included; 1 MB is 2**20 bytes."""
        pages = [int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) for pid in self.workers]
        return max(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def whole_megabytes(self) -> float:
        """All processes together, what they share counted once."""
        return sum(_kilobytes(pid, "Pss:") for pid in (self.pid, *self.workers)) / 2**10

    def own_megabytes(self) -> float:
        """What the larger worker shares with nobody: it would come free if that one ended."""
        return max(_kilobytes(pid, "Private_") for pid in self.workers) / 2**10


def _kilobytes(pid: int, kind: str) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(kind))


@contextmanager
def serve(app: str, environment: Mapping[str, str], first_page: str) -> Iterator[Server]:
    """Run `app` (module:factory()) until the block ends; `first_page` must answer 200 before it begins."""
    port = free_port()
    arguments = ["--config", "deploy/gunicorn.conf.py", "--workers", str(WORKERS), "--bind", f"{HOST}:{port}", "--log-level", "warning"]
    command = [sys.executable, "-m", "gunicorn", app, *arguments]
    begun = time.perf_counter()
    # compiled code is kept as everywhere, whatever this shell says: without it a start would measure Python's compiler
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(ROOT / "var" / "bench" / "compiled")}
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **kept, **environment})
    try:
        while not drive(port, [first_page], connections=1, seconds=0).times:
            if process.poll() is not None or time.perf_counter() - begun > 60:
                raise SystemExit(f"{app} does not answer {first_page}")
            time.sleep(0.02)
        yield Server(port, process.pid, time.perf_counter() - begun)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
