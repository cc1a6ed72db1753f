"""The finder: every customer of the page, as briefly as searching, filtering and sorting need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from evaluator.actions.choosing import NONE_STATED
from evaluator.actions.flags import raise_flags
from evaluator.actions.stopped import NOT_PLANNED
from evaluator.customers import CustomerOptions
from evaluator.reports.context import Context
from evaluator.reports.orders import orders_said
from evaluator.reports.page.columns import ListColumn, coded, figures, several
from evaluator.reports.unrated import reason_in_words
from evaluator.tree import Group
from evaluator.tree.types import GRADE, GradeCap

TEXTS = tuple(f"list.{word}" for word in (
    "title", "table", "rank", "id", "name", "search", "find", "show_all", "csv", "file", "as_text",
    "some", "all", "left", "none", "drop", "everybody", "unknown", "printed", "ordered",
))  # fmt: skip
"""What the script says: keys of the report's texts."""
MOST = 50_000
"""How many a page holds: some three megabytes."""
PRINTED = 20
"""How many stand on paper, and where no script runs: the first of the ranking, or of those to act on."""
WORDS = 200
"""An attribute with more different words than this tells customers apart, and is nothing to choose by."""
STATUSES = ("insufficient", "excluded", "unmeasured")


@dataclass(frozen=True)
class ListRow:
    """A row of the static list; `cells` are kinds and values of the columns that are shown."""

    row: int
    rank: int | None
    id: str
    name: str
    cells: tuple[tuple[str, float | str | None], ...]


@dataclass(frozen=True)
class Finder:
    """The customers of the page: the `rated` in the order of their ranks, then those who are not.

    `names` are None where they are the id; `ranks` is empty where they are 1, 2, 3 and so on. `left` counts
    those who are in the workbook and the results only; `without` names attributes that are no column;
    `orders` says by action how its customers are ordered. `acting` are the rows of those to act on, by when
    it is due: they are printed, not the first of the ranking, who may need nothing.
    """

    subject: str
    ids: tuple[str, ...]
    names: tuple[str | None, ...]
    ranks: tuple[int, ...]
    rated: int
    columns: tuple[ListColumn, ...]
    left: int
    without: tuple[str, ...]
    separator: str
    currency: str
    orders: Mapping[str, str] = field(default_factory=dict)
    acting: tuple[int, ...] = ()

    @property
    def named(self) -> bool:
        """True if any customer has a name besides the id."""
        return any(name is not None for name in self.names)

    @property
    def total(self) -> int:
        """How many there are, on the page or not."""
        return len(self.ids) + self.left

    @property
    def shown(self) -> tuple[ListColumn, ...]:
        """The columns of the list."""
        return tuple(column for column in self.columns if column.shown)

    @property
    def printed(self) -> tuple[ListRow, ...]:
        """The rows that stand in the page without a script and in print."""
        rows = self.acting[:PRINTED] or range(min(PRINTED, len(self.ids)))
        return tuple(self._line(row) for row in rows)

    def compact(self) -> dict[str, object]:
        """Return the list as the page's script reads it: column by column."""
        return {
            "ids": self.ids,
            "names": self.names,
            "ranks": self.ranks,
            "rated": self.rated,
            "left": self.left,
            "orders": self.orders,
            "acting": self.acting,
            "columns": [column.compact() for column in self.columns],
        }

    def _line(self, row: int) -> ListRow:
        rank = None if row >= self.rated else self.ranks[row] if self.ranks else row + 1
        cells = tuple(
            (one.kind, one.text(row, self.separator) if one.kind == "text" else one.values[row])
            for one in self.shown
        )
        return ListRow(row, rank, self.ids[row], self.names[row] or self.ids[row], cells)


def there(context: Context) -> Finder | None:
    """Return the list of a page; None where nobody is evaluated yet, and of the firm by itself."""
    if context.alone:
        return None
    return build(context) if context.results.height + len(context.evaluation.unrated) else None


def build(context: Context, *, most: int = MOST) -> Finder:
    """Return the finder of an evaluation: its rated customers first, at most so many rows."""
    everybody = _everybody(context)
    held = everybody.head(most)
    rated = int((held["status"] == "rated").sum())
    ranks = held["rank"].head(rated).to_list()
    attributes = tuple(_attributes(held, context))
    return Finder(
        subject=context.subject,
        ids=tuple(held["id"].to_list()),
        names=tuple(held.select(pl.when(pl.col("name") != pl.col("id")).then("name")).to_series().to_list()),
        ranks=() if ranks == list(range(1, rated + 1)) else tuple(ranks),
        rated=rated,
        columns=(
            *_results(held, context), *_decided(held, context), *_scores(held, context),
            *_money(held, context), *(one for one in attributes if isinstance(one, ListColumn)),
            *_unrated(held, context),
        ),
        left=everybody.height - held.height,
        without=tuple(one for one in attributes if isinstance(one, str)),
        separator=context.text("list_separator"),
        currency=context.reader.currency,
        orders=orders_said(context),
        acting=_acting(held, context),
    )  # fmt: skip


def _acting(held: pl.DataFrame, context: Context) -> tuple[int, ...]:
    """Return the rows of those to act on, by when it is due, then in the order of each action."""
    found = context.evaluation.decisions
    if found is None:
        return ()
    rows = held.select("id", row=pl.int_range(pl.len()))
    worked = found.turns().select(pl.col("id").cast(pl.String)).unique(maintain_order=True)
    return tuple(worked.join(rows, on="id", maintain_order="left")["row"])


def _everybody(context: Context) -> pl.DataFrame:
    """Return all customers: the rated by rank, then the others; scores count only for the rated."""
    waiting = context.results.filter(pl.col("status") != "rated").sort("status", "id")
    lost = pl.DataFrame(
        [(one.id, one.name or one.id, "unmeasured", one.reason) for one in context.evaluation.unrated],
        schema={"id": pl.String, "name": pl.String, "status": pl.String, "reason": pl.String},
        orient="row",
    )
    results = [name for name in context.results.columns if name.startswith(("score", "class_"))]
    blank = waiting.with_columns(pl.lit(None).alias(name) for name in (*results, "grade"))
    return pl.concat([context.rated, blank, lost], how="diagonal_relaxed")


def _results(held: pl.DataFrame, context: Context) -> Iterator[ListColumn]:
    yield figures("score", context.text("ranking.score"), "points", held["score"])
    yield coded("grade", context.text("ranking.grade"), held["grade"], context.grades)
    if capped := _capped(held, context):
        yield capped
    several_matrices = len(context.classes) > 1
    for matrix in context.tree.matrices:
        title = matrix.name[context.language] if several_matrices else context.text("ranking.class")
        yield coded(
            class_key(matrix.id, context), title, held[f"class_{matrix.id}"], context.classes[matrix.id]
        )


def class_key(matrix: str, context: Context) -> str:
    """Return the key of the classes of a matrix in the list: those that decide are just ``class``."""
    deciding = context.tree.deciding
    first = deciding if deciding != GRADE else context.tree.matrices[0].id
    return "class" if matrix == first else f"class_{matrix}"


def _capped(held: pl.DataFrame, context: Context) -> ListColumn | None:
    """Return the rules that cap the grades of customers; it marks the grade and is no column of its own."""
    caps = {rule.id: rule.name[context.language] for rule in context.tree.rules if isinstance(rule, GradeCap)}
    there = [name for name in caps if f"rule_{name}" in held.columns]
    if not there:
        return None
    rows = held.select((pl.col(f"rule_{name}") == "hit").fill_null(False).alias(name) for name in there)
    hits = [[name for name in there if row[name]] for row in rows.iter_rows(named=True)]
    column = several("capped", context.text("list.capped"), hits, caps, filters=False)
    return ListColumn(**{**column.__dict__, "shown": False})


def _decided(held: pl.DataFrame, context: Context) -> Iterator[ListColumn]:
    """Yield what is done with customers and the flags they carry, where there are decisions."""
    found, language = context.evaluation.decisions, context.language
    if found is None or not found.customers.height:
        return
    names = {action.id: action.name[language] for action in found.actions}
    names |= {one: context.text(f"actions.{one}") for one in (NOT_PLANNED, NONE_STATED)}
    given = found.customers.group_by("id", maintain_order=True).agg("action")
    by_id = dict(given.iter_rows())
    ids = held["id"].to_list()
    there = {one for actions in by_id.values() for one in actions}
    used = {key: name for key, name in names.items() if key in there}
    yield several("action", context.text("actions.action"), [by_id.get(one, ()) for one in ids], used)
    turns = found.turns().unique("id", keep="first").select("id", "turn")
    if turns.height:
        yield figures("turn", context.text("list.turn"), "rank", _joined(held, turns), shown=False)
    if found.customers["due"].is_not_null().any():
        due = found.customers.group_by("id").agg(pl.col("due").min().dt.to_string("%Y-%m-%d"))
        days = _joined(held, due)
        known = {day: day for day in days.drop_nulls().unique().sort()}
        yield coded("due", context.text("decide.due"), days, known, filters=False, shown=False)
    flags = {flag.id: flag.name[language] for flag in found.flags if found.counts.get(flag.id, (0, 0))[0]}
    if flags:
        raised = raise_flags(found.frame, found.flags).frame.select("id", *(f"flag_{name}" for name in flags))
        carried = {
            row[0]: [name for name, on in zip(flags, row[1:], strict=True) if on]
            for row in raised.iter_rows()
        }
        yield several("flag", context.text("actions.flags"), [carried.get(one, ()) for one in ids], flags)


def _scores(held: pl.DataFrame, context: Context) -> Iterator[ListColumn]:
    """Yield the scores of the criteria below the root and of the axes, then the share of data there was."""
    tree = context.tree
    groups = [node.id for node in tree.root.children if isinstance(node, Group)]
    axes = [group.id for group in tree.axes.values() if group.id != tree.root.id]
    for group in dict.fromkeys((*axes, *groups)):
        yield figures(group, context.name(group), "points", held[f"score_{group}"])
    yield figures("coverage", context.text("ranking.coverage"), "share", held["coverage"])


def _money(held: pl.DataFrame, context: Context) -> Iterator[ListColumn]:
    """Yield what customers are worth, and what else is at stake, as far as either is known.

    Scores are no money, and what they are worth needs no second column.
    """
    models = context.evaluation.customers
    value = (models.options if models else CustomerOptions()).value
    measures, found = context.evaluation.measured.frame, context.evaluation.decisions
    if value in measures.columns and measures[value].dtype.is_numeric() and measures[value].count():
        values = _joined(held, measures.select(pl.col("id").cast(pl.String), pl.col(value).alias("value")))
        yield figures("value", context.reader.measure(value), context.reader.kind(value), values)
    by = found.candidates.stake_by if found else None
    told = value if value in measures.columns else None
    if found is not None and by not in (None, "score", told) and "stake" in found.customers.columns:
        named = by in found.frame.columns  # of everybody, also of those without an action
        stake = (
            found.frame.select(pl.col("id").cast(pl.String), stake=pl.col(str(by)).cast(pl.Float64))
            if named
            else found.customers.group_by("id").agg(pl.col("stake").max())
        )
        title = context.reader.measure(str(by)) if named else context.text("actions.stake")
        if stake["stake"].is_not_null().any():
            yield figures("stake", title, "money", _joined(held, stake))


def _joined(held: pl.DataFrame, told: pl.DataFrame) -> pl.Series:
    return held.select("id").join(told, on="id", how="left", maintain_order="left").to_series(1)


def _attributes(held: pl.DataFrame, context: Context) -> Iterator[ListColumn | str]:
    """Yield each attribute as a column, or by its title where nearly every customer has another word."""
    attributes = context.evaluation.attributes
    named = {entry.id: entry.name[context.language] for entry in context.tree.attributes}
    for name in attributes.columns[1:]:
        told = attributes.select(pl.col("id").cast(pl.String), pl.col(name).cast(pl.String))
        values = _joined(held, told)
        there = values.drop_nulls().value_counts(sort=True)[name].to_list()
        title = named.get(name) or context.reader.term("report.profiles.column", name, other=name)
        title = title[:1].upper() + title[1:]
        if len(there) > WORDS or (len(there) > PRINTED and 2 * len(there) > len(values)):
            yield title
        elif there:
            yield coded(_key(name), title, values, {word: word for word in sorted(there)})


def _key(name: str) -> str:
    """Return the key of an attribute, which must not be that of another column."""
    taken = (
        "score",
        "grade",
        "class",
        "action",
        "flag",
        "coverage",
        "value",
        "stake",
        "turn",
        "status",
        "reason",
        "q",
    )
    return f"attribute_{name}" if name in (*taken, "sort", "capped") or name.startswith("class_") else name


def _unrated(held: pl.DataFrame, context: Context) -> Iterator[ListColumn]:
    """Yield why customers are not rated, where there are any."""
    waiting = held.filter(pl.col("status") != "rated")
    if waiting.is_empty():
        return
    statuses = {status: context.text(f"customer_status.{status}") for status in STATUSES}
    yield coded("status", context.text("data.status"), held["status"], statuses)
    reasons = {
        one: _reason(one, context) for one in waiting["reason"].drop_nulls().unique(maintain_order=True)
    }
    yield coded("reason", context.text("data.reason"), held["reason"], reasons, filters=False, shown=False)


def _reason(reason: str, context: Context) -> str:
    known = any(one.reason == reason for one in context.evaluation.unrated)
    return context.said(reason) if known else reason_in_words(reason, context)
