"""What views of several customer models show alike: moves, treatments, shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evaluator.customers.transition_tables import Transitions
from evaluator.customers.treatments import load_treatments
from evaluator.present import charts, figures
from evaluator.present.blocks import Card, Cards, Cell, Head, View, facts
from evaluator.present.kinds import Kind
from evaluator.present.reader import Reader
from evaluator.tree.types import Strategy

BARRED = ",d"  # how counts are written along an axis


def shares_chart(
    id_: str, caption: tuple[str, str], rows: Iterable[tuple[str, int, float]], axis: str
) -> charts.Chart:
    """Return counts as bars with their shares: (name, count, share)."""
    rows = list(rows)
    labels = [f"{count:,} · {figures.percent(share)}" for _, count, share in rows]
    counts = [(name, count) for name, count, _ in rows]
    return charts.bars(id_, *caption, counts, axis, labels=labels, format_=BARRED)


def moves(id_: str, moved: Transitions, names: Mapping[str, str], reader: Reader) -> View:
    """Yield who moved between states, which have these names."""
    order = [names[state] for state in moved.states]
    cells = [
        charts.Value(before, after, int(count), f"{count:,}\n{figures.percent(float(moved.shares[i, j]), 0)}")
        for i, before in enumerate(order)
        for j, after in enumerate(order)
        if (count := moved.counts[i, j])
    ]
    if not cells:
        return
    stayed = figures.percent(moved.stayed)
    axes = (reader.text("customers.moves.after"), reader.text("customers.moves.before"))
    caption = reader.caption("customers.moves.chart", stayed=stayed)
    yield charts.grid(id_, *caption, cells, order, order, axes, (reader.text("customers.count"), BARRED))
    entered, left = (int(column.sum()) for column in (moved.entered, moved.left))
    known: dict[str, tuple[Cell, Kind]] = {
        "stayed": (moved.stayed, "share"), "entered": (entered, "count"), "left": (left, "count")
    }  # fmt: skip
    yield facts(reader, "customers.moves", known)


def once_bought(lost_days: float | None, reader: Reader) -> str:
    """Return after how many days who bought once counts as lost; empty where no number is stated."""
    if not lost_days:
        return ""
    return reader.text("customers.once", days=reader.say(lost_days, "days"))


def strategy_lines(strategy: Strategy | None, reader: Reader) -> tuple[tuple[str, str], ...]:
    """Return (aspect, sentence) of a strategy in the order of reading."""
    aspects = type(strategy).model_fields if strategy else ()
    stated = ((aspect, getattr(strategy, aspect)) for aspect in aspects)
    return tuple(
        (reader.text(f"strategy.{aspect}"), label[reader.language]) for aspect, label in stated if label
    )


def treated(
    set_: str,
    rows: Iterable[tuple[Any, ...]],
    names: Mapping[str, str],
    reader: Reader,
    *,
    title: str = "customers.treatments",
    heads: tuple[Head, ...] = (),
    said: Iterable[str] = (),
) -> Cards:
    """Return a card per class with its strategy, of a set of strategies that ships.

    `rows` are (class, customers, share, a figure for each of the heads) in the order of the classes, each of
    which has its name; what is `said` stands below, before the source of the strategies.
    """
    known = load_treatments(set_)
    lines = {key: strategy_lines(strategy, reader) for key, strategy in known.strategies.items()}
    cards = tuple(
        Card(names[key], place, count, share, tuple(values), lines.get(key, ()))
        for place, (key, count, share, *values) in enumerate(rows)
    )
    return Cards(reader.text(title), heads, cards, reader.sentences([*said, known.source[reader.language]]))


def filled(cards: Cards) -> Cards:
    """Return the cards of classes that have customers."""
    return Cards(cards.title, cards.heads, tuple(card for card in cards.cards if card.count), cards.note)
