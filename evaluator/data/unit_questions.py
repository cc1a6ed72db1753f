"""Units stated above numbers, 万元 or %: a number depends on them, so the study says what they do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from evaluator.data.cells import Cells
from evaluator.data.headers import Header
from evaluator.data.mapping import ColumnMapping, TableMapping
from evaluator.data.questions import cells_below, line
from evaluator.data.tables import Column, TableSchema
from evaluator.data.units import Unit, split_unit, title_unit, unit_factor
from evaluator.errors import Issue
from evaluator.messages import Term

Part = tuple[Cells, Header, Mapping[str, int]]


def unit_issues(parts: Sequence[Part], mapping: TableMapping, schema: TableSchema) -> Iterator[Issue]:
    """Yield what the units above numbers leave open, where the study states no factor.

    Parameters
    ----------
    parts : the files or sheets of a table, each with its header and where its columns stand.

    Yields
    ------
    Issue
        errors where a header, or the title of a table of amounts, states a unit that is not the column's own,
        or does in one file and not, or otherwise, in another.
    """
    titled = [(part, _title(part, schema)) for part in parts]
    for column in schema.columns:
        held = [(part, unit if column.name in concerned else None) for part, (unit, concerned) in titled
                if column.name in part[2]]  # fmt: skip
        there = [part for part, _ in held]
        stated = mapping.column(column.name)
        if column.kind != "number" or not there or (stated and "factor" in stated.model_fields_set):
            continue
        units = [_unit(column, part, unit) for part, unit in held]
        factors = {unit.factor if unit else 1.0 for unit in units}
        if len(factors) > 1:
            yield _unlike(column, there, units)
        elif (unit := units[0]) and unit.factor != unit_factor(column.unit):
            yield _asked(column, there[0], unit, stated)


def _unit(column: Column, part: Part, title: Unit | None) -> Unit | None:
    """Return what a file says that a column counts in; cells that carry the percent sign need no header."""
    cells, header, found = part
    position = found[column.name]
    unit = split_unit(header.names[position])[1] or title
    if unit and unit.factor == _PERCENT:
        signed = cells.frame.slice(header.index + 1)[f"c{position}"].str.contains("[%％]")
        return None if signed.any() else unit
    return unit


_PERCENT = 0.01


def _title(part: Part, schema: TableSchema) -> tuple[Unit | None, frozenset[str]]:
    """Return the unit that a row above the header states, and the columns of amounts of money it is for."""
    cells, header, found = part
    above = cells.frame.head(header.index - header.rows + 1).select(cells.columns)
    texts = above.select(pl.concat_list(pl.all())).to_series().explode().drop_nulls()
    unit = next((unit for text in texts if (unit := title_unit(text))), None)
    known = [one for one in schema.columns if one.kind == "number" and one.name in found]
    concerned = [one for one in known if one.money] or known
    return unit, frozenset(one.name for one in concerned)


def _asked(column: Column, part: Part, unit: Unit, stated: ColumnMapping | None) -> Issue:
    cells, header, found = part
    position = found[column.name]
    title = header.names[position]
    own = stated.model_dump(by_alias=True, exclude_unset=True) if stated else {}
    lines = [line(columns={column.name: {**own, "factor": factor}}) for factor in (unit.factor, 1)]
    detail = {
        "column": column.name,
        "unit": unit.text,
        "where": Term("data.unit_in_header" if split_unit(title)[1] else "data.unit_in_title"),
        "cells": cells_below(cells, header, position),
        "factor": f"{unit.factor:,g}",
        "multiplied": lines[0],
        "as_written": lines[1],
    }
    return Issue("DATA-425", title, detail, where=cells.place(header.row, position))


def _unlike(column: Column, parts: Sequence[Part], units: Sequence[Unit | None]) -> Issue:
    """Return the error for files of one table that count a column in different units."""
    said = [(unit.text if unit else "–", cells) for unit, (cells, *_) in zip(units, parts, strict=True)]
    other = next(index for index, (text, _) in enumerate(said) if text != said[0][0])
    detail = {"file": said[0][1].label_of_source, "unit": said[0][0],
              "other": said[other][1].label_of_source, "other_unit": said[other][0]}  # fmt: skip
    cells, header, found = parts[other]
    return Issue("DATA-525", column.name, detail, where=cells.place(header.row, found[column.name]))
