"""Zip files from strangers, opened where what they hold can be counted while it is unpacked."""

from __future__ import annotations

import io
import zipfile
from typing import IO

_COUNTED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OTHERS = {zipfile.ZIP_BZIP2: "bzip2", zipfile.ZIP_LZMA: "LZMA"}
ENTRY = b"PK\x01\x02"
"""Begins the entry of a member in the directory of an archive."""
_LONGEST_ENTRY = 4_000  # bytes, its name included


class TooManyMembers(zipfile.BadZipFile):
    """The directory of an archive lists more members than it may."""


class Counted(io.BufferedReader):
    """An archive whose directory, which Python reads at once, is counted before it is taken apart.

    A million entries are 90 MB, and most of a gigabyte once they are objects.
    """

    def __init__(self, raw: io.RawIOBase, most: int) -> None:
        super().__init__(raw)
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        """Read as every file does; raises `TooManyMembers` where the directory has too many entries."""
        if size is not None and size > self._most * _LONGEST_ENTRY:
            raise TooManyMembers(f"> {self._most:,}")
        found = super().read(size)
        if (entries := found.count(ENTRY)) > self._most:
            raise TooManyMembers(f"{entries:,}")
        return found


def open_archive(file: IO[bytes]) -> zipfile.ZipFile:
    """Open a zip file whose members are packed as office programs and this one pack them.

    Python unpacks other kinds (bzip2, LZMA) as a whole, however little of a member is asked for: three
    kilobytes are gigabytes then.

    Raises
    ------
    zipfile.BadZipFile
        for another kind, as for what is no zip file.
    """
    archive = zipfile.ZipFile(file)
    for member in archive.infolist():
        if member.compress_type not in _COUNTED:
            archive.close()
            kind = _OTHERS.get(member.compress_type, member.compress_type)
            raise zipfile.BadZipFile(f"{member.filename[:80]}: {kind}")
    return archive
