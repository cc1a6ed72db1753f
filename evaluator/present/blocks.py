"""Blocks: what a view shows, alike on page and workbook: words, facts, charts, tables and classes.

Values are raw; the kind of a column or fact says how they are written (`present/kinds.py`), and rounding is
left to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

import polars as pl

from evaluator.errors import Issue
from evaluator.html.reach import for_templates
from evaluator.present.charts import Chart
from evaluator.present.kinds import WORDS, Kind
from evaluator.present.reader import Reader

Stress = Literal["lead", "hint", "note"]
Cell = str | float | date | None
COLUMNS = 10  # of the sheet on which the workbook shows blocks
WORDY = 20  # letters of a cell that want more than one of them
ROWS = 200  # rows of a table on the page; the workbook has its own limit


@dataclass(frozen=True, slots=True)
class Heading:
    """What follows, up to the next heading, stands under it."""

    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a table: its heading, what its values are, and the currency of money."""

    title: str
    kind: Kind = "text"
    currency: str = ""

    @property
    def figures(self) -> bool:
        """True if the column holds figures, which stand to the right and are sorted by size."""
        return self.kind not in WORDS


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

    @property
    def spans(self) -> tuple[int, ...]:
        """How many columns of a sheet each takes: that of the longest words gets those the others leave."""
        lengths = [
            max((len(value) for row in self.rows if isinstance(value := row[place], str)), default=0)
            for place in range(len(self.heads))
        ]
        longest = max(range(len(lengths)), key=lengths.__getitem__, default=0)
        if not lengths or lengths[longest] < WORDY:
            return (1,) * len(self.heads)
        spare = max(COLUMNS - len(self.heads), 0)
        return tuple(1 + spare * (place == longest) for place in range(len(self.heads)))


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence: ``lead`` leads in, ``hint`` stands back, ``note`` stands out."""

    shape: ClassVar[str] = "words"
    text: str
    kind: Stress = "hint"


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its name."""

    name: str
    value: Cell
    kind: Kind = "text"
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Figures with their names."""

    shape: ClassVar[str] = "facts"
    facts: tuple[Fact, ...]


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


Block = Heading | Table | Words | Facts | Chart | Cards
View = Iterator[Block]


@dataclass(frozen=True)
class Part:
    """Blocks under one heading, none for the first of a section; `folded` is opened by who wants more."""

    title: str
    blocks: tuple[Table | Words | Facts | Chart | Cards, ...]
    folded: bool = False


@dataclass(frozen=True)
class Blocks:
    """A section of one subject."""

    parts: tuple[Part, ...]

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts of all parts."""
        return tuple(block for part in self.parts for block in part.blocks if isinstance(block, Chart))

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of all parts."""
        return tuple(block for part in self.parts for block in part.blocks if isinstance(block, Table))


def words(reader: Reader, key: str, kind: Stress = "hint", /, **values: object) -> Words:
    """Return a sentence of the report's catalogues."""
    return Words(reader.text(key, **values), kind)


def notes(reader: Reader, issues: Iterable[Issue], kind: Stress = "hint") -> Iterator[Words]:
    """Yield issues in words."""
    return (Words(reader.issue(issue), kind) for issue in issues)


def fact(reader: Reader, name: str, value: Cell, kind: Kind = "text") -> Fact:
    """Return a figure; money is in the currency of the reader."""
    return Fact(name, value, kind, reader.currency_of(kind))


def facts(reader: Reader, prefix: str, figures: Mapping[str, tuple[Cell, Kind]]) -> Facts:
    """Return figures and what they are, with the names that stand under a prefix of the catalogues.

    >>> facts(Reader("en"), "churn", {"rate": (0.25, "share")}).facts
    (Fact(name='Churn rate', value=0.25, kind='share', currency=''),)
    """
    return Facts(tuple(fact(reader, reader.text(f"{prefix}.{key}"), *of) for key, of in figures.items()))


def head(reader: Reader, title: str, kind: Kind = "text") -> Head:
    """Return a column; money is in the currency of the reader, and its period stands in the heading.

    >>> head(Reader("en", currency="CNY"), "At stake", "money/year")
    Head(title='At stake, a year', kind='money', currency='CNY')
    """
    _, _, period = kind.partition("/")
    if period:
        return Head(reader.text(f"per.{period}", title=title), "money", reader.currency)
    return Head(title, kind, reader.currency_of(kind))


def heads(reader: Reader, prefix: str, kinds: Mapping[str, Kind]) -> tuple[Head, ...]:
    """Return columns by key and kind; a key without a dot stands under the prefix.

    >>> heads(Reader("en"), "churn", {"lost": "count", "chart.name": "text"})
    (Head(title='Lost', kind='count', currency=''), Head(title='Name', kind='text', currency=''))
    """
    keys = ((key if "." in key else f"{prefix}.{key}", kind) for key, kind in kinds.items())
    return tuple(head(reader, reader.text(key), kind) for key, kind in keys)


def table(
    title: str, heads: Sequence[Head], rows: pl.DataFrame | Sequence[tuple[Cell, ...]], *,
    note: str = "", most: int = ROWS,
) -> Table:  # fmt: skip
    """Return rows, or those of a frame, as a table, column by column in the order of the heads."""
    shown = rows.head(most).rows() if isinstance(rows, pl.DataFrame) else rows[:most]
    return Table(title, tuple(heads), tuple(shown), note, len(rows))


def customer_table(
    reader: Reader, title: str, heads: Sequence[Head], frame: pl.DataFrame, *,
    names: bool = True, note: str = "", most: int = ROWS,
) -> Table:  # fmt: skip
    """Return a frame of customers, whose first column is `id`, as a table with their names after the ids.

    Without `names` they are shown only where the study has names at all.
    """
    who = [Head(reader.text("chart.id"), "id")]
    if names or reader.has_names:
        who, frame = [*who, Head(reader.text("chart.name"))], reader.named(frame)
    return table(title, [*who, *heads], frame, note=note, most=most)
