"""Judgments read back: filled questionnaires and long tables become a panel, every problem named."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from pathlib import Path

from evaluator.data.mapping import TableMapping
from evaluator.errors import EvaluationError, Issue, Location, Severity, nearest, raise_errors
from evaluator.files import has_file
from evaluator.forms.duties import Duties, beyond_duty, group_duties, unknown_names
from evaluator.forms.filled_forms import Filled, FilledGroup, filled
from evaluator.forms.long_table import (
    JudgmentRows,
    file_table,
    read_long_table,
    sheet_rows,
    sheet_table,
)
from evaluator.forms.mapped import AnswerMapping, read_mapped
from evaluator.forms.page_answers import filled_by_code, read_answer_file, read_pairs_page
from evaluator.forms.page_codes import codes_in, read_codes, text_of
from evaluator.forms.page_form import PageRecord, page_record
from evaluator.forms.record import CONTENTS
from evaluator.forms.site_exports import read_site_export
from evaluator.forms.sources import PAGES, TABLES, WORKBOOKS, Sources, listed
from evaluator.forms.submissions import Submission, is_file, select
from evaluator.tree import Tree, group_fingerprint
from evaluator.weighing.panel import Expert, Judgment, Panel, Remark
from evaluator.workbook.decoding import decode_all
from evaluator.workbook.reader import WorkbookValues

Read = tuple[list[Submission], list[Issue]]


def read_judgments(
    sources: Sources,
    tree: Tree,
    *,
    experts: Sequence[Expert] | None = None,
    chosen: Mapping[str, str | Path] | None = None,
    mappings: Sequence[AnswerMapping] = (),
    duties: Duties | None = None,
) -> Panel:
    """Read what experts answered.

    Parameters
    ----------
    sources : folders or files: filled questionnaires, also as saved by LibreOffice or WPS, files of answers
        that pages saved, texts with the codes that pages show, and long tables (expert, group, a, b, value;
        a file of text, or sheets). Pages tell what codes answer.
    experts : who was asked; default: whoever answers.
    chosen : the file that holds for an expert who handed in two different ones.
    mappings : how files of other makers are read: judgment matrices, exports of survey sites.
    duties : the groups, by id, that an expert is asked about; default: all. What lies beyond is missed
        from nobody.

    Returns
    -------
    Panel
        experts in the order of `experts`, then of the files; an answer that cannot be read is a comparison
        not made. Its `issues` are warnings and notes: bad answers, rows and comparisons of a table that
        cannot be used, changed trees and groups, renamed sheets, several submissions (of two different ones
        the expert waits for the study's choice), what is missing, what was not read, and codes with wrong
        letters.

    Raises
    ------
    EvaluationError
        once, with all issues, when one is an error: a file that cannot be read or is of a newer format, a
        sheet or row deleted, a sheet copied and answered differently, a form of an unknown expert, nothing to
        read, the chosen file not there, two experts of one id, a duty or a mapping of what is not there; and
        as `mapped.read_mapped`.
    """
    duties = duties or {}
    issues = _repeated(experts or ())
    issues += unknown_names(tree, [expert.id for expert in experts or ()], duties)
    files, found = listed(sources)
    pages, files, found_pages = _pages(files)
    issues += [*found, *found_pages]
    issues += _unmatched(mappings, [name for _, name in files])
    submissions: dict[str, list[Submission]] = defaultdict(list)
    known = (*pages, *_usual(tree, experts or (), duties))
    for entries, found in _Reading(tree, experts).all(files, mappings, known):
        issues += found
        for entry in entries:
            submissions[entry.expert.id].append(entry)
    choices = {expert: Path(file).as_posix() for expert, file in (chosen or {}).items()}
    holding, found_choices = select(submissions, choices)
    issues += found_choices
    people = (
        tuple(entries[0].expert for entries in submissions.values()) if experts is None else tuple(experts)
    )
    issues += _incomplete(people, submissions, holding, tree, duties)
    used = [entry for expert in people for entry in holding.get(expert.id, ())]
    issues += [issue for entry in used for issue in entry.issues]
    raise_errors(issues)
    return Panel(
        people,
        tuple(judgment for entry in used for judgment in entry.judgments),
        tuple(issues),
        tuple(remark for entry in used for remark in entry.remarks),
        frozenset(
            (expert.id, *pair)
            for expert in people
            for pair in _unasked_of(holding.get(expert.id, ()), beyond_duty(tree, duties.get(expert.id)))
        ),
    )


def _unasked_of(
    held: Sequence[Submission], beyond: frozenset[tuple[str, str, str]]
) -> frozenset[tuple[str, str, str]]:
    """Return what none of an expert's files asks, and what lies beyond his or her duty; no answer is."""
    left_out = frozenset.intersection(*(entry.unasked for entry in held)) if held else frozenset()
    answered = {(one.group, *pair) for entry in held for one in entry.judgments
                for pair in ((one.a, one.b), (one.b, one.a))}  # fmt: skip
    return (left_out | beyond) - answered


@dataclass(frozen=True)
class _Reading:
    """Files as they are read against the tree that is asked about, and against who is asked."""

    tree: Tree
    experts: Sequence[Expert] | None

    @cached_property
    def fingerprints(self) -> Mapping[str, str]:
        """The fingerprint of each group as the tree now stands."""
        return {group.id: group_fingerprint(group) for group in self.tree.groups}

    def all(
        self,
        files: Sequence[tuple[Path, str]],
        mappings: Sequence[AnswerMapping],
        known: Sequence[PageRecord],
    ) -> Iterator[Read]:
        """Yield what each file says and what is wrong with it, in their order."""
        own = {name: [one for one in mappings if is_file(name, one.file)] for _, name in files}
        ours = [(path, name) for path, name in files if not own[name] and path.suffix.lower() in WORKBOOKS]
        books = decode_all(ours, CONTENTS)
        for path, name in files:
            ending = path.suffix.lower()
            try:
                if own[name]:
                    yield self._by_expert(*read_mapped(path, name, own[name], self.tree), name)
                elif ending in PAGES:
                    yield self._form(read_answer_file(path, name), name)
                elif ending in TABLES and has_file(path) and any(codes_in(text := text_of(path))):
                    for said in read_codes(text, name, known):
                        if isinstance(said, Issue):
                            yield [], [said]
                        else:
                            at = Location(name, line=said.line)
                            yield self._form(filled_by_code(said, name), said.file, at)
                elif ending in TABLES:
                    yield self._tables([file_table(path, TableMapping(file=name))], alone=True)
                else:
                    yield self._book(next(books))
            except EvaluationError as error:
                yield [], list(error.issues)

    def _book(self, book: WorkbookValues | EvaluationError) -> Read:
        if isinstance(book, EvaluationError):
            raise book
        form = filled(book)
        if form is not None:
            return self._form(form, book.file)
        tables = [table for sheet in book.sheets if (table := sheet_table(sheet))]
        sheets = [table for sheet in book.sheets if (table := sheet_rows(sheet))]
        if exports := [read for table in sheets if (read := self._site(table))]:
            return [one for read in exports for one in read[0]], [one for read in exports for one in read[1]]
        return self._tables(tables) if tables else self._form(None, book.file)

    def _form(self, form: Filled | None, name: str, at: Location | None = None) -> Read:
        at = at or Location(name)
        if form is None:
            return [], [Issue("JUDGE-204", name, where=at, severity=Severity.WARNING)]
        fingerprints = self.fingerprints
        valid = [
            group for group in form.groups if fingerprints.get(group.asked.id) == group.asked.fingerprint
        ]
        if not valid:
            return [], [*form.issues, _outdated(form, name, self.tree, at)]
        if form.record.round > 1 and not form.touched:
            untouched = Issue("JUDGE-242", name, where=at, severity=Severity.NOTE)
            return [], [*form.issues, untouched]
        expert = self._known(form.record.expert)
        if expert is None:
            return [], [*form.issues, self._unknown(form.record.expert.id, at)]
        gone = [
            Issue("JUDGE-218", group.asked.id, where=at, severity=Severity.WARNING)
            for group in form.groups
            if group.given and group.asked.id not in fingerprints
        ]
        submission = Submission(
            expert,
            name,
            tuple(judgment for group in valid for judgment in _judgments(group, expert)),
            frozenset(group.asked.id for group in valid) | frozenset(form.record.excused),
            tuple(Remark(expert.id, g.asked.id, g.remark, g.remark_at) for g in valid if g.remark),
            (*form.issues, *gone, *(issue for group in valid for issue in group.issues)),
            frozenset(_unasked(form, valid, self.tree)),
            form.record.round,
        )
        return [submission], []

    def _tables(self, tables: Sequence[JudgmentRows], *, alone: bool = False) -> Read:
        """Return what a file says, in all of its sheets; `alone` it may be an export of a survey site."""
        if alone and (export := self._site(tables[0])):
            return export
        read = [read_long_table(table, self.tree) for table in tables]
        judgments = [judgment for one in read for judgment in one.judgments]
        issues = [issue for one in read for issue in one.issues]
        return self._by_expert(judgments, issues, tables[0].file)

    def _site(self, table: JudgmentRows) -> Read | None:
        """Return what an export of a survey site says; None for another table.

        Who is in it several times has handed in several times: each row then counts as a file ``name:row``.
        """
        export = read_site_export(table.rows, table.where, self.tree, self.experts or ())
        if export is None:
            return None
        submissions: list[Submission] = []
        issues = list(export.issues)
        counts = Counter(one.name for one in export.answers)
        for one in export.answers:
            file = f"{table.file}:{one.row + 1}" if counts[one.name] > 1 else table.file
            found, said = self._by_expert(one.judgments, (), file)
            submissions += found
            issues += said
        return submissions, issues

    def _by_expert(self, judgments: Sequence[Judgment], found: Sequence[Issue], file: str) -> Read:
        """Return what each expert of a table says, under the name the study knows."""
        issues = list(found)
        every = frozenset(group.id for group in self.tree.groups)
        answers: dict[str, list[Judgment]] = defaultdict(list)
        for judgment in judgments:
            answers[judgment.expert].append(judgment)
        submissions: list[Submission] = []
        for said, given in answers.items():
            expert = self._known(Expert(said, said))
            if expert is None:
                unknown = self._unknown(said, given[0].where)
                issues.append(replace(unknown, severity=Severity.WARNING))  # the others' answers count
                continue
            own = tuple(replace(entry, expert=expert.id) for entry in given)
            submissions.append(Submission(expert, file, own, every))
        return submissions, issues

    def _known(self, said: Expert) -> Expert | None:
        """Return the expert somebody claims to be: by id, else by a name that only one has."""
        if self.experts is None:
            return said
        if by_id := next((expert for expert in self.experts if expert.id == said.id), None):
            return by_id
        by_name = [expert for expert in self.experts if expert.name and expert.name == said.id]
        return by_name[0] if len(by_name) == 1 else None

    def _unknown(self, said: str, where: Location | None) -> Issue:
        experts = self.experts or ()
        known = [expert.id for expert in experts] + [expert.name for expert in experts if expert.name]
        return Issue("JUDGE-211", said, hint=nearest(said, known), where=where)


def _pages(
    files: Sequence[tuple[Path, str]],
) -> tuple[list[PageRecord], list[tuple[Path, str]], list[Issue]]:
    """Return what the pages among some files ask, the other files, and what is said of pages of others."""
    records: list[PageRecord] = []
    issues: list[Issue] = []
    for path, name in files:
        if path.suffix.lower() == ".html":
            try:
                page = read_pairs_page(path, name)
            except EvaluationError as error:
                issues += [replace(issue, severity=Severity.WARNING) for issue in error.issues]
                continue
            records += page.all if page else ()
            issues += [] if page else [Issue("JUDGE-227", name, where=Location(name), severity=Severity.NOTE)]
    return records, [entry for entry in files if entry[0].suffix.lower() != ".html"], issues


def _usual(tree: Tree, experts: Sequence[Expert], duties: Duties) -> Iterator[PageRecord]:
    """Yield what a page asks of each expert where nothing is planned, so that a code alone is understood."""
    for expert in experts:
        asked = group_duties(tree, expert.id, duties, None)
        if asked:
            yield page_record(tree, expert, asked)


def _outdated(form: Filled, name: str, tree: Tree, at: Location) -> Issue:
    """Return the warning that a questionnaire asks nothing of the tree as it now stands."""
    if form.record.tree != tree.id:
        detail = {"asked": form.record.tree, "tree": tree.id}
        return Issue("JUDGE-206", name, detail, where=at, severity=Severity.WARNING)
    expert = form.record.expert
    groups = ", ".join(group.asked.id for group in form.groups)
    detail = {"expert": expert.name or expert.id, "groups": groups}
    return Issue("JUDGE-260", name, detail, where=at, severity=Severity.WARNING)


def _unasked(form: Filled, valid: Sequence[FilledGroup], tree: Tree) -> Iterable[tuple[str, str, str]]:
    """Yield the comparisons that a questionnaire leaves out, of groups it asks in part or not at all."""
    asked = {group.asked.id: group.asked.pairs for group in valid} | dict.fromkeys(form.record.excused, ())
    for group in tree.groups:
        for pair in combinations([child.id for child in group.children], 2):
            if group.id in asked and pair not in asked[group.id]:
                yield (group.id, *pair)


def _judgments(group: FilledGroup, expert: Expert) -> Iterable[Judgment]:
    for cell in group.cells:
        if cell.answer.value is not None:
            yield Judgment(
                expert.id, group.asked.id, cell.a, cell.b, cell.answer.value, cell.answer.given, cell.where
            )


def _unmatched(mappings: Sequence[AnswerMapping], files: Sequence[str]) -> Iterable[Issue]:
    for file in dict.fromkeys(mapping.file for mapping in mappings):
        if not any(is_file(name, file) for name in files):
            yield Issue("JUDGE-240", file, hint=nearest(file, files), where=Location(file))


def _repeated(experts: Sequence[Expert]) -> list[Issue]:
    counts = Counter(expert.id for expert in experts)
    return [Issue("JUDGE-225", name) for name, count in counts.items() if count > 1]


def _incomplete(
    people: Sequence[Expert],
    submissions: Mapping[str, Sequence[Submission]],
    holding: Mapping[str, Sequence[Submission]],
    tree: Tree,
    duties: Duties,
) -> Iterable[Issue]:
    """Name who handed in nothing, or nothing answered, and the groups nobody asked as they now stand."""
    warning = Severity.WARNING
    for expert in people:
        shown = expert.name or expert.id
        if not submissions.get(expert.id):
            yield Issue("JUDGE-223", shown, severity=warning)
            continue
        used = holding.get(expert.id, ())
        if used and not any(entry.judgments or entry.issues for entry in used):
            yield Issue("JUDGE-224", shown, where=Location(used[0].file), severity=warning)
        asked = frozenset[str]().union(*(entry.asked for entry in used))
        for group in tree.groups:
            due = duties.get(expert.id, (group.id,))
            if used and group.pairs and group.id not in asked and group.id in due:
                detail = {"expert": shown}
                yield Issue("JUDGE-207", group.id, detail, where=Location(used[0].file), severity=warning)
