"""What sections on states have in common: who moved between them, and how each is treated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator import messages
from evaluator.customers import Transitions, load_treatments
from evaluator.present import charts, figures
from evaluator.reports.blocks import Block, Card, Cards, Facts, Picture, strategy_lines
from evaluator.reports.context import Context


def moves(id_: str, moved: Transitions, prefix: str, context: Context) -> Iterator[Block]:
    """Yield who moved between states, whose names stand under a prefix of the catalogues."""
    names = [messages.text(f"{prefix}.{state}", context.language) for state in moved.states]
    cells = [
        charts.Value(
            names[i],
            names[j],
            int(moved.counts[i, j]),
            f"{moved.counts[i, j]:,}\n{figures.percent(float(moved.shares[i, j]), 0)}",
        )
        for i in range(len(names))
        for j in range(len(names))
        if moved.counts[i, j]
    ]
    if not cells:
        return
    stayed = figures.percent(moved.stayed)
    yield Picture(
        charts.grid(
            id_,
            context.text("customers.moves.chart"),
            context.text("customers.moves.says", stayed=stayed),
            cells,
            names,
            names,
            (context.text("customers.moves.after"), context.text("customers.moves.before")),
            (context.text("customers.count"), ",d"),
        )
    )
    yield Facts(
        (
            (context.text("customers.moves.stayed"), stayed),
            (context.text("customers.moves.entered"), figures.number(int(moved.entered.sum()), 0)),
            (context.text("customers.moves.left"), figures.number(int(moved.left.sum()), 0)),
        )
    )


def treated(name: str, rows: Sequence[tuple[str, int, float]], prefix: str, context: Context) -> Cards:
    """Return a card per state with its strategy: states, customers and shares in the order of the rows."""
    known = load_treatments(name)
    cards = tuple(
        Card(
            messages.text(f"{prefix}.{key}", context.language),
            place,
            count,
            share,
            (),
            strategy_lines(known.strategies.get(key), context),
        )
        for place, (key, count, share) in enumerate(rows)
    )
    return Cards(context.text("customers.treatments"), (), cards, known.source[context.language])
