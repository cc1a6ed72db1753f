"""What the customers of the demo buy and send back, line by line, over three years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from evaluator.demo.market import AS_OF, DAYS, FIRST, Market, Numbers, day

LINES, PER_LINE = 6, 4
_SEASON = (0.85, 0.60, 1.10, 1.05, 1.00, 0.95, 0.90, 0.95, 1.10, 1.10, 1.20, 1.30)
"""Purchases by month: few at the Spring Festival, many at the year's end."""
_YEAR = 365.25
_LAST = 0.25  # pace on a customer's last day against what it was a year before


@dataclass(frozen=True, slots=True)
class Sale:
    """A line of an order; a return has a negative quantity, amount and cost (CNY)."""

    customer: int
    day: int
    order: str
    product: int
    quantity: int
    amount: float
    cost: float


@dataclass(frozen=True)
class Catalogue:
    """List price and unit cost of every product, in CNY; products stand line by line."""

    price: Numbers
    cost: Numbers


def catalogue(rng: np.random.Generator) -> Catalogue:
    """Return the prices of the invented company's products."""
    price = np.asarray(np.exp(rng.normal(4.6, 1.0, LINES * PER_LINE)), dtype=np.float64).round(1)
    return Catalogue(price, price * rng.uniform(0.66, 0.84, LINES * PER_LINE))


def trade(rng: np.random.Generator, customers: Market) -> tuple[Sale, ...]:
    """Return all sales and returns in the order of their days."""
    goods = catalogue(rng)
    sales: list[Sale] = []
    for customer in range(customers.count):
        sales += _sales(rng, customers, customer, goods)
    return tuple(sorted(sales, key=lambda sale: (sale.day, sale.order, sale.product, -sale.quantity)))


def order_days(rng: np.random.Generator, customers: Market, customer: int) -> list[int]:
    """Return the working days a customer orders on.

    Intervals are gamma distributed on a clock that runs with season and growth, and slackens before a
    customer leaves; the closer the customer, the more regular they are.
    """
    pace = customers.orders[customer] / _YEAR * _seasons() * _trend(customers.growth[customer] / 2)
    pace = pace * _fading(int(customers.stop[customer]))
    clock = np.cumsum(pace)
    shape = float(np.clip(1.6 + 1.2 * customers.bond[customer], 0.8, 6))
    begin, end = customers.start[customer], customers.stop[customer]
    if begin >= end:
        return []
    steps = rng.gamma(shape, 1 / shape, size=int(clock[-1] * 2) + 20)
    found = np.searchsorted(clock, clock[begin] + np.cumsum(steps) - steps[0] * rng.random())
    days = [_working_day(int(number)) for number in found if number < end]
    return sorted({number for number in days if number < DAYS})


def _sales(rng: np.random.Generator, customers: Market, customer: int, goods: Catalogue) -> Iterator[Sale]:
    assortment = _assortment(rng, customers.bond[customer] + customers.size[customer])
    size = customers.yearly[customer] / customers.orders[customer]
    level = float(np.clip(1 - 0.025 * customers.size[customer] + rng.normal(0, 0.035), 0.85, 1.1))
    faults = float(np.clip(np.exp(rng.normal(-4.0 - 0.3 * customers.bond[customer], 0.7)), 0.001, 0.15))
    trend = _trend(customers.growth[customer] / 2)
    for number in order_days(rng, customers, customer):
        order = f"S{day(number):%y%m%d}{customer + 1:03d}"
        target = size * trend[number] * rng.lognormal(-0.06, 0.35)
        chosen = rng.choice(assortment, size=min(len(assortment), 1 + rng.binomial(2, 0.3)), replace=False)
        for product, part in zip(chosen.tolist(), rng.dirichlet([3.0] * len(chosen)).tolist(), strict=True):
            price = round(float(goods.price[product]) * level, 2)
            quantity = max(1, round(target * part / price))
            cost = quantity * float(goods.cost[product]) * float(rng.normal(1, 0.01))
            sale = Sale(customer, number, order, product, quantity, round(quantity * price, 2), cost)
            yield sale
            if rng.random() < faults * 2:
                yield from _return(rng, sale, price)


def _return(rng: np.random.Generator, sale: Sale, price: float) -> Iterator[Sale]:
    later = _working_day(sale.day + int(rng.integers(4, 35)))
    quantity = max(1, round(sale.quantity * float(rng.choice([0.1, 0.25, 0.5, 1.0]))))
    if later < DAYS:
        cost = sale.cost * quantity / sale.quantity
        amount = round(quantity * price, 2)
        yield Sale(sale.customer, later, f"R{sale.order[1:]}", sale.product, -quantity, -amount, -cost)


def _assortment(rng: np.random.Generator, breadth: float) -> Numbers:
    """Return the products a customer uses: whole lines, most of each."""
    lines = rng.permutation(LINES)[: int(np.clip(round(2.6 + 0.9 * breadth), 1, LINES))]
    products = np.concatenate([line * PER_LINE + np.arange(PER_LINE) for line in lines])
    kept = products[rng.random(len(products)) < 0.75]
    return kept if len(kept) else products[:1]


def _seasons() -> Numbers:
    return np.array([_SEASON[day(number).month - 1] for number in range(DAYS)])


def _trend(growth: float) -> Numbers:
    return np.asarray(np.exp(growth * (np.arange(DAYS) - DAYS / 2) / _YEAR))


def _fading(stop: int) -> Numbers:
    """Return how the pace of a customer who leaves slackens in the year before, day by day."""
    left = np.clip((stop - np.arange(DAYS)) / _YEAR, 0, 1)
    return np.asarray(np.where(stop < DAYS, _LAST + (1 - _LAST) * left, 1.0))


def _working_day(number: int) -> int:
    date = FIRST + timedelta(days=number)
    later = number + max(0, 7 - date.isoweekday() + 1) if date.isoweekday() > 5 else number
    return later if later < (AS_OF - FIRST).days else number
