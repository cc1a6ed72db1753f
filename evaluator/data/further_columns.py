"""Columns of a file that its table does not know: kept as text, for lists, filters and limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from evaluator.data.header_names import plain
from evaluator.data.headers import Header
from evaluator.data.mapping import TableMapping
from evaluator.data.tables import TableSchema
from evaluator.documents import Key
from evaluator.errors import Issue, Location, nearest


def further_columns(
    header: Header, mapping: TableMapping, schema: TableSchema, found: Mapping[str, int]
) -> dict[str, int]:
    """Return the position of every further column, by the name the study gives it, else by its header.

    Of two columns with one header the second is ``header.2``. What the study leaves out (``phone: null``)
    is not kept, nor what would be mistaken for a column that the table knows.
    """
    if not schema.further:
        return {}
    kept = {
        name: place
        for name in _named(mapping, schema)
        if (place := _place(header, mapping, name)) is not None
    }
    taken = {*found.values(), *kept.values(), *header.fixed}
    refused = {plain(name) for name in (*schema.names, *kept, *_left_out(mapping))}
    times: Counter[str] = Counter()
    for position, title in enumerate(header.names):
        times[title] += 1
        name = title if times[title] == 1 else f"{title}.{times[title]}"
        if title and position not in taken and plain(name) not in refused:
            kept[name] = position
    return kept


def misnamed_further(
    name: str,
    header: Header,
    mapping: TableMapping,
    schema: TableSchema,
    found: Mapping[str, int],
    where: Callable[[Key], Location],
) -> Iterator[Issue]:
    """Yield what is wrong with a name that the study gives a further column.

    It resembles a column that the table knows and nothing else is, or names no header; its header is missing.
    """
    meant = [close for close in nearest(name, schema.names) if close not in found]
    stated, key = mapping.column(name), ("columns", name)
    if meant or (_place(header, mapping, name) is None and not (stated and stated.placed)):
        yield Issue("DATA-407", name, hint=tuple(meant) or nearest(name, header.names), where=where(key))
    elif stated and stated.placed and header.column(stated) is None:
        said = stated.from_ or str(stated.position)
        detail = {"column": name, "file": mapping.source}
        yield Issue("DATA-406", said, detail, nearest(said, header.names), where(key))


def _named(mapping: TableMapping, schema: TableSchema) -> list[str]:
    return [name for name in mapping.columns if name not in schema.names and mapping.column(name)]


def _left_out(mapping: TableMapping) -> list[str]:
    return [name for name in mapping.columns if mapping.column(name) is None]


def _place(header: Header, mapping: TableMapping, name: str) -> int | None:
    stated = mapping.column(name)
    return header.column(stated) if stated and stated.placed else header.position(name)
