"""Tables as people open them: CSV in the order of reading, with as many digits as anybody reads.

What programs go on from has every digit and lies in a Parquet file of the same name beside it.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import polars as pl

from evaluator import files
from evaluator.actions.decided import MONEY
from evaluator.columns.apostrophes import mark
from evaluator.customers.measure_kinds import MEASURE_KINDS, kind_of_unit
from evaluator.present.kinds import SIGNIFICANT
from evaluator.tree import Tree

FIRST = ("tree", "rank", "rank_of_all", "id", "name", "score", "grade")
"""Columns that come first, where a table has them; then the classes of customers."""
_MONEY = {*MONEY, *(name for name, kind in MEASURE_KINDS.items() if kind == "money")}
_WHOLE = 1e15  # up to which every whole number is one


def save_frame(
    frame: pl.DataFrame, path: Path, *, money: Collection[str] = (), ordered: bool = False
) -> Path:
    """Write a table as CSV for people, as `for_people`, and whole as Parquet beside it; return the CSV file.

    Both are replaced, or none where the CSV file is open elsewhere.
    """
    with files.replacing(path.with_suffix(".parquet")) as whole, files.replacing(path) as new:
        frame.write_parquet(whole)
        mark(for_people(frame, money, ordered=ordered)).write_csv(new, include_bom=True)
    return path


def save_csv(frame: pl.DataFrame, path: Path, *, money: Collection[str] = ()) -> Path:
    """Write a table as CSV for people, as `for_people`, that Excel opens with its Chinese text right."""
    with files.replacing(path) as new:
        mark(for_people(frame, money)).write_csv(new, include_bom=True)
    return path


def for_people(frame: pl.DataFrame, money: Collection[str] = (), *, ordered: bool = False) -> pl.DataFrame:
    """Return a table with its first columns first, and its figures with six significant digits, as text.

    `money` names columns of money besides those that are known: it is rounded to cents. A table that is
    `ordered` keeps the order of its columns.

    >>> table = pl.DataFrame({"id": ["a"], "margin": [0.28888736], "stake": [964225.3399999994], "rank": [1]})
    >>> for_people(table).rows(named=True)
    [{'rank': 1, 'id': 'a', 'margin': '0.288887', 'stake': '964225.34'}]
    """
    there = frame.columns
    first = [name for name in FIRST if name in there and not ordered]
    first += [name for name in there if name.startswith("class") and name not in first and not ordered]
    rest = [name for name in there if name not in first]
    cents = {*_MONEY, *money}
    figures = (_text(name, cents=name in cents) for name, kind in frame.schema.items() if kind.is_float())
    return frame.select(*first, *rest).with_columns(*figures)


def _text(name: str, *, cents: bool) -> pl.Expr:
    value = pl.col(name).cast(pl.Float64)
    short = value.round(2) if cents else value.round_sig_figs(SIGNIFICANT)
    whole = (short == short.round(0)) & (short.abs() < _WHOLE)
    return (
        pl.when(whole)
        .then(short.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(short.cast(pl.String))
        .alias(name)
    )


def money_of(tree: Tree) -> set[str]:
    """Return the measures of a tree that are money by their unit."""
    return {
        leaf.measure
        for leaf in tree.indicators
        if leaf.measure and kind_of_unit(leaf.unit).startswith("money")
    }
