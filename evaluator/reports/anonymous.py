"""An evaluation whose customers are called by codes: no id and no name of them is left in it.

The codes say nothing of whom they stand for. Who is who stands in a file of its own in the output folder,
which is read again by the next run, so that a customer keeps its code.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from io import StringIO
from pathlib import Path
from secrets import SystemRandom
from typing import Any

import polars as pl

from evaluator import messages
from evaluator.columns.apostrophes import marked, unmarked
from evaluator.errors import Issue
from evaluator.evaluation import Evaluation, Outside, Unrated
from evaluator.files import write_text
from evaluator.scoring.opinions import Mover

KEY = "codes.csv"
_HEAD = ("code", "id", "name")
_OF_CUSTOMERS = ("id", "to", "respondent")  # columns whose values are ids of customers
_OTHERS = frozenset(("tree", "panel", "weights", "model", "judgment", "provenance", "profiles", "title"))
_LISTS = ("ids", "must", "must_not", "must_give", "lost")  # fields that hold ids themselves
_LONG = 4
_FEW = 20  # a column of the customers with more words than that, most of them of one customer, names people


def anonymous(evaluation: Evaluation, folder: Path) -> Evaluation:
    """Return the evaluation with codes in place of ids and names, and write who is who to ``codes.csv``.

    Attributes that differ from nearly every customer to the next are left out, since they tell who it is;
    so are the examples of what stood in the files.
    """
    names = _names(evaluation)
    codes = _codes(names, read_codes(folder / KEY))
    _write(folder / KEY, codes, names)
    coding = _Coding(codes, _pattern(codes, names.values()), {
        **codes, **{name: codes[id_] for id_, name in names.items() if name},
    })  # fmt: skip
    coded: Evaluation = coding.of(evaluation)
    notes = tuple(
        replace(note, columns=tuple(replace(column, examples=(), written=()) for column in note.columns))
        for note in coded.notes
    )
    return replace(coded, notes=notes, attributes=_telling_nobody(coded.attributes))


def read_codes(path: Path) -> dict[str, str]:
    """Return the code of each id in a file of codes; nothing where there is none."""
    return {row["id"]: row["code"] for row in _rows(path)}


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    read = csv.DictReader(StringIO(path.read_text("utf-8-sig"), newline=""))
    return [{name: unmarked(cell) for name, cell in row.items()} for row in read]


def _names(evaluation: Evaluation) -> dict[str, str]:
    """Return every customer the evaluation knows by id, with its name where it has one."""
    comparison, previous = evaluation.comparison, evaluation.previous
    tables = (evaluation.measured.models or {}).values()
    frames = [evaluation.results, evaluation.measured.frame, evaluation.attributes,
              *(table for table in tables if isinstance(table, pl.DataFrame)),
              *(one.results for one in evaluation.periods)]  # fmt: skip
    frames += [previous.results] if previous else []
    frames += [comparison.customers] if comparison else []
    found: dict[str, str] = {}
    for frame in frames:
        for column in (name for name in _OF_CUSTOMERS if name in frame.columns):
            named = pl.col("name") if column == "id" and "name" in frame.columns else pl.lit(None)
            pairs = frame.select(id=pl.col(column).cast(pl.String), name=named.cast(pl.String)).unique()
            found |= {id_: name or found.get(id_, "") for id_, name in pairs.iter_rows() if id_ is not None}
    outside = evaluation.routing.outside if evaluation.routing else ()
    found |= {one.id: one.name or "" for one in evaluation.unrated}
    return found | {one.id: one.name or "" for one in outside}


def _codes(names: Collection[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return a code for every id: the known one, or the next in an order that nothing decides but chance.

    >>> codes = _codes(["a", "b"], {"a": "K0007"})
    >>> codes["a"], codes["b"] in {f"K{number:04}" for number in range(1, 4)}
    ('K0007', True)
    """
    digits = max(4, len(str(len(names) + len(known))))
    used, fresh = set(known.values()), [name for name in names if name not in known]
    free = [code for n in range(1, len(names) + len(known) + 1) if (code := f"K{n:0{digits}}") not in used]
    drawn = SystemRandom().sample(free, len(fresh))
    return {**{name: known[name] for name in names if name in known}, **dict(zip(fresh, drawn, strict=True))}


def _write(path: Path, codes: Mapping[str, str], names: Mapping[str, str]) -> None:
    """Keep the codes and names of all who ever had one: a report of some customers knows no others."""
    known = {row["id"]: (row["code"], row["name"]) for row in _rows(path)}
    known |= {id_: (code, names[id_] or known.get(id_, ("", ""))[1]) for id_, code in codes.items()}
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEAD)
    rows = sorted((code, id_, name) for id_, (code, name) in known.items())
    writer.writerows(map(marked, row) for row in rows)
    write_text(path, "\ufeff" + text.getvalue())


def _pattern(codes: Iterable[str], names: Iterable[str]) -> re.Pattern[str]:
    """Return what finds customers inside a sentence; short numbers there are more often just numbers."""
    told = {id_ for id_ in codes if not id_.isdecimal() or len(id_) >= _LONG}
    longest = sorted({*told, *names} - {""}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest)) or '(?!)'})(?!\w)")


def _telling_nobody(attributes: pl.DataFrame) -> pl.DataFrame:
    """Leave out the attributes of which more than half of the customers have a word of their own."""
    kept = [
        name
        for name in attributes.columns
        if name == "id" or (words := attributes[name].drop_nulls().n_unique()) <= _FEW
        or 2 * words <= attributes[name].drop_nulls().len()
    ]  # fmt: skip
    return attributes.select(kept)


@dataclass(frozen=True)
class _Coding:
    """Goes through an evaluation and puts codes in its place wherever a customer is named."""

    codes: Mapping[str, str]
    pattern: re.Pattern[str]
    known: Mapping[str, str]

    def of(self, value: Any, name: str = "") -> Any:
        """Return a value with codes; `name` is the field it stands in."""
        if name in _OTHERS:
            return value
        if isinstance(value, pl.DataFrame):
            return self._frame(value)
        if isinstance(value, Issue):
            return self._issue(value)
        if isinstance(value, Unrated | Outside):
            return replace(value, id=self.codes[value.id], name=None)
        if isinstance(value, Mover):
            return replace(value, id=self.codes[value.id])
        if is_dataclass(value) and not isinstance(value, type):
            inside = [one.name for one in fields(value) if one.init]
            return replace(value, **{key: self.of(getattr(value, key), key) for key in inside})
        if isinstance(value, Mapping) and not hasattr(value, "model_dump"):
            return {self._id(key, name): self.of(one, name) for key, one in value.items()}
        if isinstance(value, tuple | list | set | frozenset) and not hasattr(value, "_fields"):
            return type(value)(self.of(one, name) for one in value)
        return self._id(value, name)

    def _id(self, value: Any, name: str) -> Any:
        return self.codes.get(value, value) if name in _LISTS and isinstance(value, str) else value

    def _frame(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Put codes in the columns that hold ids of customers, and in place of the names beside them."""
        for column in (name for name in _OF_CUSTOMERS if name in frame.columns):
            ids = frame[column].cast(pl.String)
            if 2 * ids.is_in(list(self.codes)).sum() < max(1, ids.drop_nulls().len()):
                continue  # ids of something else
            frame = frame.with_columns(ids.replace(self.codes).alias(column))
            if column == "id" and "name" in frame.columns:
                frame = frame.with_columns(name=pl.col("id"))
        return frame

    def _issue(self, issue: Issue) -> Issue:
        detail = {key: self._coded(value) for key, value in issue.detail.items()}
        return replace(issue, subject=self._coded(issue.subject), detail=detail,
                       hint=tuple(map(self._coded, issue.hint)))  # fmt: skip

    def _coded(self, value: Any) -> Any:
        if not isinstance(value, str) or isinstance(value, messages.Named | messages.Noun):
            return value
        return self.known.get(value) or self.pattern.sub(lambda found: self.known[found[0]], value)
