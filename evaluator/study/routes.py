"""Several trees in one study: which of them evaluates whom, and what they find together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from evaluator.brief import Brief
from evaluator.columns import Condition, Kind, condition, holds
from evaluator.customers import TABLES
from evaluator.data import Tables
from evaluator.errors import EvaluationError, Issue, Severity, raise_errors
from evaluator.evaluation import Outside, Route, Routing
from evaluator.scoring import ranked
from evaluator.study.setup import Setup
from evaluator.study.tables import read_customers
from evaluator.tree import Tree

_SHOWN = 5

Ids = Mapping[str, frozenset[str]]
"""The ids each of several trees evaluates, by the id of the tree."""


@dataclass(frozen=True)
class Routed(Brief):
    """Whom each of several trees evaluates, in the tables as they were read.

    Parameters
    ----------
    setup : of the whole study. trees : the tree of each branch. ids : whom it evaluates.
    """

    setup: Setup
    trees: Mapping[str, Tree]
    ids: Ids
    tables: Tables


def routes(setup: Setup, trees: Mapping[str, Tree]) -> Ids:
    """Return the ids each tree evaluates: the first tree whose condition a customer meets has it.

    A condition speaks of the columns of the table of customers; with something missing in it, it is not
    met. A tree with neither condition nor ids takes the rest of that table.

    Raises
    ------
    EvaluationError
        where a condition has no table of customers to look at; where trees cannot be ranked together; as
        `columns.condition`.
    """
    raise_errors(tuple(_comparable_issues(setup, trees)))
    tables = read_customers(setup)
    empty = pl.DataFrame(schema={"id": pl.String})
    customers = tables.whole("customers") if "customers" in tables else empty
    conditions = _conditions(setup, customers, known="customers" in tables)
    rest, ids = customers.unique("id", keep="first", maintain_order=True), {}
    for entry in setup.file.trees:
        if entry.ids:
            ids[entry.id] = frozenset(entry.ids)
            rest = rest.filter(~pl.col("id").is_in(entry.ids))
            continue
        when = conditions.get(entry.id)
        columns = {name: nw.col(name) for name in rest.columns}
        met = nw.from_native(rest).select(hit=holds(when, columns)).to_native()["hit"] if when else None
        hit = pl.repeat(True, rest.height, eager=True) if met is None else met.fill_null(False)
        ids[entry.id] = frozenset(rest.filter(hit)["id"])
        rest = rest.filter(~hit)
    return ids


def routing(routed: Routed, branch: str) -> Routing:
    """Return who is evaluated by which tree, and who by none, for the report of one tree."""
    file = routed.setup.file
    each = tuple(
        Route(entry.id, routed.trees[entry.id].name, entry.when, entry.ids, len(routed.ids[entry.id]))
        for entry in file.trees
    )
    return Routing(branch, each, tuple(_outside(routed.tables, routed.ids)), file.comparable)


def outside_issues(routed: Routed) -> Iterator[Issue]:
    """Yield which customers no tree evaluates, and which trees evaluate nobody."""
    if outside := tuple(_outside(routed.tables, routed.ids)):
        shown = ", ".join(entry.name or entry.id for entry in outside[:_SHOWN])
        detail = {"count": len(outside), "examples": shown}
        yield Issue("STUDY-317", "customers", detail, severity=Severity.WARNING)
    for entry in routed.setup.file.trees:
        if not routed.ids[entry.id]:
            yield Issue("STUDY-318", entry.id, severity=Severity.WARNING)


def results_of_all(routed: Routed, results: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the results of every tree, one below the other, with `tree`; who has none has no score.

    `rank` is the place within the tree; where the study says the trees are comparable, `rank_of_all`
    is the place among everyone rated.
    """
    parts = [frame.select(pl.lit(name).alias("tree"), pl.all()) for name, frame in results.items()]
    outside = [(entry.id, entry.name, "outside") for entry in _outside(routed.tables, routed.ids)]
    columns = {"id": pl.String, "name": pl.String, "status": pl.String}
    parts.append(pl.DataFrame(outside, schema=columns, orient="row"))
    whole = pl.concat(parts, how="diagonal_relaxed")
    if not routed.setup.file.comparable:
        return whole
    among = ranked(whole.filter(pl.col("status") == "rated").select("tree", "id", "score", "status"))
    places = among.select("tree", "id", rank_of_all="rank")
    return whole.join(places, on=["tree", "id"], how="left", maintain_order="left")


def _comparable_issues(setup: Setup, trees: Mapping[str, Tree]) -> Iterator[Issue]:
    """Yield an issue where trees are to be ranked together whose scores run over different ranges."""
    ranges = {tree.score_range for tree in trees.values()}
    if setup.file.comparable and len(ranges) > 1:
        shown = ", ".join(f"{low:g}–{high:g}" for low, high in sorted(ranges))
        yield Issue("STUDY-319", "comparable", {"ranges": shown}, where=setup.where(("comparable",)))


def _outside(tables: Tables, ids: Ids) -> Iterator[Outside]:
    """Yield whoever stands in a table of customers and is evaluated by no tree."""
    evaluated = frozenset().union(*ids.values())
    frames = [
        frame for table, frame in tables.frames.items() if _of_customers(table) and "id" in frame.columns
    ]
    lost = [name for note in tables.notes if _of_customers(note.table) for name, _ in note.lost]
    there = pl.concat(
        [*(frame["id"].drop_nulls() for frame in frames), pl.Series("id", lost, dtype=pl.String)]
    )
    named = [frame.select("id", "name").drop_nulls() for frame in frames if "name" in frame.columns]
    names = dict(pl.concat(named).iter_rows()) if named else {}
    for name in there.unique(maintain_order=True):
        if name not in evaluated:
            yield Outside(name, names.get(name))


def _of_customers(table: str) -> bool:
    return table not in TABLES or TABLES[table].of_customers


def _conditions(setup: Setup, customers: pl.DataFrame, *, known: bool) -> dict[str, Condition]:
    kinds: dict[str, Kind] = {
        name: "number" if dtype.is_numeric() else "text"
        for name, dtype in customers.schema.items()
        if dtype.is_numeric() or dtype == pl.String
    }
    found: dict[str, Condition] = {}
    issues: list[Issue] = []
    for index, entry in enumerate(setup.file.trees):
        if entry.when is None:
            continue
        where = setup.where(("trees", index, "when"))
        if not known:
            issues.append(Issue("STUDY-316", entry.id, where=where))
            continue
        try:
            found[entry.id] = condition(entry.when, kinds, where=where)
        except EvaluationError as error:
            issues.extend(error.issues)
    raise_errors(issues)
    return found
