"""Problems as values: an issue says what is wrong, where, and what to do about it.

Readers collect issues and go on; `EvaluationError` is raised once with all of them. The prose
of a code lives in the message catalogues, so an issue can be shown in any language.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from evaluator import messages
from evaluator.brief import Brief


class Severity(StrEnum):
    """How much an issue weighs: errors stop the road, warnings and notes are reported."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file a person wrote: a line of YAML or a cell of a workbook.

    >>> print(Location("trees/retail.yaml", line=18, column=9))
    trees/retail.yaml:18:9
    >>> print(Location("zhang.xlsx", sheet="当前价值", cell="C7"))
    zhang.xlsx!当前价值!C7
    """

    file: str
    line: int | None = None
    column: int | None = None
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        lines = [str(part) for part in (self.line, self.column) if part is not None]
        cells = [part for part in (self.sheet, self.cell) if part]
        return "!".join([":".join([self.file, *lines]), *cells])


@dataclass(frozen=True, slots=True)
class Issue(Brief):
    """One problem in what the user gave.

    Parameters
    ----------
    code : stable code, such as ``TREE-104``; its prose stands in the catalogues under the same key.
    subject : the thing that is wrong, as the user names it.
    detail : the facts the prose is filled with.
    hint : nearest known names, shown as suggestions.
    where : file, line or cell.
    """

    code: str
    subject: str = ""
    detail: Mapping[str, object] = field(default_factory=dict, hash=False)
    hint: tuple[str, ...] = ()
    where: Location | None = None
    severity: Severity = Severity.ERROR

    def text(self, language: str = "en") -> str:
        """Return the whole message: place, code, prose and hints, in one language."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.code} {self.sentence(language)}"

    def sentence(self, language: str = "en") -> str:
        """Return the prose and hints without place and code."""
        return " ".join(part for part in (self.message(language), self.advice(language)) if part)

    def message(self, language: str = "en") -> str:
        """Return what is wrong, without a hint."""
        return messages.text(f"{self.code}.message", language, **{"subject": self.subject, **self.detail})

    def advice(self, language: str = "en") -> str:
        """Return the hints: what was perhaps meant, and what to do; blank where there is none."""
        parts = [messages.text("nearest", language, names=", ".join(self.hint))] if self.hint else []
        if messages.known(f"{self.code}.hint", language):
            values = {"subject": self.subject, **self.detail}
            parts.append(messages.text(f"{self.code}.hint", language, **values))
        return messages.text("between", language).join(parts)


class EvaluationError(Exception):
    """Everything that is wrong with what the user gave, raised once."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues: tuple[Issue, ...] = tuple(issues)
        super().__init__(self.issues)

    def __str__(self) -> str:
        return "\n".join(issue.text() for issue in self.issues)


def raise_errors(issues: Iterable[Issue]) -> None:
    """Raise all issues together if one of them is an error."""
    issues = tuple(issues)
    if any(issue.severity is Severity.ERROR for issue in issues):
        raise EvaluationError(issues)


def is_panic(error: BaseException) -> bool:
    """True if a library written in Rust gave up over an input; Python calls that no `Exception`."""
    return type(error).__name__ == "PanicException" and not isinstance(error, Exception)


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known names a mistyped one may stand for.

    >>> nearest("gros_profit", ["gross_profit", "frequency"])
    ('gross_profit',)
    """
    return tuple(get_close_matches(name, sorted(set(known)), n=3, cutoff=0.6))


def not_among(
    code: str,
    names: Iterable[str],
    known: Collection[str],
    detail: Mapping[str, object] | None = None,
    *,
    where: Location | None = None,
) -> Iterator[Issue]:
    """Yield an issue for every name that is not known, with those it may stand for."""
    for name in names:
        if name not in known:
            yield Issue(code, name, detail or {}, nearest(name, known), where)
