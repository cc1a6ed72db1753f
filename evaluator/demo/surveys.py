"""What other departments of the demo company know of its customers: key figures and grades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluator.demo.market import DAYS, Market, Numbers
from evaluator.demo.records import number, write_csv
from evaluator.demo.trade import LINES, PER_LINE, Sale
from evaluator.demo.words import Words
from evaluator.tree import Tree

_YEAR = 365
_UNKNOWN = 0.07  # share of cells nobody filled in
_SURVEYED, _GRADED = 0.8, 0.94
_NEWCOMER, _NEWCOMER_GRADED = 150, 0.35  # days; raters do not know the newest customers yet
_LEVELS = (1.4, 0.55, -0.3, -1.1)  # where a standard normal opinion passes to the next grade, best first
_SEEN_IN = {  # graded indicators: how far each shows size, bond, drive and credit
    "loyalty": (0.1, 0.9, 0.1, 0.0),
    "trust": (0.0, 0.5, 0.0, 0.7),
    "industry_outlook": (0.0, 0.1, 0.8, 0.0),
    "relationship_level": (0.2, 0.8, 0.0, 0.0),
    "reference_effect": (0.6, 0.3, 0.2, 0.0),
}

Stated = Mapping[int, Mapping[str, str]]
"""Figures as they are written, by customer and figure."""


@dataclass(frozen=True)
class Year:
    """What each customer bought in the last twelve months: net amount in CNY, and product lines."""

    amount: Numbers
    lines: Numbers


def last_year(customers: Market, sales: Sequence[Sale], *, end: int = DAYS) -> Year:
    """Return what was bought in the year before the evaluation, or before an earlier day."""
    amount = np.zeros(customers.count)
    lines = np.zeros((customers.count, LINES), dtype=bool)
    for sale in sales:
        if end - _YEAR <= sale.day < end:
            amount[sale.customer] += sale.amount
            lines[sale.customer, sale.product // PER_LINE] |= sale.quantity > 0
    return Year(amount, lines.sum(axis=1))


def write_measures(
    path: Path, rng: np.random.Generator, customers: Market, year: Year, words: Words, known: Stated
) -> None:
    """Write the key figures, one row per customer, with gaps where a department has no record.

    `known` has figures that are stated, by customer; of overdue money finance knows everything.
    """
    figures = _figures(rng, customers, year, words)
    headers = words.headers["measures"]
    gaps = rng.random((customers.count, len(figures))) < _UNKNOWN
    gaps[:, list(figures).index("overdue_share")] = False
    rows = []
    for index in range(customers.count):
        cells = [
            _gap(index, words) if gaps[index, column] else values[index]
            for column, values in enumerate(figures.values())
        ]
        stated = known.get(index, {})
        told = (stated.get(name, cell) for name, cell in zip(figures, cells, strict=True))
        rows.append([number(index), *told])
    write_csv(path, [headers["id"], *(headers[name] for name in figures)], rows)


def write_grades(path: Path, rng: np.random.Generator, customers: Market, tree: Tree, words: Words) -> None:
    """Write the raters' grades as a long table, a row per rater, customer and indicator."""
    header = [words.headers["grades"][name] for name in ("rater", "id", "indicator", "grade")]
    write_csv(path, header, _grades(rng, customers, tree, words))


def _grades(rng: np.random.Generator, customers: Market, tree: Tree, words: Words) -> Iterator[list[str]]:
    traits = np.array([customers.size, customers.bond, customers.drive, customers.credit])
    names = [grade.name[words.language] for grade in tree.grades]
    new = DAYS - customers.start < _NEWCOMER
    chance = np.where(new, _NEWCOMER_GRADED, _GRADED)
    severity = dict(zip(words.raters, (0.15, 0.0, -0.15), strict=True))
    for indicator, seen in _SEEN_IN.items():
        label = tree.nodes[indicator].name[words.language]
        true = seen @ traits + rng.normal(0, 0.3, customers.count)
        for rater in words.raters:
            opinion = true + severity[rater] + rng.normal(0, 0.3, customers.count)
            graded = rng.random(customers.count) < chance
            for index in np.flatnonzero(graded).tolist():
                grade = int(np.searchsorted(-np.array(_LEVELS), -opinion[index]))
                yield [rater, number(index), label, names[grade]]


def _figures(
    rng: np.random.Generator, customers: Market, year: Year, words: Words
) -> dict[str, list[str | None]]:
    """Return the cells of every figure, as each department writes them."""
    count, bought = customers.count, year.amount > 0
    size, bond, drive, credit = customers.size, customers.bond, customers.drive, customers.credit

    def noise(spread: float) -> Numbers:
        return rng.normal(0, spread, count)

    share = np.clip(customers.share * np.exp(noise(0.1)), 0.02, 0.95)
    needs = np.where(bought, year.amount, customers.yearly) / share
    surveyed = (rng.random(count) < _SURVEYED) & (DAYS - customers.start > _NEWCOMER)
    relevant = np.maximum(year.lines, rng.integers(3, LINES + 1, count))
    return {
        "cost_to_serve_ratio": _percent(np.exp(-2.75 - 0.3 * size + noise(0.4)), bought),
        "marketing_cost": _percent(np.exp(-3.6 - 0.2 * size + noise(0.5)), bought),
        "acquisition_cost": _percent(np.exp(-4.2 - 0.3 * size + noise(0.6)), bought),
        "dso_days": _written(np.exp(4.0 - 0.25 * credit + noise(0.25)), bought, "{:.0f}"),
        "satisfaction": _written(np.clip(72 + 9 * bond + noise(5), 20, 100), surveyed, "{:.0f}"),
        "overdue_share": _percent(np.clip(0.07 - 0.09 * credit + noise(0.05), 0, 0.9), bought),
        "credit_use": _percent(np.clip(0.55 - 0.12 * credit + noise(0.2), 0, 1.3), rng.random(count) < 0.85),
        "contract": [words.contracts[level] for level in _contracts(bond + noise(0.5))],
        "business_growth": _percent(0.05 + 0.08 * drive + noise(0.04), rng.random(count) < 0.9),
        "share_of_wallet": _percent(np.where(bought, share, 0.0), np.full(count, True)),
        "business_volume": _written(needs / 10_000, np.full(count, True), "{:,.1f}"),
        "line_coverage": _percent(year.lines / relevant, np.full(count, True)),
        "referrals": [str(n) for n in rng.poisson(np.exp(-0.9 + 0.6 * bond)).tolist()],
    }


def _contracts(closeness: Numbers) -> list[int]:
    return [int(level) for level in np.searchsorted([0.0, 1.1], closeness)]


def _percent(values: Numbers, known: NDArray[np.bool_]) -> list[str | None]:
    return _written(values * 100, known, "{:.1f}%")


def _written(values: Numbers, known: NDArray[np.bool_], layout: str) -> list[str | None]:
    cells = zip(values.tolist(), known.tolist(), strict=True)
    return [layout.format(value) if there else None for value, there in cells]


def _gap(index: int, words: Words) -> str | None:
    """Return how an unknown figure is written: mostly not at all, at times in words."""
    return words.unknown if index % 4 == 0 else None
