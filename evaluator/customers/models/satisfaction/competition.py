"""Loyal or locked in: satisfaction against loyalty, and how much choice customers have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from evaluator.columns import at_most, exact_means, reaches
from evaluator.customers.models.matrices.placing import MatrixOptions, Placed, place
from evaluator.customers.records import as_given, records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue
from evaluator.labels import Share

BANDS = (0, 20, 40, 60, 80, 100)


class CompetitionOptions(Format):
    """When loyalty rests on a lack of choice.

    Parameters
    ----------
    matrix : cuts of satisfaction (x) and loyalty (y), and how near one is borderline.
    concentration : above which Herfindahl index a market offers little choice.
    switching : from which score switching is costly; None: scores of switching cost are not used.
    """

    matrix: MatrixOptions = MatrixOptions()
    concentration: Share = 0.25
    switching: float | None = None


@dataclass(frozen=True)
class FalseLoyalty(Displayed):
    """Where customers stand between satisfaction and loyalty, and whom only a lack of choice keeps.

    Parameters
    ----------
    frame : `id`, `satisfaction`, `loyalty`, `class` (loyalist, mercenary, hostage, defector), `borderline`,
        `bound` (whether choice is known to be little; null where nothing says so either way), `false_loyalty`
        (hostages: loyal though dissatisfied) and `strongly` (hostages who are bound).
    curve : per `segment` (where there is one) and band of satisfaction `from`–`to`: `customers`,
        `loyalty` (mean). Concave: satisfaction hardly matters until much; the firm's own curve.
    """

    frame: Any
    placed: Placed
    curve: pl.DataFrame
    options: CompetitionOptions


def herfindahl(shares: ArrayLike) -> float:
    """Return the concentration of a market, Σ s² of shares brought to the sum of 1: 1/n (even) to 1.

    Raises
    ------
    EvaluationError
        shares negative or all 0.

    References
    ----------
    Hirschman (1964), American Economic Review 54(5); Herfindahl (1950).

    >>> round(herfindahl([50, 30, 20]), 2)
    0.38
    """
    s = np.asarray(shares, dtype=np.float64)
    if not (s.size and np.isfinite(s).all() and (s >= 0).all() and s.sum() > 0):
        raise EvaluationError([Issue("CUST-910", "shares")])
    return float(((s / s.sum()) ** 2).sum())


def false_loyalty(frame: Any, *, options: CompetitionOptions | None = None) -> FalseLoyalty:
    """Tell loyalists, mercenaries, hostages and defectors apart, and hostages who have no choice (D4).

    A customer is bound where there is one supplier, the market's Herfindahl index lies above the options'
    limit, or switching costs reach theirs. A hostage's loyalty is false; it ends when a rival enters.

    Parameters
    ----------
    frame : one row per customer: `id`, `satisfaction` and `loyalty` (0–100), and where known `hhi` (0–1),
        `suppliers` (how many could deliver), `switching` (score of switching cost), `segment`.

    Raises
    ------
    EvaluationError
        as `records`, an index outside 0–1; those of `place`.

    Limits: with relative cuts a quarter or so of any customers are hostages; state fixed cuts to compare.

    References
    ----------
    Jones & Sasser (1995), Why satisfied customers defect, Harvard Business Review 73(6).

    >>> table = {"id": ["a", "b"], "satisfaction": [30.0, 90.0], "loyalty": [90.0, 80.0], "suppliers": [1, 5]}
    >>> found = false_loyalty(pl.DataFrame(table)).frame
    >>> found.select("class", "strongly").rows()
    [('hostage', True), ('mercenary', False)]
    """
    options = options or CompetitionOptions()
    evidence = ["hhi", "suppliers", "switching"]
    table = records(
        frame,
        numbers=["satisfaction", "loyalty", *evidence],
        texts=["segment"],
        optional=[*evidence, "segment"],
        non_negative=["suppliers"],
    )
    if table.filter((pl.col("hhi") < 0) | (pl.col("hhi") > 1)).height:
        raise EvaluationError([Issue("CUST-920", "hhi")])
    placed = place(
        table.select("id", "satisfaction", "loyalty"), "satisfaction_loyalty", options=options.matrix
    )
    signs = [pl.col("suppliers") <= 1, ~at_most(pl.col("hhi"), options.concentration)]
    if options.switching is not None:
        signs.append(reaches(pl.col("switching"), options.switching))
    known = pl.any_horizontal(sign.is_not_null() for sign in signs)
    bound = pl.when(known).then(pl.any_horizontal(sign.fill_null(False) for sign in signs))
    stands = placed.frame.select("id", "class", "borderline")
    hostage = pl.col("class") == "hostage"
    found = (
        table.join(stands, on="id", how="left", maintain_order="left")
        .with_columns(bound.alias("bound"), hostage.alias("false_loyalty"))
        .with_columns((pl.col("false_loyalty") & pl.col("bound").fill_null(False)).alias("strongly"))
    )
    columns = ["id", "satisfaction", "loyalty", "class", "borderline", "bound", "false_loyalty", "strongly"]
    return FalseLoyalty(as_given(frame, found.select(columns)), placed, _curve(found), options)


def _curve(table: pl.DataFrame) -> pl.DataFrame:
    """Return the mean loyalty per band of satisfaction, by segment where there are several."""
    width = BANDS[1] - BANDS[0]
    band = (pl.col("satisfaction") / width).floor().clip(0, len(BANDS) - 2) * width
    return (
        table.drop_nulls(["satisfaction", "loyalty"])
        .with_columns(band.alias("from"))
        .group_by("segment", "from")
        .agg(pl.len().cast(pl.Int64).alias("customers"), *exact_means(table, "loyalty", subject="loyalty"))
        .select("segment", "from", (pl.col("from") + width).alias("to"), "customers", "loyalty")
        .sort("segment", "from")
    )
