"""Tables for paper and slides: how wide columns are, which of them fit, and cards as rows."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width

from evaluator.present.blocks import Cards, Cell, Head, Table
from evaluator.present.kinds import said
from evaluator.reports.context import Context

_LEAST, _MOST = 5, 70  # characters of a column
_BOLD = 1.1  # letters of headings are that much wider
_BESIDE = 2.8  # characters of white on both sides
_WORDS = 14  # characters in which a column of words can be read
_SENTENCE, _READ = 60, 36  # characters of what is a sentence, and of a column in which one can be read


def span(text: str) -> int:
    """Return how wide a text is, in digits.

    >>> span("12.5%"), span("客户")
    (6, 4)
    """
    return sum(2 if letter == "%" or east_asian_width(letter) in "WF" else 1 for letter in text)


def fitted(table: Table, room: float, language: str) -> tuple[Table, tuple[Head, ...]]:
    """Return a table with the columns that fit side by side into so many characters, and those left out."""
    needed, kept = 0.0, 0
    for place in range(len(table.heads)):
        needed += _least(table, place, language)
        if needed > room and kept:
            break
        kept += 1
    heads, dropped = table.heads[:kept], table.heads[kept:]
    if not dropped:
        return table, ()
    return Table(
        table.title, heads, tuple(row[:kept] for row in table.rows), table.note, table.total
    ), dropped


def stacked(table: Table, room: float, language: str) -> Table:
    """Return a table whose sentences have room: else they stand in the first column, under its words."""
    given = widths(table, room, language)
    for place, head in enumerate(table.heads[1:], 1):
        told = [row[place] for row in table.rows]
        if head.kind != "text" or max((span(str(one or "")) for one in told), default=0) < _SENTENCE:
            continue
        if given[place] * room >= _READ:
            continue
        rows = tuple(
            (f"{row[0]}\n{one}" if one else row[0], *row[1:place], *row[place + 1 :])
            for row, one in zip(table.rows, told, strict=True)
        )
        heads = (*table.heads[:place], *table.heads[place + 1 :])
        return Table(table.title, heads, rows, table.note, table.total)
    return table


def widths(table: Table, room: float, language: str) -> tuple[float, ...]:
    """Return the share of the width that each column takes: figures what they need, words the rest."""
    least = [_least(table, place, language) for place in range(len(table.heads))]
    wish = [max(low, min(_MOST, _longest(table, place, language))) for place, low in enumerate(least)]
    spare = max(room - sum(least), 0.0)
    more = [high - low for high, low in zip(wish, least, strict=True)]
    part = min(spare / sum(more), 1.0) if sum(more) else 0.0
    given = [low + part * extra for low, extra in zip(least, more, strict=True)]
    return tuple(one / sum(given) for one in given)


def _least(table: Table, place: int, language: str) -> float:
    """Return the least width of a column: figures and days stand on one line, words break."""
    head, longest = table.heads[place], _longest(table, place, language)
    if head.kind == "text":
        return max(_LEAST, min(longest, _WORDS))
    return max(_LEAST, longest)


def _longest(table: Table, place: int, language: str) -> float:
    head = table.heads[place]
    texts = [said(row[place], head.kind, language, head.currency) for row in table.rows]
    title = max((span(word) for word in head.title.split()), default=0)
    broken = min(_BOLD * span(head.title), max(_BOLD * title, 8))  # a heading may stand on several lines
    return _BESIDE + max([broken, *map(span, texts)])


def table_of_cards(cards: Cards, context: Context) -> tuple[Table, Sequence[str]]:
    """Return classes as a table of their figures, and what is said of treating each."""
    heads = (Head(context.text("ranking.class")), Head(context.counted, "count"),
             Head(context.text("customers.share"), "share"), *cards.heads)  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for card in cards.cards:
        figures = card.figures or (None,) * len(cards.heads)
        rows.append((card.name, card.count, card.share, *figures))
    colon = context.text("colon")
    told = [
        f"{card.name}{colon}" + " ".join(f"{aspect}{colon}{said}" for aspect, said in card.strategy)
        for card in cards.cards
        if card.strategy and card.count
    ]
    return Table(cards.title, heads, tuple(rows), cards.note, len(rows)), told
