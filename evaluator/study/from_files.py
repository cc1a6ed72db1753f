"""A study made from data files: the files copied or named, and a `study.yaml` that says what is known.

`made.json` keeps what was written, so that a later run can tell what somebody changed since: a file
that was edited is never written again.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from glob import has_magic
from pathlib import Path

from markupsafe import Markup

from evaluator import messages
from evaluator.brief import Brief
from evaluator.data.first_look import Seen
from evaluator.data.header_names import plain
from evaluator.data.inline_yaml import flow
from evaluator.data.units import Unit, split_unit, unit_factor
from evaluator.documents import load, quoted
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.files import replacing, sha256, write_text
from evaluator.html.rendering import render, templates
from evaluator.study.age_columns import overdue
from evaluator.study.facts import Facts, facts
from evaluator.study.feeding import Feeding
from evaluator.study.gathering import Gathered
from evaluator.study.placed import Placed
from evaluator.study.recognising import SCHEMAS, Recognised
from evaluator.study.settings import Settings
from evaluator.study.table_parts import placed_in, sheets_of
from evaluator.study.yaml_values import FILTERS

COPIED = 200 * 2**20  # bytes; larger files stay where they are
_RECORD = "made.json"
_NO_NAMES = {"data", "in", "input", "inputs", "raw", "export", "exports", "files", "tables",
             "数据", "原始数据", "资料", "导出"}  # fmt: skip


@dataclass(frozen=True)
class Made(Brief):
    """A study made of files: what was written now, and what somebody had edited, so that it stays.

    Parameters
    ----------
    counted : columns whose headers count in 万元 or the like, with the header and the unit.
    """

    folder: Path
    written: tuple[Path, ...]
    edited: tuple[str, ...]
    counted: tuple[tuple[str, str, Unit], ...] = ()


@dataclass(frozen=True)
class Source(Brief):
    """Where a table stands for the study: its path as written there, and the files copied to it."""

    table: str
    file: str
    copies: Mapping[str, Path]
    sheet: str | tuple[str, ...] | None
    columns: tuple[Placed, ...]
    rest: tuple[Seen, ...]
    ages: tuple[str, ...] = ()
    header: tuple[int, ...] = ()

    @property
    def absolute(self) -> bool:
        """Whether the file is too large to copy, and stays where it is."""
        return not self.copies


def study_folder(named: Sequence[str]) -> Path:
    """Return the folder of the study of some files: beside them, under their common name.

    >>> study_folder(["sales/orders.csv"]).as_posix(), study_folder(["sales/orders-2023.csv", "sales/orders-2024.csv"]).as_posix()
    ('sales/orders-study', 'sales/orders-study')
    """  # noqa: E501
    paths = [Path(name) for name in named]
    first = paths[0]
    names = [path.name if path.is_dir() else path.name.partition(".")[0] for path in paths]
    stem = names[0].partition("*")[0].partition("?")[0].partition("[")[0]
    while stem and not all(name.startswith(stem) for name in names):
        stem = stem[:-1]
    if len(names) > 1 or any(sign in names[0] for sign in "*?["):
        stem = stem.rstrip("0123456789")
    stem = stem.strip(" -_.") or first.resolve().parent.name or "data"
    home = first.parent if first.name not in ("", ".", "..") else first.resolve().parent
    return home / f"{stem if first.name not in ('', '.', '..') else first.resolve().name}-study"


def made_of(folder: Path) -> frozenset[str]:
    """Return the names of the files that were copied into a study made earlier, none where there is none."""
    path = folder / _RECORD
    known: dict[str, str] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return frozenset(Path(name).name for name in known if name.startswith("data/"))


def mapped_in(folder: Path) -> dict[str, str]:
    """Return the headers that a study made earlier states, as ``table.column``; none where there is none."""
    path = folder / "study.yaml"
    try:
        stated = load(path).data if path.is_file() else None
    except EvaluationError:
        return {}  # the run refuses it, and says where
    tables = stated.get("tables") if isinstance(stated, Mapping) else None
    if not isinstance(tables, Mapping):
        return {}
    columns = {
        f"{table}.{name}": said.get("from") if isinstance(said, Mapping) else said
        for table, mapping in tables.items()
        if isinstance(mapping, Mapping) and isinstance(mapping.get("columns"), Mapping)
        for name, said in mapping["columns"].items()
    }
    return {name: header for name, header in columns.items() if isinstance(header, str)}


def folder_apart(named: Sequence[str]) -> Path:
    """Return the folder of a study of a file: one of its own where that of its name was made of another.

    ``umsatz.csv`` goes to ``umsatz-csv-study`` where ``umsatz-study`` was made of ``umsatz.xlsx``.
    """
    folder, first = study_folder(named), Path(named[0])
    others = made_of(folder)
    if len(named) > 1 or not first.is_file() or not others or first.name in others:
        return folder
    return folder.with_name(f"{first.name.replace('.', '-')}-study")


def make_study(
    data: Gathered,
    fed: Feeding,
    folder: str | Path,
    *,
    language: str = "zh",
    title: str | None = None,
    as_of: date | None = None,
) -> Made:
    """Write a study of the files, or bring one made earlier up to date.

    Files up to 200 MB are copied into its `data/`, larger ones are named by their absolute path. What was
    written earlier and not touched since is written anew where it differs; what somebody changed stays.

    Parameters
    ----------
    as_of : the day looked back from; default: the day after the last order.

    Raises
    ------
    EvaluationError
        several files of one table are too large to copy and have no pattern of their own, something is stated
        of a table or a column that is not there or of a measure that no table gives, the answers of a survey
        fit several scales.
    """
    home = Path(folder)
    sources = tuple(_sources(data, fed))
    data.settings.check({source.table: [entry.name for entry in source.columns] for source in sources})
    known = facts(data)
    raise_errors((*known.unstated(), *_untaken(data, fed)))
    values = {
        "named": " ".join(data.named),
        "title": title or _title(data, language),
        "tree": _of_tree(fed, language),
        "facts": _of_facts(known, as_of),
        "overdue": overdue(data.ages),
        "tables": [_of_source(source, fed, data.settings) for source in sources],
        "unused": {issue.subject: issue.detail["rows"] for issue in data.unused if "rows" in issue.detail},
        "absent": Markup(flow(fed.open)) if fed.open else None,
        "short": [
            {"name": name, "needed": needed, "there": there} for name, (needed, there) in fed.short.items()
        ],
    }
    text = render(templates(language, filters=FILTERS), f"study/found.{language}.yaml.j2", values)
    record = _Record(home)
    edited = [
        name for source in sources for name, origin in source.copies.items() if not record.copy(origin, name)
    ]
    edited += [] if record.write(text, "study.yaml") else ["study.yaml"]
    record.save()
    units = [
        (entry.name, entry.seen.header, unit)
        for source in sources
        for entry in source.columns
        if (unit := counted(source, entry, fed, data.settings))
    ]
    return Made(home, tuple(record.written), tuple(edited), tuple(units))


def _untaken(data: Gathered, fed: Feeding) -> Iterator[Issue]:
    """Yield an issue for every stated measure that no table with a row per customer gives."""
    taken = {plain(entry.seen.header) for entry in fed.columns}
    tables = [name for name in data.tables if name not in ("customers", "measures")]
    columns = dict.fromkeys(name for table in tables for name in SCHEMAS[table].names)
    for name, header in data.measures.items():
        if plain(header) not in taken:
            yield Issue("STUDY-345", f"{name}={header}", {"name": name, "columns": ", ".join(columns) or "–"})


class _Record:
    """What was written into a study, by its fingerprint when it was; what changed since is left alone."""

    def __init__(self, home: Path) -> None:
        self.written: list[Path] = []
        self._home = home
        path = home / _RECORD
        self._known: dict[str, str] = json.loads(path.read_text("utf-8")) if path.is_file() else {}

    def copy(self, origin: Path, name: str) -> bool:
        """Copy a file into the study; False where somebody changed the copy made earlier."""
        target = self._home / name
        if self._changed(target, name):
            return False
        if not target.exists() or sha256(target) != sha256(origin):
            with replacing(target) as new:
                shutil.copyfile(origin, new)
            self.written.append(target)
        self._known[name] = sha256(target)
        return True

    def write(self, text: str, name: str) -> bool:
        """Write a file of the study; False where somebody changed it."""
        target = self._home / name
        if self._changed(target, name):
            return False
        if not target.exists() or target.read_text("utf-8") != text:
            write_text(target, text)
            self.written.append(target)
        self._known[name] = sha256(target)
        return True

    def save(self) -> None:
        """Write the record."""
        write_text(self._home / _RECORD, json.dumps(self._known, indent=1, ensure_ascii=False) + "\n")

    def _changed(self, target: Path, name: str) -> bool:
        return target.exists() and self._known.get(name) != sha256(target)


def _sources(data: Gathered, fed: Feeding) -> Iterator[Source]:
    """Yield where each table stands; one row per customer gives the measures and who the customers are."""
    for table, parts in data.tables.items():
        file, copies = _place(table, parts, data)
        sheet = sheets_of(parts)
        if table not in ("customers", "measures"):
            ages = dict.fromkeys(seen.header for part in parts for seen in part.ages)
            header = _header_rows(parts, data.settings.of_table(table))
            yield Source(table, file, copies, sheet, placed_in(parts), parts[0].rest, tuple(ages), header)
            continue
        who = tuple(entry for entry in parts[0].placed if entry.name in ("id", "name"))
        used = {entry.seen.position for entry in fed.columns}
        rest = tuple(seen for seen in parts[0].rest if seen.position not in used)
        columns = fed.columns if parts == data.measured else ()
        if columns:
            yield Source(
                "measures", file, copies, sheet, (*who, *columns), rest if table == "measures" else ()
            )
        further = len(parts[0].placed) > len(who) or any(not seen.numbers for seen in rest)
        if table == "customers" and (not columns or further):
            yield Source("customers", file, copies, sheet, parts[0].placed, rest)


def _header_rows(parts: Sequence[Recognised], stated: Mapping[str, object]) -> tuple[int, ...]:
    """Return the rows of a header of several, by whose joint names columns are called that become rows."""
    header = parts[0].look.header
    if "unpivot" not in stated or "header" in stated or header.rows < 2:
        return ()
    return tuple(range(header.row, header.row + header.rows))


def _place(table: str, parts: Sequence[Recognised], data: Gathered) -> tuple[str, dict[str, Path]]:
    """Return the path of a table as `study.yaml` has it, and what is copied there."""
    paths = list(dict.fromkeys(part.look.path for part in parts))
    large = [path for path in paths if path.stat().st_size > COPIED]
    if len(paths) == 1:
        name = f"data/{paths[0].name}"
        return (str(paths[0].resolve()), {}) if large else (name, {name: paths[0]})
    if large:
        if len(data.named) > 1 or not has_magic(data.named[0]):
            raise EvaluationError(
                [Issue("STUDY-354", table, {"files": ", ".join(path.name for path in large)})]
            )
        return str(Path(data.named[0]).absolute()), {}
    endings = {path.suffix for path in paths}
    ending = endings.pop() if len(endings) == 1 else ""
    return f"data/{table}/*{ending}", {f"data/{table}/{name}": path for name, path in _named_apart(paths)}


def _named_apart(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Yield files with names of their own: those of one name also bear that of their folder."""
    counts = Counter(path.name for path in paths)
    for path in paths:
        yield (path.name if counts[path.name] == 1 else f"{path.resolve().parent.name}-{path.name}"), path


def _title(data: Gathered, language: str) -> str:
    stem = study_folder(data.named).name.removesuffix("-study")
    if stem.casefold() in _NO_NAMES:
        return messages.text("starter.untitled", language)
    return messages.text("starter.title", language, name=stem)


def _of_tree(fed: Feeding, language: str) -> dict[str, object]:
    numbers = {"fed": fed.fed, "of": len(fed.tree.indicators), "share": f"{fed.share:.0%}"}
    return {"id": fed.tree.id, "name": fed.tree.name[language], **numbers}


def _of_facts(known: Facts, as_of: date | None) -> dict[str, object]:
    days = {"as_of": as_of or known.as_of, "day_stated": as_of is not None}
    days |= {"first": known.first, "last": known.last, "monthly": known.monthly}
    low, high = (f"{end:g}" for end in known.scales[0]) if known.scales else (None, None)
    answers = [f"{end:g}" for end in known.answers or ()]
    money = {"currency": known.currency, "seen_in": known.seen_in}
    return {**days, **money, "answers": answers, "low": low, "high": high, "stated": bool(known.stated)}


def _of_source(source: Source, fed: Feeding, settings: Settings) -> dict[str, object]:
    shape = settings.shape(source.table)
    made = shape.made if shape else ()
    columns = [
        {
            "name": entry.name,
            "how": entry.how,
            "value": _value(
                entry,
                settings.of_column(source.table, entry.name),
                counted(source, entry, fed, settings),
                made=entry.name in made,
            ),
            "unit": counted(source, entry, fed, settings),
        }
        for entry in source.columns
        if entry.name not in made or settings.of_column(source.table, entry.name)
    ]
    stated = {**({"header": source.header} if source.header else {}), **settings.of_table(source.table)}
    sheet = source.sheet if "sheet" not in stated else None
    return {
        "name": source.table,
        "file": source.file,
        "absolute": source.absolute,
        "sheet": Markup(flow(sheet)) if sheet else None,
        "settings": {key: Markup(flow(value)) for key, value in stated.items()},
        "columns": columns,
        "rest": [seen.header for seen in source.rest],
        "ages": Markup(flow(source.ages)) if source.ages and "unpivot" not in stated else None,
    }


def counted(source: Source, entry: Placed, fed: Feeding, settings: Settings) -> Unit | None:
    """Return the unit a header counts in, 万元 or thousands, where nothing else is stated."""
    unit = split_unit(entry.seen.header)[1]
    if unit is None or unit.factor <= 1 or "factor" in settings.of_column(source.table, entry.name):
        return None
    units = {leaf.measure: leaf.unit.zh if leaf.unit else "" for leaf in fed.tree.indicators}
    if source.table != "measures":
        units = {
            column.name: column.unit for column in SCHEMAS[source.table].columns if column.kind == "number"
        }
    own = units.get(entry.name)
    return unit if own is not None and unit.factor != unit_factor(own) else None


def _value(entry: Placed, settings: Mapping[str, object], unit: Unit | None, *, made: bool) -> Markup:
    """Return what stands behind the name of a column: its header unless it is made of several, with what is
    stated of its cells.
    """
    stated = {**({"factor": unit.factor} if unit else {}), **settings}
    if not stated:
        return Markup(quoted(entry.seen.header))
    header = {} if made or "position" in settings or "row_number" in settings else {"from": entry.seen.header}
    return Markup(flow({**header, **stated}))
