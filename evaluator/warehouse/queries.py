"""From dataframe code to the queries behind it, by way of DuckDB: stage after stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from evaluator.brief import Brief
from evaluator.columns.spark_session import optional

if TYPE_CHECKING:
    from sqlglot import exp

NUMBERED = "row_index_"  # how narwhals calls the number by which it keeps one row of several equal ones


@dataclass(frozen=True)
class Query(Brief):
    """One named query of a statement, in DuckDB's words; `stage` is what it is a part of."""

    name: str
    stage: str
    select: exp.Expression


class Queries:
    """The queries of a statement in the making; a stage may read the tables and the stages before it.

    Behind each table and stage stands an empty table in DuckDB.

    Parameters
    ----------
    tables : DuckDB's types of the columns of each table, by its name here.
    """

    def __init__(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        self._connection = optional("duckdb", "export").connect()
        self._parser = optional("sqlglot", "export")
        self._words = optional("sqlglot.expressions", "export")
        self.made: list[Query] = []
        self.types: dict[str, str] = {}
        for name, columns in tables.items():
            stated = ", ".join(f"{_quoted(column)} {kind}" for column, kind in columns.items())
            self._connection.execute(f"CREATE TABLE {_quoted(name)} ({stated})")

    def frame(self, name: str) -> nw.LazyFrame[Any]:
        """Return a table or a stage as a frame."""
        frame: nw.LazyFrame[Any] = nw.from_native(self._connection.table(_quoted(name)))
        return frame

    def keep(self, stage: str, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Add the queries of a stage, and return it as the later ones read it."""
        name = f"step_{len({query.stage for query in self.made}) + 1}_{stage}"
        relation = frame.to_native()
        text = relation.sql_query()
        self.types = dict(zip(relation.columns, map(str, relation.types), strict=True))
        self._connection.execute(f"CREATE TABLE {_quoted(name)} AS {text}")
        whole = self._parser.parse_one(text, dialect="duckdb")
        inner = {entry.alias: entry.this for entry in whole.ctes}
        if inner:
            whole.args["with_"].pop()
        found = _shortened(self._distinct({**inner, name: whole}), self._words)
        names = {old: f"{name}_{place}" for place, old in enumerate(found, start=1) if old != name}
        for old, select in found.items():
            self._renamed(select, names)
            self.made.append(Query(names.get(old, name), stage, select))
        return self.frame(name)

    def _distinct(self, selects: Mapping[str, exp.Expression]) -> dict[str, exp.Expression]:
        """Write SELECT DISTINCT where one row of several equal ones is kept by its number."""
        found = dict(selects)
        for name, select in selects.items():
            numbered = found.get(_source(select, self._words))
            if numbered is not None and (columns := _numbered_by(numbered, self._words)):
                if [entry.alias_or_name for entry in select.expressions] != columns:
                    continue
                del found[_source(select, self._words)]
                found[name] = numbered.copy()
                found[name].set("expressions", [entry.copy() for entry in select.expressions])
                found[name].set("distinct", self._words.Distinct())
        return found

    def _renamed(self, select: exp.Expression, names: Mapping[str, str]) -> None:
        for table in select.find_all(self._words.Table):
            table.set("this", self._words.to_identifier(names.get(table.name, table.name), quoted=True))


def _shortened(selects: dict[str, exp.Expression], words: Any) -> dict[str, exp.Expression]:
    """Leave out the queries that hand on all columns of another as they are."""
    found: dict[str, exp.Expression] = {}
    same: dict[str, str] = {}
    last = next(reversed(selects))
    for name, select in selects.items():
        for table in select.find_all(words.Table):
            if table.name in same:
                table.set("this", words.to_identifier(same[table.name], quoted=True))
        source = _source(select, words)
        if name != last and source in found and _hands_on(select, found[source], words):
            same[name] = source
        else:
            found[name] = select
    return found


def _hands_on(select: exp.Expression, read: exp.Expression, words: Any) -> bool:
    """True if a query names all columns of the one it reads, and does no more."""
    if any(select.args.get(clause) for clause in ("where", "group", "distinct")):
        return False
    plain = all(isinstance(entry.unalias(), words.Column) and entry.unalias().name == entry.alias_or_name
                for entry in select.expressions)  # fmt: skip
    names = [[entry.alias_or_name for entry in one.expressions] for one in (select, read)]
    return plain and names[0] == names[1]


def _source(select: exp.Expression, words: Any) -> str:
    """Return the name of the one table a query reads; empty where it reads several."""
    read = select.args.get("from_")
    return (
        read.this.name if read and not select.args.get("joins") and isinstance(read.this, words.Table) else ""
    )


def _numbered_by(select: exp.Expression, words: Any) -> list[str]:
    """Return the columns within which a query numbers its rows; none where it does not."""
    for entry in select.expressions:
        if entry.alias.startswith(NUMBERED):
            return [column.name for column in entry.find(words.Window).args["partition_by"]]
    return []


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
