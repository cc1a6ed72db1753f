"""Where the cells of a table come from: a file, several files that fit a pattern, or a database."""

from __future__ import annotations

import re
from pathlib import Path

from evaluator.data.cells import Cells
from evaluator.data.connections import Readers
from evaluator.data.databases import Databases, address
from evaluator.data.delimited import read_delimited
from evaluator.data.headers import recognised
from evaluator.data.mapping import TableMapping
from evaluator.data.querying import read_query
from evaluator.data.spreadsheet import read_parquet, read_sheet
from evaluator.data.tables import TableSchema
from evaluator.errors import EvaluationError, Issue, Location, nearest
from evaluator.files import leaves

_WORKBOOKS = (".xlsx", ".xlsm", ".xls")
_PATTERN = re.compile(r"[*?\[]")


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

    Raises `EvaluationError` DATA-401 (no such file, or nothing fits the pattern), FILE-704
    (a link that leads out of the study) and those of the readers.
    """
    if mapping.database is not None:
        place = address(mapping.database, databases, folder, credentials=mapping.credentials, where=where)
        return (read_query(place, mapping, readers, where),)
    read: list[Cells] = []
    issues: list[Issue] = []
    for name in _names(mapping.source, folder):
        try:
            if leaves(folder, name):
                raise EvaluationError([Issue("FILE-704", name, where=Location(name))])
            read.append(_read_file(folder / name, mapping.model_copy(update={"file": name}), schema))
        except EvaluationError as error:
            issues.extend(error.issues)
    if issues:
        raise EvaluationError(issues)
    return tuple(read)


def _names(stated: str, folder: Path) -> list[str]:
    """Return the files a path or pattern stands for, as the study would name them, in order of name."""
    if (folder / stated).is_file() or not _PATTERN.search(stated):
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
    """Say whether a file is not meant to stay: the lock of an office program, or a hidden one."""
    return path.name.startswith(("~$", "."))


def _read_file(path: Path, mapping: TableMapping, schema: TableSchema) -> Cells:
    name = mapping.source
    if not path.is_file():
        here = [entry.name for entry in path.parent.glob("*")] if path.parent.is_dir() else []
        hint = nearest(path.name, here)
        raise EvaluationError([Issue("DATA-401", name, {"reason": "No such file"}, hint, Location(name))])
    if path.suffix.lower() in _WORKBOOKS:
        return read_sheet(path, mapping, lambda cells: recognised(cells, mapping, schema)[0])
    if path.suffix.lower() == ".parquet":
        return read_parquet(path, mapping)
    return read_delimited(path, mapping)
