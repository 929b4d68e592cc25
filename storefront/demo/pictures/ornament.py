"""Songket ornament laid on drawn things: rows of lozenges and shoots on labels, cloth and borders, following each surface's bend."""

from __future__ import annotations

from collections.abc import Callable

from storefront.demo.pictures.colour import GOLD, GOLD_PALE, PAPER, mix, shade
from storefront.demo.pictures.geometry import Patch, polygons, strip
from storefront.demo.pictures.sheet import Point, Sheet

Shapes = list[list[Point]]


def diamond(patch: Patch, u: float, v: float, ru: float, rv: float) -> list[Point]:
    """A lozenge about (u, v)."""
    return [patch(u, v - rv), patch(u + ru, v), patch(u, v + rv), patch(u - ru, v)]


def lozenge_row(patch: Patch, top: float, bottom: float, count: int) -> Shapes:
    """A row of framed lozenges with a kernel each and small triangles between them."""
    shapes: Shapes = []
    step, middle, half = 1 / count, (top + bottom) / 2, (bottom - top) / 2
    for i in range(count):
        u = (i + 0.5) * step
        # Two windings that cancel under the even-odd rule leave a frame.
        shapes.append(diamond(patch, u, middle, step * 0.47, half * 0.94))
        shapes.append(diamond(patch, u, middle, step * 0.31, half * 0.62))
        shapes.append(diamond(patch, u, middle, step * 0.15, half * 0.3))
    for i in range(1, count):
        u = i * step
        reach = step * 0.17
        shapes.append([patch(u - reach, top), patch(u + reach, top), patch(u, top + half * 0.42)])
        shapes.append([patch(u - reach, bottom), patch(u + reach, bottom), patch(u, bottom - half * 0.42)])
    return shapes


def shoot_row(patch: Patch, top: float, bottom: float, count: int) -> Shapes:
    """A row of slender upright triangles, the bamboo shoots (pucuk rebung) of songket ends."""
    shapes: Shapes = []
    step, tall = 1 / count, bottom - top
    for i in range(count):
        left, middle, right = i * step, (i + 0.5) * step, (i + 1) * step
        shapes.append([patch(left, bottom), patch(middle, top), patch(right, bottom)])
        inner = bottom - tall * 0.12
        shapes.append(
            [
                patch(left + step * 0.24, inner),
                patch(middle, top + tall * 0.34),
                patch(right - step * 0.24, inner),
            ]
        )
        shapes.append(diamond(patch, middle, bottom - tall * 0.3, step * 0.09, tall * 0.14))
    return shapes


def dot_row(patch: Patch, v: float, count: int, ru: float, rv: float) -> Shapes:
    """A row of very small lozenges."""
    return [diamond(patch, (i + 0.5) / count, v, ru, rv) for i in range(count)]


def lozenge_field(patch: Patch, columns: int, rows: int) -> Shapes:
    """Lozenges over a whole surface, each second row set between the first."""
    shapes: Shapes = []
    du, dv = 1 / columns, 1 / rows
    for row in range(rows):
        offset = 0.5 if row % 2 == 0 else 1.0
        for column in range(columns if row % 2 == 0 else columns - 1):
            u, v = (column + offset) * du, (row + 0.5) * dv
            shapes.append(diamond(patch, u, v, du * 0.36, dv * 0.62))
            shapes.append(diamond(patch, u, v, du * 0.24, dv * 0.42))
            shapes.append(diamond(patch, u, v, du * 0.1, dv * 0.18))
    return shapes


def ink(sheet: Sheet, shapes: Shapes, colour: str, **extra: object) -> None:
    """Print shapes in one colour; a shape inside another is left open."""
    sheet.path(polygons(shapes), colour, fill_rule="evenodd", **extra)


def emblem(sheet: Sheet, patch: Patch, centre: Point, size: float, dark: str, light: str) -> None:
    """A woven lozenge as the maker's mark; `size` is its half height in v, `centre` in u and v."""
    u, v = centre
    for ru, rv, colour in ((1.0, 1.0, dark), (0.84, 0.84, light), (0.72, 0.72, dark)):
        ink(sheet, [diamond(patch, u, v, size * ru, size * rv)], colour)
    quarter = size * 0.36
    for du, dv in ((0, -quarter), (quarter, 0), (0, quarter), (-quarter, 0)):
        ink(sheet, [diamond(patch, u + du, v + dv, size * 0.27, size * 0.27)], light)
        ink(sheet, [diamond(patch, u + du, v + dv, size * 0.12, size * 0.12)], dark)


Layout = Callable[[Sheet, Patch, str, float], None]


def _band_top(sheet: Sheet, patch: Patch, accent: str, ratio: float) -> None:
    count = max(5, round(9 * ratio))
    sheet.path(strip(patch, 0.0, 0.27), accent)
    ink(sheet, lozenge_row(patch, 0.05, 0.22, count), GOLD_PALE)
    sheet.path(strip(patch, 0.285, 0.297), GOLD)
    emblem(sheet, _square(patch, ratio), (0.5, 0.6), 0.2, accent, PAPER)
    sheet.path(strip(patch, 0.905, 0.917), GOLD)
    sheet.path(strip(patch, 0.94, 1.0), accent)


def _field(sheet: Sheet, patch: Patch, accent: str, ratio: float) -> None:
    sheet.path(strip(patch, 0.0, 1.0), accent)
    ink(sheet, lozenge_field(patch, max(5, round(7 * ratio)), 9), mix(accent, GOLD_PALE, 0.38))
    sheet.path(strip(patch, 0.3, 0.7), PAPER)
    sheet.path(strip(patch, 0.325, 0.335) + strip(patch, 0.665, 0.675), GOLD)
    emblem(sheet, _square(patch, ratio), (0.5, 0.5), 0.14, accent, PAPER)


def _shoots(sheet: Sheet, patch: Patch, accent: str, ratio: float) -> None:
    count = max(6, round(10 * ratio))
    ink(sheet, shoot_row(patch, 0.66, 0.93, count), accent)
    sheet.path(strip(patch, 0.93, 1.0), accent)
    ink(sheet, dot_row(patch, 0.965, count * 2, 0.2 / count, 0.018), GOLD_PALE)
    emblem(sheet, _square(patch, ratio), (0.5, 0.34), 0.2, accent, PAPER)
    sheet.path(strip(patch, 0.05, 0.062) + strip(patch, 0.08, 0.086), GOLD)


def _two_bands(sheet: Sheet, patch: Patch, accent: str, ratio: float) -> None:
    count = max(6, round(11 * ratio))
    sheet.path(strip(patch, 0.1, 0.26) + strip(patch, 0.74, 0.9), accent)
    ink(sheet, lozenge_row(patch, 0.125, 0.235, count), GOLD_PALE)
    ink(sheet, lozenge_row(patch, 0.765, 0.875, count), GOLD_PALE)
    sheet.path(strip(patch, 0.05, 0.06) + strip(patch, 0.94, 0.95), GOLD)
    emblem(sheet, _square(patch, ratio), (0.5, 0.5), 0.17, accent, PAPER)


LAYOUTS: tuple[Layout, ...] = (_band_top, _field, _shoots, _two_bands)


def _square(patch: Patch, ratio: float) -> Patch:
    """The same surface with u measured like v, so that a mark is as tall as it is wide on it."""
    return lambda u, v: patch(0.5 + (u - 0.5) / ratio, v)


def label(sheet: Sheet, patch: Patch, ratio: float, accent: str) -> None:
    """A printed paper label on a surface; `ratio` is its width over its height."""
    sheet.path(strip(patch, 0.0, 1.0), PAPER, stroke=shade(PAPER, -0.25), stroke_width=1.2)
    LAYOUTS[sheet.livery % len(LAYOUTS)](sheet, patch, accent, ratio)
