"""What a page asks of whom, as it stands in the page and comes back with the answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import ValidationError

from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.forms.carriers import MOST
from evaluator.forms.duties import GroupDuty, Pair
from evaluator.forms.record import AskedGroup, Record
from evaluator.tree import Tree, group_fingerprint
from evaluator.weighing.panel import Expert

MARK = "evaluator:page"
VERSION = 1
FORM_BITS, PERSON_BITS = 20, 10
F = TypeVar("F", bound=Format)


class PagePerson(Format):
    """Who is asked."""

    id: str
    name: str = ""
    role: str = ""


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
        """What tells what is asked apart from what other pages ask, in `FORM_BITS` bits."""
        asked = [[group.id, group.fingerprint, group.pairs] for group in self.groups]
        return _bits([self.tree, self.round, asked], FORM_BITS)

    @cached_property
    def person(self) -> int:
        """What tells the person apart from others, in `PERSON_BITS` bits."""
        return _bits(self.expert.id, PERSON_BITS)

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


def read_saved(kind: type[F], path: Path, where: Location, mark: str) -> F | None:
    """Return what a file that a page saved says, as `read_format`; None for a file of others."""
    text = path.read_bytes() if path.stat().st_size <= MOST else b""
    return read_format(kind, text, where) if mark.encode() in text else None


def read_format(kind: type[F], text: str | bytes, where: Location) -> F:
    """Return what a file of ours says.

    Raises
    ------
    EvaluationError
        where it does not say what such a file says, with the key at fault.
    """
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "JSON"
        raise EvaluationError([Issue("JUDGE-246", where.file, {"key": key}, where=where)]) from None


def checked(records: Iterable[PageRecord], where: Location) -> None:
    """Refuse a newer format, and pairs of what is no child of their group."""
    for record in records:
        if record.version > VERSION:
            raise EvaluationError([Issue("JUDGE-205", where.file, where=where)])
        for group in record.groups:
            if not set(group.pairs) <= set(combinations(group.children, 2)):
                raise EvaluationError([Issue("JUDGE-246", where.file, {"key": group.id}, where=where)])


def _bits(said: object, bits: int) -> int:
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode("ascii")).digest()) >> (256 - bits)
