"""One-colour songket ornament for the site: a tileable lozenge band, a corner, a divider and the shop's mark, as small SVG files.

Run as a module it writes them into `static/`: python -m storefront.demo.pictures.songket
"""

from __future__ import annotations

from pathlib import Path

from storefront.demo.pictures.sheet import number

STATIC = Path(__file__).resolve().parents[3] / "static"


def lozenge(x: float, y: float, steps: int, unit: float) -> str:
    """A stepped lozenge about (x, y), as a loom draws it: `steps` threads of `unit` from its middle to each tip."""
    one = number(unit)
    right, left = f"h{one}v{one}" * steps, f"h-{one}v-{one}" * steps
    down, up = f"h-{one}v{one}" * steps, f"h{one}v-{one}" * steps
    start = f"M{number(x - unit / 2)} {number(y - (steps + 0.5) * unit)}"
    return f"{start}h{one}v{one}{right}{down}h-{one}v-{one}{left}{up}Z"


def peak(x: float, y: float, steps: int, unit: float, down: bool = False) -> str:
    """Half a stepped lozenge standing on (or, `down`, hanging from) the level y."""
    rise = unit if down else -unit
    up = "".join(f"v{number(rise)}h{number(unit)}" for _ in range(steps))
    fall = "".join(f"v{number(-rise)}h{number(unit)}" for _ in range(steps - 1))
    return f"M{number(x - (steps - 0.5) * unit)} {number(y)}{up}{fall}v{number(-rise)}Z"


def _svg(width: float, height: float, paths: str, colour: str = "currentColor") -> str:
    size = f"{number(width)} {number(height)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{number(width)}" height="{number(height)}">'
        f'<path fill="{colour}" fill-rule="evenodd" d="{paths}"/></svg>'
    )


def _band_unit(x: float, height: float) -> str:
    """One lozenge with the half motifs on its left edge, in a cell as wide as the band is high."""
    unit, middle = height / 12, height / 2
    edge = unit
    return (
        lozenge(x + middle, middle, 4, unit)
        + lozenge(x + middle, middle, 2, unit)
        + lozenge(x + middle, middle, 0, unit)
        + peak(x, edge, 2, unit, down=True)
        + peak(x, height - edge, 2, unit)
    )


def lozenge_band(height: int, repeat: int) -> str:
    """A border of `repeat` lozenges, `height` high and `height * repeat` wide, that tiles sideways without a seam."""
    width = height * repeat
    rule = number(height / 24)
    rules = f"M0 0H{width}V{rule}H0ZM0 {height}H{width}v-{rule}H0Z"
    # The half motif on the last edge completes the one that the next tile begins with.
    edge, unit = height / 12, height / 12
    last = peak(width, edge, 2, unit, down=True) + peak(width, height - edge, 2, unit)
    return _svg(width, height, rules + "".join(_band_unit(i * height, height) for i in range(repeat)) + last)


def thin_band(height: int, repeat: int) -> str:
    """A slender border of single stepped lozenges and dots between two rules."""
    width, unit = height * 2 * repeat, height / 10
    rule = number(unit * 0.8)
    body = "".join(
        lozenge(height * (2 * i + 1), height / 2, 2, unit) + lozenge(height * (2 * i + 1), height / 2, 0, unit) for i in range(repeat)
    )
    dots = "".join(lozenge(height * 2 * i, height / 2, 0, unit * 1.2) for i in range(repeat + 1))
    return _svg(width, height, f"M0 0H{width}V{rule}H0ZM0 {height}H{width}v-{rule}H0Z" + body + dots)


def corner(size: int = 48) -> str:
    """An upper left corner: two rules that meet, a lozenge in the angle, and shoots growing from the outer rule."""
    rule, unit = size / 24, size / 24
    frame = f"M0 0H{size}V{number(rule)}H{number(rule)}V{size}H0Z"
    inner = size / 8
    second = f"M{number(inner)} {number(inner)}H{size}v{number(rule / 2)}H{number(inner + rule / 2)}V{size}h-{number(rule / 2)}Z"
    middle = size * 0.42
    woven = lozenge(middle, middle, 4, unit) + lozenge(middle, middle, 2, unit) + lozenge(middle, middle, 0, unit)
    small = lozenge(size * 0.78, size * 0.3, 1, unit) + lozenge(size * 0.3, size * 0.78, 1, unit)
    return _svg(size, size, frame + second + woven + small)


def divider(width: int = 240, height: int = 24) -> str:
    """A section break: one lozenge between two smaller ones, and a rule that thins out to either side."""
    x, y, unit = width / 2, height / 2, height / 12
    paths = lozenge(x, y, 4, unit) + lozenge(x, y, 2, unit) + lozenge(x, y, 0, unit)
    for side in (-1, 1):
        paths += lozenge(x + side * height * 0.95, y, 2, unit) + lozenge(x + side * height * 0.95, y, 0, unit)
        paths += lozenge(x + side * height * 1.5, y, 0, unit * 1.4)
        near, far = x + side * height * 1.85, x + side * width * 0.49
        paths += f"M{number(near)} {number(y - unit * 0.4)}L{number(far)} {number(y)}L{number(near)} {number(y + unit * 0.4)}Z"
    return _svg(width, height, paths)


def single(size: int = 24) -> str:
    """One woven lozenge, for list markers and empty states."""
    middle, unit = size / 2, size / 12
    return _svg(size, size, lozenge(middle, middle, 5, unit) + lozenge(middle, middle, 3, unit) + lozenge(middle, middle, 1, unit))


def _mark_paths() -> tuple[str, str]:
    """The mark on a field of 64: a woven lozenge as a frame, and the four panes of the display window within it."""
    frame = "".join(f"M32 {a}L{64 - a} 32 32 {64 - a} {a} 32Z" for a in (1, 7))
    panes = "".join(f"M{x} {y - 9.4:.1f}l9.4 9.4-9.4 9.4-9.4-9.4Z" for x, y in ((32, 20.6), (43.4, 32), (20.6, 32)))
    # The lowest pane is the one with something in it: a kernel on display.
    shown = "M32 34l9.4 9.4-9.4 9.4-9.4-9.4ZM32 38.4l-5 5 5 5 5-5Z"
    return frame, panes + shown


def mark() -> str:
    """The shop's mark in one colour."""
    return _svg(64, 64, "".join(_mark_paths()))


def files() -> dict[str, str]:
    """Every ornament file of the site by its path under `static/`."""
    return {
        "base/ornaments/band.svg": lozenge_band(24, 4),
        "base/ornaments/band-thin.svg": thin_band(10, 6),
        "base/ornaments/corner.svg": corner(),
        "base/ornaments/divider.svg": divider(),
        "base/ornaments/lozenge.svg": single(),
        "base/ornaments/mark.svg": mark(),
    }


def save(static: Path = STATIC) -> None:
    """Write the ornament files."""
    for name, svg in files().items():
        target = static / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(svg + "\n", encoding="utf-8")


if __name__ == "__main__":
    save()
