"""Answers given on a page: files it saved and codes it showed, read as questionnaires in workbooks are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluator.brief import Brief
from evaluator.documents import Format
from evaluator.errors import Issue, Location, Severity
from evaluator.forms.answers import Answer, read_answer
from evaluator.forms.carriers import MOST
from evaluator.forms.filled_forms import Cell, Filled, FilledGroup
from evaluator.forms.live_values import RATIOS
from evaluator.forms.page_codes import Code, codes_in
from evaluator.forms.page_form import MARK, PageRecord, checked, read_format, read_saved

_FORM = re.compile(rb'<script type="application/json" id="form-record">(.*?)</script>', re.DOTALL)
LEVELS = {
    place: f"{ratio:g}" if ratio >= 1 else f"1/{1 / ratio:.0f}" for place, ratio in enumerate(RATIOS, 1)
}

"""How files of answers write each ratio, by its place in `RATIOS`, from 1."""
_PLACES = {said: place for place, said in LEVELS.items()}


def level_of(said: str) -> int | None:
    """Return the place in `RATIOS`, from 1, of a ratio as files of answers write it; None for others.

    >>> level_of("9"), level_of("1/3"), level_of("0.3")
    (1, 11, None)
    """
    return _PLACES.get(said)


class PageRecords(Format):
    """What the script block of a page says of itself; `earlier` are those it took the place of."""

    record: PageRecord
    earlier: tuple[PageRecord, ...] = ()

    @property
    def all(self) -> tuple[PageRecord, ...]:
        """The record of the page and of those before."""
        return (self.record, *self.earlier)


class PageAnswers(Format):
    """What a page saves: what it asks, and the answers as (group, a, b, ratio); `link` if by a server."""

    record: PageRecord
    answers: tuple[tuple[str, str, str, str], ...]
    remarks: Mapping[str, str] = {}
    code: str = ""
    saved: str = ""
    link: str = ""


@dataclass(frozen=True)
class Known(Brief):
    """The forms that codes may answer, with the pages they were found on."""

    records: tuple[PageRecord, ...]

    def of(self, code: Code) -> PageRecord | None:
        """Return the form that a code answers; None where none of these is."""
        same = (one for one in self.records if (one.fingerprint, one.person) == (code.form, code.person))
        return next(same, None)


def read_page(path: Path, name: str) -> PageRecords | None:
    """Return what a page asks; None for a page of others. Raises as `read_answer_file`."""
    if path.stat().st_size > MOST or (found := _FORM.search(path.read_bytes())) is None:
        return None
    where = Location(name)
    records = read_format(PageRecords, found[1], where)
    checked(records.all, where)
    return records


def read_answer_file(path: Path, name: str) -> Filled | None:
    """Return what a file of answers says; None for a file of others.

    Raises
    ------
    EvaluationError
        not what such a file says, a newer format.
    """
    where = Location(name)
    if (said := read_saved(PageAnswers, path, where, MARK)) is None:
        return None
    checked([said.record], where)
    given = {(group, a, b): ratio for group, a, b, ratio in said.answers}
    issues = [
        Issue("JUDGE-247", f"{a} – {b}", {"group": group}, where=where, severity=Severity.WARNING)
        for group, a, b in given.keys() - set(said.record.pairs)
    ]
    answers = {pair: read_answer(ratio) for pair, ratio in given.items()}
    found = _filled(said.record, answers, said.remarks, name, None)
    if _changed_by_hand(said, answers):
        issues.append(Issue("JUDGE-248", name, where=where, severity=Severity.WARNING))
    return Filled(found.record, found.groups, tuple(issues))


def read_codes(text: str, name: str, known: Known) -> Iterator[Filled | Issue]:
    """Yield for each code in a text what it answers, or why it cannot be read.

    Blocks of a code that are wrong, and a code of none of the forms, are named.
    """
    for code in codes_in(text):
        where = Location(name, line=code.line)
        record = known.of(code) if code.named else None
        count = len(record.pairs) if record else None
        answers = code.answers(count) if count is not None else None
        if record is None and code.named and not code.wrong():
            yield Issue("JUDGE-250", name, where=where)
        elif record is None or answers is None:
            blocks = ", ".join(map(str, code.wrong(count))) or "1"
            yield Issue("JUDGE-249", name, {"blocks": blocks}, where=where)
        else:
            said = {
                pair: Answer(LEVELS[place], RATIOS[place - 1])
                for pair, place in zip(record.pairs, answers, strict=True)
                if place
            }
            yield _filled(record, said, {}, name, code.line)


def text_of(path: Path) -> str:
    """Return the text of a file that may hold codes, in whichever of the usual encodings."""
    content = path.read_bytes()[:MOST]
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return content.decode("utf-16" if wide else "utf-8", "replace")


def _filled(
    record: PageRecord,
    answers: Mapping[tuple[str, str, str], Answer],
    remarks: Mapping[str, str],
    name: str,
    line: int | None,
) -> Filled:
    groups = []
    for asked in record.record.groups:
        cells = tuple(
            Cell(
                a,
                b,
                answers.get((asked.id, a, b), Answer()),
                Location(name, line=line, sheet=asked.id, cell=f"{a} – {b}"),
            )
            for a, b in asked.pairs
        )
        issues = tuple(cell.issue for cell in cells if cell.issue)
        remark = remarks.get(asked.id, "").strip()
        at = Location(name, line=line, sheet=asked.id) if remark else None
        groups.append(FilledGroup(asked, cells, remark, at, issues))
    return Filled(record.record, tuple(groups))


def _changed_by_hand(said: PageAnswers, answers: Mapping[tuple[str, str, str], Answer]) -> bool:
    """Return whether a file says something else than the code that it was saved with."""
    code = next(codes_in(said.code), None)
    placed: Sequence[int] | None = code.answers(len(said.record.pairs)) if code else None
    if placed is None or code is None or code.form != said.record.fingerprint:
        return True
    written = {
        pair: RATIOS[place - 1] for pair, place in zip(said.record.pairs, placed, strict=True) if place
    }
    read = {pair: answer.value for pair, answer in answers.items() if answer.value is not None}
    return written.keys() != read.keys() or any(abs(written[pair] - read[pair]) > 1e-9 for pair in written)
