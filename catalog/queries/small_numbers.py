"""Small-number protection of public figures (pure): fewer than three makers are not shown alone."""

from __future__ import annotations

from collections.abc import Mapping

#: Below this a count says too much about single people.
SMALLEST_SHOWN = 3


def protect(count: int) -> int | None:
    """`count`, or None when it is too small to be shown; nought tells nothing about anybody and is shown."""
    return count if count == 0 or count >= SMALLEST_SHOWN else None


def protect_parts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The parts of a total that is shown beside them.

    What is hidden can be reckoned as the total minus the others. So at least two parts are hidden together, of three makers
    or more in all; the next smallest ones go along as long as that takes.
    """
    shown = {key: protect(count) for key, count in counts.items()}
    hidden = [key for key, count in shown.items() if count is None]
    others = sorted((key for key, count in shown.items() if count), key=lambda key: (counts[key], key))
    while hidden and others and (len(hidden) == 1 or sum(counts[key] for key in hidden) < SMALLEST_SHOWN):
        shown[others[0]] = None
        hidden.append(others.pop(0))
    return shown
