"""The data files somebody names for a first report: found, looked at, and sorted into tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from glob import glob, has_magic
from pathlib import Path

from evaluator.data.header_names import plain
from evaluator.data.looking import looks
from evaluator.errors import EvaluationError, Issue, Location, Severity, nearest
from evaluator.study.file import study_path
from evaluator.study.recognising import HEADERS, SCHEMAS, Question, Recognised, recognise
from evaluator.study.settings import Settings

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".gz")


@dataclass(frozen=True)
class Gathered:
    """What the files hold: for each table its parts, and what is not used and why.

    Parameters
    ----------
    named : what was named: files, folders or patterns.
    tables : by table the files and sheets it stands in; several of one table have the same columns.
    unused : warnings that name files and sheets left aside.
    measures : headers by what somebody said they are that is no column of a table: measures of a tree.
    settings : what is stated of how the files are read.
    """

    named: tuple[str, ...]
    tables: Mapping[str, tuple[Recognised, ...]]
    unused: tuple[Issue, ...] = ()
    measures: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    @property
    def questions(self) -> tuple[tuple[str, Recognised, Question], ...]:
        """What must be asked, with the table and the file; of several alike only once."""
        asked = {
            (table, question.name): (table, part, question)
            for table, parts in self.tables.items()
            for part in reversed(parts)
            for question in part.questions
        }
        return tuple(asked.values())


def is_data(named: Sequence[str]) -> bool:
    """Return whether what was named are data files, rather than the folder or file of a study."""
    if len(named) != 1:
        return bool(named)
    path = Path(named[0])
    if path.suffix in (".yaml", ".yml") or study_path(path).is_file():
        return False
    return path.is_file() or has_magic(named[0]) or bool(_in_folder(path))


def gather(
    named: Sequence[str], stated: Mapping[str, str] | None = None, settings: Settings | None = None
) -> Gathered:
    """Look at the files and return the tables they hold.

    Parameters
    ----------
    named : files, folders (the data files directly in them) and patterns.
    stated : headers by the column they are, ``amount`` or ``orders.amount``.
    settings : what is stated of how the files are read.

    Raises
    ------
    EvaluationError
        DATA-401 (nothing is called so), STUDY-352 (a stated column is no column, or no header; beside one
        row per customer it may be a measure, see `Gathered.measures`), STUDY-360 (several sheets of one
        workbook hold one table), and what every one of the files is refused for.
    """
    issues: list[Issue] = []
    found: list[Recognised] = []
    for path in _paths(named):
        try:
            found.extend(_recognised(path, _of_any(stated), settings or Settings()))
        except EvaluationError as error:
            issues.extend(error.issues)
    if issues:
        raise EvaluationError(issues)
    if wrong := tuple(_misstated(found, stated or {})):
        raise EvaluationError(wrong)
    tables, unused = _sorted(found)
    if several := tuple(_several_sheets(tables)):
        raise EvaluationError(several)
    placed = {entry.name for parts in tables.values() for part in parts for entry in part.placed}
    measures = {name: header for name, header in _of_any(stated).items() if name not in placed}
    return Gathered(tuple(named), tables, unused, measures, settings or Settings())


def _recognised(path: Path, stated: Mapping[str, str], settings: Settings) -> list[Recognised]:
    """Return the tables of a file, read as is stated of the table it turns out to be, else of all tables."""
    for table, layout in settings.layouts().items():
        try:
            looked = looks(path, HEADERS, layout=layout, formats=settings.formats)
            parts = [recognise(look, stated) for look in looked]
        except EvaluationError:
            if not table:
                raise
            continue
        if not table or any(part.table == table for part in parts):
            break
    return parts


def _paths(named: Sequence[str]) -> list[Path]:
    paths = [path for name in named for path in _standing_for(name)]
    return list(dict.fromkeys(path for path in paths))


def _standing_for(name: str) -> list[Path]:
    path = Path(name)
    if path.is_file():
        return [path]
    found = _in_folder(path) if path.is_dir() else _fitting(name)
    if not found:
        here = [entry.name for entry in path.parent.glob("*")] if path.parent.is_dir() else []
        hint, detail = nearest(path.name, here), {"reason": "No such file"}
        raise EvaluationError([Issue("DATA-401", name, detail, hint, Location(name))])
    return found


def _in_folder(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_file() and _meant(path))


def _fitting(pattern: str) -> list[Path]:
    return sorted(path for path in map(Path, glob(pattern)) if path.is_file() and _meant(path))


def _meant(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and not path.name.startswith(("~$", "."))


def _of_any(stated: Mapping[str, str] | None) -> dict[str, str]:
    return {name.rpartition(".")[2]: header for name, header in (stated or {}).items()}


def _misstated(found: Sequence[Recognised], stated: Mapping[str, str]) -> Iterator[Issue]:
    """Yield STUDY-352 for what is no column of any table, or no header of any file."""
    headers = {plain(seen.header): seen.header for part in found for seen in part.look.columns}
    names = {column.name for schema in SCHEMAS.values() for column in schema.columns}
    for name, header in stated.items():
        if plain(header) not in headers:
            hint = nearest(header, headers.values()) or tuple(headers.values())[:8]
            yield Issue("STUDY-352", f"{name}={header}", {"wrong": header}, hint)
        elif name.rpartition(".")[2] not in names and not any(part.table == "customers" for part in found):
            yield Issue("STUDY-352", f"{name}={header}", {"wrong": name}, nearest(name, names))


def _sorted(found: Sequence[Recognised]) -> tuple[dict[str, tuple[Recognised, ...]], tuple[Issue, ...]]:
    """Return the parts of each table, and what is left aside.

    STUDY-353 names parts with other columns than the largest, STUDY-359 those in which nothing is known.
    """
    lost = [part for part in found if any(not question.candidates for question in part.questions)]
    lost = lost if len(lost) < len(found) else []
    unused = [_unknown(part) for part in lost]
    tables: dict[str, list[Recognised]] = {}
    for part in found:
        if part not in lost:
            tables.setdefault(part.table, []).append(part)
    used = {}
    for name, parts in tables.items():
        largest = max(parts, key=lambda part: part.look.rows.height)
        like = [part for part in parts if _headers(part) == _headers(largest)]
        used[name] = tuple(like)
        unused += [_unused(part, largest) for part in parts if part not in like]
    return used, tuple(unused)


def _several_sheets(tables: Mapping[str, tuple[Recognised, ...]]) -> Iterator[Issue]:
    """Yield STUDY-360 for sheets of one workbook that hold one table: none may be left unread."""
    for table, parts in tables.items():
        for path in dict.fromkeys(part.look.path for part in parts):
            sheets = [part for part in parts if part.look.path == path]
            if len(sheets) > 1:
                listed = ", ".join(f"{part.look.sheet} ({part.look.rows.height})" for part in sheets)
                yield Issue(
                    "STUDY-360", path.name, {"sheets": listed, "table": table}, where=Location(path.name)
                )


def _headers(part: Recognised) -> frozenset[str]:
    return frozenset(plain(entry.seen.header) for entry in part.placed) or frozenset(
        plain(seen.header) for seen in part.look.columns
    )


def _unused(part: Recognised, largest: Recognised) -> Issue:
    detail = {"rows": part.look.rows.height, "used": largest.look.name, "table": part.table}
    return Issue("STUDY-353", part.look.name, detail, severity=Severity.WARNING)


def _unknown(part: Recognised) -> Issue:
    headers = ", ".join(seen.header for seen in part.look.columns)
    detail = {"rows": part.look.rows.height, "headers": headers}
    return Issue("STUDY-359", part.look.name, detail, severity=Severity.WARNING)
