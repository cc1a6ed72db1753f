"""What the program says to the person at the terminal: sentences, tables, problems, progress."""

from __future__ import annotations

import json
import math
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Protocol

from evaluator import messages, terminal
from evaluator.alike import alike, in_words
from evaluator.cli.live import Steps, print_table, time_left
from evaluator.cli.record import Record
from evaluator.errors import Issue, Severity

_JOINED = ("Mn", "Me", "Cf")  # accents of their own, and what has no width
_WIDEST = 80  # letters of a cell of a table


class Counted(Protocol):
    """How far a run has come (see `scoring.Progress`, which must not be loaded for a verb's help)."""

    @property
    def rows(self) -> int:
        """Rows done so far."""

    @property
    def total(self) -> int:
        """Rows there are."""

    @property
    def seconds(self) -> float:
        """Since the beginning."""

    @property
    def rows_per_second(self) -> float:
        """The speed so far."""


class Console:
    """Speaks one language: the one asked for, else the study's, else the locale's."""

    def __init__(self) -> None:
        self._asked: str | None = None
        self.language = messages.choose(None)
        self._record: Record | None = None
        self._answered = False
        self._steps = Steps()
        self.retell: Callable[[Issue], Issue] = lambda issue: issue  # how a verb tells its problems
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):  # a cp936 console cannot print every character
                with suppress(ValueError, OSError):
                    stream.reconfigure(errors="replace")

    def ask_for(self, language: str | None) -> None:
        """Take the language the user asked for on the command line."""
        if language:
            self._asked = language
            self.language = language

    def follow(self, language: str) -> None:
        """Speak a study's language unless the user asked for another."""
        self.language = self._asked or language

    def text(self, key: str, **values: object) -> str:
        """Return a text of the catalogues."""
        return messages.text(key, self.language, **terminal.values(values))

    def subject(self, kind: str) -> messages.Noun:
        """Return the word for what a tree evaluates, in the language spoken."""
        return messages.subject(kind, self.language)

    def say_rated(self, rated: int, others: int, kind: str) -> None:
        """Say how many were rated, and how many were not where there are such."""
        key = "cli.run.done_but" if others else "cli.run.done"
        self.say(key, rated=rated, others=others, subject=self.subject(kind))

    def record(self) -> None:
        """Keep what a verb finds to print it as JSON in the end; sentences and tables are not printed."""
        self._record = Record()

    @property
    def records(self) -> bool:
        """Whether a program is told in the end, instead of people now."""
        return self._record is not None

    def found(self, *, tree: str | None = None, branch: str | None = None, **values: object) -> None:
        """Tell a program what was found, of a tree where one is named; people are told in sentences."""
        if self._record:
            self._record.tell(values, tree, branch)

    def wrote(self, *paths: str | Path) -> None:
        """Say which files were written."""
        for path in paths:
            self.say("cli.written", path=path)
            if self._record:
                self._record.wrote(path)

    def end(self) -> None:
        """Print what was recorded, where a program asked for it and no document was printed."""
        self._steps.end()
        if self._record and not self._answered:
            self._print(self._record.data(), 1)

    def answer(self, value: Mapping[str, Any]) -> None:
        """Print the one document of a verb, with the issues that were noticed."""
        noticed = self._record.issues if self._record else []
        self.json({**value, "issues": [*value.get("issues", ()), *noticed]})

    def gap(self) -> None:
        """Print an empty line."""
        self._steps.end()
        if not self._record:
            print()

    def say(self, key: str, **values: object) -> None:
        """Print a sentence."""
        if self._record:
            return
        self._steps.end()
        print(terminal.visible(self.text(key, **values)))

    def tell(self, text: str) -> None:
        """Print text that is said already."""
        if self._record:
            return
        self._steps.end()
        print(terminal.visible(text))

    def warn(self, key: str, **values: object) -> None:
        """Print a sentence beside the results."""
        self.beside(self.text(key, **values))

    def beside(self, text: str) -> None:
        """Print text beside the results."""
        self._steps.end()
        print(terminal.visible(text), file=sys.stderr)

    def issues(self, issues: Iterable[Issue]) -> None:
        """Print problems, errors first and equal ones on one line, with a line that counts the lines."""
        if self._record:
            self._record.add(map(self.retell, issues), self.language)
            return
        lines = alike(terminal.escaped(self.retell(issue)) for issue in issues)
        for same in lines:
            self.beside(f"{self.text(f'severity.{same[0].severity}')}: {in_words(same, self.language)}")
        if len(lines) > 1:
            errors = sum(same[0].severity is Severity.ERROR for same in lines)
            self.warn("cli.count_issues", errors=errors, others=len(lines) - errors)

    @property
    def asks(self) -> bool:
        """Whether somebody sits at a terminal who can be asked."""
        return not self._record and sys.stdin.isatty() and sys.stdout.isatty()

    def choose(self, question: str, answers: Sequence[str]) -> int:
        """Ask which of several answers is meant and return its place; interrupted where nothing is said."""
        self._steps.end()
        print(question)
        for number, answer in enumerate(answers, 1):
            print(f"  {number}) {answer}")
        while True:
            try:
                said = input(self.text("cli.first.number", last=len(answers)) + " ").strip()
            except EOFError as end:
                raise KeyboardInterrupt from end
            if said.isdecimal() and 1 <= int(said) <= len(answers):
                return int(said) - 1

    def progress(self, step: str) -> None:
        """Say which step begins; silent when nobody watches."""
        if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            self._steps.begin(self.text(f"cli.step.{step}"))

    def counted(self) -> Callable[[Counted], None] | None:
        """Return what tells, on one line, how many rows are done and how fast; None when nobody watches."""
        if not sys.stderr.isatty():
            return None
        said = 0.0
        self._steps.end()

        def tell(counted: Counted) -> None:
            nonlocal said
            if counted.seconds - said > 0.2 or counted.rows == counted.total:
                said = counted.seconds
                rows, speed = f"{counted.rows:,}", f"{counted.rows_per_second:,.0f}"
                left = time_left(counted.rows, counted.total, counted.rows_per_second)
                line = self.text("cli.score.progress", rows=rows, total=f"{counted.total:,}", speed=speed,
                                 left=left)  # fmt: skip
                end = "\n" if counted.rows == counted.total else ""
                print(f"\r… {line}", end=end, file=sys.stderr, flush=True)

        return tell

    def table(self, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print a table; numbers stand right, and Chinese characters count two columns."""
        if self._record:
            return
        headers = [_shown(header) for header in headers]
        cells = [[_shown(value) for value in row] for row in rows]
        numeric = [all(_is_number(cell) for cell in column) for column in zip(*cells, strict=True)]
        numeric = numeric or [False] * len(headers)
        self._steps.end()
        if sys.stdout.isatty():
            print_table(headers, cells, numeric)
            return
        widths = [max(map(_width, column)) for column in zip(headers, *cells, strict=True)]
        for line in [headers, ["─" * width for width in widths], *cells]:
            padded = (
                " " * (width - _width(cell)) + cell if right else cell + " " * (width - _width(cell))
                for cell, width, right in zip(line, widths, numeric, strict=True)
            )
            print("  ".join(padded).rstrip())

    def json(self, value: Mapping[str, Any] | Sequence[Any], *, indent: int = 1) -> None:
        """Print results for a program: UTF-8 JSON, nothing rounded, null where there is no number.

        UTF-8 whatever the encoding of the console, as RFC 8259 has it.
        """
        self._answered = True
        self._print(value, indent)

    def _print(self, value: Mapping[str, Any] | Sequence[Any], indent: int) -> None:
        text = json.dumps(plain(value), ensure_ascii=False, indent=indent, allow_nan=False)
        text = terminal.visible(text)  # within a text of JSON these escapes mean what they replace
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.flush()
            # a name of a file that is not text holds lone surrogates: JSON escapes them as Python does
            sys.stdout.buffer.write(f"{text}\n".encode("utf-8", "backslashreplace"))
            sys.stdout.buffer.flush()
        else:
            print(text)


def _shown(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, float):
        from evaluator.present.figures import number  # a half is rounded as in reports and tables

        return number(value, 4 if abs(value) < 1000 else 2)
    shown = str(terminal.value(str(value)))
    return shown if len(shown) <= _WIDEST else f"{shown[: _WIDEST - 1]}…"


def _is_number(cell: str) -> bool:
    return (
        cell == "–"
        or cell.replace(",", "").replace(".", "", 1).replace("-", "", 1).replace("%", "").isdigit()
    )


def _width(text: str) -> int:
    """Return how many columns a terminal gives a text; marks that join the letter before take none."""
    if text.isascii():
        return len(text)
    widths = {"W": 2, "F": 2}
    return sum(
        0 if unicodedata.category(letter) in _JOINED else widths.get(unicodedata.east_asian_width(letter), 1)
        for letter in text
    )


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: null where there is no number."""
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)
