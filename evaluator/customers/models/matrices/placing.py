"""Customers in a matrix of two columns: class, strategy, who lies near a cut, who is overridden.

A matrix is content: a YAML file with its axes, cuts, classes and strategies. Those that ship stand in
``strategies/``; where the literature names no cut the file says which one is proposed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from pathlib import Path
from typing import Annotated, Any

import polars as pl
from pydantic import Field

from evaluator.columns import exact_means, reaches, within
from evaluator.columns.cuts import cut_values
from evaluator.customers.records import about, as_given, equal_values, records
from evaluator.displayed import Displayed
from evaluator.documents import Format, load, validate
from evaluator.errors import EvaluationError, Issue, Severity, nearest, raise_errors
from evaluator.labels import Id, Label, Level, Name, NonNegative
from evaluator.tree.types import Cut, MatrixClass

STRATEGIES = Path(__file__).parents[2] / "strategies"
Cuts = tuple[float, ...]


class ColumnAxis(Format):
    """One side of a matrix: the column it plots, where it is cut, and the levels between, lowest first."""

    column: Id
    name: Name
    cut: Cut
    levels: Annotated[tuple[Level, ...], Field(min_length=2)] = ("low", "high")


class ClassOverride(Format):
    """A class given to whoever lies below a value of a further column, wherever the axes put them."""

    column: Id
    name: Name
    below: float
    to: Id


class CustomerMatrix(Format):
    """A classification by two columns; see `load_matrix`.

    `equal` says what the line is on which both sides are equal, where they are of one unit.
    """

    id: Id
    name: Name
    source: Label
    x: ColumnAxis
    y: ColumnAxis
    classes: Annotated[tuple[MatrixClass, ...], Field(min_length=1)]
    override: ClassOverride | None = None
    equal: Label | None = None


class MatrixOptions(Format):
    """The user's choices about a matrix: other cuts, how near a cut is borderline, whether to override.

    `border_x` and `border_y` are in the units of the axes.
    """

    x_cut: Cut | None = None
    y_cut: Cut | None = None
    border_x: NonNegative = 0.0
    border_y: NonNegative = 0.0
    override: bool = True


@dataclass(frozen=True)
class Placed(Displayed):
    """Where every customer stands.

    Parameters
    ----------
    frame : `id`, the columns of both axes (and of the override), `class` (null where a side is not
        known), `borderline` (within the border of a cut of either side), `overridden`.
    cuts : of ``x`` and ``y``, rising; freeze them as fixed cuts to place a later period alike.
    profile : per class, in the order of the matrix: `class`, `customers`, `customers_share`,
        `borderline`, and the mean of each axis.
    """

    frame: Any
    matrix: CustomerMatrix
    cuts: Mapping[str, Cuts]
    profile: pl.DataFrame
    options: MatrixOptions
    issues: tuple[Issue, ...] = ()


def matrix_names() -> tuple[str, ...]:
    """Return the ids of the matrices that ship.

    >>> "conway" in matrix_names()
    True
    """
    return tuple(sorted(path.stem for path in STRATEGIES.glob("*.yaml")))


def load_matrix(name: str | Path) -> CustomerMatrix:
    """Read a matrix by its id, or from a file of the user's.

    Raises
    ------
    EvaluationError
        what is wrong with the file; no such matrix; a cell without class, or with several; an override to a
        class the matrix does not have.

    >>> load_matrix("price_cost").name.en
    'Net price and cost to serve'
    """
    path = STRATEGIES / f"{name}.yaml" if str(name) in matrix_names() else Path(name)
    if path.suffix not in (".yaml", ".yml"):
        raise EvaluationError(
            [Issue("CUST-908", str(name), {"column": "matrix"}, nearest(str(name), matrix_names()))]
        )
    document = load(path, path.name)
    matrix = validate(document, CustomerMatrix)
    given = [(entry.x, entry.y) for entry in matrix.classes]
    wanted = set(product(matrix.x.levels, matrix.y.levels))
    wrong = sorted(wanted ^ set(given)) + sorted({cell for cell in given if given.count(cell) > 1})
    issues = [Issue("CUST-911", "/".join(cell), where=document.where(("classes",))) for cell in wrong]
    known = [entry.id for entry in matrix.classes]
    if matrix.override and matrix.override.to not in known:
        to = matrix.override.to
        issues.append(Issue("CUST-912", to, {}, nearest(to, known), document.where(("override", "to"))))
    raise_errors(issues)
    return matrix


def place(frame: Any, matrix: CustomerMatrix | str | Path, *, options: MatrixOptions | None = None) -> Placed:
    """Place customers in a matrix: each side has the highest level whose cut it reaches.

    Parameters
    ----------
    frame : one row per customer: `id` and the columns the axes (and the override) name.
    matrix : a matrix, the id of one that ships, or a file.

    Raises
    ------
    EvaluationError
        as `records`; cuts do not rise, or do not go with the levels; nobody to take a relative cut from;
        those of `load_matrix`.

    Limits: with relative cuts a class depends on who else is in the table.

    References
    ----------
    Each matrix states its own source; see `CustomerMatrix.source`.

    >>> table = pl.DataFrame({"id": ["a", "b"], "loyalty": [80, 20], "value": [90.0, 70.0]})
    >>> place(table, "conway").frame["class"].to_list()
    ['golden', 'dont_over_service']
    """
    options = options or MatrixOptions()
    matrix = matrix if isinstance(matrix, CustomerMatrix) else load_matrix(matrix)
    override = matrix.override if options.override else None
    columns = [matrix.x.column, matrix.y.column, *([override.column] if override else [])]
    table = records(frame, numbers=list(dict.fromkeys(columns)))
    chosen = {"x": options.x_cut or matrix.x.cut, "y": options.y_cut or matrix.y.cut}
    cuts = {side: _cuts(axis, chosen[side], table) for side, axis in (("x", matrix.x), ("y", matrix.y))}
    hit = pl.col(override.column) < override.below if override else pl.lit(False)
    near = _near(matrix.x, cuts["x"], options.border_x) | _near(matrix.y, cuts["y"], options.border_y)
    placed = table.with_columns(
        pl.when(hit)
        .then(pl.lit(override.to if override else None))
        .otherwise(_cell(matrix, cuts))
        .alias("class"),
        near.fill_null(False).alias("borderline"),
        hit.fill_null(False).alias("overridden"),
    )
    issues = [issue for column in columns[:2] for issue in equal_values(column, table[column])]
    unplaced = placed.filter(pl.col("class").is_null())["id"]
    issues += about("CUST-918", " / ".join(columns[:2]), unplaced, severity=Severity.WARNING)
    return Placed(as_given(frame, placed), matrix, cuts, _profile(placed, matrix), options, tuple(issues))


def _cuts(axis: ColumnAxis, cut: Cut, table: pl.DataFrame) -> Cuts:
    cuts = cut_values(cut, table[axis.column].drop_nulls().to_numpy(), axis.column)
    if len(cuts) != len(axis.levels) - 1:
        detail = {"cuts": ", ".join(map(str, cuts)), "count": len(axis.levels) - 1}
        raise EvaluationError([Issue("CUST-909", axis.column, detail)])
    return cuts


def _level(axis: ColumnAxis, cuts: Cuts) -> pl.Expr:
    """Return the name of the level a side reaches, null where it is not known."""
    level = pl.lit(axis.levels[0])
    for cut, name in zip(cuts, axis.levels[1:], strict=True):
        level = pl.when(reaches(pl.col(axis.column), cut)).then(pl.lit(name)).otherwise(level)
    return pl.when(pl.col(axis.column).is_not_null()).then(level)


def _cell(matrix: CustomerMatrix, cuts: Mapping[str, Cuts]) -> pl.Expr:
    x, y = _level(matrix.x, cuts["x"]), _level(matrix.y, cuts["y"])
    result = pl.lit(None, pl.String)
    for entry in matrix.classes:
        result = pl.when((x == entry.x) & (y == entry.y)).then(pl.lit(entry.id)).otherwise(result)
    return result


def _near(axis: ColumnAxis, cuts: Cuts, border: float) -> pl.Expr:
    if not border:
        return pl.lit(False)
    near = [within(pl.col(axis.column), cut, border) for cut in cuts]
    return reduce(lambda a, b: a | b, near)


def _profile(placed: pl.DataFrame, matrix: CustomerMatrix) -> pl.DataFrame:
    sides: Sequence[str] = list(dict.fromkeys([matrix.x.column, matrix.y.column]))
    counted = placed.group_by("class").agg(
        pl.len().cast(pl.Int64).alias("customers"),
        pl.col("borderline").sum().cast(pl.Int64),
        *(exact_means(placed, *sides, subject=matrix.id)),
    )
    order = pl.DataFrame({"class": list(dict.fromkeys(entry.id for entry in matrix.classes))})
    known = max(placed["class"].count(), 1)
    return (
        order.join(counted, on="class", how="left", maintain_order="left")
        .with_columns(pl.col("customers", "borderline").fill_null(0))
        .with_columns((pl.col("customers") / known).alias("customers_share"))
        .select("class", "customers", "customers_share", "borderline", *sides)
    )
