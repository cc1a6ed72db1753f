"""Whose rows those of a file are, told by its cells: the column that holds the customers of the orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from evaluator.columns.ids import alike, id_text
from evaluator.data.first_look import Look, Seen
from evaluator.study.recognising import Recognised, place, recognise

_MOST = 0.5  # share of the customers of the shorter of two files that the other must hold
_FEWEST = 3  # customers of both


def with_known_ids(found: Sequence[Recognised], stated: Mapping[str, str]) -> Iterator[Recognised]:
    """Yield the parts, each that asks whose rows it holds with the column of the customers of the orders.

    A list of members under 手机号 is one of the buyers whose numbers the orders bear. Taken is a column alone
    of its kind; numbers may be written with spaces in one of the files. The number of an answer tells all
    rows of a survey apart and is nobody's. What is `stated` of other columns holds.
    """
    if all(part.table == "orders" and not part.questions for part in found):
        yield from found
        return
    buyers = [
        _ids(part.look, seen) for part in found if part.table == "orders" and (seen := part.column("id"))
    ]
    known = pl.concat(buyers).unique() if buyers else pl.Series("id", [], pl.String)
    for part in found:
        open_ = len(known) and _is_open(part, known)
        meant = [seen for seen in part.look.columns if _holds(part.look, seen, known)] if open_ else []
        yield _placed(part, meant[0], stated) if len(meant) == 1 else part


def _is_open(part: Recognised, known: pl.Series) -> bool:
    """Return whether a part asks whose rows it holds, or holds customers by a guess that nothing confirms."""
    if any(question.name == "id" for question in part.questions):
        return True
    who = next((entry for entry in part.placed if entry.name == "id"), None)
    guessed = part.table in ("customers", "survey") and who is not None and who.how in ("part", "cells")
    return bool(guessed and who and not _holds(part.look, who.seen, known))


def _placed(part: Recognised, who: Seen, stated: Mapping[str, str]) -> Recognised:
    """Return the part with a column as the customers', as a guess from its cells."""
    stated = {**stated, "id": who.header}
    found = place(part.look, "survey", stated) if part.table == "survey" else recognise(part.look, stated)
    if found.table == "customers" and who.repeats:  # each is there once in a list of customers
        found = place(part.look, "orders", stated)
    guessed = (replace(entry, how="cells") if entry.name == "id" else entry for entry in found.placed)
    return replace(found, placed=tuple(guessed))


def _holds(look: Look, seen: Seen, known: pl.Series) -> bool:
    """Return whether most of the customers of a column are known, or most of those known stand in it."""
    ids = _ids(look, seen) if seen.distinct >= _FEWEST and not seen.dates else known.clear()
    both = ids.is_in(known.implode()).sum()
    return both >= _FEWEST and both > _MOST * min(len(ids), len(known))


def _ids(look: Look, seen: Seen) -> pl.Series:
    """Return the different ids of a column, as they are written alike."""
    cells = look.values(seen.position).unique().to_frame("id")
    return cells.select(alike(id_text(pl.col("id"))))["id"].drop_nulls().unique()
