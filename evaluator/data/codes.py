"""Codes for what is not known, such as 99 and -1, found where nobody stated them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from evaluator.columns import at_most, reaches

_OFTEN, _APART, _ENOUGH = 10, 3.0, 10
_FEW_STEPS, _PLAIN_CODE = 20, 97


def unobserved(values: pl.Series, ends: tuple[float, float]) -> list[float]:
    """Return the codes for what is not known that stand beyond the ends of a scale.

    A code is a number as surveys and systems use it (-1, -9, 98, 99, 999 …). It counts as one where nothing
    else lies beyond that end, and it is repeated or the scale is one of few steps; or where it is the
    outermost number and stands there ten times as often as any other.

    >>> unobserved(pl.Series([3.0, 99, -99, 5]), (1, 5)), unobserved(pl.Series([40.0, 999, 60]), (0, 100))
    ([99.0, -99.0], [])
    >>> unobserved(pl.Series([0.0, 12, -1, -1]), (0, 365)), unobserved(pl.Series([-1.0, -1, -20]), (0, 365))
    ([-1.0], [])
    """
    low, high = ends
    counted = values.drop_nulls().rename("value").value_counts(name="count").rows()
    beyond: dict[float, int] = {
        value: count for value, count in counted if not (reaches(value, low) and at_most(value, high))
    }
    codes = {value: count for value, count in beyond.items() if is_code(value)}
    others: dict[bool, tuple[float, int]] = {}
    for value, count in beyond.items():
        if value not in codes:
            largest, most = others.get(value > high, (0.0, 0))
            others[value > high] = max(largest, abs(value)), max(most, count)
    return codes_among(codes, others, ends)


def codes_among(
    codes: Mapping[float, int], others: Mapping[bool, tuple[float, int]], ends: tuple[float, float]
) -> list[float]:
    """Return which numbers beyond the ends of a scale count as codes; see `unobserved`.

    Parameters
    ----------
    codes : numbers there that look like codes, with how often each is there.
    others : of the other numbers above (True) and below the scale, the largest size, and how often the one
        is there that is there most often.
    """
    found = []
    for value, count in codes.items():
        largest, most = others.get(value > ends[1], (0.0, 0))
        if largest >= abs(value):
            continue
        repeated = count + codes.get(-value, 0) > 1
        few_steps = ends[1] - ends[0] <= _FEW_STEPS and abs(value) >= _PLAIN_CODE
        if count >= _OFTEN * most if most else repeated or few_steps:
            found.append(value)
    return sorted(found, reverse=True)


def far_out(values: pl.Series, ends: tuple[float, float] | None) -> list[float]:
    """Return numbers that look like codes and lie far from all others, at least three times as far from 0."""
    if len(values) - values.null_count() <= _ENOUGH or within(values, 0, _PLAIN_CODE - 1):
        return []
    numbers = (values.drop_nulls() if values.null_count() else values).to_numpy()
    whole = np.unique(numbers[numbers == np.trunc(numbers)]).tolist()
    codes = {value for value in whole if is_code(value) and (value < 0 or value >= _PLAIN_CODE)}
    codes = {value for value in codes if ends is None or not ends[0] <= value <= ends[1]}
    if not codes:
        return []
    others = [value for value in np.unique(numbers).tolist() if value not in codes]
    if not others:
        return []
    largest, lowest = max(map(abs, others)), min(others)
    one_below = sum(code < 0 for code in codes) == 1  # several may well be small losses
    return [
        value
        for value in codes
        if abs(value) > _APART * largest or (one_below and value < 0 <= lowest and largest > 1)
    ]


def within(values: pl.Series, low: float, high: float) -> bool:
    """True if no value lies outside two numbers."""
    return values.null_count() == len(values) or (values.min() >= low and values.max() <= high)  # type: ignore[operator,return-value]


def is_code(value: float) -> bool:
    """Return whether a number is one that surveys and systems write for what is not known.

    >>> [is_code(value) for value in (99, -1, 998, 77, -99.0, 0, 12, 9.9)]
    [True, True, True, True, True, False, False, False]
    """
    if not value or value != int(value):
        return False
    digits = str(abs(int(value)))
    same = digits[0] in "789" and digits == digits[0] * len(digits)
    nearly = len(digits) > 1 and not digits[:-1].strip("9") and digits[-1] in "678"
    return -10 < value < 0 or same or nearly


def _codes(longest: int) -> Iterator[float]:
    for length in range(1, longest + 1):
        same = [digit * length for digit in "789"]
        nearly = ["9" * (length - 1) + digit for digit in "678"] if length > 1 else []
        yield from (sign * float(text) for text in {*same, *nearly} for sign in (1, -1))
    yield from (float(-digit) for digit in range(1, 7))


CODES = tuple(sorted(_codes(9)))
"""Every code of up to nine digits."""
