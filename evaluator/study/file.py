"""The file of a study, `study.yaml`: each part is described by the room that reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Annotated, Literal

from pydantic import Field

from evaluator.customers import FINDINGS, CustomerOptions
from evaluator.data.databases import DatabaseSource, check_databases, database_files
from evaluator.data.mapping import TableMapping
from evaluator.documents import Day, Document, Format, Key
from evaluator.errors import Issue, nearest
from evaluator.messages import Term
from evaluator.report.options import ReportOptions
from evaluator.scoring.measures import MeasureOptions
from evaluator.scoring.options import ScoringOptions, Share
from evaluator.sheets.mapped import AnswerMapping
from evaluator.sheets.options import FormOptions
from evaluator.tree.types import Id, Label, Matrix, Positive
from evaluator.weighing.options import WeighingOptions

QUESTIONNAIRES = "questionnaires"
Language = Literal["zh", "en"]
ProfileName = Literal["cn", "strict", "saaty1980", "ahp-os", "spssau"]


class ExpertEntry(Format):
    """An expert: code, name, role, say in the group, and the file that counts where two disagree.

    `ca` (grounds of judgment) and `cs` (familiarity), 0–1, give the authority (ca + cs)/2. `groups`
    are the criteria the expert is asked to compare the parts of; default: all.
    """

    id: Id
    name: str = ""
    role: str = ""
    weight: Positive = 1.0
    ca: Share | None = None
    cs: Share | None = None
    file: str | None = None
    groups: tuple[Id, ...] | None = None


class PreviousEntry(Format):
    """The evaluation before this one: the folder with its `scores.csv` and `model.json`, title and day.

    ``model: keep`` scores with its model, so that changes come from the customers alone; ``refit`` fits
    a new one.
    """

    folder: str
    title: Label
    as_of: Day
    model: Literal["keep", "refit"] = "refit"


class StudyFile(Format):
    """Everything a study says; paths are relative to its folder.

    `judgments` names the folders and files that answers are read from; questionnaires are written to
    `questionnaires/`, which is read when nothing is stated; `answers` maps n × n matrices and exports of
    survey sites. `revisions` is a file of answers that
    experts agreed to change, with who, when and why; the originals stay as they are.
    """

    schema_: Annotated[Literal[1], Field(alias="schema")]
    title: Label
    language: Language = "zh"
    as_of: Day | None = None
    profile: ProfileName | None = None
    seed: int | None = None
    tree: str
    experts: tuple[ExpertEntry, ...] = ()
    judgments: tuple[str, ...] = (QUESTIONNAIRES,)
    answers: tuple[AnswerMapping, ...] = ()
    revisions: str | None = None
    forms: FormOptions = FormOptions()
    weighting: WeighingOptions = WeighingOptions()
    databases: dict[Id, DatabaseSource] = {}
    tables: dict[Id, TableMapping] = {}
    measure: MeasureOptions = MeasureOptions()
    customers: CustomerOptions = CustomerOptions()
    scoring: ScoringOptions = ScoringOptions()
    matrices: tuple[Matrix, ...] | None = None
    previous: PreviousEntry | None = None
    report: ReportOptions = ReportOptions()


def check_file(file: StudyFile, document: Document) -> Iterator[Issue]:
    """Yield what the file says that cannot be meant: STUDY-302 to STUDY-304, METHOD-001, DATA-451."""
    yield from check_databases(file.databases, file.tables, document)
    for key, path in _paths(file):
        if _outside(path):
            yield Issue("STUDY-302", path, where=document.where(key))
    for name, count in Counter(expert.id for expert in file.experts).items():
        if count > 1:
            yield Issue("STUDY-303", name, where=document.where(("experts",)))
    for index, name in enumerate(file.customers.show or ()):
        if name not in FINDINGS:
            hint, where = nearest(name, FINDINGS.names()), document.where(("customers", "show", index))
            yield Issue("METHOD-001", name, {"kind": Term("kind.customer_model")}, hint, where)
    if file.weighting.source == "experts" and not file.experts:
        yield Issue("STUDY-304", where=document.where(("weighting",)))


def _paths(file: StudyFile) -> Iterator[tuple[Key, str]]:
    yield ("tree",), file.tree
    yield from ((("judgments", index), path) for index, path in enumerate(file.judgments))
    yield from ((("tables", name, "file"), table.file) for name, table in file.tables.items() if table.file)
    yield from database_files(file.databases, file.tables)
    for name in ("theme", "templates"):
        if stated := getattr(file.report, name):
            yield ("report", name), stated
    if file.revisions:
        yield ("revisions",), file.revisions
    yield ("forms", "folder"), file.forms.folder
    if file.previous:
        yield ("previous", "folder"), file.previous.folder
    for index, expert in enumerate(file.experts):
        if expert.file:
            yield ("experts", index, "file"), expert.file


def _outside(path: str) -> bool:
    """Say whether a relative path leaves the study's folder; an absolute one is meant as it stands."""
    return not Path(path).is_absolute() and ".." in PurePath(path.replace("\\", "/")).parts
