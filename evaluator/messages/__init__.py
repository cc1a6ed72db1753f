"""Every sentence the software says, in Chinese and English.

A catalogue is a folder of YAML files, one per room, family of customer models or level of the report;
nested keys are joined with dots. Texts are filled with named values; what a user wrote is always a value,
never a text.
"""

from __future__ import annotations

import json
import locale
import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Protocol

from evaluator.caches import keep, read_kept, states

LANGUAGES = ("zh", "en")


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> dict[str, str]:
    """Return all texts of a language by key.

    >>> catalogue("en").keys() == catalogue("zh").keys()
    True
    """
    folder = files(__name__).joinpath(language)
    read = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name
    )
    name, made_of = f"catalogue-{language}.json", states(read)
    if made_of and (kept := read_kept(name, made_of)):
        texts: dict[str, str] = json.loads(kept)
        return texts
    texts = _read(language, read)
    if made_of:
        keep(name, json.dumps(texts, ensure_ascii=False).encode("utf-8"), made_of)
    return texts


def _read(language: str, read: Sequence[Traversable]) -> dict[str, str]:
    import yaml  # here, because a catalogue that is kept needs none

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    texts: dict[str, str] = {}
    for file in read:
        flat = _flatten(yaml.load(file.read_text("utf-8"), loader))  # our own files only
        if twice := texts.keys() & flat.keys():
            raise ValueError(f"{language}/{file.name} repeats {sorted(twice)}")
        texts |= flat
    return texts


def known(key: str, language: str) -> bool:
    """True if the catalogue has a text under this key."""
    return key in catalogue(language)


class Term(str):
    """A value that is itself the key of a text, said in the language of the sentence it stands in."""

    __slots__ = ()


class Label(Protocol):
    """A name in every language."""

    def __getitem__(self, language: str, /) -> str:
        """Return the name in a language."""


class Named(str):
    """An id that a sentence says by its name, the id in brackets; it compares and is written as the id.

    >>> breadth = Named("breadth", {"zh": "购买品类数", "en": "Categories bought"})
    >>> text("nearest", "en", names=breadth), breadth == "breadth"
    ('Did you mean: Categories bought (breadth)?', True)
    """

    name: Label

    def __new__(cls, identifier: str, name: Label) -> Named:
        """Join an id and its name."""
        both = super().__new__(cls, identifier)
        both.name = name
        return both

    def __reduce__(self) -> tuple[type[Named], tuple[str, Label]]:
        """Return what a copy is made of."""
        return Named, (str(self), self.name)


class Noun(str):
    """A word for what is counted: the form for several, and in a text ``{subject:one}`` the form for one.

    ``{subject:title}`` is the form for several at the beginning of a title.

    >>> customers = Noun("customers", "customer")
    >>> f"{customers}, {customers:one}, {customers:title}"
    'customers, customer, Customers'
    """

    one: str

    def __new__(cls, several: str, one: str) -> Noun:
        """Join both forms."""
        noun = super().__new__(cls, several)
        noun.one = one
        return noun

    def __format__(self, form: str) -> str:
        """Return the form for one, or that for several."""
        if form == "title":
            return self[:1].upper() + self[1:]
        return self.one if form == "one" else super().__format__(form)

    def __reduce__(self) -> tuple[type[Noun], tuple[str, str]]:
        """Return what a copy is made of."""
        return Noun, (str(self), self.one)


def subject(kind: str, language: str) -> Noun:
    """Return the word for what a tree evaluates: customers, prospects, or the firm.

    >>> f"{subject('prospect', 'en'):one}"
    'prospect'
    """
    return Noun(text(f"subject.{kind}", language), text(f"subject_one.{kind}", language))


_COUNTED = re.compile(
    r"(?<!第)(?<!第 )\{(\w+)\}(?= ?[个条行位项份次张组]| (?:of|not) | (?!is |was |has |as )[a-z]+s\b)"
)


@dataclass(frozen=True)
class Phrase:
    """A value that is a text with values of its own, said in the language of the sentence it stands in."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Listing:
    """Values that are said one after the other, as the language of the sentence lists them."""

    values: tuple[object, ...]


def text(key: str, language: str, /, **values: object) -> str:
    """Return the text of a key, filled with values.

    >>> text("nearest", "en", names="gross_profit")
    'Did you mean: gross_profit?'

    Two forms of a word stand in the text as ``{count:# row|# rows}``: that of one, and that of the others;
    ``{subject:one}`` is the form for one of a `Noun`, ``{subject:title}`` begins a title.

    >>> text("cli.count_issues", "en", errors=1, others=2)
    '1 error, 2 warnings and notes.'

    What is counted has its thousands separated; numbers of lines and years are not.

    >>> text("cli.run.done_but", "zh", rated=8992, others=1008, subject="客户")
    '已评价 8,992 个客户；另有 1,008 个未评价，已列出原因。'

    Halves are rounded away from zero, as `evaluator.present.kinds` rounds them, and nothing has no sign.

    >>> text("report.certainty.message.alone", "en", what="class", share=0.225)
    'The class stays the same in 23% of the simulations'
    """
    pattern = catalogue(language)[key]
    counts = _counts(pattern)
    said = {
        name: _Count(value) if name in counts and type(value) is int else _filled(value, language)
        for name, value in values.items()
    }
    return _COUNTING.vformat(pattern, (), said) if "|" in pattern else pattern.format_map(said)


_ROUNDED = re.compile(r"(.*)\.(\d)([f%])")
_EXACTLY = Context(prec=400, rounding=ROUND_HALF_UP)


class _Figure(float):
    """A figure, rounded on the decimal digits that it is known by."""

    def __format__(self, spec: str, /) -> str:
        """Write it with the decimals that the text asks for."""
        found = _ROUNDED.fullmatch(spec)
        if not found or not math.isfinite(self):
            return super().__format__(spec)
        signs, decimals, unit = found.groups()
        size = Decimal(repr(float(self) * 100.0 if unit == "%" else float(self)))
        shown = size.quantize(Decimal(1).scaleb(-int(decimals)), context=_EXACTLY)
        if not shown:
            signs, shown = signs.replace("+", ""), abs(shown)
        return f"{shown:{signs}f}{unit.strip('f')}"


class _Count(int):
    """How many there are of something."""

    def __format__(self, spec: str, /) -> str:
        """Write it with thousands separated, unless the text says how."""
        return super().__format__(spec or ",")


@cache
def _counts(pattern: str) -> frozenset[str]:
    """Return the values of a text that count: those before a Chinese measure word or an English plural."""
    return frozenset(_COUNTED.findall(pattern))


class _Counting(Formatter):
    """Fills texts, and chooses the form of a word that goes with a number."""

    def format_field(self, value: object, format_spec: str) -> str:
        """Return a value; of two forms the first where it is 1, with the number in place of ``#``."""
        one, several, other = format_spec.partition("|")
        if not several:
            return str(super().format_field(value, format_spec))
        shown = (
            f"{value:,}"
            if isinstance(value, int)
            else f"{value:g}"
            if isinstance(value, float)
            else str(value)
        )
        return (one if shown == "1" else other).replace("#", shown)


_COUNTING = _Counting()


def _filled(value: object, language: str) -> object:
    if isinstance(value, Phrase):
        return text(value.key, language, **value.values)
    if isinstance(value, Listing):
        return text("comma", language).join(str(_filled(entry, language)) for entry in value.values)
    if isinstance(value, Named):
        name, identifier = value.name[language], str(value)
        return name if name == identifier else text("named", language, name=name, id=identifier)
    if isinstance(value, float):
        return _Figure(value)
    return text(value, language) if isinstance(value, Term) else value


def choose(language: str | None) -> str:
    """Return the language to speak: the one asked for, else the locale's, else English."""
    if language in LANGUAGES:
        return language
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    spoken = spoken or locale.getlocale()[0] or ""
    return "zh" if spoken.lower().startswith(("zh", "chinese")) else "en"


def _flatten(tree: dict[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat
