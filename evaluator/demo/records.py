"""The customer list and the sales of the demo, as a company's own systems would export them.

The files carry the faults of real ones, each of which the mapping in `study.yaml` answers: a GB18030
list, a title above the header and a total below, amounts as text and dates as numbers from an older
system, lost leading zeros, costs in 10,000 CNY, walk-in sales, lines exported twice.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from evaluator import files
from evaluator.columns.apostrophes import marked
from evaluator.demo.market import AS_OF, FIRST, Market, day
from evaluator.demo.trade import PER_LINE, Sale
from evaluator.demo.words import Words
from evaluator.workbook.book import Sheet, Value, open_book

_OLD_SYSTEM = 365  # sales of the first year come from it
_LOST_ZEROS, _REPEATED, _WALK_IN = 0.04, 5, 9
_INTERMEDIARY, _CHANGED = 0.25, 0.06


def number(customer: int) -> str:
    """Return the number of a customer, four digits with leading zeros.

    >>> number(6)
    '0007'
    """
    return f"{customer + 1:04d}"


def write_customers(
    path: Path,
    rng: np.random.Generator,
    customers: Market,
    words: Words,
    since: Sequence[date | None],
    *,
    end: int | None = None,
) -> None:
    """Write the customer list as CSV, in Chinese as GB18030; those who came before `end`, where stated."""
    types = kinds(rng, customers.count)
    rows = [
        [
            number(index),
            name,
            words.types[types[index]],
            place,
            *_looked_after(index, place, words),
            since[index],
        ]
        for index, (name, place) in enumerate(companies(rng, customers.count, words))
        if end is None or customers.start[index] < end
    ]
    columns = ("id", "name", "type", "place", "region", "owner", "start_date")
    header = [words.headers["customers"][name] for name in columns]
    write_csv(path, header, rows, encoding="gb18030" if words.language == "zh" else "utf-8-sig")


def _looked_after(index: int, place: str, words: Words) -> tuple[str, str]:
    """Return the region of a place, and which of its account managers looks after the customer."""
    region = words.places.index(place) * len(words.regions) // len(words.places)
    each = len(words.owners) // len(words.regions)
    return words.regions[region], words.owners[region * each + index % each]


def kinds(rng: np.random.Generator, count: int) -> list[str]:
    """Return the type of each customer; the first thing drawn from the stream of the customer list."""
    return [str(kind) for kind in np.where(rng.random(count) < _INTERMEDIARY, "intermediary", "industrial")]


def write_types(path: Path, rng: np.random.Generator, types: Sequence[str], words: Words) -> None:
    """Write since when each customer is of its type; a few were of the other one until last year."""
    rows = []
    for index, (kind, changed) in enumerate(zip(types, rng.random(len(types)) < _CHANGED, strict=True)):
        if changed:
            other = "industrial" if kind == "intermediary" else "intermediary"
            rows.append([number(index), FIRST, words.types[other]])
        turned = AS_OF - timedelta(days=int(rng.integers(20, 170)))
        rows.append([number(index), turned if changed else FIRST, words.types[kind]])
    write_csv(path, list(words.headers["customer_types"].values()), rows)


def companies(rng: np.random.Generator, count: int, words: Words) -> list[tuple[str, str]]:
    """Return invented names, all different, each with its place."""
    choices = len(words.words) * len(words.trades)
    found = []
    for chosen in rng.choice(choices * 2, size=count, replace=False).tolist():
        word, trade = divmod(chosen % choices, len(words.trades))
        half = len(words.places) // 2
        place = words.places[int(rng.integers(half)) + half * (chosen // choices)]
        name = words.company.format(place=place, word=words.words[word], trade=words.trades[trade])
        found.append((name, place))
    return found


def write_orders(path: Path, rng: np.random.Generator, sales: Sequence[Sale], words: Words) -> None:
    """Write all sales as a workbook with a title above the header and a total below the rows."""
    headers = words.headers["orders"]
    columns = tuple(headers)
    with open_book(path, language=words.language, constant_memory=True) as book:
        sheet = book.sheet(words.orders_sheet)
        sheet.widths(12, 16, 12, 22, 10, 14, 14)
        sheet.put(0, 0, words.orders_title.format(first=FIRST, last=day((AS_OF - FIRST).days - 1)), "title")
        sheet.put_row(2, 0, [headers[name] for name in columns], "heading")
        row = 2
        for row, values in enumerate(_order_rows(rng, sales, words), start=3):
            _put_order(sheet, row, values)
        sheet.put(row + 1, 0, words.total, "strong")
        sheet.put(row + 1, columns.index("amount"), round(sum(sale.amount for sale in sales), 2), "strong")


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], *, encoding: str = "utf-8-sig"
) -> None:
    """Write a CSV file whole or not at all; None is an empty cell."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([marked(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    with files.replacing(path) as new:
        new.write_bytes(buffer.getvalue().encode(encoding))


def _order_rows(rng: np.random.Generator, sales: Sequence[Sale], words: Words) -> Iterator[list[Value]]:
    lost = rng.random(len(sales)) < _LOST_ZEROS
    repeated = set(rng.choice(len(sales), _REPEATED, replace=False).tolist())
    walk_in = set(rng.choice(len(sales), _WALK_IN, replace=False).tolist())
    products = [name for line in words.products for name in line]
    if len(products) != len(words.products) * PER_LINE:
        raise ValueError("every product line of the demo has as many products")
    for index, sale in enumerate(sales):
        values = _exported(sale, products[sale.product], lost_zeros=bool(lost[index]))
        yield values
        if index in repeated:
            yield values
        if index in walk_in:
            yield [*values[:1], f"{values[1]}X", words.walk_in, *values[3:]]


def _exported(sale: Sale, product: str, *, lost_zeros: bool) -> list[Value]:
    date, customer = day(sale.day), number(sale.customer)
    old = sale.day < _OLD_SYSTEM
    return [
        int(f"{date:%Y%m%d}") if old else date,
        sale.order,
        int(customer) if lost_zeros else customer,
        product,
        sale.quantity,
        f"{sale.amount:,.2f}" if old else sale.amount,
        round(sale.cost / 10_000, 6),
    ]


def _put_order(sheet: Sheet, row: int, values: Sequence[Value]) -> None:
    for column, value in enumerate(values):
        sheet.put(row, column, value, "day" if column == 0 and not isinstance(value, int) else "plain")
