"""Zip files from strangers, opened where what they hold can be counted while it is unpacked."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO

_COUNTED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OTHERS = {zipfile.ZIP_BZIP2: "bzip2", zipfile.ZIP_LZMA: "LZMA"}


def open_archive(file: Path | IO[bytes]) -> zipfile.ZipFile:
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
