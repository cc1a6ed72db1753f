"""The customer somebody means: by id, by name, or by a part of either."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import polars as pl

from evaluator.errors import EvaluationError, Issue

SHOWN = 10

Fits = Callable[[str, str], bool]


def find_customer(measured: Iterable[pl.DataFrame], word: str) -> str:
    """Return the id of the customer that is meant among those `measured`, by each tree; else the word itself.

    An id counts first, then one that differs in leading zeros or capitals only, then a whole name, then
    a part of an id or a name.

    Raises
    ------
    EvaluationError
        where several customers fit equally well, with the first of them.
    """
    known = dict(_customers(measured))
    for fits in _ways(word):
        found = [(key, name) for key, name in known.items() if fits(key, name)]
        if len(found) == 1:
            return found[0][0]
        if found:
            more = ", …" if len(found) > SHOWN else ""
            detail = {"count": len(found), "candidates": _listed(found[:SHOWN]) + more}
            raise EvaluationError([Issue("SCORE-654", word, detail)])
    return word


def _customers(measured: Iterable[pl.DataFrame]) -> Iterator[tuple[str, str]]:
    """Yield the id and the name of everybody measured, in every tree."""
    for frame in measured:
        name = pl.col("name") if "name" in frame.columns else pl.lit("").alias("name")
        yield from frame.select(pl.col("id").cast(pl.String), name.cast(pl.String).fill_null("")).iter_rows()


def _ways(word: str) -> Iterator[Fits]:
    """Yield what somebody may mean by a word, the surest first."""
    part, bare = word.strip().casefold(), _bare(word)
    yield lambda key, _: key == word
    yield lambda key, _: _bare(key) == bare
    if part:
        yield lambda _, name: name.casefold() == part
        yield lambda key, name: part in key.casefold() or part in name.casefold()


def _bare(key: str) -> str:
    """Return an id without leading zeros, in small letters."""
    return key.strip().casefold().lstrip("0")


def _listed(found: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{key} {name}".strip() for key, name in found)
