"""Whether customers keep their actions where their classes are others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from evaluator.actions.choosing import NONE_STATED, candidates, first_that_applies
from evaluator.actions.core import prices_of
from evaluator.actions.decided import Decisions
from evaluator.actions.flags import names_in, raise_flags
from evaluator.actions.options import PlanOptions
from evaluator.actions.planning import Plan
from evaluator.actions.problem import problem_of
from evaluator.actions.stopped import NOT_PLANNED

NOTHING = (NONE_STATED, NOT_PLANNED)
_SAME = 1e-9


def read_by_actions(decisions: Decisions) -> tuple[str, ...]:
    """Return the names that actions speak of, by themselves or through flags, sorted."""
    flags = {f"flag_{flag.id}": flag.when for flag in decisions.flags}
    found: set[str] = set()
    said = [str(part or "") for a in decisions.actions for part in (a.when, a.cost, a.gain)]
    while said:
        new = names_in(said.pop()) - found
        found |= new
        said += [flags[name] for name in new if name in flags]
    return tuple(sorted(found))


def stays(decisions: Decisions, others: pl.DataFrame) -> pl.DataFrame:
    """Return for each row of `others` whether the customer keeps each of its actions there.

    Without a plan that is the first action that applies. With a plan, an action is kept as long as it applies
    and none that did not apply before is better at the plan's prices of budget, places and floors; who is
    given nothing stays so until an action applies that is worth more than its price.

    Parameters
    ----------
    others : ``id``, and columns of grade and classes, which take the place of those that were evaluated.

    Returns
    -------
    ``row`` (the place in `others`), ``id``, ``action``, ``stays``.
    """
    rows = others.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    frame = decisions.frame.with_columns(pl.col("id").cast(pl.String))
    stated = frame.drop(name for name in others.columns if name != "id")
    known = rows.join(stated, on="id", how="left", maintain_order="left")
    flagged = raise_flags(known.with_columns(id=pl.col("row").cast(pl.String)), decisions.flags).frame
    options = decisions.options or PlanOptions()
    found = candidates(flagged, decisions.actions, horizon=options.years)
    given = rows.select("row", "id").join(
        decisions.customers.select("id", "action"), on="id", maintain_order="left"
    )
    if decisions.plan is None:
        first = first_that_applies(found, flagged["id"].to_list())
        now = first.select(row=pl.col("id").cast(pl.Int64), now="action")
        return given.join(now, on="row", maintain_order="left").select(
            "row", "id", "action", stays=pl.col("action") == pl.col("now")
        )
    pairs = found.rows.select(pl.col("id").cast(pl.Int64).alias("row"), "action", "gain", "cost")
    pairs = pairs.drop_nulls().join(rows.select("row", "id"), on="row")
    return _at_prices(decisions, decisions.plan, given, pairs)


@dataclass(frozen=True)
class _Prices:
    """Prices of a plan's limits in money, by what they limit."""

    budget: float
    places: Mapping[str, float]
    floors: tuple[tuple[str, str, float], ...]

    @classmethod
    def of(cls, decisions: Decisions, made: Plan) -> _Prices:
        problem = problem_of(decisions.candidates.rows, made.limits)
        found, unit = prices_of(problem), 10.0**-problem.decimals
        if found is None:
            return cls(0.0, {}, ())
        places = {name: price * unit for name, price in zip(problem.names, found.capacities, strict=True)}
        groups = zip(problem.groups, found.floors, strict=True)
        return cls(found.budget, places, tuple((g.by, g.value, price * unit) for g, price in groups))

    def worth(self) -> pl.Expr:
        place = pl.col("action").replace_strict(self.places, default=0.0, return_dtype=pl.Float64)
        return pl.col("gain") - pl.col("cost") * (1 + self.budget) - place

    def served(self) -> Iterator[pl.Expr]:
        """Yield what serving a customer adds, for each floor."""
        for by, value, price in self.floors:
            yield pl.when(pl.col(by).cast(pl.String) == value).then(price).otherwise(0.0)


def _at_prices(decisions: Decisions, made: Plan, given: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    prices, together = _Prices.of(decisions, made), made.limits.together
    settled = made.limits.must_give if together == 1 else {}
    barred = [*made.limits.must_not, *settled]
    pairs = pairs.with_columns(worth=prices.worth())
    before = decisions.candidates.rows.select("id", "action")
    new = pairs.join(before, on=["id", "action"], how="anti").filter(~pl.col("id").is_in(barred))
    planned = pairs.join(made.rows.select("id", "action"), on=["id", "action"], how="semi")
    rivals = pl.concat([planned, new]).select("row", rival="action", other="worth")
    kept = planned.join(rivals, on="row").group_by("row", "action").agg(
        better=((pl.col("other") > pl.col("worth") + _SAME) & (pl.col("rival") != pl.col("action"))).sum()
    )  # fmt: skip
    extra = sum(prices.served(), pl.lit(0.0))
    floors = dict.fromkeys(by for by, _, _ in prices.floors)
    who = decisions.frame.select(pl.col("id").cast(pl.String), *floors)
    tempted = new.join(who, on="id", how="left").filter(pl.col("worth") + extra > _SAME)
    return given.join(kept, on=["row", "action"], how="left", maintain_order="left").select(
        "row",
        "id",
        "action",
        stays=pl.when(pl.col("action").is_in(NOTHING))
        .then(~pl.col("row").is_in(tempted["row"].unique().implode()))
        .otherwise(pl.col("better").is_not_null() & (pl.col("better") < together)),
    )
