"""Several trees in one study: which of them evaluates whom, and what they find together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import narwhals as nw
import polars as pl

from evaluator.columns import Condition, Kind, condition, holds
from evaluator.data import Tables, TableSchema
from evaluator.documents import Document
from evaluator.errors import EvaluationError, Issue, Severity, raise_errors
from evaluator.evaluation import Outside, Route, Routing
from evaluator.scoring import ranked
from evaluator.study.file import QUESTIONNAIRES, BranchEntry, StudyFile
from evaluator.tree import Tree

_SHOWN = 5


def branch_file(file: StudyFile, entry: BranchEntry) -> StudyFile:
    """Return what a study says of one of its trees: its own options, its forms in folders of its own."""
    own = {name: value for name in ("weighting", "scoring") if (value := getattr(entry, name)) is not None}
    forms = file.forms.model_copy(update={"folder": f"{file.forms.folder}/{entry.id}"})
    last = file.previous
    return file.model_copy(
        update={
            "tree": entry.tree,
            "trees": (),
            "judgments": entry.judgments or (f"{QUESTIONNAIRES}/{entry.id}",),
            "attributes": entry.attributes,
            "rules": entry.rules,
            "matrices": entry.matrices,
            "profiles": entry.profiles,
            "forms": forms,
            "previous": last and last.model_copy(update={"folder": f"{last.folder}/{entry.id}"}),
            **own,
        }
    )


def joint_schema(trees: Sequence[Tree], schema: Callable[[Tree], TableSchema]) -> TableSchema:
    """Return a table of several trees, with the columns of each."""
    schemas = [schema(tree) for tree in trees]
    columns = {column.name: column for schema in schemas for column in schema.columns}
    return TableSchema(tuple(columns.values()), key=schemas[0].key)


def routed(file: StudyFile, tables: Tables, document: Document) -> Mapping[str, frozenset[str]]:
    """Return the ids each tree evaluates: the first tree whose condition a customer meets has it.

    A condition speaks of the columns of the table of customers; with something missing in it, it is not
    met. A tree with neither condition nor ids takes who is left of that table.

    Raises
    ------
    EvaluationError
        STUDY-316 where a condition has no table of customers to look at; DOC-121 to DOC-125 as
        `columns.condition`.
    """
    customers = tables.frames.get("customers", pl.DataFrame(schema={"id": pl.String}))
    conditions = _conditions(file, customers, document, known="customers" in tables)
    left, found = customers.unique("id", keep="first", maintain_order=True), {}
    for entry in file.trees:
        if entry.ids:
            found[entry.id] = frozenset(entry.ids)
            left = left.filter(~pl.col("id").is_in(entry.ids))
            continue
        said = conditions.get(entry.id)
        columns = {name: nw.col(name) for name in left.columns}
        met = nw.from_native(left).select(hit=holds(said, columns)).to_native()["hit"] if said else None
        hit = pl.repeat(True, left.height, eager=True) if met is None else met.fill_null(False)
        found[entry.id] = frozenset(left.filter(hit)["id"])
        left = left.filter(~hit)
    return found


def of_ids(tables: Tables, ids: frozenset[str]) -> Tables:
    """Return the tables with only the rows of some ids; what has no ids stays."""
    frames = {
        name: frame.filter(pl.col("id").is_in(ids)) if "id" in frame.columns else frame
        for name, frame in tables.frames.items()
    }
    return Tables(frames, tables.notes, tables.issues)


def routing(
    file: StudyFile, tables: Tables, found: Mapping[str, frozenset[str]], trees: Mapping[str, Tree], here: str
) -> Routing:
    """Return who is evaluated by which tree, and who by none, for the report of one tree."""
    routes = tuple(
        Route(entry.id, trees[entry.id].name, entry.when, entry.ids, len(found[entry.id]))
        for entry in file.trees
    )
    return Routing(here, routes, tuple(_outside(tables, found)), file.comparable)


def outside_issues(file: StudyFile, tables: Tables, found: Mapping[str, frozenset[str]]) -> Iterator[Issue]:
    """Yield STUDY-317, which names the customers no tree evaluates, and STUDY-318 for a tree with none."""
    if outside := tuple(_outside(tables, found)):
        shown = ", ".join(entry.name or entry.id for entry in outside[:_SHOWN])
        detail = {"count": len(outside), "examples": shown}
        yield Issue("STUDY-317", "customers", detail, severity=Severity.WARNING)
    for entry in file.trees:
        if not found[entry.id]:
            yield Issue("STUDY-318", entry.id, severity=Severity.WARNING)


def joined(
    file: StudyFile, tables: Tables, found: Mapping[str, frozenset[str]], results: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Return the results of every tree, one below the other, with `tree`; who has none has no score.

    `rank` is the place within the tree; where the study says the trees are comparable, `rank_of_all`
    is the place among everyone rated.
    """
    parts = [frame.select(pl.lit(name).alias("tree"), pl.all()) for name, frame in results.items()]
    outside = [(entry.id, entry.name, "outside") for entry in _outside(tables, found)]
    columns = {"id": pl.String, "name": pl.String, "status": pl.String}
    parts.append(pl.DataFrame(outside, schema=columns, orient="row"))
    whole = pl.concat(parts, how="diagonal_relaxed")
    if not file.comparable:
        return whole
    among = ranked(whole.filter(pl.col("status") == "rated").select("tree", "id", "score", "status"))
    places = among.select("tree", "id", rank_of_all="rank")
    return whole.join(places, on=["tree", "id"], how="left", maintain_order="left")


def comparable_issues(file: StudyFile, trees: Mapping[str, Tree], document: Document) -> Iterator[Issue]:
    """Yield STUDY-319 where trees are to be ranked together whose scores run over different ranges."""
    ranges = {trees[entry.id].score_range for entry in file.trees}
    if file.comparable and len(ranges) > 1:
        shown = ", ".join(f"{low:g}–{high:g}" for low, high in sorted(ranges))
        yield Issue("STUDY-319", "comparable", {"ranges": shown}, where=document.where(("comparable",)))


def _outside(tables: Tables, found: Mapping[str, frozenset[str]]) -> Iterator[Outside]:
    """Yield whoever stands in a table and is evaluated by no tree."""
    taken = frozenset().union(*found.values())
    frames = [frame for frame in tables.frames.values() if "id" in frame.columns]
    lost = [name for note in tables.notes for name, _ in note.lost]
    ids = pl.concat([*(frame["id"].drop_nulls() for frame in frames), pl.Series("id", lost, dtype=pl.String)])
    named = [frame.select("id", "name").drop_nulls() for frame in frames if "name" in frame.columns]
    names = dict(pl.concat(named).iter_rows()) if named else {}
    for name in ids.unique(maintain_order=True):
        if name not in taken:
            yield Outside(name, names.get(name))


def _conditions(
    file: StudyFile, customers: pl.DataFrame, document: Document, *, known: bool
) -> dict[str, Condition]:
    kinds: dict[str, Kind] = {
        name: "number" if dtype.is_numeric() else "text"
        for name, dtype in customers.schema.items()
        if dtype.is_numeric() or dtype == pl.String
    }
    found: dict[str, Condition] = {}
    issues: list[Issue] = []
    for index, entry in enumerate(file.trees):
        if entry.when is None:
            continue
        where = document.where(("trees", index, "when"))
        if not known:
            issues.append(Issue("STUDY-316", entry.id, where=where))
            continue
        try:
            found[entry.id] = condition(entry.when, kinds, where=where)
        except EvaluationError as error:
            issues.extend(error.issues)
    raise_errors(issues)
    return found
