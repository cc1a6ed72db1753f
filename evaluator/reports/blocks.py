"""Sections of customer models as blocks: facts, pictures, tables and classes, alike on page and workbook.

Values are raw; the kind of a column says how they are written, and rounding is left to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import polars as pl

from evaluator import messages
from evaluator.customers import CustomerOptions
from evaluator.html.reach import for_templates
from evaluator.present.charts import Chart
from evaluator.reports.context import Context
from evaluator.tree.types import Strategy

Kind = Literal["text", "id", "count", "quantity", "number", "percent", "ratio"]
Cell = str | float | None
ROWS = 200  # rows of a table on the page; the workbook has its own limit


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a table: its heading and how its values are written."""

    title: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Table:
    """A table; `total` counts the rows there are, where not all of them are shown."""

    shape: ClassVar[str] = "table"
    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    total: int = 0

    @property
    def cut(self) -> bool:
        """Whether there are more rows than shown."""
        return self.total > len(self.rows)


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence: ``lead`` leads in, ``hint`` stands back, ``note`` stands out."""

    shape: ClassVar[str] = "words"
    text: str
    kind: Literal["lead", "hint", "note"] = "hint"


@dataclass(frozen=True, slots=True)
class Facts:
    """Figures with their names."""

    shape: ClassVar[str] = "facts"
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart."""

    shape: ClassVar[str] = "picture"
    chart: Chart


@dataclass(frozen=True)
class Card:
    """A class of customers: how many, a figure under each head, and how they are treated."""

    name: str
    place: int
    count: int
    share: float | None
    figures: tuple[Cell, ...] = ()
    strategy: tuple[tuple[str, str], ...] = ()

    @for_templates
    def said(self, aspects: Sequence[str]) -> tuple[str, ...]:
        """Return the sentence of each aspect, empty where the strategy has none."""
        return tuple(dict(self.strategy).get(aspect, "") for aspect in aspects)


COLUMNS = 10  # of the sheet on which the workbook shows blocks


@dataclass(frozen=True)
class Cards:
    """Classes side by side, each with the same figures."""

    shape: ClassVar[str] = "cards"
    title: str
    heads: tuple[Head, ...]
    cards: tuple[Card, ...]
    note: str = ""

    @property
    def aspects(self) -> tuple[str, ...]:
        """The aspects any of the strategies speaks of, in the order of reading."""
        return tuple(dict.fromkeys(aspect for card in self.cards for aspect, _ in card.strategy))

    @property
    def span(self) -> int:
        """How many columns of a sheet each aspect takes: its words get the room the figures leave."""
        left = COLUMNS - 3 - len(self.heads)  # after the class, how many, and their share
        return max(1, left // max(1, len(self.aspects)))


Block = Table | Words | Facts | Picture | Cards


@dataclass(frozen=True)
class Part:
    """Blocks under one heading, none for the first of a section."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Blocks:
    """A section of one subject."""

    parts: tuple[Part, ...]

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts of all parts."""
        return tuple(b.chart for part in self.parts for b in part.blocks if isinstance(b, Picture))

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of all parts."""
        return tuple(b for part in self.parts for b in part.blocks if isinstance(b, Table))


def draw(section: Blocks, context: Context) -> tuple[Chart, ...]:
    """Return what a section of blocks draws."""
    return section.charts


def section(*parts: Part | None) -> Blocks | None:
    """Return a section of the parts that have something to say, None where none has."""
    there = tuple(part for part in parts if part and part.blocks)
    return Blocks(there) if there else None


def found(context: Context, model: str) -> Any:
    """Return what a customer model found in the study, None where it has no result."""
    findings = context.evaluation.customers
    return findings.results.get(model) if findings else None


def choices(context: Context) -> CustomerOptions:
    """Return the study's choices about customer models that the results rest on."""
    findings = context.evaluation.customers
    return findings.options if findings else CustomerOptions()


def told(context: Context, model: str, result: Any = None) -> Iterator[Words]:
    """Yield why a model has no result, or what it warns of."""
    findings = context.evaluation.customers
    failed = findings.issues.get(model, ()) if findings else ()
    for issue in (*failed, *getattr(result, "issues", ())):
        yield Words(context.told(issue), "note" if failed else "hint")


def table(
    title: str, heads: Sequence[Head], frame: pl.DataFrame, *, note: str = "", most: int = ROWS
) -> Table:
    """Return a frame as a table, column by column in the order of the heads."""
    rows = tuple(tuple(row) for row in frame.head(most).iter_rows())
    return Table(title, tuple(heads), rows, note, frame.height)


def named(context: Context, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame of customers with their names after the ids; the id where there is no name."""
    names = context.results.select("id", "name")
    joined = frame.join(names, on="id", how="left", maintain_order="left")
    return joined.select("id", pl.coalesce("name", "id").alias("name"), pl.exclude("id", "name"))


def listed(context: Context, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame of customers with their names where the study has names at all; see `who`."""
    return named(context, frame).drop(() if _names(context) else "name")


def who(context: Context) -> tuple[Head, ...]:
    """Return the heads of the columns that `listed` begins with."""
    names = (Head(context.text("chart.name")),) if _names(context) else ()
    return (Head(context.text("chart.id"), "id"), *names)


def _names(context: Context) -> bool:
    return context.results.filter(pl.col("name") != pl.col("id")).height > 0


def terms(context: Context, family: str, keys: Iterable[str]) -> dict[str, str]:
    """Return the names of classes, states and causes by their ids."""
    return {key: messages.text(f"customers.{family}.{key}", context.language) for key in keys}


def strategy_lines(strategy: Strategy | None, context: Context) -> tuple[tuple[str, str], ...]:
    """Return (aspect, sentence) of a strategy in the order of reading."""
    if strategy is None:
        return ()
    stated = ((aspect, getattr(strategy, aspect)) for aspect in type(strategy).model_fields)
    return tuple(
        (context.text(f"strategy.{aspect}"), label[context.language]) for aspect, label in stated if label
    )
