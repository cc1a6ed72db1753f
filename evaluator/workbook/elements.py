"""The elements of the workbook language: what a template may write.

A workbook is sheets from left to right; a sheet is rows, tables, charts and images from top to
bottom. Text and numbers of rows stand in the template's output; the bulk of a table never does: a
table names its data, and the writer reads it from the frame of that name. A cell or table may have a
name. `{name}` in a formula, and a name or `first:last` alone in `on`, `x`, `y` and the like, mean

- `{total}`: the cell called total
- `{scores}`, `{scores.coverage}`: the rows of the table called scores, or one of its columns
- `{members.gold.x}`: column x of those rows of members whose `group` value is gold
- `{first:last}`: the cells from the one called first to the one called last
- `{@price}`, `{@price:cost}`: in the formula of a table's column, the cells of the row it stands in
- `{orders.price@}`: there, the cell at the same place in column price of the table called orders

and become addresses when the sheets are laid out. The fields below are the attributes of the
elements (`x_title` is written ``x-title``), and the only list of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from evaluator.errors import Location

PLACE = "template-line"
"""The attribute by which a start tag carries the line of the template it was written on."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What an attribute holds: one of the kinds of `language.read`, or one of these words."""

    kind: str
    words: tuple[str, ...] = ()
    required: bool = False


def _attribute(kind: str, default: Any = None, words: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"attribute": Kind(kind, words)})


def _required(kind: str, words: tuple[str, ...] = ()) -> Any:
    return field(metadata={"attribute": Kind(kind, words, required=True)})


def attributes(element: type[Element]) -> dict[str, Kind]:
    """Return the attributes of an element by field name.

    >>> attributes(Name)["refers"].kind
    'reference'
    """
    if element not in _ATTRIBUTES:  # asked twice of every cell of a workbook
        named = ((f.name, f.metadata.get("attribute")) for f in fields(element))
        _ATTRIBUTES[element] = {name: kind for name, kind in named if kind}
    return _ATTRIBUTES[element]


_ATTRIBUTES: dict[type[Element], dict[str, Kind]] = {}


@dataclass(frozen=True, kw_only=True)
class Element:
    """An element with the template line it was written on."""

    where: Location


@dataclass(frozen=True, kw_only=True)
class Column(Element):
    """The width, in characters, of the next `repeat` columns of a sheet."""

    width: float = _required("number")
    repeat: int = _attribute("integer", 1)


@dataclass(frozen=True, kw_only=True)
class Cell(Element):
    """A cell: its text, a number (`value`), a `day`, or a formula with the value it has now.

    It stands in the next free column, or in `column` (counted from 1), across `span` columns. A text
    with a `link` leads to the cell of that name; where no cell has it, the text stands alone.
    """

    name: str | None = _attribute("name")
    style: str | None = _attribute("style")
    column: int | None = _attribute("integer")
    span: int = _attribute("integer", 1)
    value: float | None = _attribute("number")
    day: date | None = _attribute("date")  # noqa: RUF009 (a field specifier like the others)
    formula: str | None = _attribute("formula")
    link: str | None = _attribute("name")
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Row(Element):
    """A row of cells; its style serves the cells that name none. A row without cells is a gap.

    In print a page ends at a gap where it can. Rows that are not `printed` stand at the end of a sheet.
    """

    height: float | None = _attribute("number")
    printed: bool = _attribute("truth", True)
    style: str = _attribute("style", "text")
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TableColumn(Element):
    """A column of a table: the column of the data it shows, under the text as heading.

    With a `formula`, the data are the values it has now; where they have none, the formula comes to an
    empty text, or with `gap` to ``#N/A``, which charts leave out.
    """

    key: str = _required("text")
    style: str = _attribute("style", "text")
    formula: str | None = _attribute("formula")
    gap: bool = _attribute("truth", False)
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Table(Element):
    """A heading and the rows of a frame; `empty` is said where the frame has no rows.

    The formulas of its columns stand in the first `live` rows, or in all; the others hold values.
    """

    name: str = _required("name")
    rows: str = _required("data")
    column: int = _attribute("integer", 1)
    group: str | None = _attribute("text")
    live: int | None = _attribute("integer")
    filter: bool = _attribute("truth", False)
    heading: str = _attribute("style", "heading")
    empty: str = _attribute("text", "")
    columns: tuple[TableColumn, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Series(Element):
    """Points of a chart: `x` are positions or categories, `y` values; drawn as marks, a line, or both.

    `tone` is the place of its colour among those of charts; without it, the series' own place.
    """

    title: str = _required("text")
    x: str = _required("reference")
    y: str = _required("reference")
    colour: str | None = _attribute("colour")
    tone: int | None = _attribute("integer")
    marks: bool = _attribute("truth", True)
    line: bool = _attribute("truth", False)


@dataclass(frozen=True, kw_only=True)
class Chart(Element):
    """A native chart with the words that stand for it (`alt`); sizes in pixels.

    `step` is the distance of the marks on the axis of values.

    It takes the rows below the last element, or as many as `rows` says: 0 puts the next element
    beside it.
    """

    kind: str = _required("word", ("bar", "column", "line", "scatter"))
    alt: str = _required("text")
    title: str = _attribute("text", "")
    column: int = _attribute("integer", 1)
    width: int = _attribute("integer", 640)
    height: int = _attribute("integer", 360)
    rows: int | None = _attribute("integer")
    legend: bool = _attribute("truth", True)
    x_title: str = _attribute("text", "")
    y_title: str = _attribute("text", "")
    x_least: float | None = _attribute("number")
    x_most: float | None = _attribute("number")
    y_least: float | None = _attribute("number")
    y_most: float | None = _attribute("number")
    step: float | None = _attribute("number")
    series: tuple[Series, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Image(Element):
    """A picture (PNG or JPEG) of the data, with the words that stand for it."""

    picture: str = _required("data")
    alt: str = _required("text")
    column: int = _attribute("integer", 1)
    rows: int = _attribute("integer", 1)
    scale: float = _attribute("number", 1.0)


@dataclass(frozen=True, kw_only=True)
class Rule(Element):
    """How cells show their value: bars from 0 to `most`, or a style where the value is such.

    `at_least` and `below` agree with the engine on values that lie a rounding error under a cut; `gap`
    is for cells that hold ``#N/A``.
    """

    on: str = _required("reference")
    kind: str = _required("word", ("bar", "at_least", "below", "equals", "gap"))
    value: str = _attribute("text", "")
    most: float | None = _attribute("number")
    colour: str = _attribute("colour", "bar")
    style: str = _attribute("style", "strong")


@dataclass(frozen=True, kw_only=True)
class Choice(Element):
    """A drop-down on cells, offering the values of other cells."""

    on: str = _required("reference")
    values: str = _required("reference")


@dataclass(frozen=True, kw_only=True)
class Name(Element):
    """A name people see in Excel's name box and may use in their own formulas."""

    name: str = _required("defined")
    refers: str = _required("reference")


@dataclass(frozen=True, kw_only=True)
class SheetElement(Element):
    """A sheet; `freeze` names the table whose heading stays in view, and is repeated in print.

    `freeze_columns` are the columns on the left that do so too; `pages` is how many pages it is wide.
    `print_rows` and `print_columns` are how many are printed of a sheet that has more, 0 for all: the rows
    then fill one page, to the last gap among them, and its foot carries the `print_note`.
    """

    title: str = _required("text")
    tab: str | None = _attribute("colour")
    landscape: bool = _attribute("truth", False)
    freeze: str | None = _attribute("reference")
    freeze_columns: int = _attribute("integer", 0)
    pages: int = _attribute("integer", 1)
    print_rows: int = _attribute("integer", 0)
    print_columns: int = _attribute("integer", 0)
    print_note: str = _attribute("text", "")
    footer: str = _attribute("text", "")
    parts: tuple[Column | Row | Table | Chart | Image | Rule | Choice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Workbook(Element):
    """A workbook with its document properties."""

    title: str = _required("text")
    subject: str = _attribute("text", "")
    author: str = _attribute("text", "")
    keywords: str = _attribute("text", "")
    parts: tuple[SheetElement | Name, ...] = ()

    @property
    def sheets(self) -> tuple[SheetElement, ...]:
        """The sheets, from left to right."""
        return tuple(part for part in self.parts if isinstance(part, SheetElement))

    @property
    def names(self) -> tuple[Name, ...]:
        """The names people see."""
        return tuple(part for part in self.parts if isinstance(part, Name))


GRAMMAR: dict[type[Element], tuple[str, dict[str, type[Element]]]] = {
    Workbook: ("parts", {"sheet": SheetElement, "name": Name}),
    SheetElement: (
        "parts",
        {
            "column": Column, "row": Row, "table": Table, "chart": Chart, "image": Image,
            "rule": Rule, "choice": Choice,
        },
    ),
    Row: ("cells", {"cell": Cell}),
    Table: ("columns", {"column": TableColumn}),
    Chart: ("series", {"series": Series}),
}  # fmt: skip
"""Where an element keeps its parts, and which parts it may have; the others have none."""
