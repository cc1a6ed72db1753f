"""Flags: sentences about customers where conditions hold, on any dataframe of measures and results."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import narwhals as nw

from evaluator.columns import (
    Condition,
    Junction,
    Kind,
    Name,
    condition,
    enter,
    finite,
    holds,
    names_of,
)
from evaluator.displayed import Displayed
from evaluator.documents import Format, load, validate
from evaluator.errors import Issue, Location, Severity, nearest
from evaluator.tree.decisions import Flag

FILE = Path(__file__).with_name("shipped_flags.yaml")


class _Flags(Format):
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class Flagged(Displayed):
    """A frame with a column ``flag_<id>`` for every flag: true, false, or null where it is unknown.

    `issues` names once what conditions speak of and the frame does not have.
    """

    frame: Any
    flags: tuple[Flag, ...]
    issues: tuple[Issue, ...]

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return how many customers carry each flag, and of how many it is unknown."""
        entered = enter(self.frame, [f"flag_{flag.id}" for flag in self.flags]).frame
        columns = [nw.col(f"flag_{flag.id}") for flag in self.flags]
        sums = [column.cast(nw.Int64).sum().alias(f"hit{n}") for n, column in enumerate(columns)]
        nulls = [column.is_null().cast(nw.Int64).sum().alias(f"null{n}") for n, column in enumerate(columns)]
        row = entered.select(*sums, *nulls).collect(backend="polars").to_dict(as_series=False)
        return {
            flag.id: (int(row[f"hit{n}"][0] or 0), int(row[f"null{n}"][0] or 0))
            for n, flag in enumerate(self.flags)
        }


@lru_cache(maxsize=1)
def shipped_flags() -> tuple[Flag, ...]:
    """Return the flags that ship, in their order.

    >>> [flag.id for flag in shipped_flags()][:3]
    ['churned', 'at_risk', 'dormant']
    """
    return validate(load(FILE, FILE.name), _Flags).flags


def flags_with(changes: Iterable[Flag] = (), off: Sequence[str] = ()) -> tuple[Flag, ...]:
    """Return the shipped flags with some changed or added, and without those switched off.

    >>> len(shipped_flags()) - len(flags_with(off=["new"]))
    1
    """
    flags = {flag.id: flag for flag in (*shipped_flags(), *changes)}
    return tuple(flag for name, flag in flags.items() if name not in off)


def raise_flags(frame: Any, flags: Sequence[Flag], *, where: Mapping[str, Location] | None = None) -> Flagged:
    """Return a frame with its customers' flags; what came in leaves as its like, with more columns.

    Parameters
    ----------
    frame : any dataframe with measures, ``score``, ``grade``, ``class_<matrix>``, one row per customer.
    where : the place of a flag's condition, by its id.

    Raises
    ------
    EvaluationError
        where a condition is not understood.

    >>> import polars as pl
    >>> found = raise_flags(pl.DataFrame({"id": ["a", "b"], "recency_days": [400.0, None]}), shipped_flags())
    >>> found.frame["flag_dormant"].to_list(), found.counts()["dormant"]
    ([True, None], (1, 1))
    """
    entered = enter(frame)
    schema = entered.frame.collect_schema()
    kinds = {name: kind for name, dtype in schema.items() if (kind := kind_of(dtype))}
    table, lacking = entered.frame, dict[str, str]()
    for flag in flags:
        held, absent = held_where(flag.when, kinds, (where or {}).get(flag.id))
        lacking |= {name: flag.id for name in sorted(absent) if name not in lacking}
        table = table.with_columns(held.alias(f"flag_{flag.id}"))
        kinds[f"flag_{flag.id}"] = "truth"
    return Flagged(entered.leave(table), tuple(flags), tuple(unknown_names(lacking, kinds)))


def held_where(
    text: str, kinds: Mapping[str, Kind], where: Location | None = None
) -> tuple[nw.Expr, set[str]]:
    """Return whether a condition holds, as a column, and the names it speaks of that nobody has."""
    said, absent = read(text, kinds, where)
    return holds(said, columns_of(names_of(said), absent)), absent


def unknown_names(lacking: Mapping[str, str], kinds: Iterable[str]) -> Iterator[Issue]:
    """Yield a note for each name that nobody has, from the flag or action that speaks of it."""
    for name, by in lacking.items():
        yield Issue("ACTION-101", name, {"flag": by}, nearest(name, kinds), severity=Severity.NOTE)


def read(text: str, kinds: Mapping[str, Kind], where: Location | None = None) -> tuple[Condition, set[str]]:
    """Return what a condition says, and the names it speaks of that nobody has: these are unknown.

    Of conditions joined by ``or`` those stay that can be told, where any can: what nobody has is told
    once, and makes no customer unknown.

    ``class_…`` and ``grade`` are taken to be texts, ``flag_…`` truth values, everything else numbers.
    """
    absent = {name: _guess(name) for name in names_in(text) if name not in kinds}
    return _without_absent(condition(text, {**kinds, **absent}, where=where), set(absent)), set(absent)


def _without_absent(said: Condition, absent: set[str]) -> Condition:
    """Return a condition without the alternatives that nobody could meet; within ``not`` all stay."""
    if not isinstance(said, Junction):
        return said
    parts = tuple(_without_absent(part, absent) for part in said.parts)
    if said.word == "or":
        parts = tuple(p for p in parts if not absent & {name.name for name in names_of(p)}) or parts
    return Junction(said.word, parts) if len(parts) > 1 else parts[0]


def columns_of(spoken: Iterable[Name], absent: Collection[str] = ()) -> dict[str, nw.Expr]:
    """Return the column of every name that is spoken of; of those that are absent one without a value."""
    return {name.name: _column(name, known=name.name not in absent) for name in spoken}


def _column(name: Name, *, known: bool) -> nw.Expr:
    if not known:
        return nw.lit(None, nw.String if name.kind == "text" else nw.Float64)
    column = nw.col(name.name)
    if name.kind == "truth":
        return _as_number(column)
    return column.cast(nw.String) if name.kind == "text" else finite(column.cast(nw.Float64))


def _as_number(truth: nw.Expr) -> nw.Expr:
    """Return 1.0, 0.0 or null; not every engine converts truth values."""
    return nw.when(truth).then(nw.lit(1.0)).otherwise(nw.when(~truth).then(nw.lit(0.0)))


def names_in(text: str) -> set[str]:
    """Return the names an expression speaks of; none where it is not understood."""
    try:
        nodes = ast.walk(ast.parse(text.strip(), mode="eval"))
        return {node.id for node in nodes if isinstance(node, ast.Name)}
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return set()  # `condition` names what is wrong


def _guess(name: str) -> Kind:
    if name.startswith("flag_"):
        return "truth"
    return "text" if name == "grade" or name.startswith("class_") else "number"


def kind_of(dtype: Any) -> Kind | None:
    """Return what conditions take a column for; None where they cannot speak of it."""
    if dtype == nw.Boolean:
        return "truth"
    if dtype.is_numeric():
        return "number"
    return "text" if dtype == nw.String else None
