"""The data files somebody names for a first report: found, looked at, and sorted into tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from glob import glob, has_magic
from pathlib import Path

from evaluator.brief import Brief
from evaluator.data.first_look import Look, looks
from evaluator.data.header_names import plain
from evaluator.data.mapping import TableMapping
from evaluator.data.questions import line
from evaluator.errors import EvaluationError, Issue, Location, Severity, nearest, raise_errors
from evaluator.files import leaves
from evaluator.study.file import study_path
from evaluator.study.ids_alike import with_ids_alike
from evaluator.study.known_by_cells import with_known_ids
from evaluator.study.placed import ONE_FILE, Question
from evaluator.study.receivable_parts import also_balances
from evaluator.study.recognising import HEADERS, SCHEMAS, Recognised, coded_names, place, recognise, reshaped
from evaluator.study.settings import Settings
from evaluator.study.table_parts import repeated_sheets, sorted_parts

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".gz", ".bz2", ".xz")


@dataclass(frozen=True, eq=False)  # one is only itself, so that what was found of it can be kept
class Gathered(Brief):
    """What the files hold: for each table its parts, and what is not used and why.

    Parameters
    ----------
    named : what was named: files, folders or patterns.
    tables : by table the files and sheets it stands in, which are read as one.
    unused : warnings that name files and sheets left aside, and notes of what else a folder holds.
    measures : headers by what somebody said they are that is no column of a table: measures of a tree.
    settings : what is stated of how the files are read.
    """

    named: tuple[str, ...]
    tables: Mapping[str, tuple[Recognised, ...]]
    unused: tuple[Issue, ...] = ()
    measures: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    @property
    def measured(self) -> tuple[Recognised, ...]:
        """The list of one row per customer that measures are read from: one apart, else that of customers."""
        return self.tables.get("measures", ()) or self.tables.get("customers", ())

    @property
    def ages(self) -> tuple[str, ...]:
        """The headers of what is owed of one age each, in a list of receivables."""
        parts = self.tables.get("ageing", ())
        return tuple(dict.fromkeys(seen.header for part in parts for seen in part.ages))

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
    if not path.exists() and (path.suffix.lower() in ENDINGS or nearest(path.suffix.lower(), ENDINGS)):
        return True  # what is not there is named as a file
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
        nothing is called so; a stated column is no column, or no header; beside one row per customer it may
        be a measure, see `Gathered.measures`; a sheet repeats the rows of another; and what every one of the
        files is refused for.
    """
    settings = settings or Settings()
    issues: list[Issue] = []
    found: list[Recognised] = []
    for path in _paths(named):
        try:
            found.extend(_recognised(path, stated or {}, settings))
        except EvaluationError as error:
            issues.extend(error.issues)
    if issues:
        raise EvaluationError(issues)
    if wrong := tuple(_misstated(found, stated or {})):
        raise EvaluationError(wrong)
    found = [*with_known_ids([*_as_others(found)], stated or {})]
    tables, unused = sorted_parts([*found, *also_balances(found)], settings)
    raise_errors((*unused, *_of_no_table(tables, stated or {})))
    raise_errors(tuple(repeated_sheets(tables, settings)))
    placed = {entry.name for parts in tables.values() for part in parts for entry in part.placed}
    raise_errors(tuple(_of_customers(tables, _of_any(stated), placed)))
    measures = {name: header for name, header in _of_any(stated).items() if name not in placed | {"name"}}
    settings, alike = with_ids_alike(tables, settings)
    unused = (*unused, *_uncalculated(tables), *alike, *_beside(named))
    return Gathered(tuple(named), tables, unused, measures, settings)


def _recognised(path: Path, stated: Mapping[str, str], settings: Settings) -> list[Recognised]:
    """Return the tables of a file, read as is stated of the table it turns out to be, else of all tables."""
    for table, layout in settings.layouts().items():
        try:
            looked = looks(path, HEADERS, layout=layout, formats=settings.formats)
            shape = settings.shape(table)
            parts = [*_shaped(looked, shape, table, stated)] if shape else [
                recognise(look, stated) for look in looked
            ]  # fmt: skip
        except EvaluationError:
            if not table:
                raise
            continue
        if not table or any(part.table == table and part.whole for part in parts):
            break
    return parts


def _shaped(
    looked: Iterable[Look], shape: TableMapping, table: str, stated: Mapping[str, str]
) -> Iterator[Recognised]:
    """Yield the tables of a file as `shape` makes them, and as they stand the sheets that it does not fit.

    Raises `EvaluationError` with what the first sheet is refused for where it fits none.
    """
    parts: list[Recognised] = []
    refused: list[EvaluationError] = []
    for look in looked:
        try:
            parts.append(reshaped(look, shape, table, stated))
        except EvaluationError as error:
            refused.append(error)
            parts.append(recognise(look, stated))
    if len(refused) == len(parts):
        raise refused[0]
    yield from parts


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
    return sorted(path for path in folder.iterdir() if _read(path))


def _fitting(pattern: str) -> list[Path]:
    return sorted(path for path in map(Path, glob(pattern)) if path.is_file() and _meant(path))


def _read(path: Path) -> bool:
    """True for a table in a folder, or a link within it; what lies elsewhere is not copied into a study."""
    return path.is_file() and _meant(path) and not _leads_out(path)


def _leads_out(path: Path) -> bool:
    return path.is_symlink() and leaves(path.parent, path.name)


def _meant(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and not path.name.startswith(("~$", "."))


def _beside(named: Sequence[str]) -> Iterator[Issue]:
    """Yield an issue for what else stands in a folder somebody named: files of other kinds, and folders."""
    for folder in filter(Path.is_dir, map(Path, named)):
        others = [path for path in sorted(folder.iterdir()) if not _read(path)]
        for path in filter(_leads_out, others):
            yield Issue("FILE-704", path.name, where=Location(str(path)), severity=Severity.WARNING)
        others = [
            path
            for path in others
            if not _leads_out(path)
            and not path.name.startswith(("~$", "."))
            and not study_path(path).is_file()
        ]
        if others:
            listed = ", ".join(f"{path.name}/" if path.is_dir() else path.name for path in others)
            yield Issue(
                "STUDY-362", str(folder), {"count": len(others), "names": listed}, severity=Severity.NOTE
            )


def _as_others(found: Sequence[Recognised]) -> Iterator[Recognised]:
    """Yield the parts, each as another part under the same headers that tells more.

    A month in which nobody comes twice does not show that it holds orders, or that its codes are those of
    customers.
    """
    like: dict[frozenset[str], Recognised] = {}
    for part in found:
        if part.table == "orders" and (coded_names(part) or _titles(part) not in like):
            like[_titles(part)] = part
    for part in found:
        other = like.get(_titles(part))
        less = bool(part.look.rows.height) and (part.table == "customers" or not coded_names(part))
        if other is None or not less or (part.table == "orders" and not coded_names(other)):
            yield part
            continue
        own = {plain(seen.header): seen.header for seen in part.look.columns}
        titles = {entry.name: plain(entry.seen.header) for entry in other.placed}
        stated = {name: own[title] for name, title in titles.items() if title in own}
        how = {entry.name: entry.how for entry in other.placed}
        again = place(part.look, "orders", stated)
        guessed = (replace(entry, how=how.get(entry.name, entry.how)) for entry in again.placed)
        yield replace(again, placed=tuple(guessed))


def _titles(part: Recognised) -> frozenset[str]:
    return frozenset(plain(seen.header) for seen in part.look.columns)


def _uncalculated(tables: Mapping[str, Sequence[Recognised]]) -> Iterator[Issue]:
    """Yield a warning for every column that is left aside because its formulas were never calculated."""
    for part in (part for parts in tables.values() for part in parts):
        for seen in (seen for seen in part.rest if seen.formulas):
            row = int(part.look.rows["row"][0])
            detail = {"count": seen.filled, "examples": ", ".join(f"«{cell}»" for cell in seen.examples)}
            where = part.look.cells.place(row, seen.position)
            yield Issue("DATA-559", seen.header, detail, where=where, severity=Severity.WARNING)


def _of_any(stated: Mapping[str, str] | None) -> dict[str, str]:
    return {name.rpartition(".")[2]: header for name, header in (stated or {}).items()}


def _of_customers(
    tables: Mapping[str, Sequence[Recognised]], stated: Mapping[str, str], placed: Collection[str]
) -> Iterator[Issue]:
    """Yield an issue for what is a column of customers and stands among the orders instead."""
    orders, theirs = tables.get("orders", ()), stated.keys() & set(SCHEMAS["customers"].names) - set(placed)
    who = next((seen.header for part in orders if (seen := part.column("id"))), None)
    if not who:
        return
    for part in tables.get("customers", ())[:1]:
        for name in sorted(theirs):
            detail = {"name": name, "file": orders[0].look.name, "list": part.look.name}
            yield Issue("STUDY-347", f"{name}={stated[name]}", detail)
        return
    paths = {part.look.path.name for part in orders}
    file = f"data/{orders[0].look.path.name}" if len(paths) == 1 else "data/orders/*"
    for name in sorted(theirs):
        columns = {"id": who, name: stated[name]}
        last = {"file": file, "columns": columns, "duplicates": {"by": ["id"], "keep": "last"}}
        detail = {"name": name, "line": line(customers=last)}
        yield Issue("STUDY-364", f"{name}={stated[name]}", detail)


def _of_no_table(tables: Mapping[str, Sequence[Recognised]], stated: Mapping[str, str]) -> Iterator[Issue]:
    """Yield an issue for every column stated of a table that none of the files is read as."""
    for name, header in stated.items():
        table, _, column = name.rpartition(".")
        if table and ONE_FILE.get(table, table) not in {ONE_FILE.get(known, known) for known in tables}:
            if table not in SCHEMAS and table not in ONE_FILE:
                yield Issue("STUDY-352", f"{name}={header}", {"wrong": table}, nearest(table, SCHEMAS))
                continue
            said = line(**{table: {"file": "data/FILE", "columns": {column: header}}})
            detail = {"table": table, "tables": ", ".join(tables), "line": said}
            yield Issue("STUDY-365", f"{name}={header}", detail)


def _misstated(found: Sequence[Recognised], stated: Mapping[str, str]) -> Iterator[Issue]:
    """Yield an issue for what is no column of any table, or no header of any file."""
    headers = {plain(seen.header): seen.header for part in found for seen in part.look.columns}
    names = {column.name for schema in SCHEMAS.values() for column in schema.columns}
    for name, header in stated.items():
        if all(part.look.header.position(header) is None for part in found):
            hint = nearest(header, headers.values()) or tuple(headers.values())[:8]
            yield Issue("STUDY-352", f"{name}={header}", {"wrong": header}, hint)
        elif name.rpartition(".")[2] not in names and not any(part.table == "customers" for part in found):
            yield Issue("STUDY-352", f"{name}={header}", {"wrong": name}, nearest(name, names))
