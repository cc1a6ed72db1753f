"""Answers as a short code that survives a messenger, a mail and being typed again.

A code is ``EV1`` and blocks of five letters and digits. In each the fifth checks the four before it, so that
a wrong letter is named by its block. The first two blocks say which form of whom it answers and check the
whole; the others hold the answers as one number, whose digits are the places of the choices, 0 for a blank:
44 comparisons take 75 characters. `templates/form/js/code.js` writes the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Generic, Protocol, TypeVar
from unicodedata import normalize

from evaluator.brief import Brief
from evaluator.errors import Issue, Location, Severity
from evaluator.forms.carriers import MOST
from evaluator.forms.page_files import held

FORM_BITS, PERSON_BITS = 20, 10

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no I, L, O, U, so that no letter is taken for another."""
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CHECKED = 4  # letters of a block, before the one that checks them
_NAMED = 20  # wrong blocks of a code; one of more is no slip of the pen
_HEAD = 8  # letters that say which form, whose, and check the whole
_WEIGHTS, _STEP = (1, 3, 5, 7), 11
_CHECK_BITS, _POLYNOMIAL = 10, 0x233
_BETWEEN = r"[\s\-\u2010-\u2015\u2212\uFF0D]*"
_CODE = re.compile(rf"EV1((?:{_BETWEEN}[0-9A-Z]{{5}})+)(?![0-9A-Z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Code(Brief):
    """A code as it was found: its blocks, each of four values and the one that checks them.

    Words of five letters may follow a code and look like blocks: how many count, the form tells by its
    `options`, how many answers each of its questions has, a blank among them. `line` counts from 1.
    """

    blocks: tuple[tuple[int, ...], ...]
    line: int = 1

    @property
    def form(self) -> int:
        """The fingerprint of the form that is answered."""
        return self._head >> (PERSON_BITS + _CHECK_BITS)

    @property
    def person(self) -> int:
        """What tells the person apart from others."""
        return self._head >> _CHECK_BITS & ((1 << PERSON_BITS) - 1)

    @property
    def named(self) -> bool:
        """Whether the blocks that say which form of whom it answers are as they were written."""
        return not {1, 2} & {*self.wrong(), *range(len(self.blocks) + 1, 3)}

    def wrong(self, options: Sequence[int] | None = None) -> tuple[int, ...]:
        """Return the blocks with letters that were not written so, and those that a form lacks."""
        last = len(self.blocks) if options is None else (_HEAD + _letters_for(options)) // _CHECKED
        here = enumerate(self.blocks[:last], start=1)
        false = [n for n, block in here if min(block) < 0 or block[-1] != _check(block[:-1], n - 1)]
        return (*false, *range(len(self.blocks) + 1, last + 1))

    def answers(self, options: Sequence[int]) -> tuple[int, ...] | None:
        """Return the answers: 0 for a blank, else the place of the choice, from 1; None if it is wrong."""
        if self.wrong(options):
            return None
        letters = [value for block in self.blocks for value in block[:-1]][_HEAD:][: _letters_for(options)]
        if self._head & ((1 << _CHECK_BITS) - 1) != _checksum(_all(self.form, self.person, letters)):
            return None
        number, found = _number(letters), []
        for option in reversed(options):
            number, answer = divmod(number, option)
            found.append(answer)
        return tuple(reversed(found)) if number == 0 else None

    @property
    def _head(self) -> int:
        return _number([value for block in self.blocks for value in block[:-1]][:_HEAD])


class Coded(Protocol):
    """A form that codes answer."""

    @property
    def fingerprint(self) -> int:
        """What tells it apart from other forms, in `FORM_BITS` bits."""

    @property
    def person_bits(self) -> int:
        """What tells who is asked apart from others, in `PERSON_BITS` bits."""

    @property
    def options(self) -> tuple[int, ...]:
        """How many answers each of its questions has, a blank among them."""


F = TypeVar("F", bound=Coded)


@dataclass(frozen=True, slots=True)
class Decoded(Generic[F]):
    """What a code answers: 0 for a blank, else the place of the choice, from 1.

    `file` names the line as well where several codes of a text answer the same form.
    """

    form: F
    answers: tuple[int, ...]
    file: str
    line: int


def read_codes(text: str, name: str, forms: Iterable[F]) -> Iterator[Decoded[F] | Issue]:
    """Yield for each code in a text what it answers, or a warning why it cannot be read.

    Blocks of a code that are wrong, and a code of none of the forms, are named.
    """
    by_head = {(one.fingerprint, one.person_bits): one for one in reversed(tuple(forms))}
    codes = [(code, by_head.get((code.form, code.person)) if code.named else None) for code in codes_in(text)]
    counts = Counter((code.form, code.person) for code, _ in codes)
    for code, form in codes:
        where = Location(name, line=code.line)
        answers = code.answers(form.options) if form else None
        if form and answers is not None:
            several = counts[code.form, code.person] > 1
            yield Decoded(form, answers, f"{name}:{code.line}" if several else name, code.line)
        elif form is None and code.named and not code.wrong():
            yield Issue("JUDGE-250", name, where=where, severity=Severity.WARNING)
        else:
            wrong = code.wrong(form.options if form else None) or (1,)
            blocks = ", ".join(map(str, wrong[:_NAMED])) + (" …" if len(wrong) > _NAMED else "")
            yield Issue("JUDGE-249", name, {"blocks": blocks}, where=where, severity=Severity.WARNING)


def text_of(path: Path) -> str:
    """Return the text of a file that may hold codes, in whichever of the usual encodings."""
    start = held(path, path.name)[:MOST]
    wide = start[:2] in (b"\xff\xfe", b"\xfe\xff")
    return start.decode("utf-16" if wide else "utf-8", "replace")


def code_of(form: int, person: int, answers: Sequence[int], options: Sequence[int]) -> str:
    """Return the code of answers: 0 for a blank, else the place of the choice, from 1.

    `options` are how many answers each question has, a blank among them.

    >>> code_of(703_710, 93, (7, 0, 17), (18, 18, 18))
    'EV1-NF6YX-2XS0C-027D5'
    """
    number = 0
    for answer, option in zip(answers, options, strict=True):
        number = number * option + answer
    body = _digits(number, _letters_for(options))
    check = _checksum(_all(form, person, body))
    head = _digits(((form << PERSON_BITS) | person) << _CHECK_BITS | check, _HEAD)
    letters = (*head, *body)
    blocks = (letters[place : place + _CHECKED] for place in range(0, len(letters), _CHECKED))
    written = (
        "".join(LETTERS[value] for value in (*block, _check(block, number)))
        for number, block in enumerate(blocks)
    )
    return "-".join(("EV1", *written))


def codes_in(text: str) -> Iterator[Code]:
    """Yield the codes that a text contains, whatever stands around them, in whatever case and width."""
    plain = normalize("NFKC", text)
    for found in _CODE.finditer(plain):
        said = re.sub(_BETWEEN, "", found[1]).upper().translate(_ALIKE)
        values = [LETTERS.find(letter) for letter in said]
        size = _CHECKED + 1
        blocks = tuple(tuple(values[place : place + size]) for place in range(0, len(values), size))
        yield Code(blocks, plain.count("\n", 0, found.start()) + 1)


def _all(form: int, person: int, body: Sequence[int]) -> tuple[int, ...]:
    return (*_digits(form, FORM_BITS // 5), *_digits(person, PERSON_BITS // 5), *body)


def _number(letters: Sequence[int]) -> int:
    number = 0
    for value in letters:
        number = number * 32 + max(0, value)
    return number


def _letters_for(options: Sequence[int]) -> int:
    bits = max(1, (prod(options) - 1).bit_length())
    letters = -(-bits // 5)
    return -(-letters // _CHECKED) * _CHECKED


def _digits(number: int, count: int) -> tuple[int, ...]:
    return tuple((number >> (5 * place)) & 31 for place in reversed(range(count)))


def _check(block: Sequence[int], number: int) -> int:
    return (sum(w * v for w, v in zip(_WEIGHTS, block, strict=True)) + _STEP * (number + 1)) % 32


def _checksum(values: Sequence[int]) -> int:
    """Return the remainder of a cyclic code (CRC-10) over values of five bits."""
    rest = 0
    for value in values:
        rest ^= value << (_CHECK_BITS - 5)
        for _ in range(5):
            rest = (rest << 1) ^ (_POLYNOMIAL if rest >> (_CHECK_BITS - 1) & 1 else 0)
            rest &= (1 << _CHECK_BITS) - 1
    return rest
