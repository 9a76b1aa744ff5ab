"""Read table rows straight from the pages of a damaged SQLite file, without SQLite.

The format is public (sqlite.org/fileformat2.html): a table leaf page begins with 0x0D and holds
cells of varint size, varint row id, and a record whose header gives each value's type; a long
record goes on in a chain of overflow pages.

The bytes may be made to hurt: thousands of cells may claim one long chain, or lie over each other.
A sound file holds no more content than it has bytes, so a scan reads a small multiple of them and
then ends, whatever the pages say.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LEAF = 0x0D
HEADER = 8  # bytes of a leaf page's header
FIRST = 100  # bytes of the file header on page 1
MOST_COLUMNS = 2_010
LONGEST = 64 * 1024 * 1024
FEW = 20  # pages from which the size of all of them cannot be told
GENEROUS = 3  # times the bytes of the file: old pages repeat what newer ones hold
_FIXED = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_REAL, _ZERO, _ONE = 7, 8, 9


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row found on a page; which table it belonged to shows only in its shape."""

    row_id: int
    values: tuple[Any, ...]


def scanned(content: bytes, page_size: int) -> Iterator[RawRow]:
    """Yield the rows of all table leaf pages that can be read."""
    pages = _Pages(content, page_size)
    for number in range(1, len(content) // page_size + 1):
        if pages.spent > GENEROUS * len(content):
            return
        yield from pages.rows(number)


def likely_page_size(content: bytes) -> int:
    """Return the page size of a file, from its header or from where leaf pages stand."""
    told, pages = 0, 0
    if len(content) >= FIRST:
        told = struct.unpack(">H", content[16:18])[0]
        told = 65536 if told == 1 else told
        pages = struct.unpack(">I", content[28:32])[0]
    usual = told >= 512 and told & (told - 1) == 0
    if usual and (told * pages == len(content) or len(content) // told < FEW):
        return told
    share = {
        size: sum(content[at] == LEAF for at in range(size, len(content), size))
        / max(1, len(content) // size)
        for size in (2**power for power in range(9, 17))
    }
    # multiples of the true size begin with leaf pages as often, smaller sizes seldom
    return next(size for size, found in share.items() if found >= 0.8 * max(share.values()))


class _Pages:
    def __init__(self, content: bytes, page_size: int) -> None:
        self._content, self._size = content, page_size
        self.spent = 0  # bytes of content that were read so far

    def _page(self, number: int) -> bytes:
        return self._content[(number - 1) * self._size : number * self._size]

    def rows(self, number: int) -> Iterator[RawRow]:
        """Yield the rows of one page; what makes no sense is passed over."""
        page = self._page(number)
        start = FIRST if number == 1 and page.startswith(b"SQLite") else 0
        if len(page) < self._size or page[start] != LEAF:
            return
        count = struct.unpack(">H", page[start + 3 : start + 5])[0]
        count = min(count, (self._size - start - HEADER) // 2)
        offsets = struct.unpack_from(f">{count}H", page, start + HEADER)
        for offset in dict.fromkeys(offsets):
            row = self._cell(page, offset) if start + HEADER <= offset < self._size - 2 else None
            if row is not None:
                yield row
            if self.spent > GENEROUS * len(self._content):
                return

    def _cell(self, page: bytes, offset: int) -> RawRow | None:
        try:
            length, at = _varint(page, offset)
            row_id, at = _varint(page, at)
            if not 0 < length <= LONGEST:
                return None
            values = _record(self._payload(page, at, length))
        except (IndexError, ValueError, struct.error):
            return None
        return RawRow(row_id, values)

    def _payload(self, page: bytes, at: int, length: int) -> bytes:
        usable = self._size
        most = usable - 35
        if length <= most:
            self.spent += length
            return _exactly(page, at, length)
        least = (usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (usable - 4)
        local = local if local <= most else least
        parts = [_exactly(page, at, local)]
        following = struct.unpack(">I", _exactly(page, at + local, 4))[0]
        missing, seen = length - local, set[int]()
        while missing > 0:
            if following in seen or not 0 < following <= len(self._content) // self._size:
                raise ValueError("the chain is broken")
            seen.add(following)
            more = self._page(following)
            piece = more[4 : 4 + min(missing, usable - 4)]
            parts.append(piece)
            missing -= len(piece)
            self.spent += len(more)
            following = struct.unpack(">I", more[:4])[0]
        return b"".join(parts)


def _exactly(page: bytes, at: int, length: int) -> bytes:
    piece = page[at : at + length]
    if len(piece) != length:
        raise ValueError("the page ends")
    return piece


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index in range(9):
        byte = data[at + index]
        if index == 8:
            return _signed(value << 8 | byte), at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    raise ValueError("no number")


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 & 1 else value


def _record(payload: bytes) -> tuple[Any, ...]:
    header, at = _varint(payload, 0)
    if not at <= header <= len(payload):
        raise ValueError("no record")
    kinds = []
    while at < header:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if at != header or not 0 < len(kinds) <= MOST_COLUMNS:
        raise ValueError("no record")
    values = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    if at != len(payload):
        raise ValueError("the record has another length")
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind == 0:
        return None, at
    if kind in _FIXED:
        piece = _exactly(payload, at, _FIXED[kind])
        return int.from_bytes(piece, "big", signed=True), at + len(piece)
    if kind == _REAL:
        return struct.unpack(">d", _exactly(payload, at, 8))[0], at + 8
    if kind in {_ZERO, _ONE}:
        return kind - _ZERO, at
    if kind < 12:
        raise ValueError("no such type")
    piece = _exactly(payload, at, (kind - 12) // 2)
    return (piece.decode("utf-8") if kind % 2 else piece), at + len(piece)
