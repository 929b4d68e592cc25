"""Reading our own PDFs back without a PDF library: texts, images and links of what fpdf2 writes."""

from __future__ import annotations

import re
import zlib

from PIL import Image

_STREAM = re.compile(rb"<<(?P<head>(?:[^<>]|<<[^<>]*>>)*)>>\s*stream\r?\n", re.DOTALL)
_LENGTH = re.compile(rb"/Length (\d+)")
_SHOWN = re.compile(rb"\((?P<text>(?:\\.|[^\\()])*)\) Tj", re.DOTALL)


def _streams(drawn: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    for match in _STREAM.finditer(drawn):
        head, length = match["head"], _LENGTH.search(match["head"])
        assert length is not None
        # By its length: packed bytes may end with, or contain, whatever looks like an end.
        body = drawn[match.end() : match.end() + int(length[1])]
        found.append((head, zlib.decompress(body) if b"FlateDecode" in head else body))
    return found


def page_texts(drawn: bytes) -> list[list[str]]:
    """Every text that is shown, page by page, in the order it was set."""
    pages = []
    for head, body in _streams(drawn):
        if b"/Subtype /Image" in head or b" Tj" not in body:
            continue
        pages.append([re.sub(rb"\\(.)", rb"\1", match["text"]).decode("latin-1") for match in _SHOWN.finditer(body)])
    return pages


def text_of(drawn: bytes) -> str:
    """All of it on one line."""
    return " ".join(" ".join(texts) for texts in page_texts(drawn)).replace("\u00a0", " ")


def images(drawn: bytes) -> list[Image.Image]:
    """The grey pictures inside, rebuilt from their rows."""
    found = []
    for head, body in _streams(drawn):
        if b"/Subtype /Image" not in head:
            continue
        width, height = (int(re.search(rb"/%s (\d+)" % name, head)[1]) for name in (b"Width", b"Height"))  # type: ignore[index]
        assert b"DeviceGray" in head
        assert b"/BitsPerComponent 8" in head
        rows = [body[at : at + width + 1] for at in range(0, len(body), width + 1)]
        assert len(rows) == height
        assert {row[0] for row in rows} == {0}, "no PNG filter"
        found.append(Image.frombytes("L", (width, height), b"".join(row[1:] for row in rows)))
    return found


def page_sizes(drawn: bytes) -> list[tuple[float, float]]:
    """Width and height of every page in millimetres."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", drawn)
    return [(round(float(width) * 25.4 / 72, 1), round(float(height) * 25.4 / 72, 1)) for width, height in boxes]
