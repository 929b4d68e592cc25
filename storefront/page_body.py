"""A finished page in the memory of a worker: squeezed once, with a gap near its end for the visitor's own form token.

Only what stands before the token is compressed. The token and the little that follows go behind it as they are, in a block that
DEFLATE calls stored, so a page for the next visitor is put together without compressing anything.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

#: More than this behind the token would be sent uncompressed: such a page is not kept. A form says `form="…"` to have its token there.
MOST_AFTER_TOKEN = 1_000
_GZIP_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
#: DEFLATE without zlib's own head and checksum, which gzip replaces.
_RAW = -15
_LAST_STORED_BLOCK = b"\x01"


@dataclass(frozen=True, slots=True)
class PageBody:
    """The page; `token` is empty where `has_token` is not."""

    squeezed: bytes
    #: CRC-32 and length of what was squeezed.
    checksum: int
    length: int
    after_token: bytes
    has_token: bool

    @property
    def size(self) -> int:
        """Bytes of memory it takes."""
        return len(self.squeezed) + len(self.after_token)

    def plain(self, token: bytes) -> bytes:
        """The page as it was rendered, with `token` in the gap."""
        return zlib.decompressobj(_RAW).decompress(self.squeezed) + token + self.after_token

    def gzipped(self, token: bytes) -> bytes:
        """The same as a gzip file (RFC 1952)."""
        rest = token + self.after_token
        return b"".join(
            (
                _GZIP_HEAD,
                self.squeezed,
                _LAST_STORED_BLOCK,
                struct.pack("<HH", len(rest), len(rest) ^ 0xFFFF),
                rest,
                struct.pack("<II", zlib.crc32(rest, self.checksum), (self.length + len(rest)) & 0xFFFFFFFF),
            )
        )


def squeeze(page: bytes, token: bytes = b"") -> PageBody | None:
    """`page` with a gap instead of `token`; None when the token is not there exactly once, close to the end."""
    before, after = page, b""
    if token:
        before, found, after = page.partition(token)
        if not found or token in after or len(after) > MOST_AFTER_TOKEN:
            return None
    compressor = zlib.compressobj(6, zlib.DEFLATED, _RAW)
    squeezed = compressor.compress(before) + compressor.flush(zlib.Z_SYNC_FLUSH)
    return PageBody(squeezed, zlib.crc32(before), len(before), after, bool(token))
