"""Answers given on a page: files it saved and codes it showed, read as questionnaires in workbooks are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evaluator.errors import Issue, Location, Severity
from evaluator.forms.answers import Answer, read_answer
from evaluator.forms.filled_forms import Cell, Filled, FilledGroup
from evaluator.forms.live_values import RATIOS
from evaluator.forms.page_codes import Decoded
from evaluator.forms.page_files import PageRecords, SavedAnswers, read_page, read_saved
from evaluator.forms.page_form import MARK, PageRecord, checked

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


Records = PageRecords[PageRecord]
"""What a page of comparisons says of itself."""
PageAnswers = SavedAnswers[PageRecord, tuple[str, str, str, str]]
"""What a page of comparisons saves: its answers are (group, a, b, ratio)."""


def read_pairs_page(path: Path, name: str) -> Records | None:
    """Return what a page asks; None for a page of others. Raises as `read_answer_file`."""
    if (page := read_page(Records, path, name)) is not None:
        checked(page.all, Location(name))
    return page


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
    return Filled(found.record, found.groups, (*issues, *said.edits(where)))


def filled_by_code(said: Decoded[PageRecord], name: str) -> Filled:
    """Return what a code answers, as a questionnaire that came back."""
    answers = {
        pair: Answer(LEVELS[place], RATIOS[place - 1])
        for pair, place in zip(said.form.pairs, said.answers, strict=True)
        if place
    }
    return _filled(said.form, answers, {}, name, said.line)


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
        issues = tuple(issue for cell in cells for issue in cell.answer.issues(cell.where))
        remark = remarks.get(asked.id, "").strip()
        at = Location(name, line=line, sheet=asked.id) if remark else None
        groups.append(FilledGroup(asked, cells, remark, at, issues))
    return Filled(record.record, tuple(groups))
