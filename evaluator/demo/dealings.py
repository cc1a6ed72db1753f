"""What the demo company records of its dealings with customers besides sales: service, contacts, referrals.

These are the tables of customer models: what serving each customer took, what it buys in all, where
prospects stand, who follows whom, whom customers sent, and what is known of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from evaluator.demo.market import AS_OF, DAYS, FIRST, Market, day
from evaluator.demo.records import number, write_csv
from evaluator.demo.surveys import Year
from evaluator.demo.words import Words

_PROSPECTS = 60
_RATES = (180.0, 45.0, 260.0)  # CNY of one visit, one delivery, one hour of technical service
_QUARTERS = 12

Rows = Iterator[Sequence[object]]


def dealings(customers: Market, year: Year) -> Mapping[str, Callable[[np.random.Generator, Words], Rows]]:
    """Return how the rows of each table come about, by its name; headers have the same names."""
    return {
        "service_costs": lambda rng, words: _service(rng, customers, year, words),
        "wallet": lambda rng, words: _wallet(rng, customers),
        "relations": lambda rng, words: _relations(rng, customers),
        "network": lambda rng, words: _network(rng, customers),
        "referrals": lambda rng, words: _referrals(rng, customers, words),
        "info_points": lambda rng, words: _info_points(rng, customers, words),
        "offer": lambda rng, words: _offer(words),
        "delivered": lambda rng, words: _delivered(rng, customers, words),
    }


def write_dealings(
    path: Path, rng: np.random.Generator, name: str, customers: Market, year: Year, words: Words
) -> None:
    """Write one of the tables as CSV."""
    write_csv(path, list(words.headers[name].values()), dealings(customers, year)[name](rng, words))


def _service(rng: np.random.Generator, customers: Market, year: Year, words: Words) -> Rows:
    """Yield visits, deliveries and hours of service; small customers take more for their money."""
    level = np.exp(-2.75 - 0.3 * customers.size + rng.normal(0, 0.4, customers.count))
    shares = rng.dirichlet((3.0, 4.0, 2.0), customers.count)
    for index in np.flatnonzero(year.amount > 0).tolist():
        for activity, share, rate in zip(words.activities, shares[index].tolist(), _RATES, strict=True):
            quantity = round(float(year.amount[index] * level[index]) * share / rate, 1)
            yield number(index), activity, quantity, rate


def _wallet(rng: np.random.Generator, customers: Market) -> Rows:
    """Yield what each customer bought in all, quarter by quarter, as the sales people put it together."""
    known = rng.random(customers.count) < 0.85
    for index in np.flatnonzero(known & (customers.stop > DAYS - 30)).tolist():
        needs = customers.yearly[index] / customers.share[index] / 4
        drift = 0.05 + 0.08 * customers.drive[index]
        for quarter in range(_QUARTERS):
            end = _quarter_end(quarter)
            if (end - FIRST).days < customers.start[index]:
                continue
            years = (quarter - _QUARTERS / 2) / 4
            amount = needs * np.exp(drift * years + rng.normal(0, 0.05))
            yield number(index), f"{end:%Y-%m-%d}", round(float(amount), -2)


def _quarter_end(quarter: int) -> date:
    months = FIRST.month + 3 * (quarter + 1) - 1
    return date(FIRST.year + months // 12, months % 12 + 1, 1) - timedelta(days=1)


def _relations(rng: np.random.Generator, customers: Market) -> Rows:
    """Yield customers with their loyalty, then prospects with what is known of need, means and contact."""
    loyalty = np.clip(70 + 12 * customers.bond + rng.normal(0, 5, customers.count), 0, 100)
    for index in range(customers.count):
        yield number(index), round(float(loyalty[index]), 0), None, None, None, None
    for prospect in range(_PROSPECTS):
        need, ability, profile, contacted = (int(rng.random() < share) for share in (0.7, 0.6, 0.6, 0.5))
        yield f"P{prospect + 1:03d}", None, need, ability, profile, contacted


def _network(rng: np.random.Generator, customers: Market) -> Rows:
    """Yield who looks to whom: large and close customers are followed by smaller ones."""
    weight = np.exp(0.8 * customers.size + 0.6 * customers.bond)
    leaders = rng.choice(customers.count, 25, replace=False, p=weight / weight.sum())
    for leader in leaders.tolist():
        others = np.flatnonzero(customers.size < customers.size[leader])
        followers = rng.choice(others, min(len(others), int(rng.integers(1, 4))), replace=False)
        for follower in followers.tolist():
            yield number(leader), number(follower), round(float(rng.uniform(0.1, 0.5)), 2)


def _referrals(rng: np.random.Generator, customers: Market, words: Words) -> Rows:
    """Yield the customers that close ones sent, with what each brought in its first two years."""
    count = rng.poisson(np.exp(-1.6 + 0.8 * customers.bond))
    for index in np.flatnonzero(count).tolist():
        for _ in range(int(count[index])):
            because = words.yes if rng.random() < 0.7 else words.no
            margin = float(rng.lognormal(9.3, 0.7))
            for period in (1, 2):
                marketing, saved = (600.0, 2500.0) if period == 1 else (0.0, 0.0)
                kept = margin * 0.8 ** (period - 1)
                yield number(index), period, because, round(kept, 2), marketing, saved


def _info_points(rng: np.random.Generator, customers: Market, words: Words) -> Rows:
    """Yield what is known of the forty largest customers, how often it was used and collected."""
    largest = np.argsort(-customers.size)[:40]
    for index in sorted(largest.tolist()):
        for point in words.knowledge:
            pieces, collections = int(rng.poisson(3)), int(rng.integers(1, 5))
            yield number(index), point, pieces, int(rng.poisson(2 + pieces)), collections


def _offer(words: Words) -> Rows:
    """Yield the attributes of the offer as customers and our own people judge them, 0–10."""
    judged = (
        (9, 8, 7, 4, "one_dimensional"), (8, 5, 7, 6, "one_dimensional"), (8, 9, 6, 5, "one_dimensional"),
        (7, None, 5, 6, "attractive"), (3, 7, 4, 8, "indifferent"), (9, 7, 7, 3, "must"),
        (2, 6, 2, 5, "reverse"), (6, 5, 6, 3, "attractive"),
    )  # fmt: skip
    for attribute, row in zip(words.attributes, judged, strict=True):
        yield attribute, *row


def _delivered(rng: np.random.Generator, customers: Market, words: Words) -> Rows:
    """Yield what customers feel they get and give, of us and of the main rival, 1–10."""
    asked = np.flatnonzero(rng.random(customers.count) < 0.35)
    for index in asked.tolist():
        for rival in (None, words.rival):
            closeness = 0.6 * customers.bond[index] if rival is None else -0.2
            benefits = np.clip(np.array([7.3, 7.0, 7.2, 6.6]) + closeness + rng.normal(0, 0.8, 4), 1, 10)
            costs = np.clip(np.array([5.2, 4.4, 4.0, 3.8]) - 0.3 * closeness + rng.normal(0, 0.8, 4), 1, 10)
            yield number(index), rival, *(round(float(answer)) for answer in (*benefits, *costs))


def since(rng: np.random.Generator, customers: Market) -> list[date | None]:
    """Return since when each is a customer, years before the first record for most; None is not known."""
    years = rng.gamma(3.0, 2.0, customers.count)
    known = rng.random(customers.count) < 0.95
    found: list[date | None] = []
    for index, begin in enumerate(customers.start.tolist()):
        start = day(begin) if begin else FIRST - timedelta(days=int(365 * years[index]))
        found.append(start if known[index] and start < AS_OF else None)
    return found
