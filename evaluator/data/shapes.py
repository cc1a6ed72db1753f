"""Tables that stand otherwise in a file than in the study: months or questions as columns, constants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import polars as pl

from evaluator.data.cells import Cells, typed_column
from evaluator.data.header_names import plain
from evaluator.data.headers import ROW_NUMBER, Header
from evaluator.data.layout import Unpivot
from evaluator.data.mapping import TableMapping
from evaluator.data.matching import Where, match
from evaluator.data.questions import line
from evaluator.data.tables import TableSchema
from evaluator.data.wide import dated, is_day, no_year
from evaluator.errors import Issue, Location, nearest, raise_errors

_STEP = 10_000_000_000  # rows of a file, so that the number of a row tells its column as well


@dataclass(frozen=True)
class UnpivotedCells(Cells):
    """The rows that several columns of each row of a file became; places still name the cell in the file.

    `kept` says where the columns stand that were kept; `slots` where the cells stand that each row of the
    table was made of, by its new column.
    """

    whole: Cells | None = None
    kept: tuple[int, ...] = ()
    slots: tuple[Mapping[int, int], ...] = ()

    def place(self, row: int, column: int) -> Location:
        """Return where a cell stands in the file; that of a name is its first column's."""
        slot, own = divmod(row, _STEP)
        inside = self.slots[slot]
        position = self.kept[column] if column < len(self.kept) else inside.get(column, min(inside.values()))
        return (self.whole or self).place(own, position)

    def label(self, row: int) -> str:
        """Return a row as people count it."""
        return str(row % _STEP)


def shaped(
    cells: Cells, header: Header, mapping: TableMapping, schema: TableSchema, where: Where
) -> tuple[Cells, Header]:
    """Return the rows of a file as the study says they are meant.

    Raises
    ------
    EvaluationError
        no such column of the table, no header fits what is to become rows.
    """
    raise_errors(tuple(_unknown(mapping, schema, where)))
    cells, header = _with_given(cells, header, mapping)
    if mapping.unpivot is None:
        return cells, header
    return _unpivoted(cells, header, mapping, mapping.unpivot, schema, where)


def _unknown(mapping: TableMapping, schema: TableSchema, where: Where) -> Iterator[Issue]:
    keys = [(name, ("constants", name)) for name in mapping.constants]
    keys += [(name, ("unpivot", "name")) for name in (mapping.unpivot.made if mapping.unpivot else ())]
    for name, key in keys:
        if name not in schema.names:
            yield Issue("DATA-407", name, hint=nearest(name, schema.names), where=where(key))


def _with_given(cells: Cells, header: Header, mapping: TableMapping) -> tuple[Cells, Header]:
    """Add what stands in no column: constants, and the number of the row."""
    numbered = [name for name in mapping.columns if (one := mapping.column(name)) and one.row_number]
    added = {name: (f"= {value}", pl.lit(str(value))) for name, value in mapping.constants.items()}
    added |= {name: (ROW_NUMBER, pl.col("row").cast(pl.String)) for name in numbered}
    if not added:
        return cells, header
    width = len(cells.columns)
    columns = [value.alias(f"c{width + index}") for index, (_, value) in enumerate(added.values())]
    names = (*header.names, *[""] * (width - len(header.names)), *(title for title, _ in added.values()))
    called = (*header.called, *[frozenset[str]()] * (len(names) - len(header.called)))
    given = {name: width + index for index, name in enumerate(added)}
    frame = cells.frame.with_columns(*columns)
    fixed = frozenset(given.values())
    return replace(cells, frame=frame), replace(header, names=names, called=called, given=given, fixed=fixed)


def _unpivoted(
    cells: Cells, header: Header, mapping: TableMapping, said: Unpivot, schema: TableSchema, where: Where
) -> tuple[Cells, Header]:
    found, _ = match(header, cells, mapping, schema, where)
    slots = _slots(cells, header, said, set(found.values()), schema, where)
    used = {position for _, inside in slots for position in inside.values()}
    kept = tuple(index for index in range(len(cells.columns)) if index not in used)
    made = {name: len(kept) + index for index, name in enumerate(said.made)}
    below = cells.frame.slice(header.index + 1).with_row_index("at")
    old = [copied for index, position in enumerate(kept) for copied in _copied(cells, position, index)]
    rows = [
        below.select("at", *old, *_made(cells, label, inside, made), pl.col("row") + slot * _STEP)
        for slot, (label, inside) in enumerate(slots)
    ]
    above = cells.frame.head(header.index + 1).select(*old, "row")
    grid = pl.concat(rows, how="diagonal").sort("at", maintain_order=True).drop("at")
    frame = pl.concat([above, grid], how="diagonal").with_columns(pl.col(pl.Boolean).fill_null(False))
    shown = " … ".join(dict.fromkeys((header.names[min(used)], header.names[max(used)])))
    names = (*(header.names[index] for index in kept), *[shown] * len(made))
    called = (*(header.called[index] for index in kept), *[frozenset[str]()] * len(made))
    given = {name: kept.index(position) for name, position in header.given.items()} | made
    fixed = frozenset(kept.index(position) for position in header.fixed) | {made[said.name]}
    places = tuple({made[name]: position for name, position in inside.items()} for _, inside in slots)
    told = {name: getattr(cells, name) for name in Cells.__dataclass_fields__} | {"frame": frame}
    return (
        UnpivotedCells(**told, whole=cells, kept=kept, slots=places),
        replace(header, names=names, called=called, given=given, fixed=fixed),
    )


def _copied(cells: Cells, position: int, index: int) -> Iterator[pl.Expr]:
    """Yield a column under another number, with what says which of its cells are no text in the file."""
    own, new = f"c{position}", f"c{index}"
    yield pl.col(own).alias(new)
    if (flags := typed_column(own)) in cells.frame.columns:
        yield pl.col(flags).alias(typed_column(new))


def _made(cells: Cells, label: str, inside: Mapping[str, int], made: Mapping[str, int]) -> Iterator[pl.Expr]:
    """Yield the new columns of the rows of one header: its name, and the cells that stand below it."""
    name, *values = made
    yield pl.lit(label).alias(f"c{made[name]}")
    for value in values:
        if value in inside:
            yield from _copied(cells, inside[value], made[value])
        else:
            yield pl.lit(None, pl.String).alias(f"c{made[value]}")


def _slots(
    cells: Cells, header: Header, said: Unpivot, taken: set[int], schema: TableSchema, where: Where
) -> list[tuple[str, dict[str, int]]]:
    """Return the rows each row becomes: what it is called, and where each of its values stands."""
    free = {index: name for index, name in enumerate(header.names) if name and index not in taken}
    if said.values is not None:
        slots, issues = _by_patterns(free, said.values, where)
    else:
        positions, issues = _chosen(cells, header, free, said, schema, where)
        slots = [(header.names[index], {said.value or "": index}) for index in positions]
    for name in said.names:
        if plain(name) not in {plain(label) for label, _ in slots}:
            issues.append(Issue("DATA-530", name, hint=nearest(name, [label for label, _ in slots]),
                                where=where(("unpivot", "names", name))))  # fmt: skip
    raise_errors(issues)
    names = {plain(name): meant for name, meant in said.names.items()}
    labels = [names.get(plain(label), label) for label, _ in slots]
    if _are_days(said, schema):
        labels = dated(labels, cells, said.year)
    return [(label, inside) for label, (_, inside) in zip(labels, slots, strict=True)]


def _are_days(said: Unpivot, schema: TableSchema) -> bool:
    return any(column.kind == "date" for column in schema.columns if column.name == said.name)


def _by_patterns(
    free: Mapping[int, str], values: Mapping[str, str], where: Where
) -> tuple[list[tuple[str, dict[str, int]]], list[Issue]]:
    slots: dict[str, dict[str, int]] = {}
    issues = []
    for column, pattern in values.items():
        fits = re.compile(re.escape(pattern).replace(r"\*", "(.*)"), re.IGNORECASE | re.DOTALL)
        hits = {index: hit for index, name in free.items() if (hit := fits.fullmatch(name))}
        for index, hit in hits.items():
            label = hit[1].strip() if hit.groups() else column
            slots.setdefault(label, {})[column] = index
        if not hits:
            issues.append(Issue("DATA-530", pattern, hint=tuple(free.values())[:3],
                                where=where(("unpivot", "values", column))))  # fmt: skip
    return list(slots.items()), issues


def _chosen(
    cells: Cells, header: Header, free: Mapping[int, str], said: Unpivot, schema: TableSchema, where: Where
) -> tuple[list[int], list[Issue]]:
    """Return the columns that become rows: those named, those a pattern fits, or all that are days."""
    if said.columns is None:
        titles, place = list(free.values()), where(("unpivot",))
        days = is_day(dated(titles, cells, said.year)) if _are_days(said, schema) else [False] * len(free)
        chosen = [index for index, day in zip(free, days, strict=True) if day]
        if chosen:
            return chosen, []
        stated = said.model_dump(exclude_defaults=True)
        unknown = no_year(titles, line(unpivot={**stated, "year": "YYYY"}), place)
        none = Issue("DATA-584", said.name, {"source": cells.label_of_source}, tuple(titles)[:3], place)
        return [], [*unknown] or [none]
    chosen, issues = [], []
    for number, pattern in enumerate(said.columns):
        position = header.position(pattern)
        fits = [index for index, name in free.items() if fnmatchcase(name.casefold(), pattern.casefold())]
        hits = [position] if position is not None else fits
        chosen += [index for index in hits if index not in chosen]
        if not hits:
            issues.append(Issue("DATA-530", pattern, hint=nearest(pattern, free.values()),
                                where=where(("unpivot", "columns", number))))  # fmt: skip
    return chosen, issues
