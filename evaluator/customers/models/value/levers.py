"""Levers on the value customers get: what to eliminate, to add, and to step up (排除、新增、递进)."""

from __future__ import annotations

from typing import Any

import polars as pl

from evaluator.columns import at_most, reaches
from evaluator.customers.records import as_given, records
from evaluator.documents import Format
from evaluator.errors import not_among, raise_errors

KANO = ("must", "one_dimensional", "attractive", "indifferent", "reverse")


class LeverOptions(Format):
    """From where importance, and from where cost, counts as high; the literature names no cut."""

    importance_cut: float
    cost_cut: float | None = None


def levers(attributes: Any, *, options: LeverOptions) -> Any:
    """Rank attributes of the offer by opportunity, with what to do about each (A10).

    opportunity = importance + max(importance − own, 0). The first rule that holds decides: ``eliminate``
    what customers do not want (Kano reverse), or what matters little and costs much; ``add`` what
    matters and is absent; ``step_up`` what matters and already beats rivals; ``add`` what matters and
    falls short of the need; else ``keep``.

    Parameters
    ----------
    attributes : one row per attribute: `id`, `importance` and, on the same scale, `own` (null: absent);
        where known `rival` (best or mean of rivals), `need` (what customers ask for; default: as much
        as its importance), `cost` (any unit) and `kano` (one of `KANO`). All numbers at least 0.

    Returns
    -------
    frame of the kind that came in
        `id`, `importance`, `own`, `rival`, `opportunity`, `action`, `rank` (equal ones share the better),
        highest opportunity first.

    Raises
    ------
    EvaluationError
        as `records`, an unknown Kano class.

    Limits: an absent attribute counts as own = 0 in the opportunity. Importance as stated overrates what
    is taken for granted; Kano classes correct for it.

    References
    ----------
    Ulwick (2005), What Customers Want, McGraw-Hill; Kano et al. (1984), Attractive quality and must-be
    quality, Journal of the Japanese Society for Quality Control 14(2), doi:10.20684/quality.14.2_147.

    >>> table = pl.DataFrame({"id": ["speed", "gifts"], "importance": [9, 2], "own": [5, 7], "rival": [6, 3],
    ...                       "cost": [1, 8]})
    >>> found = levers(table, options=LeverOptions(importance_cut=6, cost_cut=5))
    >>> found.select("id", "opportunity", "action").rows()
    [('speed', 13.0, 'add'), ('gifts', 2.0, 'eliminate')]
    """
    numbers = ["importance", "own", "rival", "need", "cost"]
    table = records(
        attributes,
        numbers=numbers,
        texts=["kano"],
        optional=["rival", "need", "cost", "kano"],
        non_negative=numbers,
    )
    kinds = table["kano"].drop_nulls().unique().sort()
    raise_errors(not_among("CUST-908", kinds, KANO, {"column": "kano"}))
    importance, own = pl.col("importance"), pl.col("own")
    high = reaches(importance, options.importance_cut)
    cut = options.cost_cut
    costly = pl.lit(False) if cut is None else reaches(pl.col("cost"), cut).fill_null(False)
    need = pl.coalesce("need", "importance")
    action = (
        pl.when((pl.col("kano") == "reverse") | (~high & costly))
        .then(pl.lit("eliminate"))
        .when(high & own.is_null())
        .then(pl.lit("add"))
        .when(high & ~at_most(own, pl.col("rival")))
        .then(pl.lit("step_up"))
        .when(high & ~reaches(own, need))
        .then(pl.lit("add"))
        .otherwise(pl.lit("keep"))
    )
    opportunity = importance + (importance - own.fill_null(0)).clip(0)
    found = table.with_columns(
        opportunity.alias("opportunity"), pl.when(importance.is_not_null()).then(action).alias("action")
    ).with_columns(pl.col("opportunity").rank("min", descending=True).cast(pl.Int64).alias("rank"))
    found = found.sort(["opportunity", "id"], descending=[True, False], nulls_last=True)
    return as_given(
        attributes, found.select("id", "importance", "own", "rival", "opportunity", "action", "rank")
    )
