"""Value that reaches beyond the customer: the network's, referrals', and which source it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from evaluator import messages
from evaluator.columns import decimals_of, exact_sum
from evaluator.customers.records import about, as_given, below_zero, records
from evaluator.errors import EvaluationError, Issue, not_among, raise_errors

Array = NDArray[np.float64]


@dataclass(frozen=True)
class NetworkValue:
    """Own value and what customers bring through those who follow them; in the unit of the values.

    `radius` is the largest modulus of A's eigenvalues: the decay must stay below its reciprocal.
    """

    own: Array
    network: Array
    total: Array
    radius: float


def network_value(adoption: ArrayLike, values: ArrayLike, *, beta: float) -> NetworkValue:
    """Return network value NV = [(I − βA)⁻¹ − I]·v = βA·v + (βA)²·v + …, (n, n) and (n,) → (n,).

    Parameters
    ----------
    adoption : A, the probability (at least 0) that the customer of the column adopts because of that of
        the row; the diagonal is 0.
    values : v, each customer's own value.
    beta : how much of an influence passes each step, 0 to below 1/ρ(A): the user's.

    Raises
    ------
    EvaluationError
        a weight below 0; a weight above 1; beta not below 1/ρ(A), so that influence never dies out.
    ValueError
        when the shapes do not match or the diagonal is not 0.

    Limits: the same follower counts for everyone who influenced them, so totals must not be summed over
    customers. A dense matrix: some thousand customers.

    References
    ----------
    Katz (1953), doi:10.1007/BF02289026; lost word of mouth: Hogan, Lemon & Libai (2003),
    doi:10.1177/1094670502238915.

    >>> network_value([[0, 0.5, 0], [0, 0, 0.5], [0, 0, 0]], [10, 20, 40], beta=1.0).network
    array([20., 20.,  0.])
    """
    A, v = np.asarray(adoption, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if A.shape != (len(v), len(v)) or A.diagonal().any():
        raise ValueError("adoption is a square matrix with a diagonal of 0, one row for each value")
    issues = [*below_zero(adoption=A)]
    if (A > 1).any():
        issues.append(Issue("CUST-920", "adoption"))
    radius = float(np.abs(np.linalg.eigvals(A)).max()) if len(v) else 0.0
    if not 0 <= beta * radius < 1:
        issues.append(Issue("CUST-923", "beta", {"value": beta, "radius": radius}))
    raise_errors(issues)
    total = np.linalg.solve(np.eye(len(v)) - beta * A, v)
    return NetworkValue(v, np.asarray(total - v), np.asarray(total), radius)


def network_values(edges: Any, values: Any, *, beta: float, value: str = "value") -> Any:
    """Return `network_value` of customers from a list of who influences whom.

    Parameters
    ----------
    edges : one row per influence: `id` (who), `to` (whom), `weight` (probability 0–1).
    values : one row per customer: `id` and their own value.

    Returns
    -------
    frame of the kind `values` are
        `id`, `own`, `network`, `total`.

    Raises
    ------
    EvaluationError
        as `records`, an edge to or from a customer without a row, a customer without a value; as
        `network_value`.

    Limits: as `network_value`: followers count for everyone who influenced them, so totals must not be
    summed.

    References
    ----------
    As `network_value`.

    >>> edges = pl.DataFrame({"id": ["a"], "to": ["b"], "weight": [0.5]})
    >>> network_values(edges, pl.DataFrame({"id": ["a", "b"], "value": [1.0, 8.0]}), beta=1).rows()
    [('a', 1.0, 4.0, 5.0), ('b', 8.0, 0.0, 8.0)]
    """
    links = records(edges, numbers=["weight"], texts=["to"], repeated=True)
    own = records(values, numbers=[value])
    ids = own["id"].to_list()
    linked = pl.concat([links["id"], links["to"]]).unique().drop_nulls().sort()
    strangers = not_among("CUST-908", linked, set(ids), {"column": "id"})
    raise_errors([*strangers, *about("CUST-918", value, own.filter(pl.col(value).is_null())["id"])])
    place = {who: number for number, who in enumerate(ids)}
    A = np.zeros((len(ids), len(ids)))
    for who, to, weight in links.select("id", "to", "weight").drop_nulls().iter_rows():
        if who != to:
            A[place[who], place[to]] += weight
    found = network_value(A, own[value].to_numpy(), beta=beta)
    columns = {"own": found.own, "network": found.network, "total": found.total}
    return as_given(values, own.select("id").with_columns(pl.Series(k, v) for k, v in columns.items()))


def word_of_mouth_value(referrals: ArrayLike, conversion: ArrayLike, margin: ArrayLike) -> Array:
    """Return the simple value of referrals: referrals × conversion × mean first-year margin, (...,).

    Parameters
    ----------
    referrals : how many people a customer referred, at least 0.
    conversion : share of them who buy, 0–1.
    margin : mean margin of a new customer in the first year, money.

    Raises
    ------
    EvaluationError
        referrals below 0, a conversion outside 0–1.

    Limits: takes every new customer for one who would not have come otherwise; see `referral_value`.

    References
    ----------
    Usual practice; see `referral_value` for a full account.

    >>> word_of_mouth_value([4], [0.25], [300.0])
    array([300.])
    """
    n, share = np.asarray(referrals, dtype=np.float64), np.asarray(conversion, dtype=np.float64)
    issues = [*below_zero(referrals=n)]
    if ((share < 0) | (share > 1)).any():
        issues.append(Issue("CUST-920", "conversion"))
    raise_errors(issues)
    return np.asarray(n * share * np.asarray(margin, dtype=np.float64))


def referral_value(referred: Any, *, discount_rate: float) -> Any:
    """Return customer referral value (CRV) from the customers each one referred.

    CRV = Σₜ Σ (margin − marketing + saved) / (1 + d)ᵗ over those who would not have come otherwise,
    + Σₜ Σ saved / (1 + d)ᵗ over those who would have, where only their acquisition was saved.

    Parameters
    ----------
    referred : one row per referred customer and period: `id` (who referred), `period` (t, from 0),
        `because` (``yes``: would not have come otherwise; ``no``; in either language), `margin`,
        `marketing` (cost of the referral programme) and `saved` (acquisition cost saved), money of the
        period. `marketing` and `saved` are at least 0.
    discount_rate : d per period, at least 0.

    Returns
    -------
    frame of the kind that came in
        `id`, `because` and `anyway` (the two sums), `crv`, sorted by id; missing where an amount is.

    Raises
    ------
    EvaluationError
        as `records`, `because` says neither yes nor no, a rate below 0.

    Limits: who would have come anyway is a judgment; the periods counted are those of the table, none is
    extrapolated.

    References
    ----------
    Kumar, Petersen & Leone (2010), Driving profitability by encouraging customer referrals,
    doi:10.1509/jmkg.74.5.001.

    >>> rows = {"id": ["a", "a"], "period": [1, 0], "because": ["yes", "no"],
    ...         "margin": [120.0, 500.0], "marketing": [20.0, 9.0], "saved": [10.0, 5.0]}
    >>> referral_value(pl.DataFrame(rows), discount_rate=0.25).row(0)
    ('a', 88.0, 5.0, 93.0)
    """
    if discount_rate < 0:
        raise EvaluationError([Issue("CUST-922", "discount_rate", {"value": discount_rate})])
    table = records(
        referred,
        numbers=["period", "margin", "marketing", "saved"],
        texts=["because"],
        non_negative=["period", "marketing", "saved"],
        repeated=True,
    )
    answers = {"yes": True, "no": False}
    for language in messages.LANGUAGES:
        answers |= {
            messages.text(f"customers.answer.{word}", language): answers[word] for word in ("yes", "no")
        }
    words = table["because"].fill_null("–").unique(maintain_order=True)
    raise_errors(Issue("CUST-908", word, {"column": "because"}) for word in words if word not in answers)
    because = pl.col("because").replace_strict(answers, return_dtype=pl.Boolean)
    amount = (
        pl.when(because)
        .then(pl.col("margin") - pl.col("marketing") + pl.col("saved"))
        .otherwise(pl.col("saved"))
    )
    present = amount / (1 + discount_rate) ** pl.col("period")
    table = table.with_columns(present.alias("present"), because.alias("yes"))
    decimals = decimals_of(table, ["present"], subject="referrals")

    def total(part: pl.Expr) -> pl.Expr:
        chosen = pl.col("present").filter(part)
        return pl.when(chosen.is_null().any()).then(None).otherwise(exact_sum(chosen, decimals))

    sums = table.group_by("id").agg(
        total(pl.col("yes")).alias("because"), total(~pl.col("yes")).alias("anyway")
    )
    return as_given(
        referred, sums.with_columns((pl.col("because") + pl.col("anyway")).alias("crv")).sort("id")
    )


def value_sources(points: Mapping[str, float], sources: Mapping[str, str]) -> dict[str, float]:
    """Return the share of a score that each source of value brings (A6), summing to 1.

    Lists of sources in use: cost and scale, market and brand, information, network; or profit, information,
    word of mouth, defence against rivals, continuity.

    Parameters
    ----------
    points : per indicator the points it gave, as an explanation lists them; at least 0.
    sources : per indicator its source; one of `points` without a source is refused.

    Raises
    ------
    EvaluationError
        points below 0, no points at all, an indicator without a source.

    Limits: the division of indicators among sources is the user's; it holds where points add up to the score.

    References
    ----------
    Lists of sources after Chinese textbooks of CRM.

    >>> value_sources({"profit": 30, "referrals": 10}, {"profit": "profit", "referrals": "word of mouth"})
    {'profit': 0.75, 'word of mouth': 0.25}
    """
    below = [leaf for leaf, value in points.items() if value < 0]
    issues = [
        *not_among("CUST-908", points, sources, {"column": "source"}),
        *about("CUST-904", "points", below),
    ]
    total = sum(points.values())
    if not issues and not total > 0:
        issues.append(Issue("CUST-907", "points"))
    raise_errors(issues)
    shares: dict[str, float] = {}
    for leaf, value in points.items():
        shares[sources[leaf]] = shares.get(sources[leaf], 0.0) + value / total
    return shares
