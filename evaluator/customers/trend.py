"""The exponential trend of amounts over time."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from evaluator.columns import by_batches, is_spark

_STEPS = 6  # from these starts the fourth step is already within rounding
_SMALL = 0.1


def with_log_slope(
    frame: nw.LazyFrame[Any], centre: str, periods: int, *, output: str = "slope"
) -> nw.LazyFrame[Any]:
    """Add the log slope g of amounts over equally long periods, from their centre of gravity alone.

    The trend y(t) = a·exp(g·t), t = 0 … n−1, is fitted by Poisson pseudo-maximum likelihood: it has
    the total and the centre of gravity of the amounts,

        Σ t·y / Σ y − (n−1)/2  =  (n/2)·coth(n·g/2) − (1/2)·coth(g/2),

    which is solved for g. Unlike a line through logarithms it takes periods without an amount for
    what they are, 0; for amounts exactly on an exponential both give the same slope.

    Parameters
    ----------
    centre : column with the left side of the equation, within ±(n−1)/2; null gives null, and so do
        the ends themselves (everything in the first or last period), where no finite slope fits.
    periods : n, at least 2.
    output : name of the new column: change of ln(amount) per period; 0.02 is about +2 %.

    References
    ----------
    Santos Silva & Tenreyro (2006), The Log of Gravity. doi:10.1162/rest.88.4.641

    >>> import polars as pl
    >>> frame = nw.from_native(pl.LazyFrame({"centre": [0.0, 5.75, 11.5]}))
    >>> slopes = with_log_slope(frame, "centre", 24).collect().to_native()["slope"]
    >>> [None if slope is None else round(slope, 6) for slope in slopes]
    [0.0, 0.141393, None]
    """
    if frame.implementation.is_polars():  # in its own expressions, which are planned many times faster
        native: pl.LazyFrame = _with_log_slope(frame.to_native(), pl, centre, periods, output)
        return nw.from_native(native)
    if is_spark(frame):  # its planner takes minutes over steps that lie in one another

        def solved(rows: pl.DataFrame) -> pl.DataFrame:
            done: pl.DataFrame = _with_log_slope(rows.lazy(), pl, centre, periods, output).collect()
            return done

        return by_batches(frame, frame.collect_schema().names(), solved)
    found: nw.LazyFrame[Any] = _with_log_slope(frame, nw, centre, periods, output)
    return found


def _with_log_slope(frame: Any, kind: Any, centre: str, n: int, output: str) -> Any:
    """Add the slope in the expressions of narwhals or Polars, whichever `kind` is."""
    end, u, g = (n - 1) / 2, kind.col("_u"), kind.col("_g")
    distance = kind.col(centre).abs()
    frame = frame.with_columns(kind.when(distance < end).then(distance).alias("_u"))
    frame = frame.with_columns((1 / (end - u) + 1).log().alias("_g"))
    for _ in range(_STEPS):
        # The right side is concave in g > 0, so no step from the left leads beyond the root, and a step
        # from the right leads to its left; 12u/(n²−1) always lies left of it.
        step = g - (_mean(g, n, kind) - u) / _variance(g, n, kind)
        least = u * (12 / (n * n - 1))
        frame = frame.with_columns(kind.when(step > least).then(step).otherwise(least).alias("_g"))
    signed = kind.when(kind.col(centre) < 0).then(-g).otherwise(g)
    return frame.with_columns(signed.alias(output)).drop("_u", "_g")


def _mean(g: Any, n: int, kind: Any) -> Any:
    series = g * ((n**2 - 1) / 12) - g**3 * ((n**4 - 1) / 720) + g**5 * ((n**6 - 1) / 30240)
    closed = (n - 1) / 2 + n / (_large(g, n) - 1) - 1 / (_large(g, 1) - 1)
    return kind.when(g * n < _SMALL).then(series).otherwise(closed)


def _variance(g: Any, n: int, kind: Any) -> Any:
    series = (n**2 - 1) / 12 - g**2 * ((n**4 - 1) / 240) + g**4 * ((n**6 - 1) / 6048)
    one, all_ = _large(g, 1), _large(g, n)
    closed = one / (one - 1) ** 2 - all_ / (all_ - 1) ** 2 * n**2
    return kind.when(g * n < _SMALL).then(series).otherwise(closed)


def _large(g: Any, n: int) -> Any:
    """Return exp(n·g), kept from overflow and from 1, where the closed forms are not used."""
    return (g * n).clip(1e-6, 300.0).exp()
