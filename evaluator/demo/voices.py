"""What the demo's customers say, why some left, and how the company judges itself.

These are the tables of satisfaction, loyalty, churn and the firm. A customer who is close trusts, recommends
and stays; who pays badly is lost passively; and what customers say goes with what they do only in part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from evaluator.customers.models.churn.rates import CAUSES
from evaluator.customers.models.firm import capability_structure, checklists
from evaluator.demo.market import DAYS, Market, Numbers, day
from evaluator.demo.records import number, write_csv
from evaluator.demo.words import Words

Rows = Iterator[Sequence[object]]
_ITEMS: Mapping[str, tuple[float, float, float, tuple[float, ...]]] = {
    "quality": (8.2, 0.3, 9.0, (0.70, 0.20, 0.02, 0.08)),
    "delivery": (8.0, -0.9, 8.5, (0.62, 0.28, 0.02, 0.08)),
    "price": (6.8, -0.5, 8.0, (0.20, 0.62, 0.05, 0.13)),
    "ordering": (7.2, 0.4, 5.5, (0.30, 0.30, 0.10, 0.30)),
    "response": (7.8, -0.7, 7.8, (0.24, 0.56, 0.08, 0.12)),
    "complaints": (7.4, -0.2, 6.8, (0.52, 0.30, 0.04, 0.14)),
    "advice": (5.8, 0.1, 6.0, (0.05, 0.16, 0.62, 0.17)),
    "care": (5.5, 0.7, 4.8, (0.04, 0.10, 0.58, 0.28)),
}
"""Per item: expected, how far perception lies from it, importance, and how often customers hold it must-be,
one-dimensional, attractive, indifferent."""
_PAIRS = ((2, 5), (1, 5), (1, 3), (3, 3))  # answers of Kano's pair that make each of those classes
_CAUSES = tuple(CAUSES)
_OFTEN = (0.12, 0.22, 0.10, 0.07, 0.05, 0.24, 0.12, 0.02, 0.06)  # how often each cause is the one
_QUARTER = 90  # days after which somebody who stopped buying is on record as lost
_FIGURES = {  # baseline, actual, target
    "data_completeness": (0.62, 0.78, 0.9),
    "campaign_response": (0.04, 0.055, 0.08),
    "response_time": (9.0, 6.5, 4.0),
    "first_contact_resolution": (0.55, 0.64, 0.75),
    "value_retention": (0.86, 0.9, 0.94),
    "cross_selling": (0.22, 0.25, 0.35),
    "acquisition_cost": (5200.0, 4700.0, 4000.0),
    "complaint_rate": (0.09, 0.075, 0.05),
    "nps": (8.0, 14.0, 30.0),
}
_SAID = 0.78  # share of customers who answer surveys


def voices(customers: Market) -> Mapping[str, Callable[[np.random.Generator, Words], Rows]]:
    """Return how the rows of each table come about, by its name; headers have the same names."""
    return {
        "survey": lambda rng, words: _survey(rng, customers),
        "kano": lambda rng, words: _kano(rng, customers),
        "loyalty": lambda rng, words: _loyalty(rng, customers),
        "complaints": lambda rng, words: _complaints(rng, customers),
        "churn_events": lambda rng, words: _churn(rng, customers, words),
        "capability": lambda rng, words: _capability(rng),
        "performance": lambda rng, words: (
            (name, actual, base, aim) for name, (base, actual, aim) in _FIGURES.items()
        ),
        "checklist": lambda rng, words: _checklist(rng),
        "idic": lambda rng, words: _idic(rng, customers),
    }


def write_voices(path: Path, rng: np.random.Generator, name: str, customers: Market, words: Words) -> None:
    """Write one of the tables as CSV."""
    write_csv(path, list(words.headers[name].values()), voices(customers)[name](rng, words))


def _asked(rng: np.random.Generator, customers: Market) -> list[int]:
    """Return who answers: customers of more than half a year who are still there."""
    there = (customers.start < DAYS - 180) & (customers.stop >= DAYS)
    return np.flatnonzero(there & (rng.random(customers.count) < _SAID)).tolist()


def _answer(value: float, low: float, high: float) -> int:
    return int(np.clip(round(value), low, high))


def _survey(rng: np.random.Generator, customers: Market) -> Rows:
    for index in _asked(rng, customers):
        mood = 0.9 * float(customers.bond[index]) + float(rng.normal(0, 0.6))
        for item, (expected, gap, importance, _) in _ITEMS.items():
            wish = expected + 0.2 * float(customers.size[index]) + float(rng.normal(0, 0.8))
            felt = expected + gap + mood + float(rng.normal(0, 0.9))
            weight = importance + float(rng.normal(0, 0.8))
            yield number(index), item, *(_answer(value, 1, 10) for value in (wish, felt, weight))


def _kano(rng: np.random.Generator, customers: Market) -> Rows:
    for index in _asked(rng, customers)[::3]:
        for item, (_, _, _, chances) in _ITEMS.items():
            yield number(index), item, *_PAIRS[int(rng.choice(len(_PAIRS), p=chances))]


def _loyalty(rng: np.random.Generator, customers: Market) -> Rows:
    """Yield what customers say of their loyalty, in the order of the headers."""

    def said(level: float, spread: float = 0.7) -> int:
        return _answer(3 + level + float(rng.normal(0, spread)), 1, 5)

    for index in _asked(rng, customers):
        bond, drive = float(customers.bond[index]), float(customers.drive[index])
        close = bond + float(rng.normal(0, 0.4))
        alone = rng.random() < 0.07
        steps = [True, close > -1.3, close > -0.4, close > 0.4, close > 1.3 and rng.random() < 0.6]
        yield (
            number(index),
            said(close), said(0.6 * close), said(-0.7 * close), said(0.5 * close), said(-0.5 * close),
            _answer(6.3 + 1.8 * close + float(rng.normal(0, 1)), 0, 10),
            said(close, 0.5), 1 if alone else _answer(4 - close + float(rng.normal(0, 1)), 2, 9),
            said(0.2), int(rng.random() < 0.08),
            said(0.3), said(0.1), said(-0.2 * close), said(-0.4),
            said(close), said(0.4), said(-0.9 * drive), said(-close),
            *(int(step) for step in steps),
            said(0.4 * close), said(0.3 * close), said(0.6 * close), said(0.8 * close),
            said(0.1), said(0.2), said(0.0), said(0.2 * close), said(0.3 * close),
        )  # fmt: skip


def _complaints(rng: np.random.Generator, customers: Market) -> Rows:
    for index in range(customers.count):
        count = int(rng.poisson(0.25 * np.exp(0.25 * customers.size[index] - 0.3 * customers.bond[index])))
        last = int(min(customers.stop[index], DAYS))
        first = max(int(customers.start[index]), DAYS - 365)
        for _ in range(count if last > first else 0):
            when = int(rng.integers(first, last))
            closed = when < DAYS - 45 or rng.random() < 0.5
            hours = round(float(rng.lognormal(3.2, 0.7)), 1) if closed else None
            after = _answer(
                6.5 - (hours or 0) / 25 + 0.6 * float(customers.bond[index]) + float(rng.normal()), 1, 10
            )
            yield (
                number(index),
                f"{day(when):%Y-%m-%d}",
                int(rng.random() < 0.78),
                hours,
                after if closed else None,
            )


def _churn(rng: np.random.Generator, customers: Market, words: Words) -> Rows:
    """Yield who left, when and why, once a quarter has passed; bad payers are lost passively."""
    for index in np.flatnonzero((customers.stop < DAYS) & (customers.start < customers.stop)).tolist():
        passive = float(customers.credit[index]) < -1.0
        cause = _CAUSES[int(rng.choice(len(_CAUSES), p=_OFTEN))]
        known = rng.random() < 0.9
        returns = float(np.clip(0.25 + 0.1 * customers.bond[index] + rng.normal(0, 0.05), 0.03, 0.7))
        cost = round(float(rng.lognormal(7.6, 0.4)), -2)
        if customers.stop[index] > DAYS - _QUARTER:
            continue
        yield (
            number(index),
            f"{day(int(customers.stop[index])):%Y-%m-%d}",
            words.churn_kinds[int(passive)],
            words.churn_causes[cause] if known else None,
            round(returns, 2),
            cost,
        )


def _capability(rng: np.random.Generator) -> Rows:
    """Yield what four raters think of each item and factor, last year and this."""
    structure = capability_structure()
    level = {"insight": 2.6, "value": 3.6, "lifecycle": 2.9}
    items = [(item.id, level[ability.id]) for ability, item in structure.items()]
    factors = [(factor.id, 3.0) for factor in structure.factors]
    views = rng.normal(0, 0.4, 4)
    for period, gain in (("2024", -0.3), ("2025", 0.0)):
        for name, middle in (*items, *factors):
            own = middle + gain + float(rng.normal(0, 0.4))
            for rater, view in enumerate(views.tolist(), start=1):
                yield name, f"R{rater}", _answer(own + view + float(rng.normal(0, 0.4)), 1, 5), period


def _checklist(rng: np.random.Generator) -> Rows:
    lists = checklists()
    done = {"basic", "intermediate", "financial", "social"}
    for checklist in (lists.maturity, lists.relationship):
        for level in checklist.levels:
            for item in level.items:
                yield item.id, int(level.id in done or rng.random() < 0.4)
    for plan in (lists.interaction, lists.diagnosis):
        for part in plan.parts:
            yield part.id, int(part.id not in ("goal_dated", "evaluation", "customer_measures"))
    yield "product_changed", 1
    yield "presentation_changed", 0


def _idic(rng: np.random.Generator, customers: Market) -> Rows:
    """Yield how far each customer has come; important ones are ahead."""
    ahead: Numbers = customers.size + rng.normal(0, 0.8, customers.count)
    for index, place in enumerate(ahead.tolist()):
        yield number(index), 1, int(place > -1.6), int(place > -0.6), int(place > 0.7)
