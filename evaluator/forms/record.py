"""The hidden sheet of a questionnaire: what was asked of whom, by which version of the format.

Cells are found by keys in a hidden first column, not by address, so a renamed or moved sheet and
inserted rows do no harm; the fingerprint of each group tells whether its answers still hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from evaluator.brief import Brief
from evaluator.forms.answers import Answer, chosen, plain, read_answer
from evaluator.forms.choices import labels, patterns, ratios
from evaluator.tree import Group, Tree, group_fingerprint, tree_fingerprint
from evaluator.weighing.panel import Expert
from evaluator.workbook.book import Book, Value
from evaluator.workbook.decoding import Contents
from evaluator.workbook.reader import CellValue, SheetValues, WorkbookValues

FORMAT, VERSION = "evaluator:pairwise", 1
RECORD, CHOICES, LIVE = "_record", "_choices", "_live"
SAY = "say"
CONTENTS = Contents(RECORD, marker="group", column=3, key="group:", aside=(LIVE,), instead=(CHOICES, SAY))
"""The sheets to read of a questionnaire: those of its groups, found by the record."""
KEY = 0
"""Column of the keys on the sheet of a group."""


def group_key(group: str) -> str:
    """Return the key that marks the sheet of a group."""
    return f"group:{group}"


def pair_key(a: str, b: str) -> str:
    """Return the key that marks the row of a pair."""
    return f"pair:{a}:{b}"


REMARK = "remark"


@dataclass(frozen=True)
class AskedGroup(Brief):
    """A group as it was asked: its children in the order of the questionnaire, and its sheet's name.

    `pairs` are the comparisons that were asked: all of them, unless the questionnaire was planned.
    """

    id: str
    fingerprint: str
    sheet: str
    children: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Record(Brief):
    """What a questionnaire says of itself; `answers` is the column of the answers.

    `round` counts from 1, and `given` tells whether its answers are still those it came with. `names`
    and `patterns` are what its sentences were made of; an early version has them on a sheet only.
    """

    version: int
    tree: str
    expert: Expert
    answers: int
    groups: tuple[AskedGroup, ...]
    excused: tuple[str, ...] = ()
    round: int = 1
    given: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[tuple[str, str], ...] = ()


def digest_of(answers: Mapping[tuple[str, str], str]) -> str:
    """Return what tells the answers to pairs apart from others; blank for none."""
    said = "\n".join(f"{a}\t{b}\t{plain(answer)}" for (a, b), answer in sorted(answers.items()))
    return hashlib.sha256(said.encode()).hexdigest() if said else ""


def write_record(
    book: Book,
    tree: Tree,
    expert: Expert,
    groups: Mapping[str, str],
    answers: int,
    *,
    pairs: Mapping[str, Iterable[tuple[str, str]]],
    round_: int = 1,
    given: Mapping[tuple[str, str], str] | None = None,
) -> None:
    """Write the hidden record; `groups` are the names of the sheets by group id.

    `pairs` are the comparisons of the groups that are not asked in full, `given` the answers it comes
    with, and `round_` counts the questionnaires that ask again what was left open.

    Other groups with something to compare are noted as excused: the expert was not meant to answer them.
    """
    sheet = book.sheet(RECORD, hidden=True)
    asked = [node for node in tree.groups if node.id in groups]
    lines: list[list[Value]] = [
        [FORMAT, VERSION],
        ["tree", tree.id, tree_fingerprint(tree)],
        ["expert", expert.id, expert.name, expert.role],
        ["answers", answers],
    ]
    if round_ > 1:
        lines.append(["round", round_, digest_of(given or {})])
    if excused := [node.id for node in tree.groups if node.pairs and node.id not in groups]:
        lines.append(["excused", *excused])
    for node in asked:
        children = (child.id for child in node.children)
        lines.append(["group", node.id, group_fingerprint(node), groups[node.id], *children])
        lines += [["pair", node.id, a, b] for a, b in pairs.get(node.id, ())]
        lines += [["name", child, label] for child, label in labels(node, book.language).items()]
    lines += [[SAY, ratio, pattern] for ratio, pattern in patterns(book.language)]
    for row, line in enumerate(lines):
        sheet.put_row(row, 0, line)


def read_record(book: WorkbookValues) -> Record | None:
    """Return the record of a questionnaire, None when the workbook has none."""
    sheet = book.sheet(RECORD)
    rows = sheet.rows if sheet else ()
    lines = [[cell if isinstance(cell, str) else _text(cell) for cell in row] for row in rows]
    if not lines or lines[0][:1] != [FORMAT]:
        return None
    once = (FORMAT, "tree", "expert", "answers", "excused", "round")
    named = {line[0]: [*line[1:], "", "", ""] for line in lines if line[0] in once}
    planned = {(line[1], line[2], line[3]) for line in lines if line[0] == "pair" and len(line) > 3}
    nothing = ["", "", ""]
    expert, name, role = named.get("expert", nothing)[:3]
    return Record(
        version=_whole(named[FORMAT][0]),
        tree=named.get("tree", nothing)[0],
        expert=Expert(expert, name, role),
        answers=_whole(named.get("answers", nothing)[0]),
        excused=tuple(name for name in named.get("excused", nothing) if name),
        round=max(1, _whole(named.get("round", nothing)[0])),
        given=named.get("round", nothing)[1],
        groups=tuple(_asked(line, planned) for line in lines if line[0] == "group" and len(line) > 3),
        names={line[1]: line[2] for line in lines if line[0] == "name" and len(line) > 2},
        patterns=tuple((line[1], line[2]) for line in lines if line[0] == SAY and len(line) > 2),
    )


def changed(record: Record, groups: Iterable[Group]) -> tuple[str, ...]:
    """Return the groups, by id, that a questionnaire does not ask as they now stand."""
    asked = {entry.id: entry.fingerprint for entry in record.groups}
    return tuple(node.id for node in groups if asked.get(node.id) != group_fingerprint(node))


class StoredChoices:
    """The sentences this very workbook offered, with the ratio of each."""

    def __init__(self, book: WorkbookValues, record: Record) -> None:
        self._record = record
        self._ratios = ratios(record.patterns)
        self._sheet = book.sheet(CHOICES)
        keys = self._sheet.rows[0] if self._sheet and self._sheet.rows else ()
        self._columns = {_text(key): col for col, key in enumerate(keys) if col}

    def answer(self, a: str, b: str, cell: CellValue | None) -> Answer:
        """Return what a cell answers to a pair, a sentence by the choices this workbook offered."""
        if not isinstance(cell, str):
            return read_answer(cell)
        offered = self._offered(a, b)
        if cell in offered:
            return chosen(cell, offered[cell])
        said = plain(cell)  # a copy, or another program, may have changed the spaces
        ratio = next((ratio for sentence, ratio in offered.items() if plain(sentence) == said), None)
        return read_answer(cell, {} if ratio is None else {said: ratio})

    def _offered(self, a: str, b: str) -> Mapping[str, str]:
        names, column = self._record.names, self._columns.get(pair_key(a, b))
        if a in names and b in names:
            return self._ratios(names[a], names[b])
        if self._sheet is None or column is None:
            return {}
        return {_text(row[column]): _text(row[0]) for row in self._sheet.rows[1:] if column < len(row)}


def keyed_rows(sheet: SheetValues) -> dict[str, int]:
    """Return the row of each key on the sheet of a group."""
    return {_text(cells[KEY]): row for row, cells in enumerate(sheet.rows) if cells and cells[KEY] != ""}


def _asked(line: list[str], planned: Collection[tuple[str, str, str]]) -> AskedGroup:
    children = tuple(cell for cell in line[4:] if cell)
    pairs = tuple(combinations(children, 2))
    if own := {(a, b) for group, a, b in planned if group == line[1]}:
        pairs = tuple(pair for pair in pairs if pair in own)
    return AskedGroup(line[1], line[2], line[3], children, pairs)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _whole(text: str) -> int:
    return int(text) if text.isdigit() else 0
