"""Customers of one name whom a column of bare codes tells apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from evaluator.data.first_look import Look, Seen
from evaluator.data.header_names import other_names, plain
from evaluator.study.header_stems import STEMS, has_stem


def codes_beside(look: Look, name: Seen, free: Iterable[Seen]) -> Iterator[Seen]:
    """Yield the columns under a bare word for a code in which each code has one name.

    A code that no row repeats numbers the rows, and is none.
    """
    if has_stem(name.header, STEMS["code"]) or name.numbers:
        return
    words = set(map(plain, STEMS["bare_code"]))
    for seen in free:
        bare = {plain(seen.header), *other_names(seen.header)} & words
        if bare and seen.repeats and not _pairs(look, seen, name)["first"].is_duplicated().any():
            yield seen


def are_namesakes(look: Look, name: Seen, code: Seen) -> bool:
    """Return whether some name has several codes."""
    return bool(_pairs(look, name, code)["first"].is_duplicated().any())


def spans_days(look: Look, code: Seen, day: Seen | None) -> bool:
    """Return whether most codes that stand in several rows have several days, as no order has."""
    if day is None:
        return False
    rows = look.values(code.position).drop_nulls().value_counts(name="rows")
    repeated = rows.filter(pl.col("rows") > 1).height
    days = _pairs(look, code, day)["first"].value_counts(name="days")
    return 2 * days.filter(pl.col("days") > 1).height > repeated > 0


def _pairs(look: Look, first: Seen, second: Seen) -> pl.DataFrame:
    """Return the different pairs of what two columns say, where both say something."""
    columns = {"first": look.values(first.position), "second": look.values(second.position)}
    return pl.DataFrame(columns).drop_nulls().unique()
