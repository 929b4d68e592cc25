"""What a stored photo consists of: its widths and formats, and the files that the pipeline prepared. Pages need no Pillow to know it."""

from __future__ import annotations

from dataclasses import dataclass

#: Widths a page can choose from; the height follows the picture's own shape.
WIDTHS = (320, 640, 1080)
#: By file ending; the page offers them in this order.
FORMATS = ("avif", "webp", "jpg")


@dataclass(frozen=True, slots=True)
class PreparedPhoto:
    """A picture ready to store: the bytes by (width, ending), and the pixel size of the largest."""

    files: dict[tuple[int, str], bytes]
    width: int
    height: int
