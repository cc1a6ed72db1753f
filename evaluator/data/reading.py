"""Tables read by the study's mapping; every row and every cell is accounted for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import polars as pl

from evaluator.data.cell_values import Body, body
from evaluator.data.cells import Cells
from evaluator.data.connections import Readers
from evaluator.data.currencies import in_one_currency
from evaluator.data.databases import Databases
from evaluator.data.findings import column_issues, reading_issues, row_issues
from evaluator.data.further_columns import further_columns
from evaluator.data.headers import Header, find_header
from evaluator.data.joined_files import SeveralCells, part_issues, together
from evaluator.data.mapping import Duplicates, TableMapping
from evaluator.data.matching import Found, Where, match
from evaluator.data.merged import filled_down, merged_issues
from evaluator.data.returned import returned_issues, returns_below_zero
from evaluator.data.rows import Reasons, dropped
from evaluator.data.shapes import shaped
from evaluator.data.sheets import read_by_none
from evaluator.data.sources import read_sources
from evaluator.data.sums import sum_issues
from evaluator.data.tables import Column, ColumnNote, Source, TableNote, Tables, TableSchema
from evaluator.data.unit_questions import unit_issues
from evaluator.documents import Document, Key
from evaluator.errors import EvaluationError, Issue, Location, nearest, raise_errors

_EXAMPLES = 3


class ReadTable(NamedTuple):
    """One table as read: its rows, what happened to the others, and the issues that did not stop it."""

    frame: pl.DataFrame
    note: TableNote
    issues: tuple[Issue, ...]
    further: pl.DataFrame


def read_tables(
    mappings: Mapping[str, TableMapping],
    schemas: Mapping[str, TableSchema],
    folder: str | Path,
    *,
    databases: Databases | None = None,
    document: Document | None = None,
) -> Tables:
    """Read all tables of a study.

    Parameters
    ----------
    mappings : for each table the file and how it is read.
    schemas : for each table the columns it may have.
    folder : what relative paths of files are relative to.
    databases : the databases that mappings name, by name. Tables of one database are read in one
        transaction, as of one moment.
    document : the ``study.yaml`` the mappings come from, so that issues can name its lines.

    Returns
    -------
    Tables
        text, Float64 and Date columns under the names of the schemas.

    Raises
    ------
    EvaluationError
        with the issues of every table together.
    """
    read: dict[str, ReadTable] = {}
    issues: list[Issue] = []
    with Readers() as readers:
        for name, mapping in mappings.items():
            where = _where(document, name, mapping.source)
            if name not in schemas:
                hint = nearest(name, schemas) or tuple(schemas)
                issues.append(Issue("DATA-424", name, hint=hint, where=where(())))
                continue
            try:
                read[name] = _read(
                    name, mapping, schemas[name], Path(folder), where, databases or {}, readers
                )
            except EvaluationError as error:
                issues.extend(error.issues)
            else:
                issues.extend(read[name].issues)
    raise_errors(issues)
    frames = {name: table.frame for name, table in read.items()}
    issues.extend(_one_currency(frames, mappings, schemas, document))
    raise_errors(issues)
    further = {name: table.further for name, table in read.items() if table.further.width}
    notes = tuple(table.note for table in read.values())
    return Tables(frames, notes, read_by_none(issues, _sheets_read(notes)), further)


def _sheets_read(notes: Iterable[TableNote]) -> dict[str, set[str | None]]:
    """Return the sheets that tables were read from, by file."""
    read: dict[str, set[str | None]] = {}
    for source in (source for note in notes for source in note.sources):
        read.setdefault(source.name, set()).add(source.sheet)
    return read


def _one_currency(
    frames: dict[str, pl.DataFrame],
    mappings: Mapping[str, TableMapping],
    schemas: Mapping[str, TableSchema],
    document: Document | None,
) -> list[Issue]:
    """Convert the amounts of every table in place, and return what was done or cannot be."""
    issues: list[Issue] = []
    for name, mapping in mappings.items():
        where = _where(document, name, mapping.source)
        table = frames.get("rates") if mapping.rates and mapping.rates.table else None
        if mapping.rates and mapping.rates.table and table is None:
            issues.append(Issue("DATA-430", name, where=where(("rates", "table"))))
            continue
        try:
            frames[name], done = in_one_currency(
                name, frames[name], schemas[name], mapping.rates, table, where(("rates",))
            )
        except EvaluationError as error:
            issues.extend(error.issues)
        else:
            issues.extend(done)
    return issues


def read_table(
    name: str,
    mapping: TableMapping,
    schema: TableSchema,
    folder: str | Path,
    *,
    databases: Databases | None = None,
    where: Callable[[Key], Location] | None = None,
) -> ReadTable:
    """Read one table; see `read_tables`. `where` gives the place of a key of the mapping."""
    where = where or _where(None, name, mapping.source)
    with Readers() as readers:
        return _read(name, mapping, schema, Path(folder), where, databases or {}, readers)


def _read(
    name: str,
    mapping: TableMapping,
    schema: TableSchema,
    folder: Path,
    where: Callable[[Key], Location],
    databases: Databases,
    readers: Readers,
) -> ReadTable:
    sources = read_sources(mapping, schema, folder, where=where(()), databases=databases, readers=readers)
    laid_out = [_laid_out(cells, mapping, schema, where) for cells in sources]
    found_out = [issue for *_, found_out in laid_out for issue in found_out]
    parts = [part[:3] for part in laid_out]
    cells, header = together(parts, mapping.source)
    found, issues = match(header, cells, mapping, schema, where)
    issues = (*found_out, *issues, *unit_issues(parts, mapping, schema))
    issues = (*issues, *_unknown_columns(mapping, found, header, where))
    raise_errors(issues)
    kept = further_columns(header, mapping, schema, found)
    whole = replace(schema, columns=(*schema.columns, *(Column(name, "text") for name in kept)))
    table = replace(body(cells, header, mapping, whole, {**found, **kept}), name=name)
    table = returns_below_zero(table)
    issues = (*issues, *part_issues(table))
    raise_errors(issues)
    reasons, records = dropped(table)
    issues = (*issues, *column_issues(table, records), *row_issues(table, reasons))
    issues = (*issues, *sum_issues(table, reasons.kept))
    issues = (*issues, *returned_issues(table, reasons.kept, where(("returned",))))
    raise_errors(issues)
    frame = pl.DataFrame({column.name: table.value(column.name) for column in table.columns})
    frame, note = frame.filter(reasons.kept), _note(name, table, reasons, tuple(kept))
    return ReadTable(frame.drop(*kept), note, issues, frame.select(*kept))


def _laid_out(
    cells: Cells, mapping: TableMapping, schema: TableSchema, where: Where
) -> tuple[Cells, Header, Found, tuple[Issue, ...]]:
    """Return the rows of a file or sheet as the table has them, and what was found out about them."""
    header = find_header(cells, mapping, schema)
    found, _ = match(header, cells, mapping, schema, where)
    issues = (
        *reading_issues(cells, header, mapping),
        *merged_issues(cells, header, mapping, schema, found),
    )
    cells = filled_down(cells, header, mapping, found, where)
    cells, header = shaped(cells, header, mapping, schema, where)
    return cells, header, match(header, cells, mapping, schema, where)[0], issues


def _where(document: Document | None, table: str, file: str) -> Callable[[Key], Location]:
    if document is None:
        return lambda key: Location(file)
    return lambda key: document.where(("tables", table, *key))


def _unknown_columns(
    mapping: TableMapping, found: Mapping[str, int], header: Header, where: Callable[[Key], Location]
) -> Iterator[Issue]:
    """Yield an issue for what filters and rules look at and nothing is called."""
    looked_at: list[tuple[str, Key]] = [
        (rule.column, ("filters", index)) for index, rule in enumerate(mapping.filters)
    ]
    if isinstance(mapping.duplicates, Duplicates):
        looked_at += [(name, ("duplicates", "by", index)) for index, name in enumerate(mapping.duplicates.by)]
    if mapping.returned:
        looked_at.append((mapping.returned.column, ("returned", "column")))
    known = [*found, *filter(None, header.names)]
    for name, key in looked_at:
        if name not in found and header.position(name) is None:
            yield Issue("DATA-426", name, hint=nearest(name, known), where=where(key))


def _note(name: str, table: Body, reasons: Reasons, further: tuple[str, ...]) -> TableNote:
    used, kept = set(table.found.values()), reasons.kept
    names = enumerate(table.header.names)
    return TableNote(
        table=name,
        file=table.mapping.source,
        sheet=table.cells.sheet,
        encoding=table.cells.encoding,
        rows_read=table.rows.height,
        rows_kept=int(kept.sum()),
        dropped=tuple(reasons.reasons),
        columns=tuple(
            _column_note(column, table, kept) for column in table.schema.columns if column.name not in further
        ),
        lost=tuple(reasons.lost(table.value(table.ids))) if table.ids else (),
        header=table.header.row,
        delimiter=table.cells.delimiter,
        unused=tuple(title for index, title in names if title and index not in used),
        sources=tuple(_sources(table)),
        further=further,
        telling=tuple(_telling(table, reasons, used)),
    )


def _telling(table: Body, reasons: Reasons, used: set[int]) -> list[str]:
    """Return the headers of columns not read in which rows differ that are equal in all that is read."""
    unread = {
        f"c{place}": title for place, title in enumerate(table.header.names) if title and place not in used
    }
    if not unread or table.schema.key:  # a table with a key has no equal rows
        return []
    read = pl.DataFrame({column.name: table.value(column.name) for column in table.columns})
    key = read.columns
    rows = read.hstack(table.rows.select(list(unread))).filter(reasons.kept)
    equal = rows.filter(pl.struct(key).is_duplicated())
    kinds = equal.select(key).n_unique()
    found = {title: equal.select(*key, place).n_unique() for place, title in unread.items()}
    return [title for title, count in sorted(found.items(), key=lambda entry: -entry[1]) if count > kinds]


def _sources(table: Body) -> Iterator[Source]:
    """Yield every file the rows came from with how many came from it, or the query."""
    if not isinstance(table.cells, SeveralCells):
        yield _source(table.cells, table.header, table.rows.height)
        return
    for part in table.cells.parts:
        last = part.first + int(part.cells.frame["row"].max() or 0)  # type: ignore[arg-type]
        rows = table.rows["row"].is_between(part.first, last).sum()
        yield _source(part.cells, part.header, int(rows))


def _source(cells: Cells, header: Header, rows: int) -> Source:
    return Source(cells.file, rows, cells.sheet, cells.encoding, header.row, cells.query, cells.fingerprint)


def _column_note(column: Column, table: Body, kept: pl.Series) -> ColumnNote:
    if column.name not in table.found:
        return ColumnNote(column.name, "", column.kind, int(kept.sum()))
    position = table.found[column.name]
    cells = table.cells_of(column.name, kept)
    unreadable = cells.height - cells["problem"].null_count()
    filled = cells.height - cells["value"].null_count()
    seen = _examples(cells["value"], cells["text"])
    return ColumnNote(
        column.name,
        table.header.names[position],
        column.kind,
        cells.height - filled - unreadable,
        tuple(map(str, seen)),
        unreadable,
        filled,
        tuple(text.strip() for text in seen.values()),
    )


def _examples(values: pl.Series, texts: pl.Series) -> dict[object, str]:
    """Return the first values that differ, of the first thousand there are, with their texts."""
    seen: dict[object, str] = {}
    there = ((value, text) for value, text in zip(values, texts, strict=True) if value is not None)
    for value, text in islice(there, 1000):
        seen.setdefault(value, text)
        if len(seen) == _EXAMPLES:
            break
    return seen
