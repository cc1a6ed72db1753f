"""From tallies to the tables of a certainty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.analysis.robustness.actions import ActionTally
from evaluator.analysis.robustness.customers import Customers, column_of
from evaluator.analysis.robustness.tallies import RankTally, Tally, interval, ranks
from evaluator.brief import Brief
from evaluator.errors import Issue
from evaluator.evaluation import Certainty, RankDraws

LEVEL = 0.9


@dataclass(frozen=True)
class Stated(Brief):
    """What a certainty says besides its tables."""

    draws: int
    seed: int
    spread: float | None
    deciding: str
    sources: tuple[str, ...]
    rated: int
    grounds: Mapping[str, str]
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class Judged(Brief):
    """Customers and the counts of their draws; without a tally nothing was drawn."""

    customers: Customers
    tally: Tally | None = None
    ranks: RankTally | None = None
    actions: ActionTally | None = None

    @cached_property
    def given(self) -> pl.DataFrame | None:
        """The share of draws in which each customer keeps each of its actions."""
        return self.actions.kept() if self.actions else None


def tables_of(stated: Stated, together: Judged, alone: Mapping[str, Judged]) -> Certainty:
    """Return the certainty that draws came to."""
    every = {**alone, **({stated.sources[0]: together} if len(stated.sources) == 1 else {})}
    customers, shares = _with_actions(_customers(together), together.given), _shares(together)
    totals, sources = _totals(together), _alone(every)
    order = together.customers.leaves["id"].to_list() if together.tally else []
    known = together.ranks
    return Certainty(
        draws=stated.draws,
        seed=stated.seed,
        level=LEVEL,
        spread=stated.spread,
        deciding=stated.deciding,
        sources=stated.sources,
        customers=customers.sort("rank", "id", nulls_last=True),
        shares=shares,
        totals=totals,
        alone=sources,
        rated=stated.rated,
        looked=int((together.customers.results["status"] == "rated").sum()) if together.tally else 0,
        grounds=stated.grounds,
        issues=stated.issues,
        ranks=_ranks(known, together.customers, order) if known else None,
        given=together.given,
    )


def _customers(judged: Judged) -> pl.DataFrame:
    customers, tally, known = judged.customers, judged.tally, judged.ranks
    stated = customers.results.select("id")
    if tally is None or known is None:
        names = [
            f"{prefix}{column_of(what)}"
            for what in customers.options
            for prefix in ("", "kept_", "likeliest_")
        ]
        return pl.DataFrame(
            {"id": [], "rank": [], "rank_low": [], "rank_high": [], "first": []} | {n: [] for n in names}
        )
    scored = customers.results.select(pl.when(pl.col("status") == "rated").then("score"))
    now = ranks(scored.to_series().cast(float).fill_null(np.nan).to_numpy()[None, :])[0]
    low, high = interval(known.counts, known.edges, LEVEL, customers.count)
    columns = {"rank": _whole(now), "rank_low": _whole(low), "rank_high": _whole(high),
               "first": pl.Series(known.first / tally.draws)}  # fmt: skip
    for what, options in customers.options.items():
        column, counts = column_of(what), tally.shares[what]
        columns[column] = customers.results[column]
        columns[f"kept_{column}"] = pl.Series(kept(customers, tally, what))
        likeliest = counts.argmax(axis=1).tolist()
        columns[f"likeliest_{column}"] = pl.Series(
            [(*options, None)[place] for place in likeliest], dtype=pl.String
        )
    return stated.with_columns(values.alias(name) for name, values in columns.items())


def _with_actions(customers: pl.DataFrame, given: pl.DataFrame | None) -> pl.DataFrame:
    """Return customers with the share of draws in which they keep all they are given."""
    if given is None:
        return customers
    least = given.group_by("id").agg(kept_action=pl.col("kept").min())
    return customers.join(least, on="id", how="left", maintain_order="left")


def kept(customers: Customers, tally: Tally, what: str) -> NDArray[np.float64]:
    """Return the share of draws in which each customer keeps its grade or class; 1 for never having one."""
    counts, places = tally.shares[what], _places(customers, what)
    return np.asarray(counts[np.arange(customers.count), places] / tally.draws)


def _places(customers: Customers, what: str) -> NDArray[np.intp]:
    number = {option: place for place, option in enumerate(customers.options[what])}
    none = len(number)
    return np.array([none if one is None else number[one] for one in customers.known(what)], dtype=np.intp)


def _whole(values: NDArray[np.int64]) -> pl.Series:
    return pl.Series(values, dtype=pl.Int64).replace(0, None)


def _shares(judged: Judged) -> pl.DataFrame:
    schema = {"id": pl.String, "what": pl.String, "value": pl.String, "share": pl.Float64}
    parts = [pl.DataFrame(schema=schema)]
    ids = judged.customers.leaves["id"].to_numpy()
    for what, options in judged.customers.options.items() if judged.tally else ():
        assert judged.tally is not None
        counts = judged.tally.shares[what]
        rows, places = np.nonzero(counts)
        values = [(*options, None)[place] for place in places.tolist()]
        columns = {
            "id": ids[rows].tolist(),
            "what": [what] * len(rows),
            "value": values,
            "share": counts[rows, places] / judged.tally.draws,
        }
        parts.append(pl.DataFrame(columns, schema=schema))
    if judged.given is not None:
        parts.append(judged.given.select("id", what=pl.lit("action"), value="action", share="kept"))
    return pl.concat(parts).sort("id", maintain_order=True)


def _totals(judged: Judged) -> pl.DataFrame:
    schema = {"what": pl.String, "value": pl.String, "count": pl.Int64, "mean": pl.Float64,
              "low": pl.Int64, "high": pl.Int64}  # fmt: skip
    rows = list(_sizes(judged))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _sizes(judged: Judged) -> Iterator[tuple[str, str | None, int, float, int, int]]:
    if judged.tally is None:
        return
    tail = (1 - LEVEL) / 2
    for what, sizes in judged.tally.sizes.items():
        now = np.bincount(_places(judged.customers, what), minlength=sizes.shape[1])
        low, high = np.quantile(sizes, (tail, 1 - tail), axis=0, method="inverted_cdf")
        for place, value in enumerate((*judged.customers.options[what], None)):
            figures = int(now[place]), float(sizes[:, place].mean()), int(low[place]), int(high[place])
            yield what, value, *figures


def _alone(every: Mapping[str, Judged]) -> pl.DataFrame:
    schema = {"source": pl.String, "what": pl.String, "kept": pl.Float64, "steady": pl.Float64}
    rows = []
    for source, judged in every.items():
        rated = (judged.customers.results["status"] == "rated").to_numpy()
        for what in judged.customers.options if judged.tally and rated.any() else ():
            assert judged.tally is not None
            own = kept(judged.customers, judged.tally, what)[rated]
            rows.append((source, what, float(own.mean()), float((own >= LEVEL).mean())))
        if judged.given is not None and judged.given.height:
            own = judged.given["kept"].to_numpy()
            rows.append((source, "action", float(own.mean()), float((own >= LEVEL).mean())))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _ranks(known: RankTally, customers: Customers, order: list[str]) -> RankDraws:
    first = known.first.astype(np.float64)
    mean = known.weights / np.where(first > 0, first, np.nan)[:, None]
    leaves = tuple(leaf.id for leaf in customers.model.tree.indicators)
    return RankDraws(tuple(order), leaves, known.edges, known.counts, known.first, mean)
