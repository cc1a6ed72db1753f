"""What a page asks of whom, as it stands in the page and comes back with the answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import combinations
from typing import Literal

from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.forms.duties import GroupDuty, Pair
from evaluator.forms.live_values import RATIOS
from evaluator.forms.page_codes import FORM_BITS, PERSON_BITS
from evaluator.forms.page_files import PagePerson, bits
from evaluator.forms.record import AskedGroup, Record
from evaluator.tree import Tree, group_fingerprint
from evaluator.weighing.panel import Expert

MARK = "evaluator:page"
VERSION = 1


class PageGroup(Format):
    """A group as it was asked: its children in their order, and the pairs of them."""

    id: str
    fingerprint: str
    children: tuple[str, ...]
    pairs: tuple[Pair, ...]


class PageRecord(Format):
    """What a page asks; `excused` are the groups its person is not asked about."""

    format: Literal["evaluator:page"] = "evaluator:page"
    version: int = VERSION
    form: Literal["pairwise"] = "pairwise"
    tree: str
    expert: PagePerson
    round: int = 1
    groups: tuple[PageGroup, ...]
    excused: tuple[str, ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str, str], ...]:
        """Every comparison that is asked, as (group, a, b), in the order of the page."""
        return tuple((group.id, *pair) for group in self.groups for pair in group.pairs)

    @cached_property
    def fingerprint(self) -> int:
        """What tells what is asked of whom apart from what other pages ask, in `FORM_BITS` bits."""
        asked = [[group.id, group.fingerprint, group.pairs] for group in self.groups]
        return bits([self.tree, self.round, self.expert.id, asked], FORM_BITS)

    @cached_property
    def person_bits(self) -> int:
        """What tells the person apart from others, in `PERSON_BITS` bits."""
        return bits(self.expert.id, PERSON_BITS)

    @property
    def options(self) -> tuple[int, ...]:
        """How many answers each comparison has in a code: the ratios, and a blank."""
        return (len(RATIOS) + 1,) * len(self.pairs)

    @property
    def record(self) -> Record:
        """The same as a questionnaire in a workbook says of itself."""
        groups = tuple(
            AskedGroup(group.id, group.fingerprint, group.id, group.children, group.pairs)
            for group in self.groups
        )
        expert = Expert(self.expert.id, self.expert.name, self.expert.role)
        return Record(self.version, self.tree, expert, 0, groups, self.excused, self.round)


def page_record(tree: Tree, expert: Expert, asked: Sequence[GroupDuty], *, round_: int = 1) -> PageRecord:
    """Return what a page about these groups and pairs asks of an expert."""
    named = {duty.group.id for duty in asked}
    return PageRecord(
        tree=tree.id,
        expert=PagePerson(id=expert.id, name=expert.name, role=expert.role),
        round=round_,
        groups=tuple(
            PageGroup(
                id=duty.group.id,
                fingerprint=group_fingerprint(duty.group),
                children=tuple(child.id for child in duty.group.children),
                pairs=tuple(duty.pairs),
            )
            for duty in asked
        ),
        excused=tuple(node.id for node in tree.groups if node.pairs and node.id not in named),
    )


def checked(records: Iterable[PageRecord], where: Location) -> None:
    """Refuse a newer format, and pairs of what is no child of their group."""
    for record in records:
        if record.version > VERSION:
            raise EvaluationError([Issue("JUDGE-205", where.file, where=where)])
        for group in record.groups:
            if not set(group.pairs) <= set(combinations(group.children, 2)):
                raise EvaluationError([Issue("JUDGE-246", where.file, {"key": group.id}, where=where)])
