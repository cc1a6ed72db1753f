"""Customers whom a table calls by their name, where the others have a code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from evaluator.columns.ids import alike
from evaluator.data.tables import TableSchema
from evaluator.errors import Issue, Severity
from evaluator.messages import Term

PEOPLE = ("customers", "orders", "measures", "grades")
"""The tables that say who is a customer; what others hold is theirs by their ids."""
_SHOWN = 3

Frames = Mapping[str, pl.DataFrame]


def with_codes(
    frames: Frames, schemas: Mapping[str, TableSchema]
) -> tuple[dict[str, pl.DataFrame], tuple[Issue, ...]]:
    """Return the tables with the ids of customers in place of their names, and a note for each that had some.

    A ledger from another system knows companies and no codes. A name is taken where no customer has it as
    an id and it is that of one customer alone; it may differ in capitals, spaces and brackets. The tables
    that say who is a customer stay as they are.

    >>> customers = pl.DataFrame({"id": ["C1", "C2"], "name": ["Acme Ltd", "Borg"]})
    >>> owed = pl.DataFrame({"id": ["ACME LTD", "C2", "Nobody"]})
    >>> found, [note] = with_codes({"customers": customers, "receivables": owed}, {})
    >>> found["receivables"]["id"].to_list(), note.code
    (['C1', 'C2', 'Nobody'], 'DATA-601')
    """
    known, names = known_ids(frames), _names(frames)
    found, notes = dict(frames), list[Issue]()
    for table in sorted(frames.keys() - set(PEOPLE)) if names.height else ():
        frame, schema = frames[table], schemas.get(table, TableSchema(()))
        if "id" in frame.columns and schema.of_customers:
            own = frame.select(pl.col("id").cast(pl.String), key=alike(pl.col("id").cast(pl.String)))
            codes = own.join(names, on="key", how="left", maintain_order="left")
            called = ~own["id"].is_in(known.implode()) & codes["code"].is_not_null()
            if called.any():
                ids = pl.select(pl.when(called).then(codes["code"]).otherwise(own["id"])).to_series()
                found[table] = frame.with_columns(ids.alias("id"))
                notes.extend(_note(table, codes.filter(called)))
    return found, tuple(notes)


def known_ids(frames: Frames) -> pl.Series:
    """Return the ids of everybody who is a customer by one of the tables that say so."""
    ids = [frames[name]["id"].cast(pl.String) for name in PEOPLE if name in frames]
    return pl.concat(ids).drop_nulls().unique() if ids else pl.Series("id", [], pl.String)


def _names(frames: Frames) -> pl.DataFrame:
    """Return the names that one customer alone has, as `key`, with the `code`."""
    parts = [
        frames[name].select(code=pl.col("id").cast(pl.String), key=alike(pl.col("name").cast(pl.String)))
        for name in PEOPLE
        if name in frames and {"id", "name"} <= set(frames[name].columns)
    ]
    if not parts:
        return pl.DataFrame(schema={"key": pl.String, "code": pl.String})
    pairs = pl.concat(parts).drop_nulls().unique()
    return pairs.filter(~pl.col("key").is_duplicated())


def _note(table: str, called: pl.DataFrame) -> Iterator[Issue]:
    pairs = called.select("id", "code").unique(maintain_order=True)
    shown = ", ".join(f"{name} → {code}" for name, code in pairs.head(_SHOWN).iter_rows())
    detail = {
        "rows": called.height,
        "count": pairs.height,
        "examples": shown + (" …" if pairs.height > _SHOWN else ""),
    }
    yield Issue("DATA-601", Term(f"table.{table}"), detail, severity=Severity.NOTE)
