"""Actions: whom each is for, what it costs and brings there, and the first that applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from evaluator.actions.flags import columns_of, held_where, kind_of, names_in, unknown_names
from evaluator.columns import Kind, amount, enter, names_of, to_polars, value_of
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue
from evaluator.tree.decisions import Action, Money

NONE_STATED = "none_stated"
STAKES = ("gross_profit", "net_amount", "score")


@dataclass(frozen=True)
class Candidates(Displayed):
    """Pairs of a customer and an action that applies: `id`, `action`, `gain`, `cost`, `stake`, `place`.

    `place` is the action's in the order of the file, `stake` the value at stake, by which customers are
    ordered where no gain is stated; `stake_by` says what it is. `unknown` counts by action the customers
    for whom its condition is unknown, `no_gain` those for whom it applies without a known gain.
    """

    rows: pl.DataFrame
    unknown: Mapping[str, int]
    no_gain: Mapping[str, int]
    stake_by: str | None
    issues: tuple[Issue, ...]


def candidates(
    frame: Any,
    actions: Sequence[Action],
    *,
    horizon: float = 1.0,
    value: str | None = None,
    keep: Sequence[str] = (),
) -> Candidates:
    """Return the pairs of customers and actions that apply to them.

    Parameters
    ----------
    frame : any dataframe with `id`, measures, results and flags, one row per customer.
    horizon : years that gains are reckoned for; expressions name it ``horizon``.
    value : what is at stake with a customer, an expression; else gross_profit, net_amount, or the score.
    keep : further columns that the pairs carry, such as those floors go by.

    Raises
    ------
    EvaluationError
        for expressions that are not understood, names that money speaks of and nobody has, and a cost below
        0.

    >>> save = Action(id="save", name={"zh": "挽留", "en": "Save"}, do={"zh": "上门", "en": "Visit"},
    ...               when="risk > 0.5", cost=800.0, effect=0.3, gain="effect * risk * profit * horizon")
    >>> frame = pl.DataFrame({"id": ["a", "b"], "risk": [0.6, 0.2], "profit": [10_000.0, 9_000.0]})
    >>> candidates(frame, [save], horizon=2).rows.select("id", "action", "cost", "gain").rows()
    [('a', 'save', 800.0, 3600.0)]
    """
    table = enter(frame).frame
    kinds = {name: kind for name, dtype in table.collect_schema().items() if (kind := kind_of(dtype))}
    parts, lacking, unknown, no_gain = [], dict[str, str](), {}, {}
    stake_by = value or next((name for name in STAKES if name in kinds), None)
    stake = _money(stake_by, kinds, {"horizon": horizon}).alias("stake")
    for place, action in enumerate(actions):
        numbers: dict[str, float] = {"horizon": horizon}
        if action.effect is not None:
            numbers["effect"] = action.effect
        held, absent = applies(action, kinds)
        lacking |= {name: action.id for name in sorted(absent) if name not in lacking}
        part = to_polars(
            table.select(
                nw.col("id"), *(nw.col(name) for name in keep),
                held.alias("applies"), _money(action.gain, kinds, numbers).alias("gain"),
                _money(action.cost, kinds, numbers).alias("cost"), stake,
            )
        )  # fmt: skip
        unknown[action.id] = part["applies"].null_count()
        part = part.filter("applies").drop("applies")
        no_gain[action.id] = part["gain"].null_count() if action.gain is not None else 0
        _check_cost(action, part)
        parts.append(part.with_columns(action=pl.lit(action.id), place=pl.lit(place)))
    money = dict.fromkeys(("gain", "cost", "stake"), pl.Float64)
    schema = {"id": pl.String, **money, "action": pl.String, "place": pl.Int32}
    rows = pl.concat(parts).sort("id", "place") if parts else pl.DataFrame(schema=schema)
    return Candidates(rows, unknown, no_gain, stake_by, tuple(unknown_names(lacking, kinds)))


def first_that_applies(found: Candidates, ids: Sequence[str]) -> pl.DataFrame:
    """Return a customer's action: the first that applies, else ``none_stated``.

    >>> none = Candidates(pl.DataFrame(schema={"id": pl.String, "action": pl.String, "place": pl.Int32}),
    ...                   {}, {}, None, ())
    >>> first_that_applies(none, ["a"]).rows()
    [('a', 'none_stated')]
    """
    first = found.rows.sort("id", "place").unique("id", keep="first", maintain_order=True)
    everybody = pl.DataFrame({"id": pl.Series(list(ids), dtype=pl.String)})
    return everybody.join(first, on="id", how="left", maintain_order="left").select(
        *[name for name in first.columns if name not in ("action", "place")],
        pl.col("action").fill_null(NONE_STATED),
    )


def applies(action: Action, kinds: Mapping[str, Kind]) -> tuple[nw.Expr, set[str]]:
    """Return whether an action is for a customer, as a column, and the names that nobody has."""
    return (nw.lit(value=True), set()) if action.when is None else held_where(action.when, kinds)


def _money(stated: Money | None, kinds: Mapping[str, Kind], numbers: Mapping[str, float]) -> nw.Expr:
    """Return money per customer; null where a part of it is unknown. Names that nobody has are errors."""
    if not isinstance(stated, str):
        return nw.lit(stated, nw.Float64)
    said = amount(stated, {**kinds, **dict.fromkeys(numbers, "number")})
    columns = {**columns_of(names_of(said)), **{name: nw.lit(value) for name, value in numbers.items()}}
    value = value_of(said, columns)
    return value if names_in(stated) else value + nw.lit(0.0)


def _check_cost(action: Action, part: pl.DataFrame) -> None:
    below = part.filter(pl.col("cost") < 0)
    if len(below):
        detail = {"customer": below["id"][0], "cost": below["cost"][0], "count": len(below)}
        raise EvaluationError([Issue("ACTION-102", action.id, detail)])
