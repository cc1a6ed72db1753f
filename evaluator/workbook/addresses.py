"""Addresses of cells."""

from __future__ import annotations

import re


def column(letters: str) -> int:
    """Return the number of a column, counted from 1.

    >>> column("A"), column("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def position(address: str) -> tuple[int, int]:
    """Return row and column, from 0, of an address; a `ValueError` if it is none.

    >>> position("C7"), position("$AB$1")
    ((6, 2), (0, 27))
    """
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})", address)
    if match is None:
        raise ValueError(f"{address!r} is not the address of a cell")
    return int(match[2]) - 1, column(match[1]) - 1
