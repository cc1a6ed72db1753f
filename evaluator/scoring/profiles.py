"""Weight profiles: the weights of a customer's own stage or type, as columns beside the scores.

Column names: ``profile`` and, for the nodes whose weight differs between profiles, ``weight_<node>``.
"""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from evaluator.columns import Step
from evaluator.scoring.model import Model
from evaluator.tree.names import condition_names
from evaluator.tree.profiles import DEFAULT


def profile_steps(model: Model) -> Iterator[Step]:
    """Yield the steps that give each customer a profile and its weights; none without profiles.

    Whose attribute is missing, or is no profile's, has the profile `DEFAULT` and the model's own weights.
    """
    profiles = model.tree.profiles
    if not model.profiles or profiles is None:
        return
    meaning = condition_names(model.tree)[profiles.by]
    value = nw.col(f"{meaning.what}_{meaning.of}")
    own = nw.lit(DEFAULT, nw.String)
    for entry in model.profiles:
        own = nw.when(value.is_in(list(entry.values))).then(nw.lit(entry.id, nw.String)).otherwise(own)
    yield Step("profile", {"profile": own})
    yield Step("profile_weights", {f"weight_{node}": _weight(node, model) for node in sorted(model.varying)})


def local_weight(node: str, model: Model) -> float | nw.Expr:
    """Return the weight of a node among its siblings: a number, or a column where profiles differ."""
    return nw.col(f"weight_{node}") if node in model.varying else model.local[node]


def profile_columns(model: Model) -> tuple[str, ...]:
    """Return the column that profiles add to a score; none without profiles."""
    return ("profile",) if model.profiles else ()


def _weight(node: str, model: Model) -> nw.Expr:
    weight = nw.lit(model.local[node], nw.Float64)
    for entry in model.profiles:
        if node in entry.local:
            own = nw.lit(entry.local[node], nw.Float64)
            weight = nw.when(nw.col("profile") == entry.id).then(own).otherwise(weight)
    return weight
