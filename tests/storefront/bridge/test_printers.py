from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storefront.bridge import printers
from storefront.bridge.printers import DummyPrinter, FilePrinter, NetworkPrinter, PrinterTrouble, UsbPrinter, printer_from

#: What a printer answers when it is asked for its paper (DLE EOT 4): plenty; none.
PLENTY, NONE = b"\x12", b"\x72"


@pytest.fixture
def listen() -> Iterator[Callable[[bytes], tuple[int, list[bytes]]]]:
    """`listen(status)`: a network printer with that paper status (empty: it never answers); its port and what it prints."""
    ends: list[Callable[[], None]] = []

    def start(status: bytes) -> tuple[int, list[bytes]]:
        server = socket.create_server(("127.0.0.1", 0))
        got: list[bytes] = []

        def serve() -> None:
            line, _address = server.accept()
            with line:
                assert line.recv(3) == b"\x10\x04\x04"
                if status:
                    line.sendall(status)
                while data := line.recv(65_536):
                    got.append(data)

        thread = threading.Thread(target=serve)
        thread.start()
        ends.append(lambda: (thread.join(5), server.close())[0])
        return server.getsockname()[1], got

    yield start
    for end in ends:
        end()


def test_a_network_printer_gets_the_bytes(listen: Callable[[bytes], tuple[int, list[bytes]]]) -> None:
    port, got = listen(PLENTY)
    NetworkPrinter("127.0.0.1", port).write(b"abc" * 1_000)
    _wait_for(lambda: b"".join(got) == b"abc" * 1_000)


def test_a_network_printer_that_never_answers_prints_all_the_same(
    listen: Callable[[bytes], tuple[int, list[bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printers, "ANSWER_S", 0.05)
    port, got = listen(b"")
    NetworkPrinter("127.0.0.1", port).write(b"abc")
    _wait_for(lambda: b"".join(got) == b"abc")


def test_a_network_printer_without_paper_gets_nothing(listen: Callable[[bytes], tuple[int, list[bytes]]]) -> None:
    port, got = listen(NONE)
    with pytest.raises(PrinterTrouble) as trouble:
        NetworkPrinter("127.0.0.1", port).write(b"abc")
    assert trouble.value.reason == "paper_out"
    assert got == []


def test_a_printer_that_is_switched_off_is_unplugged() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(PrinterTrouble) as trouble:
        NetworkPrinter("127.0.0.1", port).look()
    assert trouble.value.reason == "unplugged"


def test_a_file_collects_what_is_printed(tmp_path: Path) -> None:
    printer = FilePrinter(tmp_path / "out.bin")
    printer.write(b"abc")
    printer.write(b"def")
    assert (tmp_path / "out.bin").read_bytes() == b"abcdef"


def test_a_file_that_cannot_be_opened_is_unplugged(tmp_path: Path) -> None:
    with pytest.raises(PrinterTrouble) as trouble:
        FilePrinter(tmp_path / "absent" / "lp0").look()
    assert trouble.value.reason == "unplugged"


def test_a_usb_printer_is_found_by_its_numbers_and_missed_when_it_is_unplugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = tmp_path / "devices" / "1-2"
    (device / "1-2:1.0").mkdir(parents=True)
    (device / "idVendor").write_text("0416\n")
    (device / "idProduct").write_text("5011\n")
    entry = tmp_path / "usbmisc" / "lp0"
    entry.mkdir(parents=True)
    (entry / "device").symlink_to(device / "1-2:1.0")
    assert UsbPrinter(0x0416, 0x5011, tmp_path / "usbmisc")._found().path == Path("/dev/usb/lp0")
    with pytest.raises(PrinterTrouble) as trouble:
        UsbPrinter(0x0416, 0x5012, tmp_path / "usbmisc").look()
    assert trouble.value.reason == "unplugged"


def test_a_printer_is_named_on_the_command_line() -> None:
    assert isinstance(printer_from("dummy"), DummyPrinter)
    usb = printer_from("usb:0416:5011")
    assert isinstance(usb, UsbPrinter)
    assert (usb.vendor, usb.product) == (0x0416, 0x5011)
    near = printer_from("network:192.0.2.7:9101")
    assert isinstance(near, NetworkPrinter)
    assert (near.host, near.port) == ("192.0.2.7", 9101)
    usual = printer_from("network:printer.local")
    assert isinstance(usual, NetworkPrinter)
    assert usual.port == 9100
    for wrong in ("", "usb:1", "usb:x:y", "network:", "file:", "lpt1", "dummy:1", "network:a:b"):
        with pytest.raises(ValueError, match=r".*"):
            printer_from(wrong)


def _wait_for(condition: Callable[[], bool]) -> None:
    done = threading.Event()
    for _each in range(500):
        if condition():
            return
        done.wait(0.01)
    pytest.fail("it did not happen")
