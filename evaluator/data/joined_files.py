"""Several files of one table put together: months, branches, whatever a client exports one by one."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from evaluator.brief import Brief
from evaluator.data.cell_values import Body
from evaluator.data.cells import Cells, typed_column
from evaluator.data.header_names import plain
from evaluator.data.headers import ROW_NUMBER, Header
from evaluator.data.matching import required
from evaluator.errors import Issue, Location, Severity

Found = Mapping[str, int]
_SHOWN = 3


@dataclass(frozen=True)
class Part(Brief):
    """One file among several: its rows are counted from `first`, `columns` says where each column stands."""

    cells: Cells
    header: Header
    first: int
    columns: Mapping[int, int]


@dataclass(frozen=True)
class SeveralCells(Cells):
    """The rows of several files one after another, counted through; places still name their own file."""

    parts: tuple[Part, ...] = ()

    def place(self, row: int, column: int) -> Location:
        """Return where a cell stands in its own file."""
        part = self.part(row)
        return part.cells.place(row - part.first, part.columns.get(column, 0))

    def label(self, row: int) -> str:
        """Return a row as people count it, with its file."""
        part = self.part(row)
        return f"{part.cells.label_of_source}:{part.cells.label(row - part.first)}"

    def part(self, row: int) -> Part:
        """Return the file a row comes from."""
        return self.parts[bisect_right([part.first for part in self.parts], row) - 1]


def together(read: Sequence[tuple[Cells, Header, Found]], name: str) -> tuple[Cells, Header]:
    """Return the rows of several files or sheets under one header.

    Columns are one column where they are the same column of the table (`Found` says where each stands in
    its file) or have the same name. Files may have them in any order, and titles and headers of their
    own; what stands above the header of a file is left behind.
    """
    if len(read) == 1:
        return read[0][:2]
    header, order = _joined(read)
    parts: list[Part] = []
    frames: list[pl.DataFrame] = []
    first = 0
    for cells, own, found in read:
        columns = {order[key]: position for position, key in enumerate(_keys(own, found))}
        parts.append(Part(cells, own, first, columns))
        below = cells.frame.slice(own.index + 1)
        typed = {typed_column(f"c{position}"): typed_column(f"c{i}") for i, position in columns.items()}
        frames.append(below.select(
            *(_column(cells, own, columns.get(index)).alias(f"c{index}") for index in range(len(order))),
            *(pl.col(name).alias(typed[name]) for name in below.columns if name in typed),
            (pl.col("row") + first).alias("row"),
        ))  # fmt: skip
        last = cells.frame["row"].max()
        first += int(last) + 1 if isinstance(last, int) else 1
    frame = pl.concat(frames, how="diagonal").with_columns(pl.col(pl.Boolean).fill_null(False))
    day_0 = {cells.day_0 for cells, *_ in read if cells.day_0}
    delimiters = {cells.delimiter for cells, *_ in read}
    joined = SeveralCells(
        name, frame, parts=tuple(parts),
        day_0=day_0.pop() if len(day_0) == 1 else None,
        delimiter=delimiters.pop() if len(delimiters) == 1 else None,
    )  # fmt: skip
    return joined, header


def _joined(read: Sequence[tuple[Cells, Header, Found]]) -> tuple[Header, dict[tuple[str, int], int]]:
    """Return the header of all files, and the place of every column in it."""
    names: dict[tuple[str, int], str] = {}
    called: dict[tuple[str, int], frozenset[str]] = {}
    fixed: set[tuple[str, int]] = set()
    for _, header, found in read:
        keys = _keys(header, found)
        for key, title, also in zip(keys, header.names, header.called, strict=True):
            names.setdefault(key, title)
            called[key] = called.get(key, frozenset()) | also
        fixed |= {keys[position] for position in header.fixed}
    order = {key: index for index, key in enumerate(names)}
    given = {name: order[f"={name}", 0] for _, header, _ in read for name in header.given}
    places = frozenset(order[key] for key in fixed)
    row = read[0][1].row
    return Header(-1, row, tuple(names.values()), tuple(called.values()), given=given, fixed=places), order


def _column(cells: Cells, header: Header, position: int | None) -> pl.Expr:
    """Return a column of a file, empty where it has none; row numbers say which file they are of."""
    if position is None:
        return pl.lit(None, dtype=pl.String)
    column = pl.col(f"c{position}")
    numbered = position in header.fixed and header.names[position] == ROW_NUMBER
    return pl.lit(f"{cells.label_of_source}:") + column if numbered else column


def _keys(header: Header, found: Found) -> list[tuple[str, int]]:
    """Return what makes a column the same as one of another file: the column it is, or its name and place."""
    known = {position: name for name, position in found.items()}
    seen: Counter[str] = Counter()
    keys = []
    for position, title in enumerate(header.names):
        name = f"={known[position]}" if position in known else plain(title)
        keys.append((name, seen[name]))
        seen[name] += 1
    return keys


def part_issues(table: Body) -> Iterator[Issue]:
    """Yield how the files of a table differ.

    Errors: a file lacks a column the table cannot do without, or holds something else in it than another
    file. Warning: a file lacks a column others have.
    """
    if not isinstance(table.cells, SeveralCells):
        return
    needed = required(table.schema, table.found)
    for part in table.cells.parts:
        for name, position in table.found.items():
            if position not in part.columns:
                where = part.cells.place(part.header.row, 0)
                headers = ", ".join(filter(None, part.header.names))
                if name in needed:
                    yield Issue("DATA-405", name, {"headers": headers}, where=where)
                else:
                    yield Issue("DATA-428", name, {"file": part.cells.label_of_source}, where=where,
                                severity=Severity.WARNING)  # fmt: skip
    for column in table.columns:
        yield from _changed(column.name, table, table.cells)


def _changed(name: str, table: Body, cells: SeveralCells) -> Iterator[Issue]:
    """Yield an issue for the files most of whose cells cannot be read, where another file's can."""
    firsts = pl.Series([part.first for part in cells.parts])
    file = firsts.search_sorted(table.rows["row"], side="right").cast(pl.Int64) - 1
    text = table.rows[f"c{table.found[name]}"]
    filled = pl.DataFrame(
        {"part": file, "row": table.rows["row"], "text": text, "bad": table.problem(name).is_not_null()}
    ).filter((text.str.strip_chars() != "").fill_null(False))
    counts = filled.group_by("part", maintain_order=True).agg(pl.col("bad").sum(), pl.len().alias("of"))
    unlike = counts.filter(pl.col("bad") * 2 > pl.col("of"))
    alike = counts.filter(pl.col("bad") * 2 <= pl.col("of"))
    if not unlike.height or not alike.height:
        return
    other = cells.parts[alike["part"][0]].cells.label_of_source
    for part, bad, of in unlike.iter_rows():
        cases = filled.filter((pl.col("part") == part) & pl.col("bad")).head(_SHOWN)
        examples = ", ".join(f"«{text}»" for text in cases["text"])
        detail = {"file": cells.parts[part].cells.label_of_source, "other": other, "count": bad, "of": of,
                  "examples": examples}  # fmt: skip
        yield Issue("DATA-429", name, detail, where=table.place(cases["row"][0], name))
