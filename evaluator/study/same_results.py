"""Two files of results compared: byte for byte, or figure by figure where versions or processors differ."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from evaluator.data.spreadsheet import parquet_frame
from evaluator.errors import EvaluationError
from evaluator.files import read_bytes

RELATIVE = 1e-12
SHORT = 1e-5
"""By how much figures of CSV files may differ where bytes are not compared: they have six digits, the last of
which may turn with the last bit of the figure itself, which is compared in Parquet or JSON."""
_SOFTWARE = {"software", "digest"}  # what a model says of the program that wrote it

Difference = tuple[str, str, str]
"""Where two files differ, what stood there and what was computed."""


def differing(stored: Path, found: Path, *, exact: bool) -> Difference | None:
    """Return the first place where two files differ; None where they are the same.

    Unless `exact`, figures may differ by 1e-12 of their size, those of CSV files with six digits by one unit
    of the last; texts, classes and grades never.
    """
    if not found.is_file():
        return "–", stored.name, "–"
    if read_bytes(stored) == read_bytes(found):
        return None
    try:
        return _first_difference(stored, found, exact=exact)
    except (ValueError, RecursionError, pl.exceptions.PolarsError, EvaluationError) as error:
        return "–", next(iter(str(error).splitlines()), type(error).__name__), "–"


def _first_difference(stored: Path, found: Path, *, exact: bool) -> Difference | None:
    cells = zip(_cells(stored), _cells(found), strict=False)
    leeway = None if exact else SHORT if stored.suffix == ".csv" else RELATIVE
    first = next((d for one, other in cells if (d := _unlike(one, other, leeway))), None)
    counts = sum(1 for _ in _cells(stored)), sum(1 for _ in _cells(found))
    if first is None and counts[0] != counts[1]:
        return "–", str(counts[0]), str(counts[1])
    return first or (("–", "–", "–") if exact else None)


def _unlike(one: tuple[str, Any], other: tuple[str, Any], leeway: float | None) -> Difference | None:
    """Return how two values differ; without a leeway they must be the same."""
    place, a = one
    if place != other[0]:
        return place, str(a), other[0]
    b = other[1]
    if a == b or (leeway is not None and place.rpartition(".")[2] in _SOFTWARE):
        return None
    figures = _figure(a), _figure(b)
    if leeway and None not in figures and math.isclose(*figures, rel_tol=leeway, abs_tol=RELATIVE):  # type: ignore[arg-type]
        return None
    return place, str(a), str(b)


def _figure(value: Any) -> float | None:
    """Return a figure, also one that stands in a text file; what has no decimals is compared as it stands."""
    if isinstance(value, float):
        return value
    if isinstance(value, str) and any(sign in value for sign in ".eE"):
        try:
            return float(value)
        except ValueError:
            return None
    return None


def _cells(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield every value of a file with its place."""
    if path.suffix == ".json":
        yield from _leaves(json.loads(read_bytes(path)), "")
        return
    frame = (
        parquet_frame(path, path.name)
        if path.suffix == ".parquet"
        else pl.read_csv(read_bytes(path), infer_schema_length=0)
    )
    for number, row in enumerate(frame.iter_rows(), start=1):
        yield from ((f"{name}[{number}]", value) for name, value in zip(frame.columns, row, strict=True))


def _leaves(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _leaves(entry, f"{place}.{key}" if place else key)
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            yield from _leaves(entry, f"{place}[{number}]")
    else:
        yield place, value
