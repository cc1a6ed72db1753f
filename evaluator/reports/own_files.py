"""Word and PowerPoint files of a consultant, as templates: nothing in them may act, or be fetched."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError, fromstring, iterparse
from zipfile import BadZipFile

from evaluator import files
from evaluator.archives import ENTRY, open_archive
from evaluator.errors import EvaluationError, Issue, Location

MOST_BYTES = 200_000_000  # unpacked, of a template with its pictures
_MOST_PARTS = 50_000
_CHUNK = 1 << 20
_MACROS = ("vbaproject", "vbadata", "activex", "oleobject")
_FOLLOWED_BY_HAND = "/hyperlink"
_READ = (".rels", ".xml")  # kinds of parts that are looked into
_ACTING_FIELDS = frozenset(
    (
        "DDE", "DDEAUTO", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "LINK", "IMPORT", "DATABASE", "RD",
        "MACROBUTTON", "EMBED", "CONTROL",
    )
)  # fmt: skip
_UNREADABLE = (
    OSError, ValueError, KeyError, BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError,
    ParseError,
)  # fmt: skip


def own_file(path: Path, main: str) -> bytes:
    """Return a file to be used as a template; `main` is the part that holds its content.

    Raises
    ------
    EvaluationError
        for a file that is not there, or no such file; for one with macros, embedded objects, or anything
        that is fetched from elsewhere when it is opened.
    """
    where = Location(str(path))
    try:
        content = files.read_bytes(path)
        parts = _parts(content)
        if main not in parts:
            raise ValueError(main)
        found = next(_acting(parts), None)
    except _UNREADABLE as error:
        reason = f"{type(error).__name__}: {str(error)[:120]}"
        raise EvaluationError([Issue("REPORT-859", path.name, {"reason": reason}, where=where)]) from error
    if found:
        raise EvaluationError([Issue("REPORT-860", path.name, {"found": found}, where=where)])
    return content


def _parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name; of pictures, that there are such."""
    if (entries := content.count(ENTRY)) > _MOST_PARTS:
        raise ValueError(f"{entries:,} > {_MOST_PARTS:,}")
    left = MOST_BYTES
    parts: dict[str, bytes] = {}
    with open_archive(io.BytesIO(content)) as package:
        for entry in package.infolist():
            with package.open(entry) as stream:
                held = b""
                while chunk := stream.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise ValueError(f"> {MOST_BYTES // 1_000_000} MB")
                    if entry.filename.lower().endswith(_READ):
                        held += chunk
            parts[entry.filename] = held
    return parts


def _acting(parts: dict[str, bytes]) -> Iterator[str]:
    """Yield what runs, or is fetched, when the file is opened."""
    for name, content in parts.items():
        if any(word in name.lower() for word in _MACROS):
            yield name
        if name.lower().endswith(_READ) and b"<!DOCTYPE" in content.replace(b"\x00", b"").upper():
            raise ValueError("DOCTYPE")  # no program writes one, and entities may grow
        if name.lower().endswith(".rels"):
            yield from _fetched(content)
        elif name.lower().endswith(".xml"):
            yield from _fields(content)


def _fetched(relations: bytes) -> Iterator[str]:
    for element in fromstring(relations):
        kind = element.get("Type", "")
        if element.get("TargetMode", "").lower() == "external" and not kind.endswith(_FOLLOWED_BY_HAND):
            yield element.get("Target", "")[:80]


def _fields(part: bytes) -> Iterator[str]:
    """Yield the instructions of fields of Word that start a program or fetch a file; runs may cut them."""
    instructions = [""]
    for _, element in iterparse(io.BytesIO(part)):
        name = element.tag.rpartition("}")[2]
        if name == "instrText":
            instructions[-1] += "".join(element.itertext())
        elif name == "fldChar":
            instructions.append("")
        elif name == "fldSimple":
            stated = next((text for key, text in element.items() if key.rpartition("}")[2] == "instr"), "")
            instructions += [stated, ""]
    for instruction in instructions:
        words = re.findall(r"\w+", instruction)
        if words and words[0].upper() in _ACTING_FIELDS:
            yield instruction.strip()[:80]
