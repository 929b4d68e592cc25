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

    When exactly one part is hidden, it is the total minus the others: then the next smallest part is hidden too.
    """
    shown = {key: protect(count) for key, count in counts.items()}
    hidden = [key for key, count in shown.items() if count is None]
    others = [key for key, count in shown.items() if count]
    if len(hidden) == 1 and others:
        shown[min(others, key=lambda key: (counts[key], key))] = None
    return shown
