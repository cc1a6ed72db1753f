"""Where the cells of a table come from: a file, several files that fit a pattern, or a database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from evaluator.data.cells import Cells
from evaluator.data.connections import Readers
from evaluator.data.databases import Databases, address
from evaluator.data.delimited import read_delimited, sniffed
from evaluator.data.header_names import plain
from evaluator.data.headers import find_header, headers_of
from evaluator.data.mapping import TableMapping
from evaluator.data.matching import complete, match
from evaluator.data.no_records import empty, no_records, texts
from evaluator.data.page_tables import read_page
from evaluator.data.querying import read_query
from evaluator.data.sheets import Fit, read_sheets
from evaluator.data.spreadsheet import read_parquet
from evaluator.data.stored_rows import stored_rows
from evaluator.data.tables import TableSchema
from evaluator.errors import EvaluationError, Issue, Location, Severity, nearest
from evaluator.files import has_file, leaves, opened
from evaluator.messages import Term

Kind = Literal["workbook", "parquet", "text", "page"]
_ENDINGS: Mapping[Kind, tuple[str, ...]] = {
    "workbook": (".xlsx", ".xlsm", ".xls", ".ods"),
    "parquet": (".parquet",),
    "text": (".csv", ".tsv", ".txt", ".gz", ".bz2", ".xz"),
    "page": (".html", ".htm", ".xml"),
}
_PATTERN = re.compile(r"[*?\[]")
_TELLING = 2  # so many columns that must be there tell a table from sheets of another kind
_START = 16_384  # bytes that tell what a file is
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|table|meta|\?xml)", re.IGNORECASE)


def read_sources(
    mapping: TableMapping,
    schema: TableSchema,
    folder: Path,
    *,
    where: Location,
    databases: Databases,
    readers: Readers,
) -> tuple[Cells, ...]:
    """Return the cells of every file of a table, or of its query; issues of all files are raised together.

    Raises `EvaluationError` where there is no such file, nothing fits the pattern, or a link leads out of the
    study, and as the readers.
    """
    if mapping.database is not None:
        return (query_rows(mapping, folder, where=where, databases=databases, readers=readers),)
    read: list[Cells] = []
    issues: list[Issue] = []
    for name in files_of(mapping.source, folder):
        try:
            if leaves(folder, name):
                raise EvaluationError([Issue("FILE-704", name, where=Location(name))])
            read.extend(read_file(folder / name, mapping.model_copy(update={"file": name}), schema))
        except EvaluationError as error:
            issues.extend(error.issues)
    if issues:
        raise EvaluationError(issues)
    return tuple(read)


def query_rows(
    mapping: TableMapping, folder: Path, *, where: Location, databases: Databases, readers: Readers
) -> Cells:
    """Return the rows of a table or query of a database, from a pack where the study is one."""
    if kept := stored_rows(mapping, folder):
        return kept
    assert mapping.database is not None
    place = address(mapping.database, databases, folder, credentials=mapping.credentials, where=where)
    return read_query(place, mapping, readers, where)


def files_of(stated: str, folder: Path) -> list[str]:
    """Return the files a path or pattern stands for, as the study would name them, in order of name."""
    if has_file(folder / stated) or not _PATTERN.search(stated):
        return [stated]
    absolute = Path(stated).is_absolute()
    start, pattern = (
        (Path(stated).anchor, stated[len(Path(stated).anchor) :]) if absolute else (folder, stated)
    )
    found = sorted(path for path in Path(start).glob(pattern) if path.is_file() and not _passing(path))
    if not found:
        detail = {"reason": "No such file"}
        raise EvaluationError([Issue("DATA-401", stated, detail, where=Location(stated))])
    return [str(path) if absolute else path.relative_to(folder).as_posix() for path in found]


def _passing(path: Path) -> bool:
    """True if a file is not meant to stay: the lock of an office program, or a hidden one."""
    return path.name.startswith(("~$", "."))


def read_file(path: Path, mapping: TableMapping, schema: TableSchema) -> tuple[Cells, ...]:
    """Return the cells of a file, or of sheets of it; its content says what it is, whatever its ending."""
    name = mapping.source
    if not has_file(path):
        here = [entry.name for entry in path.parent.glob("*")] if path.parent.is_dir() else []
        hint = nearest(path.name, here)
        raise EvaluationError([Issue("DATA-401", name, {"reason": "No such file"}, hint, Location(name))])
    kind = kind_of(path, name)
    if kind == "workbook":
        few = sum(column.required for column in schema.columns) + bool(schema.one_of) < _TELLING
        read = read_sheets(path, mapping, lambda cells: _fit(cells, mapping, schema), few=few)
    elif kind == "parquet":
        read = (read_parquet(path, mapping),)
    elif kind == "page":
        read = (_page(path, mapping, schema),)
    else:
        known = headers_of(mapping, schema)
        read = (read_delimited(path, mapping, lambda header: plain(header) in known),)
    if path.suffix.lower() in _ENDINGS[kind] or not any(
        path.suffix.lower() in known for known in _ENDINGS.values()
    ):
        return read
    detail = {"kind": Term(f"data.kind.{kind}")}
    misnamed = Issue("DATA-520", name, detail, where=Location(name), severity=Severity.NOTE)
    return (replace(read[0], issues=(misnamed, *read[0].issues)), *read[1:])


def _page(path: Path, mapping: TableMapping, schema: TableSchema) -> Cells:
    """Return the cells of a table of a page; one without any is refused as what it is."""
    cells = read_page(path, mapping, lambda cells: _fit(cells, mapping, schema))
    if cells is None:
        code = "FILE-714" if path.suffix.lower() in _ENDINGS["workbook"] else "DATA-521"
        raise EvaluationError([Issue(code, mapping.source, where=Location(mapping.source))])
    return cells


def _fit(cells: Cells, mapping: TableMapping, schema: TableSchema) -> Fit:
    """Return how well a sheet fits a table."""
    header = find_header(cells, mapping, schema)
    found, _ = match(header, cells, mapping, schema, lambda key: Location(cells.file))
    names = {*found, *(name for name in mapping.made if name in schema.names)}
    if found:
        below = cells.frame.slice(header.index + 1)
        rows = below.height - int(no_records(below, header, mapping).sum())
    else:
        rows = cells.frame.height - int(empty(texts(cells.frame, header)).sum())
    return Fit(len(names), complete(names, schema), rows)


def kind_of(path: Path, name: str) -> Kind:
    """Return what a file is by its first bytes."""
    try:
        with opened(path) as stream:
            start = stream.read(_START)
    except OSError as error:
        detail = {"reason": error.strerror or str(error)}
        raise EvaluationError([Issue("DATA-401", name, detail, where=Location(name))]) from error
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "workbook"
    if start.startswith(b"PAR1"):
        return "parquet"
    if _PAGE.match(start):
        return "page"
    named = (kind for kind, endings in _ENDINGS.items() if path.suffix.lower() in endings)
    called: Kind = next(named, "text")
    return "text" if called == "text" or _looks_like_text(start) else called


def _looks_like_text(start: bytes) -> bool:
    """True if lines are cut into cells, as in text that a system exports under the name of a workbook."""
    text = start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "ignore")
    lines = [line for line in text.splitlines()[:-1] if line.strip()]
    return len(lines) > 1 and lines[0].count(sniffed(lines)) > 0 and "\x00" not in text
