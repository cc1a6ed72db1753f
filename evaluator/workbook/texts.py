"""How many bytes the texts of a sheet may take once a parser has copied each shared one into its cells."""

from __future__ import annotations

import re

_SHARED = b't="s"'
_ODD = (b"'s'", b"t =", b"t= ", b"t\n", b"t\t", b"t\r", b"=\n", b"=\t", b"=\r", b'"&')
"""Ways of saying that a cell holds a shared text in which programs do not write it."""
_COUNT = re.compile(rb"ount\s*=\s*[\"']\s*\+?(\d+)")  # count and uniqueCount
_CLOSED = re.compile(rb"ount(?:\s*[^\s=]|\s*=\s*[^\s\"']|\s*=\s*[\"']\s*\+?\d*[^\s\d+])")
_DIGITS = 20  # more than a parser reads as a number


class LongestBetween:
    """The longest stretch between two signs of a text that comes in blocks.

    A comment or a literal passage could hold the sign without meaning it: with one, the whole counts.
    """

    def __init__(self, sign: bytes) -> None:
        self._sign, self._length, self._whole, self._literal = sign, 0, 0, False
        self._longest, self._rest = 0, b""

    def add(self, block: bytes) -> None:
        """Take the next block."""
        text = self._rest + block
        self._whole += len(block)
        self._literal = self._literal or b"<!" in text
        first, *others = text.split(self._sign)
        self._rest = text[-len(self._sign) + 1 :]
        if not others:
            self._length += len(block)
            self._longest = max(self._longest, self._length)
            return
        self._longest = max(self._longest, self._length + len(first), *map(len, others))
        self._length = len(others[-1])

    @property
    def longest(self) -> int:
        """The longest stretch so far, in bytes."""
        return self._whole if self._literal else self._longest


class DeclaredTexts:
    """How many shared texts a part says it has, for which a parser makes room before it has seen any."""

    def __init__(self) -> None:
        self.most, self._rest = 0, b""

    def add(self, block: bytes) -> None:
        """Take the next block."""
        text = self._rest + block
        for found in _COUNT.finditer(text):
            digits = found[1].lstrip(b"0")[:_DIGITS]
            self.most = max(self.most, int(digits or b"0"))
        begins = text.rfind(b"ount")
        self._rest = text[-3:] if begins < 0 or _CLOSED.search(text, begins) else text[begins:]


class SharedTexts:
    """How many cells of a sheet hold a shared text; None where it is not written as programs write it."""

    def __init__(self) -> None:
        self._cells, self._odd, self._rest = 0, False, b""

    def add(self, block: bytes) -> None:
        """Take the next block."""
        text = self._rest + block
        self._odd = self._odd or b"\x00" in text or any(sign in text for sign in _ODD)
        self._cells += text.count(_SHARED) - self._rest.count(_SHARED)
        self._rest = text[-len(_SHARED) + 1 :]

    @property
    def cells(self) -> int | None:
        """The number of cells so far."""
        return None if self._odd else self._cells
