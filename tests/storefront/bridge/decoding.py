"""ESC/POS bytes read back as a printer would: lines of text with their style, pictures, the drawer's pulse and the cut."""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image


@dataclass
class Paper:
    """What came out. A line is its text, whether it is strong, and how many times as wide its letters are."""

    lines: list[tuple[str, bool, int]] = field(default_factory=list)
    pictures: list[Image.Image] = field(default_factory=list)
    pulses: int = 0
    cuts: int = 0
    fed: int = 0

    @property
    def text(self) -> str:
        return "\n".join(line for line, _strong, _times in self.lines)

    @property
    def widest(self) -> int:
        """Columns of the widest line."""
        return max((len(line) * times for line, _strong, times in self.lines), default=0)


#: Commands that this paper takes note of: their beginning, and their length.
_LENGTHS = {b"\x1b@": 2, b"\x1bE": 3, b"\x1b!": 3, b"\x1ba": 3, b"\x1bt": 3, b"\x1bp": 5, b"\x1bd": 3, b"\x1dV": 3}


def decode(data: bytes) -> Paper:
    """All of it; a byte that no printer of ours understands is an error."""
    paper, at, strong, times, line = Paper(), 0, False, 1, ""
    while at < len(data):
        rest = data[at:]
        command = rest[:2]
        if command in _LENGTHS:
            if command == b"\x1b@":
                strong, times = False, 1
            elif command == b"\x1bE":
                strong = rest[2] == 1
            elif command == b"\x1b!":
                times = 2 if rest[2] & 0x20 else 1
            _note(paper, command, rest)
            at += _LENGTHS[command]
        elif rest[:3] == b"\x1dv0":
            picture, length = _picture(rest)
            paper.pictures.append(picture)
            at += length
        elif rest[:1] == b"\n":
            paper.lines.append((line, strong, times))
            line, at = "", at + 1
        else:
            assert 32 <= rest[0] < 127, rest[:8]
            line, at = line + chr(rest[0]), at + 1
    assert not line
    return paper


def _note(paper: Paper, command: bytes, rest: bytes) -> None:
    paper.pulses += command == b"\x1bp"
    paper.cuts += command == b"\x1dV"
    paper.fed += rest[2] if command == b"\x1bd" else 0


def _picture(rest: bytes) -> tuple[Image.Image, int]:
    across, down = int.from_bytes(rest[4:6], "little"), int.from_bytes(rest[6:8], "little")
    bits = rest[8 : 8 + across * down]
    assert len(bits) == across * down
    return Image.frombytes("1", (across * 8, down), bytes(~byte & 0xFF for byte in bits)), 8 + across * down
