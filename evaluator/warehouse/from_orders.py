"""From orders to the measures that a model reads, as one SELECT: by the code that measures everywhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import narwhals as nw

from evaluator import messages
from evaluator.actions.flags import names_in
from evaluator.actions.words import actions_of, flags_of
from evaluator.brief import Brief
from evaluator.columns import flag, has_more
from evaluator.customers import MEASURES, MODEL_MEASURES, RfmOptions, Span
from evaluator.customers.models.rfm.scores import frozen_scores
from evaluator.customers.orders import ORDERS, Extent, order_lines
from evaluator.customers.told_by_orders import TOLD
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.measuring import MeasureOptions
from evaluator.measuring.engine_measures import OrdersFound, attribute_tables, measures_frame
from evaluator.measuring.origins import Origin, origins_of
from evaluator.scoring import Model
from evaluator.warehouse.chain import Chain
from evaluator.warehouse.dialects import Dialect, dialect_named
from evaluator.warehouse.exported import Exported, needed_columns
from evaluator.warehouse.parts import TYPES, Type
from evaluator.warehouse.queries import Queries

Frame = nw.LazyFrame[Any]
UNREAD = ("currency", "status", *TOLD)  # what is settled before: one currency, no cancelled orders, who it is
KINDS = {"id": "VARCHAR", "text": "VARCHAR", "date": "DATE", "number": "DOUBLE"}
ORDER_COLUMNS = {column.name: KINDS[column.kind] for column in ORDERS.columns if column.name not in UNREAD}
LINES = ("unusable_lines", "rounded_lines")
"""Columns beside the measures: how many lines lack a date or an amount, and how many are rounded."""
RFM = ("recency", "frequency", "monetary", "r", "f", "m", "cell", "score", "class")


@dataclass(frozen=True)
class OrdersThere(Brief):
    """What tables there hold, and how measures are taken from them.

    Parameters
    ----------
    orders, customers : their names; `customers` has a row per customer with what orders do not tell.
    columns : the columns of the orders, by the names of the table `orders` of a study.
    further : the columns of `customers`; where they are not known, it is taken to have all that is needed.
    as_of : the day looked back from; the model's where none is stated.
    options : the months looked back; `attribute_months` those of attributes, flags and actions.
    decimals : those to which amounts are rounded before they are added.
    rfm : references as `Rfm.frozen` returns them, for a model that has none; adds the columns ``rfm_…``.
    """

    orders: str = "orders"
    customers: str | None = None
    columns: tuple[str, ...] = ("id", "date", "amount")
    further: Mapping[str, Type] = field(default_factory=dict)
    as_of: date | None = None
    options: MeasureOptions = field(default_factory=MeasureOptions)
    attribute_months: int = 12
    decimals: int = 4
    rfm: RfmOptions | None = None


def measures_sql(
    model: Model, dialect: str, there: OrdersThere | None = None, *, language: str = "en"
) -> Exported:
    """Return the measures of a model as one SELECT over a table of orders.

    Its columns are ``id``, ``name`` where a table has it, what the model, its flags and its actions read,
    and `LINES`. A customer with lines without date or amount has no measures of orders: a file would be
    refused.

    Raises
    ------
    EvaluationError
        for a dialect, table or column that cannot be named there; measures that nothing there gives; no day
        to look back from; RFM whose cuts depend on the customers; without the extra ``export``.

    >>> from evaluator.scoring import fit
    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> import polars as pl
    >>> tree = load_tree("current_value")
    >>> customers = pl.DataFrame({"id": ["a"]} | {leaf.measure: [0.5] for leaf in tree.indicators})
    >>> there = OrdersThere(customers="crm.customers", as_of=date(2025, 1, 1))
    >>> print(measures_sql(fit(tree, weigh(tree), customers), "postgres", there).text.splitlines()[-1])
    FROM "step_7_result"
    """
    found = dialect_named(dialect)
    return MeasureQueries(model, there or OrdersThere()).written(found, language)


def columns_made(measures: Exported) -> dict[str, Type]:
    """Return what a query of measures gives, for `model_sql` to read: flags and actions speak of some."""
    return {name: _type(kind) for name, kind in measures.columns.items() if name not in ("id", *LINES)}


class MeasureQueries:
    """The queries that take a model's measures from orders: ready for any dialect."""

    def __init__(self, model: Model, there: OrdersThere) -> None:
        self.model, self.tree, self.there = model, model.tree, there
        raise_errors(_unread(there.columns))
        day = there.as_of or model.as_of
        if day is None:
            raise EvaluationError([Issue("SQL-110", model.tree.id)])
        self.span = Span(day, there.options.window_months, there.options.growth_months)
        self.needed = needed_columns(model)
        further = there.further or self._lacking()
        self.further = {n: k for n, k in further.items() if k != "truth"} if there.customers else {}
        self.origins = self._origins(self.further)
        raise_errors(self._without_source())
        tables = {"orders": {name: ORDER_COLUMNS[name] for name in there.columns}}
        if there.customers:
            tables["customers"] = {"id": "VARCHAR", **{n: TYPES[kind] for n, kind in self.further.items()}}
        self.queries = Queries(tables)
        self._add()
        self.columns = dict(self.queries.types)

    def written(self, dialect: Dialect, language: str, names: Mapping[str, str] | None = None) -> Exported:
        """Return the queries in a dialect; `names` of the tables are written as they stand."""
        there, made = self.there, tuple(self.queries.made)
        stages = dict.fromkeys(query.stage for query in made)
        titles = {stage: messages.text(f"warehouse.stage.{stage}", language) for stage in stages}
        read = (*there.columns, *self.further)
        chain = Chain(made, tuple(self.columns), read, titles, tuple(self._head(dialect, language)))
        tables = {"orders": there.orders} | ({"customers": there.customers} if there.customers else {})
        text = chain.text(dialect, names or tables, quoted=names is None)
        kinds: dict[str, Type] = {name: _type(ORDER_COLUMNS[name]) for name in there.columns}
        return Exported(text, self.columns, kinds | self.further, ())

    @property
    def rfm(self) -> RfmOptions | None:
        """The references of RFM: those that the model froze for its measures, else those stated."""
        frozen = self.model.customers.rfm if self.model.customers else None
        return frozen if frozen and frozen.split_at else self.there.rfm or frozen

    def _lacks(self, model: str, subject: str | None) -> list[Issue]:
        return [] if model == "rfm" and self.rfm else [Issue("SQL-109", subject or model)]

    def _origins(self, further: Collection[str]) -> dict[str, Origin | None]:
        unobserved = {leaf.measure for leaf in self.tree.indicators if leaf.id in self.model.unobserved}
        columns = {"orders": self.there.columns, "measures": further}
        return origins_of(self.tree, columns, self._lacks, {*self.there.options.absent, *unobserved})

    def _lacking(self) -> dict[str, Type]:
        """Return the columns that scoring reads and that orders do not give."""
        given = {name for name, origin in self._origins(()).items() if origin}
        given |= {name for name in self.needed if name in MEASURES and name not in MODEL_MEASURES}
        return {name: kind for name, kind in self.needed.items() if name not in {*given, "id"}}

    def _without_source(self) -> Iterator[Issue]:
        """Yield an issue for every measure and share of votes that nothing there gives."""
        yield from (Issue("SQL-109", name) for name, origin in self.origins.items() if origin is None)
        votes = (name for name in self.needed if name.startswith("votes_") and name not in self.origins)
        yield from (Issue("SQL-109", name) for name in votes if name not in self.further)

    def _add(self) -> None:
        """Add all stages, from the orders as they lie to the columns of the result."""
        keep, there = self.queries.keep, self.there
        orders = keep("orders", _typed(self.queries.frame("orders"), there.columns))
        counted = keep("checked", _checked(order_lines(orders), there.decimals))
        joined = orders.join(counted, on="id", how="left").filter(nw.col("unusable_lines") == 0)
        usable = keep("usable", joined.select(*there.columns))
        lines = keep("lines", order_lines(usable))
        extent = Extent(self.span.first, self.span.last, 0, "product" in there.columns,
                        there.decimals, there.decimals)  # fmt: skip
        scored = self._scored(usable)
        tables = {"orders": orders}
        if there.customers:
            typed = [nw.col(name).cast(_KINDS[TYPES[kind]]) for name, kind in self.further.items()]
            own = self.queries.frame("customers").select(nw.col("id").cast(nw.String), *typed)
            tables["measures"] = keep("customers", own)
        found = OrdersFound(lines, extent, self.span)
        spoken = attribute_tables(self.tree, tables, found) | self._named()
        votes = [n for n in self.further if n.startswith("votes_") and n not in self.origins]
        parts = [tables["measures"].select("id", *votes)] if votes else []
        given = [name for name, origin in self.origins.items() if origin == "models"]
        parts += [scored.select("id", *given)] if scored is not None and given else []
        frame = keep("measures", measures_frame(
            tables, self.tree, self.origins, spoken, parts, found, there.attribute_months))  # fmt: skip
        keep("result", self._result(frame, counted, scored))

    def _scored(self, usable: Frame) -> Frame | None:
        """Return RFM of everybody who bought, where it is asked for or a measure of the tree."""
        asked = self.there.rfm is not None or "models" in self.origins.values()
        if not asked or self.rfm is None:
            return None
        found = frozen_scores(usable, self.span.as_of, self.there.decimals, self.rfm)
        return self.queries.keep("rfm", found.select("id", *(nw.col(n).alias(f"rfm_{n}") for n in RFM)))

    def _named(self) -> dict[str, str | None]:
        """Return which table gives what flags and actions speak of beyond what scoring reads."""
        said = [flag.when for flag in flags_of(self.tree)]
        said += [action.when or "" for action in actions_of(self.tree)]
        names = sorted({name for text in said for name in names_in(text)} - self.needed.keys())
        numbers = [name for name in names if self.further.get(name) == "number"]
        orders = [name for name in names if name in MEASURES and name not in {*numbers, *MODEL_MEASURES}]
        return {**dict.fromkeys(numbers, "measures"), **dict.fromkeys(orders, "orders")}

    def _result(self, frame: Frame, counted: Frame, scored: Frame | None) -> Frame:
        """Return the measures as numbers, RFM where it is asked for, and what is to be said of the lines."""
        frame = frame.join(counted, on="id", how="left")
        schema = frame.collect_schema()
        if self.there.rfm is not None and scored is not None:
            further = [name for name in scored.collect_schema().names() if name not in schema.names()]
            frame = frame.join(scored.select("id", *further), on="id", how="left")
            schema = frame.collect_schema()
        values = [nw.col(n).cast(nw.Float64) if kind.is_numeric() else nw.col(n)
                  for n, kind in schema.items() if n not in LINES]  # fmt: skip
        return frame.select(*values, *(nw.col(n).fill_null(0).cast(nw.Int64).alias(n) for n in LINES))

    def _head(self, dialect: Dialect, language: str) -> Iterator[str]:
        """Yield the lines above the statement: what it is, its conventions, what it reads."""
        model, there, span = self.model, self.there, self.span

        def say(key: str, **values: object) -> str:
            return messages.text(f"warehouse.orders_head.{key}", language, **values)

        yield say("what", tree=model.tree.name[language], id=model.tree.id, dialect=dialect.title)
        yield say("model", digest=model.digest, software=model.software)
        yield say("day", as_of=span.as_of, window=span.window, growth=span.growth, since=span.first)
        yield say("amounts", decimals=there.decimals)
        yield say("dates")
        yield say("unusable")
        yield say("reads", columns=", ".join(there.columns), further=", ".join(self.further) or "–")
        if "rfm" in {query.stage for query in self.queries.made}:
            yield say("rfm")
        for key in dialect.says:
            yield messages.text(f"warehouse.head.{key}", language)
        if dialect.settings:
            yield say("settings")
        tested = "tested" if dialect.tested else "untested"
        yield messages.text(f"warehouse.head.{tested}", language, dialect=dialect.title)


def _unread(columns: Collection[str]) -> Iterator[Issue]:
    known = {"known": ", ".join(ORDER_COLUMNS)}
    yield from (Issue("SQL-108", name, known) for name in columns if name not in ORDER_COLUMNS)


_KINDS = {"VARCHAR": nw.String(), "DATE": nw.Date(), "DOUBLE": nw.Float64()}


def _type(kind: str) -> Type:
    return "text" if kind in ("VARCHAR", "DATE") else "number"


def _typed(orders: Frame, columns: Collection[str]) -> Frame:
    """Return the columns of orders by the types that measures are taken from, without lines of nobody."""
    typed = [nw.col(name).cast(_KINDS[ORDER_COLUMNS[name]]) for name in columns]
    return orders.filter(~nw.col("id").is_null()).select(*typed)


def _checked(lines: Frame, decimals: int) -> Frame:
    """Return how many lines of each customer cannot be used, and how many are rounded."""
    lacking = nw.col("day").is_null() | nw.col("amount").is_null()
    finer = has_more(nw.col("amount"), decimals) | has_more(nw.col("cost").fill_null(0.0), decimals)
    flags = [flag(lacking).cast(nw.Int64).alias(LINES[0]), flag(finer).cast(nw.Int64).alias(LINES[1])]
    return lines.select("id", *flags).group_by("id").agg(nw.col(*LINES).sum())
