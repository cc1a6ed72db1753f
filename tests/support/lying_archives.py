"""Zip files whose directory says less than their members hold, or has no end."""

import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

BOMB = 96 << 20  # bytes that a member unpacks to
MOST = 24 << 20  # that reading may take of memory meanwhile


def lying(
    path: Path, name: str, kind: int, others: Mapping[str, bytes] | None = None, *, says: int = 1000
) -> Path:
    """Write an archive with a member of `BOMB` zeros that the directory says are a few."""
    with zipfile.ZipFile(path, "w") as archive:
        for other, content in (others or {}).items():
            archive.writestr(other, content, zipfile.ZIP_DEFLATED)
        member = zipfile.ZipInfo(name)
        member.compress_type = kind
        with archive.open(member, "w") as stream:
            for _ in range(BOMB >> 20):
                stream.write(bytes(1 << 20))
    content = bytearray(path.read_bytes())
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<L", says)
    path.write_bytes(content)
    assert len(content) < 1_000_000
    return path


def endless(path: Path, times: int) -> Path:
    """Write an archive whose directory has the entry of one member so many times."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/", b"")
    content = path.read_bytes()
    begin, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    size = struct.pack("<L", (end - begin) * times)
    path.write_bytes(
        content[:begin] + content[begin:end] * times + content[end : end + 12] + size + content[end + 16 :]
    )
    return path


def peak(act: Callable[[], object]) -> int:
    """Return the most bytes that Python held at once while something was done."""
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
