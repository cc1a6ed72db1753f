"""Zip files from strangers: every member is checked before the first is written, and counted as it is."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from evaluator import limits
from evaluator.archives import Counted, TooManyMembers, open_archive
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.messages import Term

_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
_MOST_MEMBERS = 20_000
_LONGEST_NAME, _MOST_FOLDERS = 1_000, 60
_BLOCK = 1 << 20
_SMALL = 1 << 20  # below so many bytes a ratio says nothing
_CONTROL = re.compile(r"[\x00-\x1f\x7f:]")


def unpack(path: Path, folder: Path) -> None:
    """Write the members of a zip file into an empty folder, and nothing anywhere else.

    Raises
    ------
    EvaluationError
        for what is no zip file or is damaged, and for members that lead out of the folder, are links, stand
        twice, are encrypted, or hold more than they may.
    """
    try:
        with Counted(io.FileIO(path), _MOST_MEMBERS) as stream, open_archive(stream) as archive:
            members = archive.infolist()
            if reason := next(_refused(members, path.stat().st_size), None):
                raise _failure(path, *reason)
            left = limits.UNPACKED_BYTES.value
            for member in members:
                if not member.is_dir():
                    left -= _write(archive, member, folder / member.filename, left, path)
    except TooManyMembers as error:
        raise _failure(path, "many", str(error)) from None
    except _BROKEN as error:
        raise _failure(path, "damaged", str(error)) from None


def _refused(members: list[zipfile.ZipInfo], packed: int) -> Iterator[tuple[str, str]]:
    """Yield why an archive is refused, with the member."""
    yield from (("long", member.filename[:80]) for member in members if _is_long(member.filename))
    seen: set[str] = set()
    for member in members:
        name = member.filename
        if _leads_out(name):
            yield "outside", name
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            yield "link", name
        if member.flag_bits & 1:
            yield "encrypted", name
        if (folded := name.rstrip("/").casefold()) in seen:
            yield "twice", name
        seen.add(folded)
    files = {member.filename.casefold() for member in members}
    for parent in {str(above).casefold() for m in members for above in PurePosixPath(m.filename).parents}:
        if parent in files:
            yield "twice", parent
    total = sum(member.file_size for member in members)
    ratio = limits.UNPACKED_RATIO.value
    if total > limits.UNPACKED_BYTES.value or (total > _SMALL and total > ratio * max(packed, 1)):
        yield "large", str(total)


def _is_long(name: str) -> bool:
    return len(name) > _LONGEST_NAME or name.count("/") > _MOST_FOLDERS


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        not path.parts
        or path.is_absolute()
        or ".." in path.parts
        or "\\" in name
        or bool(_CONTROL.search(name))
    )


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int, path: Path) -> int:
    """Write one member and return its bytes; what an archive says of their number is not relied upon."""
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(member) as source, target.open("xb") as stream:
        while block := source.read(_BLOCK):
            written += len(block)
            if written > min(left, member.file_size):
                raise _failure(path, "large", member.filename)
            stream.write(block)
    return written


def _failure(path: Path, reason: str, member: str) -> EvaluationError:
    detail = {"reason": Term(f"evidence.zip.{reason}"), "member": member}
    return EvaluationError([Issue("STUDY-387", path.name, detail, where=Location(str(path)))])
