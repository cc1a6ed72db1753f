"""What one expert handed in by one file, and which of several holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from evaluator.brief import Brief
from evaluator.errors import Issue, Location, Severity
from evaluator.weighing.panel import Expert, Judgment, Remark


@dataclass(frozen=True)
class Submission(Brief):
    """The answers of one expert in one file; `asked` are the groups it asks as they now stand.

    `unasked` are the comparisons it leaves out on purpose, as (group, a, b). `round` counts from 1: a
    questionnaire of a later one asks again what was left open, and holds where it is answered.
    """

    expert: Expert
    file: str
    judgments: tuple[Judgment, ...]
    asked: frozenset[str]
    remarks: tuple[Remark, ...] = ()
    issues: tuple[Issue, ...] = ()
    unasked: frozenset[tuple[str, str, str]] = frozenset()
    round: int = 1

    def answers(self, group: str) -> dict[tuple[str, str], float]:
        """Return the answers to a group by pair, each pair in one order."""
        found = (entry for entry in self.judgments if entry.group == group)
        return {
            (entry.a, entry.b) if entry.a < entry.b else (entry.b, entry.a): round(
                entry.value if entry.a < entry.b else 1 / entry.value, 12
            )
            for entry in found
        }

    @property
    def groups(self) -> frozenset[str]:
        """The groups with at least one answer."""
        return frozenset(entry.group for entry in self.judgments)


def is_file(file: str, named: str) -> bool:
    """True if a study's word for a file means this one: its path, or its name alone.

    >>> is_file("back/e1.xlsx", "e1.xlsx"), is_file("back/e1.xlsx", "e2.xlsx")
    (True, False)
    """
    given, meant = PurePath(file), PurePath(named)
    return given.parts[-len(meant.parts) :] == meant.parts


def settle(
    submissions: Sequence[Submission], chosen: str | None
) -> tuple[tuple[Submission, ...], tuple[Issue, ...]]:
    """Return which submissions of one expert hold, and what to say about it.

    Files that answer different groups complete each other; identical answers merge with a note; two different
    answers to a group hold neither, until the study chooses. What a later round answers takes the place of
    the rounds before, with a note.
    """
    if chosen is not None:
        submissions = [entry for entry in submissions if entry.round > 1 or is_file(entry.file, chosen)]
    submissions, issues = _latest(submissions)
    holding: list[Submission] = []
    for entry in submissions:
        rivals = [other for other in holding if _differ(other, entry)]
        if rivals:
            return (), (_waiting(entry.expert, rivals[0], entry),)
        same = [other for other in holding if entry.groups and entry.groups <= other.groups]
        if same:
            issues.append(_merged(entry, same[0]))
        else:
            holding.append(entry)
    return tuple(holding), tuple(issues)


def _latest(submissions: Sequence[Submission]) -> tuple[list[Submission], list[Issue]]:
    """Return the submissions, each without the groups that a later round has answered."""
    last: dict[str, int] = {}
    for entry in submissions:
        last |= {group: max(entry.round, last.get(group, 1)) for group in entry.groups}
    kept: list[Submission] = []
    issues: list[Issue] = []
    for entry in submissions:
        own = tuple(one for one in entry.judgments if last[one.group] == entry.round)
        kept.append(replace(entry, judgments=own))
        for later in submissions:
            issues += _revised(entry, later) if later.round > entry.round else ()
    return kept, issues


def _revised(entry: Submission, later: Submission) -> Iterator[Issue]:
    """Say how many answers a later questionnaire changes or takes back."""
    changed = sum(
        later.answers(group).get(pair) != value
        for group in entry.groups & later.groups
        for pair, value in entry.answers(group).items()
    )
    if changed:
        detail = {"expert": entry.expert.name or entry.expert.id, "former": entry.file, "count": changed}
        yield Issue("JUDGE-243", later.file, detail, where=Location(later.file), severity=Severity.NOTE)


def select(
    submissions: Mapping[str, Sequence[Submission]], chosen: Mapping[str, str]
) -> tuple[dict[str, tuple[Submission, ...]], tuple[Issue, ...]]:
    """Settle every expert's submissions; raises where the study chose a file that is not there."""
    issues: list[Issue] = []
    holding: dict[str, tuple[Submission, ...]] = {}
    for expert, file in chosen.items():
        files = [entry.file for entry in submissions.get(expert, ())]
        if not any(is_file(name, file) for name in files):
            detail = {"file": file}
            issues.append(Issue("JUDGE-215", expert, detail, tuple(files), where=Location(file)))
    for expert, entries in submissions.items():
        holding[expert], found = settle(entries, chosen.get(expert))
        issues.extend(found)
    return holding, tuple(issues)


def _differ(one: Submission, other: Submission) -> bool:
    shared = one.groups & other.groups
    return any(one.answers(group) != other.answers(group) for group in shared)


def _waiting(expert: Expert, one: Submission, other: Submission) -> Issue:
    detail = {"files": f"{one.file}, {other.file}", "expert": expert.id}
    where = Location(other.file)
    return Issue("JUDGE-213", expert.name or expert.id, detail, where=where, severity=Severity.WARNING)


def _merged(entry: Submission, kept: Submission) -> Issue:
    detail = {"kept": kept.file, "expert": entry.expert.name or entry.expert.id}
    return Issue("JUDGE-214", entry.file, detail, where=Location(entry.file), severity=Severity.NOTE)
