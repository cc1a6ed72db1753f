"""The parts of a workbook that comes in, measured before a parser sees them.

A zip bomb, a part that is larger than the archive says, or a stray cell in the last corner of a sheet
must not exhaust memory; macros, links to other files and embedded objects are named and left alone.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from xml.parsers import expat

from evaluator import limits, trial
from evaluator.archives import ENTRY, open_archive
from evaluator.errors import EvaluationError, Issue, Location, Severity
from evaluator.messages import Term
from evaluator.workbook.indents import indents
from evaluator.workbook.parts import Parts
from evaluator.workbook.spans import spanned, spanned_at_most, spanned_by_repeats
from evaluator.workbook.texts import DeclaredTexts, LongestBetween, SharedTexts
from evaluator.workbook.unread import suspicious, unread_cells
from evaluator.workbook.unread_elsewhere import suspicious_document, unread_in_document, unread_records

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and every encrypted workbook
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_BROKEN = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, LookupError,
    expat.ExpatError,
)  # fmt: skip
_OVERLAP = 64
_SMALL_AREA, _CELLS_A_BYTE, _XLS_COLUMNS = 500_000, 4, 256
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_TEXTS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
_READ_AT_ONCE = (_BOOK, _LINKS, _TEXTS, _STYLES)
_SHEETS = "xl/worksheets/"
_CONTENT = "content.xml"  # all sheets of an OpenDocument spreadsheet
_FOREIGN = {
    "macros": ("xl/vbaproject.bin", "xl/macrosheets/"),
    "links": ("xl/externallinks/",),
    "objects": ("xl/embeddings/", "xl/activex/", "xl/ctrlprops/"),
}


_MOST_PARTS = 50_000
_MOST_OF_A_PART = {_BOOK: 8 << 20, _LINKS: 8 << 20, _STYLES: 64 << 20}
_MERGED, _CELLS_A_MERGE = b"mergeCell", 10
_BYTES_OF_A_TEXT = 48  # that the parser takes for each besides what it says
_BYTES_OF_AN_XLS_CELL = 14
_BYTES_OF_A_CELL = 16  # that holds a shared text: <c t="s"><v>0</v></c> are 22
_BYTES_OF_A_BLANK = 32  # as the parser keeps it
_OPEN = (
    "from io import BytesIO; from python_calamine import CalamineWorkbook; "
    "book = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))"
)
_READ_ALL = (
    f"{_OPEN}; "
    "names = sys.argv[1:] or book.sheet_names; "
    "[book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names]"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a workbook may be: bytes when unpacked, cells of the area a sheet spans, memory to read it.

    `memory` is None for what `limits.READING_BYTES` says.
    """

    unpacked: int = 1 << 30
    cells: int = 30_000_000
    memory: int | None = None

    @property
    def reading(self) -> int:
        """The memory, in bytes, that reading it may take."""
        return limits.READING_BYTES.value if self.memory is None else self.memory


FORM = Limits(unpacked=64 << 20, cells=500_000, memory=256 << 20)
"""Limits of something a person fills in."""


class Archive:
    """What a file holds, refused when it is no workbook, encrypted or too large.

    Raises
    ------
    EvaluationError
        not a workbook, protected by a password, too large, damaged.
    """

    def __init__(self, content: bytes, file: str, most: Limits) -> None:
        self._content, self._file, self._limits = content, file, most
        self._longest_text = 0
        self._measured: dict[tuple[str, bool], int] = {}
        self._suspects: set[str] = set()
        self._tried: set[str] = set()
        self._names: dict[str, str] = {}
        self._small: dict[str, bytes] = {}
        self._parsed: dict[str, list[tuple[str, dict[str, str]]]] = {}
        self._zip: zipfile.ZipFile | None = None
        self._open_document = False
        if content.startswith(_COMPOUND):
            if _ENCRYPTED in content:
                raise self._failure("FILE-715")
            half = len(content) // 2  # of it one text, the other half cells that hold it
            long = self._is_long(half * (half // _BYTES_OF_AN_XLS_CELL))
            area = _BYTES_OF_A_BLANK * _CELLS_A_BYTE * len(content)
            # Damage can end the process that opens it, or have it take gigabytes for blanks.
            self._try(_READ_ALL if long else _OPEN, most=None if long else FORM.reading + 2 * area)
            return
        if not content.startswith(b"PK"):
            raise self._failure("FILE-714")
        if (parts := content.count(ENTRY)) > _MOST_PARTS:
            raise self._too_large(f"{parts:,}", f"{_MOST_PARTS:,}")
        try:
            self._zip = open_archive(BytesIO(content))
            self._unpacked = Parts(content, self._zip)
            self._check_parts(self._zip)
        except _BROKEN as error:
            raise self._damaged(error) from None

    @property
    def notes(self) -> Iterator[Issue]:
        """Notes for macros, links to other files and embedded objects, which are not read."""
        if self._zip is None:
            found = ["macros"] if _MACROS in self._content else []
        else:
            found = [
                kind for kind, starts in _FOREIGN.items() if any(n.startswith(starts) for n in self._names)
            ]
        for kind in found:
            detail = {"kind": Term(f"foreign.{kind}")}
            yield Issue("FILE-719", self._file, detail, where=Location(self._file), severity=Severity.NOTE)

    def measure(self, sheet: str, *, unread: bool) -> None:
        """Refuse a sheet that spans too many cells, or whose part is not what the archive says.

        Where one text may stand in so many cells that they take more memory than they may, the sheet is
        read by another process first. With `unread` it is looked for cells that a parser gives as blanks.
        """
        if self._zip is None:
            return
        try:
            if self._open_document:
                self._try_if_long(self._measure_part(_CONTENT, unread), sheet)
                return
            known = self._part(sheet)
            for name in [known] if known else [name for name in self._names.values() if _SHEETS in name]:
                self._try_if_long(self._measure_part(name, unread), sheet)
        except _BROKEN as error:
            raise self._damaged(error) from None

    def _is_long(self, most: int) -> bool:
        """Whether texts of so many bytes may be too many for this process."""
        return most > self._limits.reading // 4

    def _try_if_long(self, most: int, sheet: str) -> None:
        """Read a sheet by another process first, once, where its texts may take so many bytes."""
        if self._is_long(most) and sheet not in self._tried:
            self._tried.add(sheet)
            self._try(_READ_ALL, sheet)

    def _try(self, program: str, *sheets: str, most: int | None = None) -> None:
        """Refuse what another process cannot read with the memory that reading may take, or with `most`."""
        memory = min(self._limits.reading, most or self._limits.reading)
        found = trial.failure(program, *sheets, content=self._content, memory=memory)
        if found and found.memory:
            raise self._too_large(f"> {memory >> 20} MB", f"{memory >> 20} MB")
        if found:
            raise self._failure("FILE-717", reason=found.reason)

    def check_area(self, rows: int, columns: int) -> None:
        """Refuse a sheet of an .xls file that spans far more cells than the file can hold.

        Its records are not compressed, so a cell takes some bytes; what is larger comes of a stray cell or of
        damage, and would be read as millions of blanks. It has at most 256 columns.
        """
        if self._zip is None and columns > _XLS_COLUMNS:
            raise self._failure("FILE-717", reason=f"{columns:,} > {_XLS_COLUMNS}")
        cells = rows * columns
        most = min(self._limits.cells, max(_SMALL_AREA, _CELLS_A_BYTE * len(self._content)))
        if self._zip is None and cells > most:
            raise self._too_large(f"{cells:,}", f"{most:,}")

    def unread(self, sheet: str, position: int) -> Mapping[tuple[int, int], str]:
        """Return what stands in cells, of a sheet measured for it, that a parser gives as blanks.

        `position` is that of the sheet among all of them, from 0.
        """
        if self._zip is None:
            return self._records[position] if position < len(self._records) else {}
        if not self._suspects:
            return {}
        part = _CONTENT if self._open_document else self._part(sheet)
        if part not in self._suspects:
            return {}
        with self._zip.open(part) as stream:
            return unread_in_document(stream, sheet) if self._open_document else unread_cells(stream)

    def indents(self, sheet: str) -> Mapping[tuple[int, int], int]:
        """Return the indent of each cell of a measured sheet that has one, from 0; only of .xlsx."""
        part, styles = (None, None) if self._open_document else (self._part(sheet), self._names.get(_STYLES))
        if self._zip is None or part is None or styles is None:
            return {}
        try:
            with self._zip.open(part) as cells, self._zip.open(styles) as formats:
                return indents(cells, formats)
        except _BROKEN as error:
            raise self._damaged(error) from None

    @cached_property
    def _records(self) -> tuple[Mapping[tuple[int, int], str], ...]:
        try:
            return unread_records(self._content)
        except (OSError, ValueError, IndexError, struct.error) as error:
            raise self._damaged(error) from None

    @property
    def from_1904(self) -> bool:
        """Whether the days of a workbook are counted from 1904 on, as on old Macintoshes."""
        if _BOOK not in self._small:
            return False
        properties = (values for tag, values in self._tags(_BOOK) if tag.rpartition(":")[2] == "workbookPr")
        return any(values.get("date1904") in ("1", "true") for values in properties)

    def _check_parts(self, archive: zipfile.ZipFile) -> None:
        names = archive.namelist()
        self._open_document = "mimetype" in names and _begins(archive, "mimetype", _OPEN_DOCUMENT)
        if _BOOK not in names and not self._open_document:
            raise self._failure("FILE-714")
        self._names = {name.lower(): name for name in names}
        if len(self._names) < len(names):
            raise ValueError("a part stands twice")
        unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > self._limits.unpacked:
            raise self._too_large(f"{unpacked >> 20} MB", f"{self._limits.unpacked >> 20} MB")
        for name in _READ_AT_ONCE:
            if part := self._names.get(name.lower()):
                self._read_at_once(name, archive.getinfo(part))

    def _read_at_once(self, name: str, part: zipfile.ZipInfo) -> None:
        """Read a part that a parser reads when it opens the workbook; keep or measure what it says."""
        between, declared, texts = LongestBetween(b"</si"), DeclaredTexts(), 0
        most = _MOST_OF_A_PART.get(name, self._limits.unpacked)
        if part.file_size > most:
            raise self._too_large(f"{part.file_size >> 20} MB", f"{most >> 20} MB")
        for block in self._unpacked.blocks(part.filename):
            if b"<!DOCTYPE" in block:
                raise ValueError(f"{part.filename} declares a document type")
            if name in (_BOOK, _LINKS):
                self._small[name] = self._small.get(name, b"") + block
            elif name == _TEXTS:
                between.add(block)
                declared.add(block)
                texts += block.count(b"<si") + block.count(b":si")
        self._longest_text = between.longest if name == _TEXTS else self._longest_text
        texts = max(texts, declared.most)
        if texts and self._is_long(part.file_size + _BYTES_OF_A_TEXT * texts):
            self._try(_OPEN)

    def _part(self, sheet: str) -> str | None:
        """Return the part that holds a sheet, as the archive writes its name."""
        return self._names.get(self._parts.get(sheet, "").lower())

    @cached_property
    def _parts(self) -> dict[str, str]:
        """The part of each sheet, by the sheet's name."""
        targets = {entry.get("Id"): entry.get("Target", "") for _, entry in self._tags(_LINKS)}
        found: dict[str, str] = {}
        for tag, sheet in self._tags(_BOOK):
            if tag.rpartition(":")[2] == "sheet":
                link = next((value for key, value in sheet.items() if key.rpartition(":")[2] == "id"), None)
                target = targets.get(link, "")
                found[sheet.get("name", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
        return found

    def _tags(self, name: str) -> list[tuple[str, dict[str, str]]]:
        """Return every start tag of a small part with its attributes."""
        if name in self._parsed:
            return self._parsed[name]
        found: list[tuple[str, dict[str, str]]] = []
        parser = expat.ParserCreate()
        parser.StartElementHandler = lambda tag, values: found.append((tag, values))
        try:
            parser.Parse(self._small[name], True)
        except _BROKEN as error:
            raise self._damaged(error) from None
        self._parsed[name] = found
        return found

    def _measure_part(self, name: str, unread: bool) -> int:
        """Return how many bytes the texts of a part may take; refuse one that spans too many cells."""
        if (name, unread) in self._measured:
            return self._measured[name, unread]
        look = _Look(document=self._open_document, unread=unread)
        cells = self._spanned(name, look)
        for found, most in ((cells, self._limits.cells), (look.merged, self._limits.cells // _CELLS_A_MERGE)):
            if found > most:
                raise self._too_large(f"{found:,}", f"{most:,}")
        self._suspects |= {name} if look.suspect else set()
        most = (
            look.repeated.longest * cells if self._open_document else self._longest_text * self._filled(name)
        )
        self._measured[name, unread] = most
        return most

    def _filled(self, name: str) -> int:
        """Return how many cells hold a shared text at most; counted where a guess is not enough."""
        assert self._zip is not None
        most = self._zip.getinfo(name).file_size // _BYTES_OF_A_CELL
        if not self._is_long(self._longest_text * most):
            return most
        texts = SharedTexts()
        for block in self._unpacked.blocks(name):
            texts.add(block)
        return most if texts.cells is None else texts.cells

    def _spanned(self, name: str, look: _Look) -> int:
        """Return how many cells a part spans at most; counted one by one where a look is not enough."""
        assert self._zip is not None
        blocks = look.at(self._unpacked.blocks(name))
        if self._open_document:
            return spanned_by_repeats(blocks)
        most = spanned_at_most(blocks)
        if most is not None and most <= self._limits.cells:
            return most
        with self._zip.open(name) as stream:
            return spanned(stream)

    def _too_large(self, found: str, most: str) -> EvaluationError:
        return self._failure("FILE-716", found=found, most=most)

    def _damaged(self, error: Exception) -> EvaluationError:
        return self._failure("FILE-717", reason=str(error))

    def _failure(self, code: str, **detail: object) -> EvaluationError:
        return EvaluationError([Issue(code, self._file, detail, where=Location(self._file))])


def _begins(archive: zipfile.ZipFile, name: str, start: bytes) -> bool:
    """True if a part begins so; no more of it is unpacked."""
    with archive.open(name) as stream:
        return stream.read(len(start)) == start


class _Look:
    """The blocks of a sheet as they are read.

    `suspect` says that some cells may be read as blanks, if they are looked for (`unread`), `repeated` how
    long the texts of a document may be, `merged` how many blocks are merged at most.
    """

    def __init__(self, *, document: bool, unread: bool) -> None:
        self.suspect, self.merged, self._unread = False, 0, unread
        self._document, self._suspicious = document, suspicious_document if document else suspicious
        self.repeated = LongestBetween(b"table-cell")

    def at(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield blocks as they come."""
        rest = b""
        for block in blocks:
            if self._unread and not self.suspect:
                self.suspect = self._suspicious(rest + block)
                rest = block[-_OVERLAP:]
            if self._document:
                self.repeated.add(block)
            self.merged += block.count(_MERGED)
            yield block
