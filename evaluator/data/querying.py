"""What a query or a table of a database holds, as cells of text, with a fingerprint of the rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal

import polars as pl

from evaluator.data.cells import Cells, cell_text, typed_column
from evaluator.data.connections import Readers, Row, telling
from evaluator.data.databases import Address
from evaluator.data.mapping import TableMapping
from evaluator.data.queries import check_query
from evaluator.errors import EvaluationError, Issue, Location

_BETWEEN, _NOTHING = "\x1f", "\x00"


def read_query(address: Address, mapping: TableMapping, readers: Readers, where: Location) -> Cells:
    """Return the rows of a query or table; the names of its columns are record 0.

    Raises `EvaluationError` for no row, for what is no statement that only reads, and as
    `connections.telling`; of a lost connection, with the rows that had come.
    """
    if mapping.query:
        check_query(mapping.query, address.engine, address.name, where)
    reader = readers.of(address, where)
    query = mapping.query or f"select * from {reader.quoted(mapping.table or '')}"
    parts: list[pl.DataFrame] = []
    names: list[str] = []
    prints = RowPrints()

    def read_so_far() -> dict[str, object]:
        return {"rows": sum(part.height for part in parts)}

    with telling(address, "read", where=where, detail=read_so_far, known=reader.tables,
                 subject=mapping.table or ""):  # fmt: skip
        for names, rows in reader.chunks(query):
            texts = _texts(rows)
            prints.add(zip(*texts, strict=True))
            part = pl.DataFrame(texts or None, schema=_schema(len(names)))
            parts.append(part.hstack(_typed(rows, len(names))))
    frame = pl.concat(parts) if parts else pl.DataFrame()
    if not frame.height:
        raise EvaluationError([Issue("DATA-403", mapping.source, where=where)])
    header = pl.DataFrame([tuple(names)], schema=_schema(len(names)), orient="row")
    cells = pl.concat([header, frame], how="diagonal").with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("row"), pl.col(pl.Boolean).fill_null(False)
    )
    return Cells(mapping.source, cells, query=query, fingerprint=prints.hexdigest(names))


class RowPrints:
    """A fingerprint of rows that does not depend on the order a database hands them out in.

    The SHA-256 of every row are added up, so that rows that stand twice count twice, and the sum is
    hashed with the names of the columns.
    """

    def __init__(self) -> None:
        self._sum = 0

    def add(self, rows: Iterable[tuple[str | None, ...]]) -> None:
        """Take rows in."""
        for row in rows:
            text = _BETWEEN.join(_NOTHING if cell is None else cell for cell in row)
            self._sum += int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")

    def hexdigest(self, names: Iterable[str]) -> str:
        """Return the fingerprint in hexadecimal digits.

        >>> one, two = RowPrints(), RowPrints()
        >>> one.add([("a", "1"), ("b", None)])
        >>> two.add([("b", None), ("a", "1")])
        >>> one.hexdigest(["id", "x"]) == two.hexdigest(["id", "x"]) != two.hexdigest(["id", "y"])
        True
        """
        total = (self._sum % 2**256).to_bytes(32, "big")
        return hashlib.sha256(_BETWEEN.join(names).encode() + total).hexdigest()


def _schema(width: int) -> dict[str, type[pl.String]]:
    return {f"c{index}": pl.String for index in range(width)}


def _typed(rows: Sequence[Row], width: int) -> pl.DataFrame:
    """Return which values are no text in the database."""
    names = [typed_column(f"c{index}") for index in range(width)]
    columns = zip(*rows, strict=True) if rows else ((),) * width
    typed = [[not isinstance(value, str) for value in column] for column in columns]
    return pl.DataFrame(typed, schema=dict.fromkeys(names, pl.Boolean))


def _texts(rows: Sequence[Row]) -> list[list[str | None]]:
    """Return rows as columns of text; a column is of one type, so it is looked at as a whole."""
    return [_texts_of(column) for column in zip(*rows, strict=True)]


def _texts_of(column: Sequence[object]) -> list[str | None]:
    kinds = set(map(type, column))
    if kinds <= {str, type(None)}:
        return list(column)  # type: ignore[arg-type]
    if kinds <= {int, type(None)}:
        return [None if value is None else str(value) for value in column]
    return [_text(value) for value in column]


def _text(value: object) -> str | None:
    """Return a value of a database as text: decimals in full, nothing for what is no single value."""
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else str(value)
    if isinstance(value, bytes | memoryview | list | tuple | dict | set):
        return None
    return cell_text(value)
