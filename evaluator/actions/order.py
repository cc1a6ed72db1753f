"""The order in which the customers of an action are worked through, and by what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from evaluator.actions.choosing import NONE_STATED
from evaluator.actions.flags import kind_of, read
from evaluator.actions.stopped import NOT_PLANNED
from evaluator.columns import Comparison, Condition, Junction, Kind, Name
from evaluator.tree.decisions import Action, Flag

SCORE, MONEY = "score", ("net", "stake")
_MORE = (">", ">=")


@dataclass(frozen=True, slots=True)
class Order:
    """By what customers stand: ``net``, ``stake``, ``score`` or a measure; the largest first if `down`."""

    by: str
    down: bool = True


def order_of(
    action: Action, flags: Sequence[Flag], frame: pl.DataFrame, *, gains: bool, stake_by: str | None
) -> Order:
    """Return by what the customers of an action stand.

    Money comes first: what is gained, else what is at stake. Where there is none, an action that a flag of
    risk calls for begins with those in whom the risk is greatest (by the first measure of the flag that is
    known, else the lowest score). One that a measure calls for begins with those furthest beyond its limit,
    any other with the best.

    >>> from evaluator.actions.flags import raise_flags, shipped_flags
    >>> save = Action(id="save", name={"zh": "挽留", "en": "Save"}, do={"zh": "上门", "en": "Visit"},
    ...               when="flag_at_risk")
    >>> frame = pl.DataFrame({"id": ["a", "b"], "score": [80.0, 70.0], "churn_risk": [61.0, 90.0]})
    >>> frame = raise_flags(frame, shipped_flags()).frame
    >>> order_of(save, shipped_flags(), frame, gains=False, stake_by="score")
    Order(by='churn_risk', down=True)
    >>> order_of(save, shipped_flags(), frame.drop("churn_risk"), gains=False, stake_by="score")
    Order(by='score', down=False)
    >>> order_of(save, shipped_flags(), frame, gains=False, stake_by="gross_profit")
    Order(by='stake', down=True)
    """
    if gains:
        return Order("net")
    if stake_by not in (None, SCORE):
        return Order("stake")
    schema = nw.from_native(frame).schema
    kinds = {name: kind for name, dtype in schema.items() if (kind := kind_of(dtype))}
    called = _called_for(action.when, kinds)
    risks = [flag for flag in flags if flag.level == "risk" and f"flag_{flag.id}" in called]
    said = [*(flag.when for flag in risks), *([action.when] if action.when else [])]
    for part in (part for when in said for part in _alternatives(read(when, kinds)[0])):
        name = part.left.name if isinstance(part.left, Name) else ""
        if kinds.get(name) == "number" and not name.startswith(SCORE) and frame[name].is_not_null().any():
            return Order(name, part.comparator in _MORE)
    return Order(SCORE, not risks)


def in_order(rows: pl.DataFrame, orders: Mapping[str, Order], frame: pl.DataFrame) -> pl.DataFrame:
    """Return customers with their actions by when they are due, then by the order of each action.

    Where all stand by money, actions that are due together are mixed by it; otherwise an action's customers
    stand together, since nothing compares a measure with another.
    """
    money = pl.coalesce("net", "stake") if "net" in rows.columns else pl.col("stake")
    apart = {name: order for name, order in orders.items() if order.by not in MONEY}
    measures = dict.fromkeys(order.by for order in apart.values())
    wide = rows.join(
        frame.select(pl.col("id").cast(pl.String), *(pl.col(name).alias(f"by {name}") for name in measures)),
        on="id", how="left", maintain_order="left",
    )  # fmt: skip
    stated = [
        pl.when(pl.col("action") == name).then(
            pl.col(f"by {order.by}").cast(pl.Float64) * (1 if order.down else -1)
        )
        for name, order in apart.items()
    ]
    own = pl.coalesce(*stated) if stated else pl.lit(None, pl.Float64)
    first = pl.when(pl.col("action").is_in(list(apart))).then(own).otherwise(money)  # unknown comes last
    places = {name: place for place, name in enumerate(orders)} if apart else {}
    wide = wide.with_columns(
        rest=pl.col("action").is_in([NONE_STATED, NOT_PLANNED]),
        place=pl.col("action").replace_strict(places, default=None, return_dtype=pl.Int64),
        first=pl.when(first.is_finite()).then(first),
    )
    return wide.sort(
        "rest", "due", "place", "first", "id", descending=[False, False, False, True, False], nulls_last=True
    ).select(rows.columns)


def _called_for(when: str | None, kinds: Mapping[str, Kind]) -> set[str]:
    """Return the flags that a condition asks for; those it rules out are none."""
    if when is None:
        return set()
    parts = _alternatives(read(when, kinds)[0])
    return {name.name for part in parts for name in (part.left, part.right) if isinstance(name, Name)}


def _alternatives(said: Condition) -> Iterator[Comparison]:
    """Yield the comparisons of a condition that hold by themselves."""
    if isinstance(said, Junction):
        for part in said.parts:
            yield from _alternatives(part)
    elif isinstance(said, Comparison):
        yield said
