"""Effects: what each leaf does to a score that is not the sum of its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import polars as pl

from evaluator.columns import to_polars
from evaluator.measuring.membership_functions import memberships, score_ladder
from evaluator.scoring.model import Model
from evaluator.scoring.score_steps import upward_steps
from evaluator.tree import Indicator

Row = Mapping[str, Any]


def with_effects(model: Model, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return customers with the effect of every leaf, and the reference they are measured against.

    The effect of a leaf is the customer's score before rules less that with this leaf alone at the model's
    reference; a leaf that is missing has none. The steps that scored are run again on the changed rows.

    Parameters
    ----------
    rows : customers with the columns of every step of the scoring plan.

    Returns
    -------
    The rows with ``reference`` and ``effect_<indicator>``.
    """
    leaves = model.tree.indicators
    frame = pl.DataFrame(rows, infer_schema_length=None, orient="row")
    standing = {leaf.id: _at_reference(model, leaf) for leaf in leaves}
    # the reference differs between customers where their weights do, by profile
    everywhere = frame.with_columns(column for columns in standing.values() for column in columns)
    variants = [everywhere, *(frame.with_columns(standing[leaf.id]) for leaf in leaves)]
    # the excluded have no score to explain; everybody else's is computed anew from the leaves
    scores = _scores(model, pl.concat(variants, how="vertical_relaxed"))
    reference, *changed = scores.to_numpy().reshape(len(leaves) + 1, len(frame))
    found = []
    for place, row in enumerate(rows):
        effects = {
            f"effect_{leaf.id}": _effect(row, leaf, changed[number][place])
            for number, leaf in enumerate(leaves)
        }
        known = unadjusted_score(row) is not None
        found.append({**row, **effects, "reference": float(reference[place]) if known else None})
    return found


def unadjusted_score(row: Row) -> float | None:
    """Return a customer's score before any rule."""
    score: float | None = row["unadjusted_score"] if "unadjusted_score" in row else row["score"]
    return score


def _effect(row: Row, leaf: Indicator, changed: float) -> float:
    score = unadjusted_score(row)
    return 0.0 if score is None or row[f"score_{leaf.id}"] is None else float(score - changed)


def _at_reference(model: Model, leaf: Indicator) -> list[pl.Expr]:
    """Return the columns of a leaf that stands at the reference."""
    score = model.reference[leaf.id]
    columns = {f"score_{leaf.id}": score}
    if model.fuzzy:
        ladder = score_ladder(model.tree.grades)
        placed = memberships([score], ladder)[0].tolist()
        columns |= {
            f"membership_{grade}@{leaf.id}": x for grade, x in zip(ladder.centres, placed, strict=True)
        }
    return [pl.lit(value, pl.Float64).alias(name) for name, value in columns.items()]


def _scores(model: Model, frame: pl.DataFrame) -> pl.Series:
    lazy = nw.from_native(frame.lazy())
    for step in upward_steps(model):
        lazy = lazy.with_columns(*(value.alias(name) for name, value in step.outputs.items()))
    return to_polars(lazy.select("score"))["score"]
