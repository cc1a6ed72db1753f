"""Addresses of cells."""

from __future__ import annotations


def column(letters: str) -> int:
    """Return the number of a column, counted from 1.

    >>> column("A"), column("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
