"""The same pages as SVG, for whoever sets labels into a drawing of their own: one file for each page, measured as the PDF is."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from storefront.documents.paper import POINT, Colour, Paper, printable, qr_modules

_FACES = {"helvetica": "Helvetica, Arial, sans-serif", "times": "Times, 'Times New Roman', serif"}


class SvgPaper(Paper):
    """Takes what is drawn on a Paper and keeps it as SVG elements; lengths are millimetres."""

    def __init__(self, size: str | tuple[float, float], title: str, margin: float) -> None:
        super().__init__(size, title, margin)
        self.sheets: list[list[str]] = []
        self._ink = self._ground = self._pen = "#000000"

    def add_page(self, *given: Any, **named: Any) -> None:
        super().add_page(*given, **named)
        self.sheets.append([])

    def face(self, size: float, style: str = "", colour: Colour = (33, 26, 22), family: str = "Helvetica") -> None:
        super().face(size, style, colour, family)
        self._ink = _hex(colour)

    def set_fill_color(self, *colour: Any) -> None:
        super().set_fill_color(*colour)
        self._ground = _hex(colour)

    def set_draw_color(self, *colour: Any) -> None:
        super().set_draw_color(*colour)
        self._pen = _hex(colour)

    def say(self, x: float, y: float, text: str, width: float = 0, align: str = "L") -> float:
        height = self.line_height()
        at, anchor = {"L": (x, "start"), "C": (x + width / 2, "middle"), "R": (x + width, "end")}[align]
        size = float(self.font_size_pt) * POINT
        weight = ' font-weight="bold"' if "B" in self.font_style else ""
        face = f'font-family="{_FACES[self.font_family]}" font-size="{size:.3f}"{weight} fill="{self._ink}" text-anchor="{anchor}"'
        self._add(f'<text x="{at:.3f}" y="{y + height / 2 + size * 0.3:.3f}" {face}>{escape(printable(text))}</text>')
        return y + height

    def rect(self, x: float, y: float, w: float, h: float, *given: Any, **named: Any) -> None:
        self._add(f'<path d="M{x:.4f} {y:.4f}h{w:.4f}v{h:.4f}h{-w:.4f}z" fill="{self._ground}"/>')

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self._add(f'<path d="M{x1:.3f} {y1:.3f}L{x2:.3f} {y2:.3f}" stroke="{self._pen}" stroke-width="{self.line_width:.3f}"/>')

    def symbol(self, x: float, y: float, module: float, address: str) -> float:
        rows = qr_modules(address)
        dark = "".join(
            f"M{x + column * module:.4f} {y + row * module:.4f}h{module:.4f}v{module:.4f}h{-module:.4f}z"
            for row, modules in enumerate(rows)
            for column, is_dark in enumerate(modules)
            if is_dark
        )
        self._add(f'<path d="{dark}" fill="#000" shape-rendering="crispEdges"/>')
        return len(rows) * module

    def image(self, name: Any, x: Any = 0, y: Any = 0, w: float = 0, **_more: Any) -> Any:  # type: ignore[override]  # only what labels use
        data = base64.b64encode(Path(name).read_bytes()).decode()
        self._add(f'<image x="{x:.3f}" y="{y:.3f}" width="{w:.3f}" href="data:image/jpeg;base64,{data}"/>')

    @contextmanager
    def rect_clip(self, x: float, y: float, w: float, h: float) -> Iterator[None]:
        self._add(f'<svg x="{x:.3f}" y="{y:.3f}" width="{w:.3f}" height="{h:.3f}" viewBox="{x:.3f} {y:.3f} {w:.3f} {h:.3f}">')
        yield
        self._add("</svg>")

    def svgs(self) -> list[str]:
        """One drawing for each page."""
        size = f'width="{self.w:g}mm" height="{self.h:g}mm" viewBox="0 0 {self.w:g} {self.h:g}"'
        return [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}><rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>'
            for parts in self.sheets
        ]

    def as_zip(self) -> bytes:
        """All pages in one file."""
        written = BytesIO()
        with ZipFile(written, "w", ZIP_DEFLATED) as file:
            for number, drawing in enumerate(self.svgs(), 1):
                file.writestr(f"label-{number:04d}.svg", drawing)
        return written.getvalue()

    def _add(self, element: str) -> None:
        self.sheets[-1].append(element)


def _hex(colour: Any) -> str:
    red, green, blue = (int(part) for part in (colour if len(colour) == 3 else (colour[0],) * 3))
    return f"#{red:02x}{green:02x}{blue:02x}"
