"""What somebody states of how files are read before there is a study: `orders.encoding=cp1252` and the like.

It is written into the study's mapping, and holds for the first look as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.brief import Brief
from evaluator.data.mapping import ColumnMapping, TableMapping
from evaluator.documents import Document, parse, validate
from evaluator.errors import EvaluationError, Issue, nearest
from evaluator.study.placed import ONE_FILE
from evaluator.study.recognising import SCHEMAS

OF_TABLES = tuple(
    name
    for name in TableMapping.model_fields
    if name not in ("file", "database", "table", "query", "credentials", "columns")
)
OF_COLUMNS = tuple(name for name in ColumnMapping.model_fields if name != "from_")
_LOOKED_AT = ("encoding", "delimiter", "header")  # what the first look depends on
TABLES = frozenset(SCHEMAS) | {"measures"}


@dataclass(frozen=True)
class Setting:
    """One thing stated: of a table or of all (``""``), of the table itself (``""``) or of a column."""

    table: str
    column: str
    key: str
    value: Any
    stated: str


@dataclass(frozen=True)
class Settings(Brief):
    """Everything stated, in its order; what is said of one table comes before what is said of all."""

    entries: tuple[Setting, ...] = ()

    def of_table(self, table: str) -> dict[str, Any]:
        """Return what is stated of a table beside its columns."""
        return self.of_column(table, "")

    def of_column(self, table: str, column: str) -> dict[str, Any]:
        """Return what is stated of a column."""
        mine = [entry for entry in self.entries if entry.column == column]
        general = _joined(entry for entry in mine if not entry.table)
        own = _joined(entry for entry in mine if entry.table == ONE_FILE.get(table, table))
        return general | own

    def shape(self, table: str) -> TableMapping | None:
        """Return what a table is made of that stands in no column of the file, None where nothing is."""
        stated = {
            key: value for key, value in self.of_table(table).items() if key in ("unpivot", "constants")
        }
        columns = {entry.column for entry in self.entries if entry.key == "row_number"}
        numbered = {
            name: {"row_number": True} for name in columns if self.of_column(table, name).get("row_number")
        }
        if not stated and not numbered:
            return None
        return TableMapping.model_validate({"file": table or "x", **stated, "columns": numbered})

    def layouts(self) -> dict[str, dict[str, Any]]:
        """Return what the first look depends on, by table; ``""``, which is tried last, is for all others."""
        tables = dict.fromkeys(
            entry.table
            for entry in self.entries
            if entry.table and (not entry.column or entry.key == "row_number")
        )
        return {
            table: {key: value for key, value in self.of_table(table).items() if key in _LOOKED_AT}
            for table in (*tables, "")
        }

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats stated for days of any column."""
        return tuple(str(entry.value) for entry in self.entries if entry.key == "format")

    def check(self, columns: Mapping[str, Iterable[str]]) -> None:
        """Refuse what is stated of tables and columns that are not there."""
        known = {ONE_FILE.get(table, table): set(names) for table, names in columns.items()}
        for table, names in columns.items():
            known[ONE_FILE.get(table, table)] |= set(names)
        issues = []
        for entry in self.entries:
            there = known if not entry.table else {entry.table: known.get(entry.table, set())}
            names = sorted(set().union(*there.values()))
            if entry.table and entry.table not in known:
                issues.append(_wrong(entry.stated, entry.table, known))
            elif entry.column and entry.column not in names:
                issues.append(_wrong(entry.stated, entry.column, names))
        if issues:
            raise EvaluationError(issues)


def _joined(entries: Iterable[Setting]) -> dict[str, Any]:
    """Return what is stated by its key: the last, but of what counts as missing all."""
    found: dict[str, Any] = {}
    for entry in entries:
        before, value = found.get(entry.key), entry.value
        if entry.key == "missing" and isinstance(before, tuple) and isinstance(value, tuple):
            value = tuple(dict.fromkeys((*before, *value)))
        found[entry.key] = value
    return found


def settings(stated: Sequence[str]) -> Settings:
    """Return what was stated as ``[table.][column.]key=value``, the value in YAML.

    >>> [(entry.table, entry.column, entry.key, entry.value) for entry in
    ...  settings(["encoding=cp1252", "orders.amount.decimal=,", "amount.missing=[-99]"]).entries]
    [('', '', 'encoding', 'cp1252'), ('orders', 'amount', 'decimal', ','), ('', 'amount', 'missing', (-99,))]

    Raises
    ------
    EvaluationError
        not a key of a mapping, and the DOC codes for a value that does not fit its key.
    """
    entries, issues = [], []
    for text in stated:
        path, _, value = text.partition("=")
        *parts, key = path.strip().split(".")
        table = parts.pop(0) if parts and (parts[0] in SCHEMAS or parts[0] in ONE_FILE) else ""
        column = ".".join(parts)
        known = OF_COLUMNS if column else OF_TABLES
        if key not in known or "=" not in text:
            issues.append(_wrong(text, key, known))
        entries.append(Setting(ONE_FILE.get(table, table), column, key, _value(value), text))
    if issues:
        raise EvaluationError(issues)
    found = Settings(tuple(entries))
    for entry in entries:
        _validated(entry, found)
    return found


def _validated(entry: Setting, found: Settings) -> None:
    own = found.of_column(entry.table, entry.column)
    name = f"--set {entry.stated}"
    if entry.column:
        validate(Document(name, own, {}), ColumnMapping)
    else:
        validate(Document(name, {"file": "x", **own}, {}), TableMapping)


def _value(text: str) -> Any:
    """Return a value of YAML; a sign that YAML would not take alone, such as a comma, stands for itself."""
    try:
        return parse(f"value: {text.strip()}", "--set").data["value"]
    except EvaluationError:
        return text.strip()


def _wrong(stated: str, wrong: str, known: Iterable[str]) -> Issue:
    names = tuple(known)
    return Issue("STUDY-361", stated, {"wrong": wrong}, nearest(wrong, names) or names[:12])
