"""Who a view is made for: a language, and what customers, experts, measures and items are called in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import polars as pl

from evaluator import messages
from evaluator.alike import alike, in_words
from evaluator.errors import Issue, Location
from evaluator.present import figures
from evaluator.present.kinds import Kind, said


def _any_of(names: Iterable[str]) -> str:
    """Return a pattern of names that are no part of a longer word; Chinese has no words to be part of.

    What must not stand before them is looked at once a place, not once a name: a thousand took 30 ms a text.
    """
    before, after = (r"(?<![A-Za-z0-9_])", r"(?![A-Za-z0-9_])")
    sides: dict[bool, list[str]] = {True: [], False: []}
    for name in sorted(names, key=len, reverse=True):
        sides[name[0].isascii()].append(re.escape(name) + (after if name[-1].isascii() else ""))
    own = [f"{before}(?:{'|'.join(sides[True])})"] if sides[True] else []
    return "|".join([*own, *sides[False]])


def _nobody() -> pl.DataFrame:
    return pl.DataFrame(schema={"id": pl.String, "name": pl.String})


@dataclass(frozen=True)
class Reader:
    """A reader of results, and all a view knows of the report it stands in.

    Parameters
    ----------
    customers : `id` and `name` of every customer, the name being the id where there is no other.
    experts : what each expert is called, by id: a code, or the name where names may be shown.
    codes : what stands in a text for each id and name of those who filled in forms, and for their files;
        empty where names may be shown.
    measures : titles of measures by name.
    names : of the tree's criteria and indicators, and of the items of surveys, by id.
    value : the title of the measure the study takes for the value of a customer, `value_kind` what it is.
    currency : code of the currency of amounts; empty where nothing states it.
    working : True for those who work on the study, False for its client.
    kinds : what measures are, by name.

    >>> reader = Reader("en", measures={"net_amount": "Net amount"})
    >>> reader.measure("net_amount"), reader.measure("own_column"), reader.listed(["a", "b"])
    ('Net amount', 'own_column', 'a, b')
    """

    language: str
    customers: pl.DataFrame = field(default_factory=_nobody, repr=False)
    experts: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict, repr=False)
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    value: str = ""
    value_kind: Kind = "money"
    currency: str = ""
    working: bool = True
    kinds: Mapping[str, Kind] = field(default_factory=dict, repr=False)

    def text(self, key: str, **values: object) -> str:
        """Return a text of the report's catalogues."""
        return messages.text(f"report.{key}", self.language, **values)

    def caption(self, key: str, **values: object) -> tuple[str, str]:
        """Return the title of a chart, and the sentence that says what it shows."""
        return self.text(key), self.text(f"{key}_says", **values)

    def term(self, prefix: str, key: str, other: str | None = None) -> str:
        """Return the name of a class, state or cause, by a prefix of the catalogues and its id.

        `other` is what one is called that the catalogues do not know; without it all must be known.
        """
        path = f"{prefix}.{key}"
        if other is not None and not messages.known(path, self.language):
            return other
        return messages.text(path, self.language)

    def terms(self, prefix: str, keys: Iterable[str]) -> dict[str, str]:
        """Return the names of classes, states or causes by their ids."""
        return {key: self.term(prefix, key) for key in keys}

    def say(self, value: float | str | None, kind: Kind) -> str:
        """Return a value as it is written in a sentence, money in the currency of the amounts.

        >>> Reader("en", currency="CNY").say(12_345.6, "money"), Reader("zh").say(0.25, "share")
        ('¥12.3k', '25.0%')
        """
        return said(value, kind, self.language, self.currency_of(kind))

    def currency_of(self, kind: Kind) -> str:
        """Return the currency of a kind; what is no money has none."""
        return self.currency if kind.startswith("money") else ""

    def kind(self, measure: str) -> Kind:
        """Return what a measure is; a column of the study's own is a quantity."""
        return self.kinds.get(measure, "quantity")

    def day(self, value: date | None) -> str:
        """Return a day as it is written in the language."""
        return figures.day(value, self.language)

    def listed(self, names: Iterable[str]) -> str:
        """Return names as one enumeration."""
        return self.text("list_separator").join(names)

    def sentences(self, said: Iterable[str]) -> str:
        """Return sentences one after the other."""
        return messages.text("between", self.language).join(said)

    def counted(self, key: str, counts: Mapping[str, int]) -> str:
        """Return how many there are of each kind, as one enumeration; kinds without any are left out."""
        return self.listed(self.text(f"{key}.{name}", count=count) for name, count in counts.items() if count)

    def measure(self, name: str) -> str:
        """Return what a measure is called; a column of the study's own is called by its name."""
        return self.measures.get(name, name)

    def inside(self, title: str) -> str:
        """Return a title as it stands inside a sentence: in English its first letter is small.

        >>> Reader("en").inside("Gross profit"), Reader("en").inside("RFM score"), Reader("zh").inside("毛利")
        ('gross profit', 'RFM score', '毛利')
        """
        plain = self.language == "en" and title[1:] == title[1:].lower() != title[1:].upper()
        return title[:1].lower() + title[1:] if plain else title

    def name(self, item: str) -> str:
        """Return what a criterion, an indicator or an item of a survey is called; else its id."""
        return self.names.get(item, item)

    def issue(self, issue: Issue) -> str:
        """Return an issue in words; coded experts are coded in it, and their files not named.

        Its code and its place stand there for those working on the study only.
        """
        if not self.working:
            return self.sentence(issue)
        return self.coded(replace(issue, where=self._place(issue)).text(self.language))

    def sentence(self, issue: Issue) -> str:
        """Return an issue as a client reads it: in names and days, without code, place or hint."""
        about = issue.subject
        plain = self.measure(about) if type(about) is str else about
        name = about.name[self.language] if isinstance(about, messages.Named) else plain
        told = {key: self.day(of) if isinstance(of, date) else of for key, of in issue.detail.items()}
        return self.coded(replace(issue, subject=name, detail=told).message(self.language))

    def issues(self, issues: Iterable[Issue]) -> tuple[str, ...]:
        """Return issues in words, warnings before notes, and what holds for several subjects once."""
        placed = (replace(issue, where=self._place(issue)) for issue in issues)
        return tuple(self.coded(in_words(same, self.language)) for same in alike(placed))

    def _place(self, issue: Issue) -> Location | None:
        named = issue.where and any(name in issue.where.file for name in self.codes)
        return None if named else issue.where

    def coded(self, text: str) -> str:
        """Return a text with the code of each expert in place of the name, unless names may be shown.

        >>> Reader("en", codes={"zhang": "E1", "zhang2": "E2"}).coded("zhang2 left out, zhang kept")
        'E2 left out, E1 kept'
        >>> Reader("zh", codes={"李经理": "E1"}).coded("问卷_李经理.xlsx 尚未填写")
        '问卷_E1.xlsx 尚未填写'
        """
        return self._coded.sub(lambda name: self.codes[name[0]], text) if self.codes else text

    @cached_property
    def _coded(self) -> re.Pattern[str]:
        return re.compile(_any_of(self.codes))

    @cached_property
    def has_names(self) -> bool:
        """True if any customer has a name besides the id."""
        return self.customers.filter(pl.col("name") != pl.col("id")).height > 0

    def named(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return a frame of customers with their names after the ids; the id where there is no name."""
        joined = frame.join(self.customers, on="id", how="left", maintain_order="left")
        return joined.select("id", pl.coalesce("name", "id").alias("name"), pl.exclude("id", "name"))
