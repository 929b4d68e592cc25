"""How our documents lie in Whoosh's files: the schema, the posting format, and a reader of files that survives their loss."""

from __future__ import annotations

import io
import os
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile

from catalog.search import analysis
from catalog.search.columns import UNKNOWN, numbers
from catalog.search.document import SearchDocument
from catalog.search.whoosh_postings import BLOCK, FieldWriter

#: Raise it when anything in this file changes the meaning of stored data; older indexes are then rebuilt.
FORMAT = 7
INDEX_NAME = "MAIN"
#: Term that every document holds, for the health check.
EVERY = "every"

WORD_FIELDS = ("name", "name_stem", "text", "text_stem", "place", "regency", "maker", "category", "code", "key")
#: Array name -> how its numbers are stored.
NUMBER_TYPES = {
    "product_id": "q",
    "price": "q",
    "available": "q",
    "published": "q",
    "popularity": "q",
    "latitude": "f",
    "longitude": "f",
    "name_length": "B",
}
#: Columns that refer to a table of values; a value is its key and its labels, parted by LABEL.
REFERENCES = ("category", "district", "village", "scheme", "certificate", "maker")
LABEL = "\x1f"


class Words(fields.FieldType):  # type: ignore[misc] # Whoosh ships no types
    """A field of words analysed by us: which documents hold a word, and how often if `counted`."""

    indexed = True
    stored = False
    scorable = False
    vector = None
    unique = False

    def __init__(self, *, counted: bool = False) -> None:
        self.format = formats.Existence()
        self.counted = counted

    def index(self, value: Iterable[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Word, frequency, weight and no position for each different word."""
        for word, count in Counter(value).items():
            yield word.encode(), 1, float(count) if self.counted else 1.0, b""


def schema() -> fields.Schema:
    """The schema of format FORMAT."""
    layout: dict[str, Any] = {name: Words(counted=name == "text") for name in WORD_FIELDS}
    for name, kind in NUMBER_TYPES.items():
        layout["n_" + name] = fields.COLUMN(columns.NumericColumn(kind, default=UNKNOWN if kind == "f" else 0))
    for name in REFERENCES:
        layout["r_" + name] = fields.COLUMN(ReferenceColumn())
    layout["shown"] = fields.STORED()
    return fields.Schema(**layout)


class ReferenceColumn(columns.RefBytesColumn):  # type: ignore[misc]
    """Whoosh's own, which drops every value after the 65,535th: the country has 83,762 villages. Its reader knows wider numbers."""

    class Writer(columns.RefBytesColumn.Writer):  # type: ignore[misc]
        """Keeps all numbers until it knows how wide they must be."""

        def __init__(self, dbfile: StructFile, fixedlen: int, default: bytes) -> None:
            super().__init__(dbfile, fixedlen, default)
            self._refs = array("I")

        def fill(self, docnum: int) -> None:
            """Give the default to the documents up to `docnum` that have no value."""
            self._refs.extend([0] * (docnum - len(self._refs)))

        def add(self, docnum: int, v: bytes) -> None:
            """Note the value of a document."""
            self.fill(docnum)
            self._refs.append(self._uniques.setdefault(v, len(self._uniques)))

        def finish(self, doccount: int) -> None:
            """Write the numbers, the values and how wide a number is."""
            self.fill(doccount)
            typecode = "B" if len(self._uniques) <= 1 << 8 else "H" if len(self._uniques) <= 1 << 16 else "I"
            self._dbfile.write_array(array(typecode, self._refs))
            self._write_uniques(typecode)
            self._dbfile.write_byte(ord(typecode))


class Codec(W3Codec):  # type: ignore[misc]
    """Large uncompressed posting blocks, since reading is what buyers wait for, and no field lengths, which we never ask:
    Whoosh would look for their file on the disk once per posting."""

    length_stats = False

    def __init__(self) -> None:
        super().__init__(blocklimit=BLOCK, compression=0)

    def field_writer(self, storage: FileStorage, segment: Any) -> FieldWriter:
        """Our own, for whole blocks."""
        return FieldWriter(self, storage, segment)


def whoosh_fields(document: SearchDocument) -> dict[str, Any]:
    """What `add_document` gets for one document."""
    name_id, name_en = analysis.words(document.name_id), analysis.words(document.name_en)
    text_id, text_en = analysis.words(document.text_id), analysis.words(document.text_en)
    categories = [analysis.words(line) for line in document.category_names.splitlines()]
    result: dict[str, Any] = {
        "name": [*name_id, *name_en, *analysis.meanings_in(name_id), *analysis.meanings_in(name_en)],
        "name_stem": _stems(name_id, name_en),
        "text": [*text_id, *text_en, *analysis.meanings_in(text_id), *analysis.meanings_in(text_en)],
        "text_stem": _stems(text_id, text_en),
        "place": analysis.words(f"{document.village} {document.district}"),
        "regency": analysis.words(document.regency),
        "maker": analysis.words(document.maker),
        "category": [word for line in categories for word in (*line, *analysis.meanings_in(line))],
        "code": ["".join(analysis.split(code)) for code in document.codes],
        "key": [str(document.product_id), EVERY],
        "shown": (document.slug, document.name_id, document.name_en, document.text_id, document.text_en),
    }
    result |= {"n_" + name: value for name, value in numbers(document).items()}
    labels = {
        "category": (document.category, *document.category_names.splitlines()[:2]),
        "district": (document.district_code, document.district),
        "village": (document.village_code, document.village),
        "scheme": (document.scheme,),
        "certificate": (",".join(sorted(document.certificates)),),
        "maker": (document.maker_slug, document.maker),
    }
    result |= {"r_" + name: LABEL.join(parts).encode() for name, parts in labels.items()}
    return result


def _stems(indonesian: Sequence[str], english: Sequence[str]) -> list[str]:
    """Stems that differ from their word: a question looks for its stems among the words too."""
    pairs = [*zip(indonesian, analysis.stems(indonesian, "id"), strict=True), *zip(english, analysis.stems(english, "en"), strict=True)]
    return [stem for word, stem in pairs if stem != word]


class ReadingStorage(FileStorage):  # type: ignore[misc]
    """A folder read by position, never mapped into memory: a file cut short while we read is an error, not a crash."""

    def open_file(self, name: str, **_: Any) -> PositionFile:
        """Open one file for reading."""
        descriptor = _Descriptor(os.open(self._fpath(name), os.O_RDONLY))
        return PositionFile(descriptor, 0, os.fstat(descriptor.number).st_size, name)


class _Descriptor:
    """An open file, closed when the last part of it is forgotten. Safe to share between threads and forked processes.

    Opened by the caller: a file that a commit has just swept away leaves nothing behind that would have to be closed.
    """

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        os.close(self.number)


class PositionFile(StructFile):  # type: ignore[misc]
    """A part of a file as Whoosh's readers want it, without a shared position and without keeping its bytes in memory."""

    def __init__(self, descriptor: _Descriptor, base: int, length: int, name: str) -> None:
        self._descriptor, self._base, self._length = descriptor, base, length
        self._position = 0
        super().__init__(self, name=name)
        self.is_real = False

    def get(self, position: int, length: int) -> bytes:
        """Bytes at a place."""
        return os.pread(self._descriptor.number, min(length, self._length - position), self._base + position)

    def read(self, length: int = -1) -> bytes:
        """Bytes from the position on."""
        rest = self._length - self._position
        data = self.get(self._position, rest if length is None or length < 0 else min(length, rest)) if rest > 0 else b""
        self._position += len(data)
        return data

    def readline(self, limit: int = -1) -> bytes:
        """One line, as unpickling may ask for it."""
        line = io.BytesIO(self.get(self._position, self._length - self._position)).readline(limit)
        self._position += len(line)
        return line

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move the position."""
        self._position = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._length}[whence]
        return self._position

    def tell(self) -> int:
        """The position."""
        return self._position

    def subset(self, position: int, length: int, name: str = "") -> StructFile:
        """A part of this file; the term dictionary, asked for every word, is held in memory."""
        if name.endswith(W3Codec.TERMS_EXT):
            return BufferFile(self.get(position, length), name=name)
        return PositionFile(self._descriptor, self._base + position, length, name)

    def close(self) -> None:
        """Nothing to do: the descriptor closes with its last reader."""
