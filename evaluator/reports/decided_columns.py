"""What is done with each customer, as columns of the one table of customers."""

from __future__ import annotations

import polars as pl

from evaluator.actions.decided import Decisions
from evaluator.present.kinds import money_unit
from evaluator.reports.context import Context
from evaluator.reports.listings import Column
from evaluator.reports.reasons import with_reasons

_STYLES = {
    "action": "text", "owner": "text", "net": "integer", "cost": "integer", "stake": "integer", "due": "date",
    "flags": "id", "reason": "id",
}  # fmt: skip
_MONEY = ("net", "cost", "stake")
MADE_OF = {"action": "action_name", "owner": "owner", "flags": "flags", "due": "due", "reason": "reason"}


def decided_columns(context: Context) -> tuple[Column, ...]:
    """Return the columns that decisions fill, in their block; none where nothing is decided.

    A key begins with ``act_``, so that it never takes the place of a result.
    """
    shown = _shown(context.evaluation.decisions)
    named = {"action": "actions.action_name", "due": "decide.due"}
    texts = {key: context.text(named.get(key, f"actions.{key}")) for key in shown}
    if unit := money_unit(context.reader.currency, context.language):
        texts |= {key: context.text("workbook.with_unit", name=texts[key], unit=unit)
                  for key in shown if key in _MONEY}  # fmt: skip
    return tuple(Column(f"act_{key}", texts[key], _STYLES[key], "decision") for key in shown)


def decided_values(context: Context) -> pl.DataFrame:
    """Return these columns by id; of a customer with several actions, those of the first."""
    found = context.evaluation.decisions
    if found is None:
        return pl.DataFrame(schema={"id": pl.String})
    first = with_reasons(found.customers.unique("id", keep="first", maintain_order=True), context)
    named = {name: context.text(f"actions.{name}") for name in ("not_planned", "none_stated")}
    named |= {action.id: action.name[context.language] for action in found.actions}
    frame = first.with_columns(action_name=pl.col("action").replace_strict(named, default=None))
    return frame.select(
        "id", *(pl.col(MADE_OF.get(key, key)).alias(f"act_{key}") for key in _shown(found))
    )  # fmt: skip


def _shown(found: Decisions | None) -> tuple[str, ...]:
    """Return what is known of somebody, in the order of reading; scores at stake are no money."""
    if found is None:
        return ()
    staked = found.candidates.stake_by not in (None, "score")
    money = ("net", "cost") if found.plan else ("stake",) if staked else ()
    frame = found.customers
    wanted = ("action", "owner", *money, "due", "flags", "reason")
    there = (key for key in wanted if MADE_OF.get(key, key) in frame.columns)
    return tuple(key for key in there if frame[MADE_OF.get(key, key)].null_count() < frame.height)
