"""The long tables of the workbook as frames: every customer, one row each, in words a reader knows."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from itertools import groupby, takewhile

import polars as pl

from evaluator.reports.context import Context
from evaluator.reports.sections import data
from evaluator.reports.sections.classes import MatrixClasses
from evaluator.reports.sections.matrices import POINTS
from evaluator.reports.sections.profiles import profile_names
from evaluator.reports.sections.rules import touched_rows
from evaluator.reports.sections.weights import Confidence
from evaluator.reports.unrated import reason_in_words
from evaluator.scoring.rules import OUTCOMES
from evaluator.tree import Matrix
from evaluator.workbook.book import unprintable

ROWS = 100_000
"""How many customers a sheet lists: more cannot be read there, and a sheet ends at a million rows."""

COLUMNS_OF_A_PAGE = 16
LEADING = ("customer", "result", "decision")  # blocks of columns
NARROW, WIDEST = 12, 42
_WIDEST_OF = {"act_flags": 40, "act_reason": 110}  # characters: the row of a list is one line
_WIDTH_OF = {"rank": 7}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a listing: the frame's column, its heading, its style, and the block it belongs to.

    With a `formula` the frame holds the values it has now, and none are ``#N/A`` in a column with `gap`;
    `node` is the node of the tree it is about.
    """

    key: str
    heading: str
    style: str
    block: str = ""
    formula: str = ""
    node: str = ""
    gap: bool = False

    @property
    def value(self) -> Column:
        """The column without its formula."""
        return replace(self, formula="")


@dataclass(frozen=True)
class Listing:
    """A frame and how its columns are shown; `total` counts the rows there are, shown or not.

    `live` counts the first rows, whose columns recompute where they have formulas.
    """

    frame: pl.DataFrame
    columns: tuple[Column, ...]
    total: int
    live: int = 0

    @property
    def height(self) -> int:
        """How many rows are shown."""
        return self.frame.height

    @property
    def widths(self) -> tuple[int, ...]:
        """How wide each column should be, in characters, to hold what is in it on one line."""
        return tuple(
            _WIDTH_OF.get(column.key) or _width(self.frame[column.key], _WIDEST_OF.get(column.key, WIDEST))
            for column in self.columns
        )

    @property
    def rows(self) -> tuple[dict[str, object], ...]:
        """The rows by key, of a listing short enough to be written cell by cell."""
        return tuple(self.frame.iter_rows(named=True))

    @property
    def unranked(self) -> bool:
        """True if the rows are told apart by their rank and some have none."""
        return "ranked" in self.frame.columns and bool((self.frame["ranked"] == "unranked").any())

    @property
    def pages(self) -> int:
        """How many pages the columns take side by side in print."""
        return math.ceil(len(self.columns) / COLUMNS_OF_A_PAGE)

    @property
    def led(self) -> int:
        """How many columns are printed of a long table: up to its first long text, none of the criteria."""
        leading = takewhile(lambda c: c.block in LEADING and c.key not in _WIDEST_OF, self.columns)
        return sum(1 for _ in leading)

    @property
    def blocks(self) -> tuple[tuple[str, int], ...]:
        """The blocks from left to right, each with how many columns it spans."""
        runs = groupby(column.block for column in self.columns)
        return tuple((block, len(list(run))) for block, run in runs)


def classified(classes: MatrixClasses, context: Context) -> Listing:
    """Return all classified customers of a matrix: class by class, the best class first, then by rank."""
    matrix = next(matrix for matrix in context.tree.matrices if matrix.id == classes.id)
    axes = {"x": context.tree.axes[matrix.x.axis].id, "y": context.tree.axes[matrix.y.axis].id}
    key = f"class_{matrix.id}"
    columns = (
        Column("class", context.text("ranking.class"), "text"),
        *headed("", context, rank="integer center", id="id", **names(context), score="score strong"),
        *(Column(side, context.name(node), "score") for side, node in axes.items()),
        *headed("", context, grade="text center", coverage="percent"),
    )
    order = {profile.id: number for number, profile in enumerate(classes.profiles)}
    frame = context.rated.filter(pl.col(key).is_not_null()).with_columns(
        class_id=pl.col(key).cast(pl.String),
        order=pl.col(key).cast(pl.String).replace_strict(order, default=None, return_dtype=pl.Int64),
        **{side: pl.col(f"score_{node}") for side, node in axes.items()},
    )
    named = worded(frame, context).with_columns(pl.col(key).alias("class")).sort("order", "rank", "id")
    return Listing(named.select("class_id", *(column.key for column in columns)), columns, frame.height)


def plotted(whole: Listing) -> Listing:
    """Return the classified customers a chart can show: all, or so many at even distances in each class.

    At even distances they keep the shares of the classes and the spread of the ranks within each; no
    class is left out.
    """
    every = max(1, math.ceil(whole.total / POINTS))
    place = pl.int_range(pl.len()).over("class_id")
    shown = tuple(column for column in whole.columns if column.key in ("class", "id", "name", "x", "y"))
    shown = tuple(replace(column, style="id") if column.key == "name" else column for column in shown)
    return Listing(whole.frame.filter(place % every == 0), shown, whole.total)


def unprintable_characters(listing: Listing) -> int:
    """Return how many characters the texts of a listing lose in a workbook, where no cell can hold them."""
    texts = (listing.frame[column.key] for column in listing.columns)
    return sum(
        unprintable(text) for one in texts if one.dtype == pl.String for text in one.unique().drop_nulls()
    )


def not_rated(context: Context) -> Listing:
    """Return everyone without a rank, with the reason."""
    keys = ("id", "name", "status", "reason")
    shown = headed("", context, id="id", **names(context), status="text center", reason="text")
    rows = [tuple(getattr(entry, key) for key in keys) for entry in data.not_rated(context)]
    frame = pl.DataFrame(rows[:ROWS], schema=dict.fromkeys(keys, pl.String), orient="row")
    return Listing(frame, tuple(shown), len(rows))


def ranks(confidence: Confidence | None, context: Context) -> Listing:
    """Return the share of the draws by rank, an indicator a row; ranks that were never drawn stay blank."""
    rows = confidence.ranks if confidence else ()
    columns = (
        Column("name", context.text("data.indicator"), "label"),
        *(Column(f"rank{place}", str(place), "percent") for place in range(1, len(rows) + 1)),
    )
    drawn = [(row.name, *(share or None for share in row.shares)) for row in rows]
    schema = {column.key: pl.Float64 if column.style == "percent" else pl.String for column in columns}
    return Listing(pl.DataFrame(drawn, schema=schema, orient="row"), columns, len(rows))


def touched(context: Context) -> Listing:
    """Return everyone whom a rule hit, in the order of the ranking, with the score before and after."""
    styles = {"before": "score", "after": "score strong"}
    columns = (
        *headed("", context, id="id", **names(context)),
        Column("rules", context.text("rules.name"), "text"),
        *(Column(key, context.text(f"rules.{key}"), style) for key, style in styles.items()),
        *headed("", context, grade="text center", status="text center"),
    )
    kinds = {column.key: pl.Float64 if column.key in styles else pl.String for column in columns}
    found = touched_rows(context)
    separator = context.text("list_separator")
    rows = [{**asdict(one), "rules": separator.join(one.rules)} for one in found[:ROWS]]
    frame = pl.DataFrame([{key: row[key] for key in kinds} for row in rows], schema=kinds)
    return Listing(frame, columns, len(found))


def _width(values: pl.Series, widest: int) -> int:
    if values.dtype != pl.String:
        return NARROW
    # a Chinese character is three bytes long and two wide
    longest = ((values.str.len_bytes() + values.str.len_chars()) / 2).max()
    return (
        min(max(NARROW, math.ceil(float(longest)) + 3), widest)
        if isinstance(longest, int | float)
        else NARROW
    )


def names(context: Context) -> dict[str, str]:
    """Return the column of names where at least one customer has a name of its own."""
    named = context.results.filter(pl.col("name") != pl.col("id"))
    unrated = any(lost.name for lost in context.evaluation.unrated)
    return {"name": "text"} if named.height or unrated else {}


def class_heading(matrix: Matrix, context: Context) -> str:
    """Return what heads the classes of a matrix: its name only where there are several to tell apart."""
    return matrix.name[context.language] if len(context.tree.matrices) > 1 else context.text("ranking.class")


def headed(block: str, context: Context, **styles: str) -> list[Column]:
    """Return columns that are headed as everywhere in the report, by key and style."""
    return [Column(key, context.text(_HEADINGS[key]), style, block) for key, style in styles.items()]


def covered(axis: str, context: Context) -> str:
    """Return what heads the coverage of an axis."""
    return context.text("workbook.coverage_of", name=context.name(context.tree.axes[axis].id))


def worded(frame: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Return the frame with grades, classes, status and reason in the reader's words."""
    words = {"grade": context.grades} | {f"class_{key}": names for key, names in context.classes.items()}
    words["status"] = {
        status: context.text(f"customer_status.{status}") for status in frame["status"].unique()
    }
    words |= {
        f"rule_{rule.id}": {outcome: context.text(f"rules.outcome.{outcome}") for outcome in OUTCOMES}
        for rule in context.tree.rules
    }
    if names := profile_names(context):
        words["profile"] = names
    words["reason"] = {
        reason: reason_in_words(reason, context) for reason in frame["reason"].drop_nulls().unique()
    }
    return frame.with_columns(
        pl.col(key).cast(pl.String).replace_strict(dict(named), default=None, return_dtype=pl.String)
        for key, named in words.items()
        if key in frame.columns
    )


_HEADINGS = {
    "rank": "ranking.rank",
    "id": "ranking.id",
    "name": "ranking.name",
    "score": "ranking.score",
    "grade": "ranking.grade",
    "coverage": "ranking.coverage",
    "clamped": "workbook.clamped",
    "status": "data.status",
    "reason": "data.reason",
}
