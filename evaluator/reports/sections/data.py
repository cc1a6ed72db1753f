"""What happened to the data: every row accounted for, what was missing, and who could not be rated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from evaluator.columns import mean_of
from evaluator.data.reconciliation import CODES
from evaluator.data.tables import TableNote
from evaluator.errors import Issue
from evaluator.evaluation import FileRecord
from evaluator.reports.context import Context
from evaluator.reports.unrated import reason_in_words
from evaluator.tree import Indicator
from evaluator.tree.types import Graded

UNRATED = 200
ISSUES = 100


@dataclass(frozen=True)
class Table:
    """A table reconciled to the row: read = kept + dropped."""

    name: str
    file: str
    place: str
    read: int
    kept: int
    dropped: tuple[tuple[str, int], ...]
    columns: tuple[tuple[str, str, int, int], ...]  # column, header, empty cells, unreadable cells
    absent: tuple[str, ...]
    further: tuple[str, ...]
    unused: tuple[str, ...]
    files: tuple[tuple[str, int], ...]  # where rows come from several files
    query: str | None

    @property
    def dropped_rows(self) -> int:
        """How many rows were dropped, for all reasons together."""
        return sum(rows for _, rows in self.dropped)


@dataclass(frozen=True)
class Gap:
    """An indicator: how many customers have no measure, and what is done about it."""

    name: str
    observed: int
    missing: int
    share: float | None
    handling: str


@dataclass(frozen=True)
class Raters:
    """A graded indicator: how many raters graded each customer, and how far they were apart on average."""

    name: str
    graded: int
    raters: float | None
    spread: float | None


@dataclass(frozen=True)
class NotRated:
    """A customer without a rank, and why."""

    id: str
    name: str
    status: str
    reason: str


@dataclass(frozen=True)
class DataNotes:
    """Everything a reader needs to judge the data behind the result.

    `unasked` names the measures that flags and actions speak of and the study does not have. Of `everybody`
    there may be nobody yet: then nothing is missing and nobody is left out.
    """

    subject: str
    everybody: int
    tables: tuple[Table, ...]
    gaps: tuple[Gap, ...]
    raters: tuple[Raters, ...]
    not_rated: tuple[NotRated, ...]
    not_rated_total: int
    clamped_customers: int
    clamped_measures: int
    disagreements: tuple[str, ...]
    issues: tuple[str, ...]
    issues_total: int
    files: tuple[FileRecord, ...]
    unasked: tuple[str, ...] = ()


def build(context: Context) -> DataNotes:
    """Return the data notes of an evaluation."""
    evaluation, results = context.evaluation, context.results
    waiting = tuple(not_rated(context))
    clamped = results.filter(pl.col("clamped") > 0)["clamped"]
    others = context.reader.issues(issue for issue in evaluation.issues if not _disagrees(issue))
    return DataNotes(
        subject=context.subject,
        everybody=results.height + len(evaluation.unrated),
        tables=tuple(_table(note, context) for note in evaluation.notes),
        gaps=tuple(_gap(indicator, context) for indicator in context.tree.indicators),
        raters=tuple(_raters(context)),
        not_rated=waiting[:UNRATED],
        not_rated_total=len(waiting),
        clamped_customers=len(clamped),
        clamped_measures=int(clamped.sum()),
        disagreements=tuple(context.reader.issue(issue) for issue in evaluation.issues if _disagrees(issue)),
        issues=others[:ISSUES],
        issues_total=len(others),
        files=tuple(replace(one, path=context.reader.coded(one.path)) for one in evaluation.provenance.files),
        unasked=tuple(_unasked(context)),
    )


def _unasked(context: Context) -> Iterator[str]:
    """Yield the measures that flags and actions speak of and nobody has: what needs them is unknown."""
    decided = context.evaluation.decisions
    subjects = dict.fromkeys(issue.subject for issue in decided.absent) if decided else {}
    yield from (context.reader.measure(str(subject)) for subject in subjects)


def _disagrees(issue: Issue) -> bool:
    return issue.code in CODES


def _table(note: TableNote, context: Context) -> Table:
    several, coded = len(note.sources) > 1, context.reader.coded
    header = context.text("data.header", row=note.header) if note.header and not several else None
    place = (note.sheet, note.encoding, header)
    return Table(
        name=note.title(context.language, coded=context.reader.working),
        file=coded(note.file),
        place=coded(" · ".join(part for part in place if part)),
        read=note.rows_read,
        kept=note.rows_kept,
        dropped=tuple((note.why(dropped, context.language), dropped.rows) for dropped in note.dropped),
        columns=tuple((c.name, c.source, c.empty, c.unreadable) for c in note.columns if c.source),
        absent=tuple(column.name for column in note.columns if not column.source),
        further=note.further,
        unused=note.unused,
        files=tuple((coded(source.name), source.rows) for source in note.sources) if several else (),
        query=next((" ".join(source.query.split()) for source in note.sources if source.query), None),
    )


def _gap(indicator: Indicator, context: Context) -> Gap:
    measures = context.evaluation.measured.frame[indicator.measure]
    missing = measures.null_count()
    return Gap(
        name=indicator.name[context.language],
        observed=len(measures) - missing,
        missing=missing,
        share=missing / len(measures) if len(measures) else None,
        handling=context.text(f"missing.{indicator.missing}"),
    )


def _raters(context: Context) -> Iterator[Raters]:
    raters = context.evaluation.measured.raters
    if not raters.height:
        return  # no grades were read
    for indicator in context.tree.indicators:
        if isinstance(indicator.scale, Graded):
            graded = raters.filter(pl.col("indicator") == indicator.id)
            raters_, spread = map(mean_of, graded[["raters", "spread"]])
            yield Raters(indicator.name[context.language], graded.height, raters_, spread)


def not_rated(context: Context) -> Iterator[NotRated]:
    """Yield everyone in the data without a rank, with the reason."""
    waiting = context.results.filter(pl.col("status") != "rated").sort("status", "id")
    for id_, name, status, reason in waiting.select("id", "name", "status", "reason").iter_rows():
        yield NotRated(id_, name, context.text(f"customer_status.{status}"), reason_in_words(reason, context))
    for lost in context.evaluation.unrated:
        status = context.text("customer_status.unmeasured")
        yield NotRated(lost.id, lost.name or lost.id, status, context.said(lost.reason))
