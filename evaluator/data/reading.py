"""Tables read by the study's mapping; every row and every cell is accounted for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from evaluator.data.body import Body, body
from evaluator.data.cells import Cells
from evaluator.data.delimited import read_delimited
from evaluator.data.findings import column_issues, reading_issues, row_issues
from evaluator.data.headers import Header, find_header, match, recognised
from evaluator.data.mapping import TableMapping
from evaluator.data.rows import Reasons, dropped
from evaluator.data.spreadsheet import read_parquet, read_sheet
from evaluator.data.tables import Column, ColumnNote, TableNote, Tables, TableSchema
from evaluator.documents import Document, Key
from evaluator.errors import EvaluationError, Issue, Location, nearest, raise_errors

_WORKBOOKS = (".xlsx", ".xlsm", ".xls")
_EXAMPLES = 3


class ReadTable(NamedTuple):
    """One table as read: its rows, what became of the others, and the issues that did not stop it."""

    frame: pl.DataFrame
    note: TableNote
    issues: tuple[Issue, ...]


def read_tables(
    mappings: Mapping[str, TableMapping],
    schemas: Mapping[str, TableSchema],
    folder: str | Path,
    *,
    document: Document | None = None,
) -> Tables:
    """Read all tables of a study.

    Parameters
    ----------
    mappings : for each table the file and how it is read.
    schemas : for each table the columns it may have.
    folder : what relative paths of files are relative to.
    document : the ``study.yaml`` the mappings come from, so that issues can name its lines.

    Returns
    -------
    Tables
        text, Float64 and Date columns under the names of the schemas.

    Raises
    ------
    EvaluationError
        with the issues of every table together: DATA-401 (not readable), DATA-402 (encoding),
        DATA-403 (nothing in it), DATA-404 (no such sheet), DATA-405 to DATA-407 (columns),
        DATA-416 (an id stands twice), DATA-417 (no row is left), DATA-420 (quotation marks),
        DATA-421 (rows longer than the header), DATA-422 (a header stands twice), DATA-424 (unknown
        table), DATA-426 (a filter of an unknown column), and the reader's FILE codes.
    """
    read: dict[str, ReadTable] = {}
    issues: list[Issue] = []
    for name, mapping in mappings.items():
        where = _where(document, name, mapping.file)
        if name not in schemas:
            issues.append(
                Issue("DATA-424", name, hint=nearest(name, schemas) or tuple(schemas), where=where(()))
            )
            continue
        try:
            read[name] = read_table(name, mapping, schemas[name], folder, where=where)
        except EvaluationError as error:
            issues.extend(error.issues)
        else:
            issues.extend(read[name].issues)
    raise_errors(issues)
    frames = {name: table.frame for name, table in read.items()}
    return Tables(frames, tuple(table.note for table in read.values()), tuple(issues))


def read_table(
    name: str,
    mapping: TableMapping,
    schema: TableSchema,
    folder: str | Path,
    *,
    where: Callable[[Key], Location] | None = None,
) -> ReadTable:
    """Read one table; see `read_tables`. `where` gives the place of a key of the mapping."""
    where = where or _where(None, name, mapping.file)
    cells = _cells(Path(folder) / mapping.file, mapping, schema)
    header = find_header(cells, mapping, schema)
    found, issues = match(header, cells, mapping, schema, where)
    found_out = reading_issues(cells, header, mapping)
    issues = (*found_out, *issues, *_unknown_filters(mapping, found, header, where))
    raise_errors(issues)
    table = body(cells, header, mapping, schema, found)
    reasons, records = dropped(table)
    issues = (*issues, *column_issues(table, records), *row_issues(table, reasons))
    raise_errors(issues)
    frame = pl.DataFrame({column.name: table.value(column.name) for column in table.columns})
    return ReadTable(frame.filter(reasons.kept), _note(name, table, reasons), issues)


def _where(document: Document | None, table: str, file: str) -> Callable[[Key], Location]:
    if document is None:
        return lambda key: Location(file)
    return lambda key: document.where(("tables", table, *key))


def _cells(path: Path, mapping: TableMapping, schema: TableSchema) -> Cells:
    if not path.is_file():
        here = [entry.name for entry in path.parent.glob("*")] if path.parent.is_dir() else []
        hint = nearest(path.name, here)
        raise EvaluationError(
            [Issue("DATA-401", mapping.file, {"reason": "No such file"}, hint, Location(mapping.file))]
        )
    if path.suffix.lower() in _WORKBOOKS:
        return read_sheet(path, mapping, lambda cells: recognised(cells, mapping, schema)[0])
    if path.suffix.lower() == ".parquet":
        return read_parquet(path, mapping)
    return read_delimited(path, mapping)


def _unknown_filters(
    mapping: TableMapping, found: Mapping[str, int], header: Header, where: Callable[[Key], Location]
) -> Iterable[Issue]:
    known = [*found, *filter(None, header.names)]
    for index, rule in enumerate(mapping.filters):
        if rule.column not in found and header.position(rule.column) is None:
            hint = nearest(rule.column, known)
            yield Issue("DATA-426", rule.column, hint=hint, where=where(("filters", index)))


def _note(name: str, table: Body, reasons: Reasons) -> TableNote:
    used = set(table.found.values())
    names = enumerate(table.header.names)
    return TableNote(
        table=name,
        file=table.mapping.file,
        sheet=table.cells.sheet,
        encoding=table.cells.encoding,
        rows_read=table.rows.height,
        rows_kept=int(reasons.kept.sum()),
        dropped=tuple(reasons.reasons),
        columns=tuple(_column_note(column, table, reasons) for column in table.schema.columns),
        lost=tuple(reasons.lost(table.value(table.ids))) if table.ids else (),
        header=table.header.row,
        delimiter=table.cells.delimiter,
        unused=tuple(title for index, title in names if title and index not in used),
    )


def _column_note(column: Column, table: Body, reasons: Reasons) -> ColumnNote:
    if column.name not in table.found:
        return ColumnNote(column.name, "", column.kind, int(reasons.kept.sum()))
    kept = table.results[column.name].filter(reasons.kept)
    unreadable = int(kept["problem"].is_not_null().sum())
    seen = kept["value"].drop_nulls().head(1000).unique(maintain_order=True).head(_EXAMPLES)
    source = table.header.names[table.found[column.name]]
    empty = kept["value"].null_count() - unreadable
    return ColumnNote(
        column.name, source, column.kind, empty, tuple(str(value) for value in seen), unreadable
    )
