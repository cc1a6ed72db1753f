"""What a frame of measures must be before it is scored: its columns, and what stands in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import narwhals as nw

from evaluator.columns import Entered, enter, to_polars
from evaluator.errors import Issue, Severity, nearest, not_among
from evaluator.measuring.grades import vote_column
from evaluator.scoring.synthesis import measure
from evaluator.tree import Indicator, Tree
from evaluator.tree.names import attributes, attributes_named
from evaluator.tree.types import RELATIVE, Lookup

_THERE, _USABLE = "@there", "@usable"  # no measure is called so
SHOWN = 5  # examples named in a message; counts are of all


def check_measures(tree: Tree, measures: Any) -> tuple[Issue, ...]:
    """Return everything about a frame of measures that scoring would refuse or that deserves a look.

    Errors: no id column, or none for a measure; a wrong type; infinite values; repeated or empty ids; missing
    where the tree says it must not be. Warnings: a measure nobody has, categories without a score, everybody
    the same on a percentile scale.

    Of a lazy frame this computes the counts, in one pass over the data.
    """
    entered = enter(measures, needed(tree))
    shape = tuple(column_issues(tree, entered))
    return shape or (*content_issues(tree, entered), *missing_issues(tree, entered))


def needed(tree: Tree, votes: Collection[str] = ()) -> tuple[str, ...]:
    """Return the columns that scoring reads: id, name if there is one, measures, attributes, and votes.

    Parameters
    ----------
    votes : the indicators whose raters' votes are read.
    """
    measured = (leaf.measure for leaf in tree.indicators)
    known = (name for name in attributes_named(tree))
    cast = (name for _, name in vote_columns(tree, votes))
    return tuple(dict.fromkeys(["id", "name", *measured, *sorted(known), *cast]))


def vote_columns(tree: Tree, votes: Collection[str]) -> Iterator[tuple[Indicator, str]]:
    """Yield the columns that hold the votes of raters, with their indicator."""
    for leaf in tree.indicators:
        if leaf.id in votes:
            for grade in tree.grades:
                yield leaf, vote_column(leaf, grade.id)


def column_issues(tree: Tree, entered: Entered, votes: Collection[str] = ()) -> Iterator[Issue]:
    """Yield what is wrong with the columns themselves."""
    schema = entered.frame.collect_schema()
    yield from not_among("SCORE-611", ["id"], schema)
    for leaf in tree.indicators:
        if leaf.measure not in schema:
            hint = nearest(leaf.measure, schema.keys() - {"id", "name"})
            yield Issue("SCORE-612", leaf.measure, {"indicator": leaf.called}, hint)
        elif not _fits(leaf, schema[leaf.measure]):
            wanted = "text" if isinstance(leaf.scale, Lookup) else "number"
            detail = {"indicator": leaf.called, "found": str(schema[leaf.measure]), "wanted": wanted}
            yield Issue("SCORE-613", leaf.measure, detail)
    yield from _attribute_issues(tree, schema)
    for leaf, column in vote_columns(tree, votes):
        if column not in schema:
            yield Issue("SCORE-612", column, {"indicator": leaf.called}, nearest(column, schema))
        elif not _numeric(schema[column]):
            detail = {"indicator": leaf.called, "found": str(schema[column]), "wanted": "number"}
            yield Issue("SCORE-613", column, detail)


def _attribute_issues(tree: Tree, schema: Mapping[str, nw.dtypes.DType]) -> Iterator[Issue]:
    needed_besides = attributes_named(tree)
    for entry in attributes(tree):
        if entry.id in needed_besides and entry.id not in schema:
            yield Issue("SCORE-660", entry.id, hint=nearest(entry.id, schema.keys() - {"id", "name"}))
        elif entry.id in needed_besides and entry.kind == "number" and not _numeric(schema[entry.id]):
            yield Issue("SCORE-661", entry.id, {"found": str(schema[entry.id])})


def content_issues(tree: Tree, entered: Entered, votes: Collection[str] = ()) -> Iterator[Issue]:
    """Yield what is wrong with the data; the columns must be right already."""
    for leaf, column in vote_columns(tree, votes):
        if negative := _ids(entered, nw.col(column) < 0):
            yield Issue("SCORE-631", column, {"indicator": leaf.called, **_named(negative)})
    counts = to_polars(entered.frame.select(*_counts(tree))).row(0, named=True)
    if counts["empty_ids"]:
        yield Issue("SCORE-616", "id", {"count": counts["empty_ids"]})
    if counts["distinct_ids"] < counts["rows"]:
        yield from _repeated(entered)
    for leaf in tree.indicators:
        yield from _leaf_issues(leaf, entered, counts)


def missing_issues(tree: Tree, entered: Entered) -> Iterator[Issue]:
    """Yield an issue for each leaf that some customers lack though the tree says they must not."""
    for leaf in tree.indicators:
        if leaf.missing == "error":
            lacking = _ids(entered, _values(leaf)[1].is_null())
            if lacking:
                yield Issue("SCORE-617", leaf.measured, {"indicator": leaf.called, **_named(lacking)})


def usable_counts(tree: Tree) -> list[nw.Expr]:
    """Return of each leaf how many values have a use."""
    return [_values(leaf)[1].count().alias(f"usable_{leaf.id}") for leaf in tree.indicators]


def _counts(tree: Tree) -> list[nw.Expr]:
    """Return counts of rows and ids, and of each leaf: values there, values with a score, least, most."""
    ids = nw.col("id")
    counts = {"rows": nw.len(), "empty_ids": ids.null_count(), "distinct_ids": ids.n_unique()}
    for leaf in tree.indicators:
        if not isinstance(leaf.scale, (Lookup, *RELATIVE)):
            continue
        there, usable = _values(leaf)
        if isinstance(leaf.scale, Lookup):
            counts[f"there_{leaf.id}"], counts[f"usable_{leaf.id}"] = there.count(), usable.count()
        else:
            counts[f"least_{leaf.id}"], counts[f"most_{leaf.id}"] = usable.min(), usable.max()
    return [*(count.alias(name) for name, count in counts.items()), *_of_numbers(tree)]


def _of_numbers(tree: Tree) -> list[nw.Expr]:
    """Return how many numbers each measure has, and how many are finite: two expressions for all of them."""
    names = list(
        dict.fromkeys(leaf.measure for leaf in tree.indicators if not isinstance(leaf.scale, Lookup))
    )
    if not names:
        return []
    numbers = nw.col(*names).cast(nw.Float64)
    there, usable = (~numbers.is_nan()).cast(nw.Int64).sum(), numbers.is_finite().cast(nw.Int64).sum()
    return [there.name.suffix(_THERE), usable.name.suffix(_USABLE)]


def _counted(leaf: Indicator, counts: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many values of a leaf there are, and how many are of use."""
    if isinstance(leaf.scale, Lookup):
        return counts[f"there_{leaf.id}"], counts[f"usable_{leaf.id}"]
    return counts[leaf.measure + _THERE] or 0, counts[leaf.measure + _USABLE] or 0  # no row has no sum


def _values(leaf: Indicator) -> tuple[nw.Expr, nw.Expr]:
    """Return the values that are there, and those of use: finite numbers, categories with a score."""
    there = nw.col(leaf.measure)
    if isinstance(leaf.scale, Lookup):
        text = measure(leaf)
        return there, nw.when(text.is_in(list(leaf.scale.scores))).then(text)
    number = there.cast(nw.Float64)
    return nw.when(~number.is_nan()).then(number), measure(leaf)


def _leaf_issues(leaf: Indicator, entered: Entered, counts: Mapping[str, Any]) -> Iterator[Issue]:
    there, known = _counted(leaf, counts)
    spoilt = there - known
    if spoilt and isinstance(leaf.scale, Lookup):
        unlisted = entered.frame.filter(_spoilt(leaf)).select(measure(leaf).alias("category")).unique()
        names = sorted(to_polars(unlisted)["category"])
        detail = {"indicator": leaf.called, "count": spoilt, "categories": ", ".join(names[:SHOWN])}
        yield Issue("SCORE-619", leaf.measured, detail, severity=Severity.WARNING)
    elif spoilt:
        detail = {"indicator": leaf.called, **_named(_ids(entered, _spoilt(leaf)))}
        yield Issue("SCORE-614", leaf.measured, detail)
    if counts["rows"] and not known:
        yield Issue("SCORE-618", leaf.measured, {"indicator": leaf.called}, severity=Severity.WARNING)
    elif known > 1 and isinstance(leaf.scale, RELATIVE):
        least, most = counts[f"least_{leaf.id}"], counts[f"most_{leaf.id}"]
        if least == most:
            detail = {"indicator": leaf.called, "value": least}
            yield Issue("SCORE-620", leaf.measured, detail, severity=Severity.WARNING)


def _repeated(entered: Entered) -> Iterator[Issue]:
    counts = entered.frame.group_by("id").agg(nw.len().alias("times"))
    repeated = counts.filter(~nw.col("id").is_null(), nw.col("times") > 1)
    ids = to_polars(repeated.select(nw.col("id").cast(nw.String)))["id"].sort()
    if len(ids):
        yield Issue("SCORE-615", "id", _named(ids.to_list()))


def _ids(entered: Entered, condition: nw.Expr) -> list[str]:
    ids = to_polars(entered.frame.filter(condition).select(nw.col("id").cast(nw.String)))["id"]
    return sorted(str(name) for name in ids)


def _named(ids: list[str]) -> dict[str, object]:
    return {"count": len(ids), "ids": ", ".join(ids[:SHOWN]) + (" …" if len(ids) > SHOWN else "")}


def _spoilt(leaf: Indicator) -> nw.Expr:
    """True if a value is there and yet of no use: infinite, or a category without a score."""
    there, usable = _values(leaf)
    return ~there.is_null() & usable.is_null()


def _numeric(dtype: nw.dtypes.DType) -> bool:
    return dtype.is_numeric() or isinstance(dtype, nw.Unknown)


def _fits(leaf: Indicator, dtype: nw.dtypes.DType) -> bool:
    """True if a column can hold the measure; one that holds nothing at all (no type) can."""
    if isinstance(dtype, nw.Unknown):
        return True
    if isinstance(leaf.scale, Lookup):
        return isinstance(dtype, nw.String | nw.Categorical | nw.Enum) or dtype.is_integer()
    return dtype.is_numeric()
