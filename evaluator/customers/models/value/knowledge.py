"""The value of using information about customers: Z = C·Σ(p·M) − N·J."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from evaluator.customers.records import as_given, below_zero, records
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, raise_errors

Array = NDArray[np.float64]


@dataclass(frozen=True)
class KnowledgeValue(Displayed):
    """Z and what it is made of, in the unit of C and J.

    Parameters
    ----------
    value : Z = gross − cost, (...,).
    gross, cost : C·Σ(p·M) and N·J, (...,).
    per_use : what one more use of each knowledge point adds, C·p, (..., k).
    per_information : what one more piece of information in each adds, C·M, (..., k).
    per_collection : what one more collection adds, −J.
    break_even : the Σ(p·M) at which Z is 0, N·J / C, (...,).
    """

    value: Array
    gross: Array
    cost: Array
    per_use: Array
    per_information: Array
    per_collection: float
    break_even: Array


def knowledge_value(
    p: ArrayLike, M: ArrayLike, *, constant: float, collections: ArrayLike, cost: float
) -> KnowledgeValue:
    """Return the value of information use, Z = C·Σ(pᵢ·Mᵢ) − N·J, (..., k) twice → (...,).

    Parameters
    ----------
    p : how much information there is of each of k knowledge points, at least 0.
    M : how often each was used, at least 0.
    constant : C, what one unit of information is worth per use: the user's, above 0, shown with the result.
    collections : N, how often information was collected, (...,).
    cost : J, mean cost of one collection, in the unit of C.

    Raises
    ------
    EvaluationError
        a figure below 0, C not above 0.

    Limits: the source gives neither units nor a calibration of C; Z orders uses of information under one C
    and is no money amount unless C is one.

    References
    ----------
    From the Chinese literature on customer knowledge; its origin could not be found.

    >>> found = knowledge_value([3, 5, 2], [10, 4, 6], constant=2, collections=8, cost=5)
    >>> float(found.value), float(found.break_even), found.per_use.tolist()
    (84.0, 20.0, [6.0, 10.0, 4.0])
    """
    amounts, uses, n = (np.asarray(values, dtype=np.float64) for values in (p, M, collections))
    issues = [*below_zero(p=amounts, M=uses, collections=n, cost=np.asarray(cost))]
    if not constant > 0:
        issues.append(Issue("CUST-922", "constant", {"value": constant}))
    raise_errors(issues)
    gross, spent = constant * (amounts * uses).sum(-1), n * cost
    return KnowledgeValue(
        np.asarray(gross - spent),
        np.asarray(gross),
        np.asarray(spent),
        np.asarray(constant * amounts),
        np.asarray(constant * uses),
        -float(cost),
        np.asarray(spent / constant),
    )


def knowledge_values(points: Any, *, constant: float, cost: float) -> Any:
    """Return `knowledge_value` of each customer from a list of knowledge points.

    Parameters
    ----------
    points : one row per customer and knowledge point: `id`, `p`, `uses`, `collections`, all at least 0.

    Returns
    -------
    frame of the kind that came in
        `id`, `gross`, `cost`, `value`, sorted by id; missing where a figure is.

    Raises
    ------
    EvaluationError
        as `records`, C not above 0.

    Limits: as `knowledge_value`: C is the user's, and Z orders uses of information under one C.

    References
    ----------
    As `knowledge_value`.

    >>> table = pl.DataFrame({"id": ["a", "a"], "p": [3, 5], "uses": [10, 4], "collections": [1, 2]})
    >>> knowledge_values(table, constant=2, cost=5).row(0)
    ('a', 100.0, 15.0, 85.0)
    """
    if not constant > 0:
        raise EvaluationError([Issue("CUST-922", "constant", {"value": constant})])
    columns = ["p", "uses", "collections"]
    table = records(points, numbers=columns, non_negative=columns, repeated=True)
    product, n = pl.col("p") * pl.col("uses"), pl.col("collections")
    gross = pl.when(product.is_not_null().all()).then(constant * product.sum())
    spent = pl.when(n.is_not_null().all()).then(cost * n.sum())
    found = table.group_by("id").agg(gross.alias("gross"), spent.alias("cost"))
    found = found.with_columns((pl.col("gross") - pl.col("cost")).alias("value")).sort("id")
    return as_given(points, found)
