"""The port to a printer, and what stands behind it: USB, network, a file, or the twin for tests and trials."""

from __future__ import annotations

import fcntl
import os
import select
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from escpos.constants import RT_MASK_NOPAPER, RT_STATUS_PAPER

#: A printer that takes no more bytes for so long is out of paper, open or stuck.
PATIENCE_S = 5.0
#: How long a network printer may think about a question; many cheap ones never answer, and print all the same.
ANSWER_S = 0.7
PORT = 9100
#: Linux: asks a printer at the USB printer class for its status lines (IEEE 1284), and the line that means "no paper".
LPGETSTATUS, OUT_OF_PAPER = 0x060B, 0x20
USB_PRINTERS = Path("/sys/class/usbmisc")


class PrinterTrouble(Exception):
    """The printer did not print: `reason` is `paper_out`, `unplugged` or `trouble`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason


class Printer(Protocol):
    """Something that prints bytes."""

    def look(self) -> None:
        """Raise PrinterTrouble when it could not print now."""

    def write(self, data: bytes) -> None:
        """All of it, or PrinterTrouble."""


class DummyPrinter:
    """Keeps what it is given; `trouble` makes it fail as a real one does."""

    def __init__(self) -> None:
        self.jobs: list[bytes] = []
        self.trouble = ""

    def look(self) -> None:
        if self.trouble:
            raise PrinterTrouble(self.trouble)

    def write(self, data: bytes) -> None:
        self.look()
        self.jobs.append(data)


class NetworkPrinter:
    """A printer on the network that takes raw bytes (port 9100)."""

    def __init__(self, host: str, port: int = PORT) -> None:
        self.host, self.port = host, port

    def look(self) -> None:
        with self._open() as line:
            _ask_for_paper(line)

    def write(self, data: bytes) -> None:
        with self._open() as line:
            _ask_for_paper(line)
            line.settimeout(PATIENCE_S)
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)

    @contextmanager
    def _open(self) -> Iterator[socket.socket]:
        try:
            with socket.create_connection((self.host, self.port), timeout=PATIENCE_S) as line:
                yield line
        except TimeoutError as late:
            raise PrinterTrouble("trouble", str(late)) from late
        except OSError as gone:
            raise PrinterTrouble("unplugged", str(gone)) from gone


def _ask_for_paper(line: socket.socket) -> None:
    line.settimeout(ANSWER_S)
    line.sendall(RT_STATUS_PAPER)
    try:
        answer = line.recv(16)
    except TimeoutError:
        return
    if answer and answer[0] & RT_MASK_NOPAPER == RT_MASK_NOPAPER:
        raise PrinterTrouble("paper_out")


class FilePrinter:
    """A device file such as /dev/usb/lp0, or a plain file that collects what would be printed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def look(self) -> None:
        with self._open() as handle:
            _read_status(handle)

    def write(self, data: bytes) -> None:
        with self._open() as handle:
            _read_status(handle)
            _write_all(handle, data)

    @contextmanager
    def _open(self) -> Iterator[int]:
        """Never waits: a device that is out of paper would keep us for good."""
        is_device = self.path.exists() and stat.S_ISCHR(self.path.stat().st_mode)
        how = os.O_WRONLY | os.O_NONBLOCK | (0 if is_device else os.O_CREAT | os.O_APPEND)
        try:
            handle = os.open(self.path, how, 0o600)
        except OSError as gone:
            raise PrinterTrouble("unplugged", str(gone)) from gone
        try:
            yield handle
        except OSError as broken:
            raise PrinterTrouble("unplugged", str(broken)) from broken
        finally:
            os.close(handle)


def _read_status(handle: int) -> None:
    if not stat.S_ISCHR(os.fstat(handle).st_mode):
        return
    try:
        lines = int.from_bytes(fcntl.ioctl(handle, LPGETSTATUS, bytes(4)), "little")
    except OSError:
        return  # no status lines: another kind of device
    if lines & OUT_OF_PAPER:
        raise PrinterTrouble("paper_out")


def _write_all(handle: int, data: bytes) -> None:
    ends_at = time.monotonic() + PATIENCE_S
    while data:
        if not select.select([], [handle], [], max(0.0, ends_at - time.monotonic()))[1]:
            raise PrinterTrouble("trouble", "the printer takes no more")
        try:
            data = data[os.write(handle, data) :]
        except BlockingIOError:
            continue


class UsbPrinter:
    """A printer at USB by its vendor and product numbers. It is looked up for every job: it may have been unplugged and come back."""

    def __init__(self, vendor: int, product: int, devices: Path = USB_PRINTERS) -> None:
        self.vendor, self.product, self.devices = vendor, product, devices

    def look(self) -> None:
        self._found().look()

    def write(self, data: bytes) -> None:
        self._found().write(data)

    def _found(self) -> FilePrinter:
        for entry in sorted(self.devices.glob("lp*")):
            # The entry's device is the interface; numbers stand one folder above.
            numbers = (entry / "device").resolve().parent
            if _number(numbers / "idVendor") == self.vendor and _number(numbers / "idProduct") == self.product:
                return FilePrinter(Path("/dev/usb") / entry.name)
        raise PrinterTrouble("unplugged", f"no USB printer {self.vendor:04x}:{self.product:04x}")


def _number(path: Path) -> int:
    try:
        return int(path.read_text().strip(), 16)
    except (OSError, ValueError):
        return -1


def printer_from(text: str) -> Printer:
    """The printer that `--printer` names; ValueError for what names none."""
    kind, _colon, rest = text.partition(":")
    if kind == "dummy" and not rest:
        return DummyPrinter()
    if kind == "file" and rest:
        return FilePrinter(Path(rest))
    if kind == "network" and rest:
        host, _colon, port = rest.partition(":")
        return NetworkPrinter(host, int(port) if port else PORT)
    if kind == "usb":
        vendor, _colon, product = rest.partition(":")
        return UsbPrinter(int(vendor, 16), int(product, 16))
    raise ValueError(f"{text!r}: write usb:VENDOR:PRODUCT, network:HOST, network:HOST:PORT, file:PATH or dummy")
