"""How long customers have bought, where orders do not reach back to their beginning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import narwhals as nw

from evaluator.columns import flag, to_polars
from evaluator.customers import Span
from evaluator.customers.known_since import TENURE
from evaluator.customers.measures import DAYS_PER_MONTH
from evaluator.customers.orders import Extent
from evaluator.errors import Issue, Severity
from evaluator.measuring.origins import Origin

MONTH = 1.0
MANY = 0.1
"""The share of customers who begin with the file from which on it is no chance."""


def begun_with_the_file(
    frame: nw.LazyFrame[Any], origins: Mapping[str, Origin | None], span: Span, found: Extent | None
) -> Iterator[Issue]:
    """Yield a note where many customers bought in the first month on file: they are known only since then."""
    if origins.get(TENURE) != "orders" or found is None:
        return
    whole = (span.as_of - found.first).days / DAYS_PER_MONTH
    begun = nw.col(TENURE).is_between(whole - MONTH, whole, closed="right")
    early = flag(begun).cast(nw.Int64).sum().alias("early")
    count, of = to_polars(frame.select(early, nw.col(TENURE).count().alias("of"))).row(0)
    if of and count >= MANY * of and count > 1:
        detail = {"count": int(count), "of": int(of), "first": found.first}
        yield Issue("DATA-600", TENURE, detail, severity=Severity.NOTE)
