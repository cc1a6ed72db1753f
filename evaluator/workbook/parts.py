"""The parts of an archive that is at hand, unpacked to their end, where size and checksum are compared."""

from __future__ import annotations

import struct
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Iterator

BLOCK = 1 << 20
_HEADER = struct.Struct("<4s5H3L2H")  # of a part, before its name
_USUAL_FLAGS = 0b1000_0000_1110  # how it is compressed, sizes behind it, a name in UTF-8


class Parts:
    """What the parts of an archive hold.

    Small ones that are packed as usual are unpacked at once, which takes two thirds of the time; everything
    else, and whatever is not as the archive says, is left to `zipfile` and its errors.
    """

    def __init__(self, content: bytes, archive: zipfile.ZipFile) -> None:
        self._content, self._archive = content, archive
        self._begins = sorted(part.header_offset for part in archive.infolist())

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield what a part holds, in blocks; the errors of `zipfile` where it is damaged."""
        if text := self._at_once(self._archive.getinfo(name)):
            yield text
            return
        with self._archive.open(name) as stream:
            while block := stream.read(BLOCK):
                yield block

    def _at_once(self, part: zipfile.ZipInfo) -> bytes | None:
        """Return what a small part holds that is packed as usual, apart from others, and is what it says."""
        if part.compress_type != zipfile.ZIP_DEFLATED or part.flag_bits & ~_USUAL_FLAGS:
            return None
        begin, name = part.header_offset, part.orig_filename
        if part.file_size > BLOCK or not name.isascii():
            return None
        if begin < 0 or begin + _HEADER.size > len(self._content):
            return None
        mark, *_, length, extra = _HEADER.unpack_from(self._content, begin)
        named = begin + _HEADER.size
        data = named + length + extra
        following = bisect_right(self._begins, begin)
        end = self._begins[following] if following < len(self._begins) else len(self._content)
        known = mark == b"PK\x03\x04" and self._content[named : named + length] == name.encode("ascii")
        if not known or data + part.compress_size > end:
            return None
        unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            text = unpacking.decompress(self._content[data : data + part.compress_size], part.file_size + 1)
        except zlib.error:
            return None
        whole = unpacking.eof and len(text) == part.file_size and zlib.crc32(text) == part.CRC
        return text if whole else None
