"""Whether a risk puts those first who really left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from evaluator.customers.ranks import mean_ranks
from evaluator.customers.records import records
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue


@dataclass(frozen=True)
class RankQuality(Displayed):
    """How well a risk ranks.

    Parameters
    ----------
    auc : chance that one who left had the higher risk of a pair, 0.5 by chance, 1 always; ties count half.
    customers, lost : those with both risk and outcome, and those of them who left.
    tenths : from the highest risk down: `tenth`, `customers`, `lost`, `rate`, `lift` (rate over the overall
        rate), `found` (share of all lost up to here).
    """

    auc: float
    customers: int
    lost: int
    tenths: pl.DataFrame


def auc(risk: ArrayLike, lost: ArrayLike) -> float:
    """Return the area under the ROC curve of a risk (n,) against the outcome (n,), 0/1.

    AUC = (Σ ranks of the lost − n₁(n₁ + 1)/2)/(n₁·n₀), with mean ranks where risks are equal. NaN where
    nobody or everybody left.

    References
    ----------
    Hanley & McNeil (1982), doi:10.1148/radiology.143.1.7063747.

    >>> auc([0.9, 0.8, 0.3, 0.3], [1, 0, 1, 0])
    0.625
    """
    gone = np.asarray(lost, dtype=bool)
    ranks = mean_ranks(np.asarray(risk, dtype=np.float64))
    n1, n0 = int(gone.sum()), int((~gone).sum())
    if not n1 or not n0:
        return float("nan")
    return float((ranks[gone].sum() - n1 * (n1 + 1) / 2) / (n1 * n0))


def rank_quality(frame: Any, *, risk: str = "risk", lost: str = "lost") -> RankQuality:
    """Hold a risk against what happened since, over the customers who have both.

    Parameters
    ----------
    frame : one row per customer: `id`, the risk (any scale, higher is likelier to leave), and whether the
        customer left (0/1 or true/false).

    Raises
    ------
    EvaluationError
        as `records`; nobody left, or everybody.

    Limits: a risk must be of a day before the outcome, or it ranks the past.

    >>> table = {"id": list("abcd"), "risk": [90, 80, 20, 10], "lost": [1, 1, 0, 0]}
    >>> rank_quality(pl.DataFrame(table)).auc
    1.0
    """
    table = records(frame, numbers=[risk, lost]).drop_nulls()
    gone = table[lost].to_numpy() > 0
    if not gone.any() or gone.all():
        raise EvaluationError([Issue("CUST-952", lost, {"count": table.height})])
    values = table[risk].to_numpy()
    order = np.lexsort((table["id"].to_numpy(), -values))
    parts = [part for part in np.array_split(gone[order], 10) if len(part)]
    overall, total, rows, found = gone.mean(), gone.sum(), [], 0
    for number, part in enumerate(parts, 1):
        found += int(part.sum())
        rate = float(part.mean())
        rows.append((number, len(part), int(part.sum()), rate, rate / overall, found / total))
    names = ["tenth", "customers", "lost", "rate", "lift", "found"]
    tenths = pl.DataFrame(rows, schema=names, orient="row")
    return RankQuality(auc(values, gone), table.height, int(total), tenths)
