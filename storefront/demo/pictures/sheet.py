"""The sheet a picture is drawn on: it collects shapes, gradients and clips and writes them out as one SVG string."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from storefront.demo.pictures.colour import mix

Point = tuple[float, float]
# A gradient stop: offset 0 to 1, colour, and opacity (1 when left out).
Stop = tuple[float, str] | tuple[float, str, float]


def number(value: float) -> str:
    """A coordinate short enough for a small file: one decimal, no trailing zero."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _attributes(extra: dict[str, object]) -> str:
    parts = []
    for name, value in extra.items():
        text = f"{value:.3g}" if isinstance(value, float) and abs(value) < 1 else value
        text = number(text) if isinstance(text, float) else text
        parts.append(f' {name.replace("_", "-")}="{text}"')
    return "".join(parts)


def _stops(stops: Sequence[Stop]) -> str:
    out = []
    for stop in stops:
        opacity = f' stop-opacity="{stop[2]:.3g}"' if len(stop) == 3 else ""
        out.append(f'<stop offset="{stop[0]:.3g}" stop-color="{stop[1]}"{opacity}/>')
    return "".join(out)


class Sheet:
    """One picture in the making; coordinates are pixels of its `width` x `height`, y downwards."""

    def __init__(self, width: int, height: int, livery: int = 0) -> None:
        self.width = width
        self.height = height
        # Which printed design the labels on this sheet carry, so that a product keeps its own in every view.
        self.livery = livery
        self._window = (0.0, 0.0, float(width), float(height))
        self._definitions: dict[str, str] = {}
        self._shapes: list[str] = []

    def frame(self, corner: Point, width: float) -> None:
        """Show only the part of the sheet from `corner` on that is `width` wide, enlarged to the full picture."""
        self._window = (corner[0], corner[1], width, width * self.height / self.width)

    def svg(self) -> str:
        """The finished picture."""
        definitions = "".join(text.replace("@id", name, 1) for text, name in self._definitions.items())
        size = " ".join(number(part) for part in self._window)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" width="{self.width}"'
            f' height="{self.height}"><defs>{definitions}</defs>{"".join(self._shapes)}</svg>'
        )

    def define(self, text: str) -> str:
        """Keep a definition whose id is written "@id"; the same text is kept once. Returns its id."""
        return self._definitions.setdefault(text, f"d{len(self._definitions)}")

    def linear(self, stops: Sequence[Stop], start: Point = (0, 0), end: Point = (1, 0)) -> str:
        """A linear gradient in fractions of the painted shape's box."""
        return self._linear(stops, start, end, "")

    def linear_on_sheet(self, stops: Sequence[Stop], start: Point, end: Point) -> str:
        """A linear gradient between two points of the sheet, in pixels."""
        return self._linear(stops, start, end, ' gradientUnits="userSpaceOnUse"')

    def _linear(self, stops: Sequence[Stop], start: Point, end: Point, units: str) -> str:
        text = (
            f'<linearGradient id="@id" x1="{start[0]:.4g}" y1="{start[1]:.4g}" x2="{end[0]:.4g}"'
            f' y2="{end[1]:.4g}"{units}>{_stops(stops)}</linearGradient>'
        )
        return f"url(#{self.define(text)})"

    def radial(self, stops: Sequence[Stop], centre: Point = (0.5, 0.5), radius: float = 0.5) -> str:
        """A radial gradient in fractions of the painted shape's box."""
        text = f'<radialGradient id="@id" cx="{centre[0]:.3g}" cy="{centre[1]:.3g}" r="{radius:.3g}">{_stops(stops)}</radialGradient>'
        return f"url(#{self.define(text)})"

    def blur(self, spread: float, margin: int = 30) -> str:
        """A blur for the `filter` attribute; keep blurred shapes small, its cost grows with their area."""
        text = (
            f'<filter id="@id" x="-{margin}%" y="-{margin}%" width="{100 + 2 * margin}%"'
            f' height="{100 + 2 * margin}%"><feGaussianBlur stdDeviation="{spread:.3g}"/></filter>'
        )
        return f"url(#{self.define(text)})"

    def soft(self, d: str, colour: str, opacity: float, spread: float, shift: Point = (0, 0)) -> None:
        """Draw a path with a soft rim about `spread` to either side, moved by `shift`.

        Four faint copies laid a little apart; a blur looks the same at this size and costs several times as much.
        """
        each = 1 - (1 - min(opacity, 0.98)) ** 0.25
        for dx, dy in ((1, 0.1), (-0.3, 0.9), (-0.9, -0.2), (0.2, -0.8)):
            moved = f"translate({number(shift[0] + dx * spread)} {number(shift[1] + dy * spread)})"
            self.path(d, colour, fill_opacity=each, transform=moved)

    def path(self, d: str, fill: str = "none", **extra: object) -> None:
        """Draw a path; further attributes by name, with _ for -."""
        self._shapes.append(f'<path d="{d}" fill="{fill}"{_attributes(extra)}/>')

    def line(self, d: str, colour: str, width: float, **extra: object) -> None:
        """Draw an open path with round ends and no fill."""
        self.path(d, "none", stroke=colour, stroke_width=width, stroke_linecap="round", **extra)

    def ellipse(self, centre: Point, rx: float, ry: float, fill: str, angle: float = 0.0, **extra: object) -> None:
        """Draw an ellipse, turned by `angle` degrees about its centre."""
        cx, cy = number(centre[0]), number(centre[1])
        if angle:
            extra["transform"] = f"rotate({angle:.1f} {cx} {cy})"
        self._shapes.append(f'<ellipse cx="{cx}" cy="{cy}" rx="{number(rx)}" ry="{number(ry)}" fill="{fill}"{_attributes(extra)}/>')

    def rect(self, corner: Point, width: float, height: float, fill: str, **extra: object) -> None:
        """Draw an upright rectangle from its upper left corner."""
        self._shapes.append(
            f'<rect x="{number(corner[0])}" y="{number(corner[1])}" width="{number(width)}"'
            f' height="{number(height)}" fill="{fill}"{_attributes(extra)}/>'
        )

    def ramp(self, corner: Point, size: Point, colours: Sequence[str], lean: float = 0.0) -> None:
        """Fill a box from top to bottom through `colours`, in flat slices too fine to see.

        Slices paint several times faster than a gradient and look the same. `lean` tips them: how far
        (in pixels) their right end lies above their left end; the first slices then reach above the box.
        """
        (x, y), (width, height) = corner, size
        count = 36
        span = height + lean
        for i in range(count):
            place = i / (count - 1) * (len(colours) - 1)
            index = min(int(place), len(colours) - 2)
            colour = mix(colours[index], colours[index + 1], place - index)
            top, foot = y + span * i / count, y + span * (i + 1) / count + (2 if i < count - 1 else 0)
            self.path(
                f"M{number(x)} {number(top)}L{number(x + width)} {number(top - lean)}V{number(foot - lean)}L{number(x)} {number(foot)}Z",
                colour,
            )

    @contextmanager
    def moved(self, at: Point, scale: float = 1.0, angle: float = 0.0) -> Iterator[None]:
        """Draw about the origin: what is drawn inside lands at `at`, scaled and turned."""
        turned = f" rotate({angle:.1f})" if angle else ""
        scaled = f" scale({scale:.3g})" if scale != 1.0 else ""
        self._shapes.append(f'<g transform="translate({number(at[0])} {number(at[1])}){turned}{scaled}">')
        yield
        self._shapes.append("</g>")
