"""How a figure grows with the size of what it is measured on: a straight line through its logarithms."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log


def exponent(figures: Mapping[int, float]) -> float:
    """The k of figure = c * size^k that fits best by least squares of the logarithms: 0 stays as it is, 1 grows alike."""
    return _fit(figures)[1]


def expected(figures: Mapping[int, float], size: int) -> float:
    """What that curve says for another size."""
    scale, power = _fit(figures)
    return float(scale * size**power)


def _fit(figures: Mapping[int, float]) -> tuple[float, float]:
    points = [(log(size), log(figure)) for size, figure in figures.items() if figure > 0]
    if len(points) < 2:
        raise ValueError("a curve needs two sizes")
    middle = [sum(values) / len(points) for values in zip(*points, strict=True)]
    power = sum((x - middle[0]) * (y - middle[1]) for x, y in points) / sum((x - middle[0]) ** 2 for x, _ in points)
    return exp(middle[1] - power * middle[0]), power


def table(title: str, figures: Mapping[str, Mapping[int, float]]) -> str:
    """Lines of figures by size, each with its exponent."""
    sizes = sorted({size for line in figures.values() for size in line})
    head = f"{title:30}" + "".join(f"{size:>12,}" for size in sizes) + f"{'grows as n^':>13}"
    lines = [
        f"{name:30}" + "".join(f"{line[size]:12.2f}" if size in line else " " * 12 for size in sizes) + f"{exponent(line):13.2f}"
        for name, line in figures.items()
    ]
    return "\n".join([head, *lines])
