"""Files that come compressed: unpacked part by part, counted on the way; what cannot be is named."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from io import BufferedIOBase
from pathlib import Path

from evaluator import limits
from evaluator.errors import EvaluationError, Issue, Location

BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, MemoryError)
"""What a damaged file raises while it is unpacked; one of .xz may claim that it needs gigabytes."""

_PART, _SMALL = 1 << 20, 64 << 20  # bytes unpacked at a time, and that no ratio is asked of
_UNPACKED: dict[bytes, Callable[[Path], BufferedIOBase]] = {
    rb"\x1f\x8b": gzip.GzipFile,
    rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)": bz2.BZ2File,
    rb"\xfd7zXZ\0": lzma.LZMAFile,
}
_NAMED = {
    rb"\x28\xb5\x2f\xfd": "Zstandard (.zst)",
    rb"\x04\x22\x4d\x18": "LZ4 (.lz4)",
    rb"7z\xbc\xaf\x27\x1c": "7-Zip (.7z)",
    rb"Rar!\x1a\x07": "RAR (.rar)",
}
"""What files begin with that no library of the base unpacks."""


def unpacked(path: Path, content: bytes, name: str) -> bytes:
    """Return what a file holds, unpacked where it is compressed (gzip, bzip2, xz).

    Raises `EvaluationError` where it unpacks to too much, or is compressed in another way.
    """
    for start, kind in _NAMED.items():
        if re.match(start, content):
            raise EvaluationError([Issue("DATA-534", name, {"kind": kind}, where=Location(name))])
    for start, opened in _UNPACKED.items():
        if re.match(start, content):
            with opened(path) as stream:
                return b"".join(_counted(stream, len(content), name))
    return content


def _counted(stream: BufferedIOBase, packed: int, name: str) -> Iterator[bytes]:
    """Yield what a stream holds as long as it is not too much: a small file may hold gigabytes."""
    most, ratio = limits.UNPACKED_BYTES.value, limits.UNPACKED_RATIO.value
    size = 0
    while part := stream.read(_PART):
        size += len(part)
        if size > most or (size > _SMALL and size > ratio * packed):
            variable = (limits.UNPACKED_BYTES if size > most else limits.UNPACKED_RATIO).variable
            detail = {"packed": packed, "most": most, "ratio": ratio, "variable": variable}
            raise EvaluationError([Issue("DATA-482", name, detail, where=Location(name))])
        yield part
