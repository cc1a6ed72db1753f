"""How a file is laid out: which sheets and rows, what merged cells mean, columns that are really rows."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from evaluator.documents import Format, UnfitError
from evaluator.labels import PositiveCount

Row = PositiveCount


def _digits(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Word = Annotated[str, BeforeValidator(_digits, json_schema_input_type=str | int), Field(min_length=1)]
"""A name; what YAML reads as a number, such as a sheet called 2024, is the text of its digits."""


def _one_or_several(value: Any) -> str:
    return "<several>" if isinstance(value, list | tuple) else "<one>"


HeaderRows = Annotated[
    Annotated[Row, Tag("<one>")] | Annotated[tuple[Row, ...], Field(min_length=1), Tag("<several>")],
    Discriminator(_one_or_several),
]
Sheets = Annotated[
    Annotated[Word, Tag("<one>")] | Annotated[tuple[Word, ...], Field(min_length=1), Tag("<several>")],
    Discriminator(_one_or_several),
]
Constant = str | float | int


class Unpivot(Format):
    """Columns that are rows of the table: months, or the questions of a survey.

    Parameters
    ----------
    columns : headers of these columns, or patterns for them such as ``Q*``; where `name` is a date and
        nothing is stated, every header that is a month or a day.
    name : the column of the table that what stands in the header belongs to, such as `date` or `item`.
    value : the column of the table that the cells belong to.
    values : instead of `columns` and `value`, patterns by column where each row takes several cells, such as
        ``{expected: "* expected", perceived: "* perceived"}``: what ``*`` stands for is the name.
    names : what a header is called in the table, such as ``{Q1: delivery}``; itself where not stated.
    year : of months that stand in the headers without one; default: the year in the name of the sheet, else
        of the file.
    """

    columns: Annotated[tuple[Word, ...], Field(min_length=1)] | None = None
    name: Annotated[str, Field(min_length=1)]
    value: Annotated[str, Field(min_length=1)] | None = None
    values: Annotated[dict[str, str], Field(min_length=1)] | None = None
    names: dict[Word, Word] = {}
    year: Annotated[int, Field(ge=1900, le=2099)] | None = None

    @model_validator(mode="after")
    def _one_kind_of_value(self) -> Unpivot:
        if (self.value is None) == (self.values is None):
            raise UnfitError("one_of", names="value, values")
        if self.values is not None and self.columns is not None:
            raise UnfitError("beside", names="columns", other="values")
        return self

    @property
    def made(self) -> tuple[str, ...]:
        """The columns of the table that come of it."""
        return (self.name, *(self.values or {self.value or "": ""}))


class Layout(Format):
    """How a file is laid out; whatever is not stated is found out, and asked for where it is open.

    Parameters
    ----------
    sheet : sheet of a workbook, several, or a pattern such as ``2*`` for all with the same headers; the one
        whose headers fit, when not stated.
    header : row (from 1) of the column names, or rows that are read together, as ``[1, 2]``; found by the
        names themselves when not stated.
    encoding, delimiter : of a text file; found out and reported when not stated.
    fill_down : columns of the table, or headers, whose empty cells mean the one above, as merged cells do;
        ``[]`` where they mean nothing.
    constants : values that stand in no column of the file, such as ``{amount: 1}`` or ``{currency: CNY}``.
    unpivot : columns of the file that are rows of the table.
    """

    sheet: Sheets | None = None
    header: HeaderRows | None = None
    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    fill_down: tuple[Word, ...] | None = None
    constants: dict[str, Constant] = {}
    unpivot: Unpivot | None = None

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets or patterns that are stated."""
        return (self.sheet,) if isinstance(self.sheet, str) else self.sheet or ()
