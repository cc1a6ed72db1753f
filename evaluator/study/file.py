"""The file of a study, `study.yaml`: each part is described by the room that reads it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt

from evaluator import ahp
from evaluator.actions.options import PlanOptions
from evaluator.customers import MODELS, CustomerOptions
from evaluator.data.databases import DatabaseSource, check_databases, database_files
from evaluator.data.mapping import TableMapping
from evaluator.data.writing import WriteOptions
from evaluator.documents import Choice, Day, Document, Format, Key
from evaluator.errors import Issue, Severity, nearest
from evaluator.files import leaves, read_bytes
from evaluator.forms.mapped import AnswerMapping
from evaluator.forms.options import FormOptions
from evaluator.labels import Id, MailAddress, Name, PersonName, Share, Weight
from evaluator.measuring.measures import MeasureOptions
from evaluator.messages import Term
from evaluator.reports.options import ReportOptions
from evaluator.scoring.options import DriftOptions, ScoringOptions
from evaluator.study.engine_options import EngineChoice
from evaluator.tree.decisions import Action, FlagWords
from evaluator.tree.types import Attribute, Matrix, Rule
from evaluator.weighing.options import ProfileChoice, ProfileOptions, WeighingOptions
from evaluator.weighing.procedure import CONVENTION

QUESTIONNAIRES = "questionnaires"
Language = Literal["zh", "en"]
ConventionName = Annotated[str, Choice(ahp.CONVENTIONS)]


class ExpertEntry(Format):
    """An expert: code, name, role, say in the group, and the file that counts where two disagree.

    `email` is where a link is sent to. `ca` (grounds of judgment) and `cs` (familiarity), 0–1, give the
    authority (ca + cs)/2. `by` says who answers: a person, or ``model/…``. `groups` are the criteria the
    expert is asked to compare the parts of; default: all.
    """

    id: Id
    name: PersonName = ""
    role: PersonName = ""
    email: MailAddress = ""
    weight: Weight = 1.0
    ca: Share | None = None
    cs: Share | None = None
    by: Annotated[str, Field(pattern=r"^(person|model/\S{1,100})$")] = "person"
    file: str | None = None
    groups: tuple[Id, ...] | None = None


class PreviousEntry(Format):
    """The evaluation before this one: the folder with its `scores.csv` and `model.json`, title and day.

    ``model: keep`` scores with its model, so that changes come from the customers alone; ``refit`` fits
    a new one.
    """

    folder: str
    title: Name
    as_of: Day
    model: Literal["keep", "refit"] = "refit"


class BranchEntry(Format):
    """One of several trees: whom it evaluates, and what differs from the study's own options.

    `when` is a condition on the columns of the table of customers, such as ``customer_type == '工业'``;
    `ids` names those evaluated instead, such as the firm itself. A tree with neither takes who is left.
    Its questionnaires lie in `questionnaires/<id>/`, its results in `output/<id>/`. What an entry does not
    state is the study's: ``actions: []`` means none.
    """

    id: Id
    tree: str
    when: str | None = None
    ids: tuple[str, ...] = ()
    judgments: tuple[str, ...] | None = None
    weighting: WeighingOptions | None = None
    scoring: ScoringOptions | None = None
    attributes: tuple[Attribute, ...] | None = None
    rules: tuple[Rule, ...] | None = None
    matrices: tuple[Matrix, ...] | None = None
    decides: Id | None = None
    flags: FlagWords | None = None
    actions: tuple[Action, ...] | None = None
    profiles: ProfileChoice = ProfileOptions()


class StudyFile(Format):
    """Everything a study says; paths are relative to its folder.

    `as_of` is the day looked back from; it lies ahead only where `ahead` says that this is meant.
    `engine` is where it is computed: ``duckdb`` leaves the tables where they are.
    `currency` is the code of the currency of its amounts (CNY), which reports write them with.
    It has one `tree`, or several `trees` for different customers, each evaluated on its own; their
    scores are ranked together only where the study says that they are `comparable`.
    `unused` are the files that were named when the study was made and that no table reads, with their rows.
    `judgments` names the folders and files that answers are read from; questionnaires are written to
    `questionnaires/`, which is read when nothing is stated; `answers` maps n × n matrices and exports of
    survey sites. `revisions` is a file of answers that
    experts agreed to change, with who, when and why; the originals stay as they are.
    `attributes`, `rules`, `matrices` and `actions` take the place of the tree's own, `flags` go on from
    them; weight `profiles` are off unless stated. `decides` names the matrix whose class decides, or
    ``grade``; with a `plan` actions are given under its limits, one plan for all trees. `drift` states how
    far customers may be from those of the model they are scored with; beyond, `run` ends with exit code 4.
    """

    schema_: Annotated[Literal[1], Field(alias="schema")]
    title: Name
    language: Language = "zh"
    as_of: Day | None = None
    ahead: bool = False
    currency: Annotated[str | None, Field(pattern=r"^[A-Z]{3}$")] = None
    convention: Annotated[ConventionName | None, Field(validation_alias=CONVENTION)] = None
    seed: int | None = None
    engine: EngineChoice = "polars"
    tree: str = ""
    trees: tuple[BranchEntry, ...] = ()
    comparable: bool = False
    experts: tuple[ExpertEntry, ...] = ()
    judgments: tuple[str, ...] = (QUESTIONNAIRES,)
    answers: tuple[AnswerMapping, ...] = ()
    revisions: str | None = None
    forms: FormOptions = FormOptions()
    weighting: WeighingOptions = WeighingOptions()
    databases: dict[Id, DatabaseSource] = {}
    tables: dict[Id, TableMapping] = {}
    unused: dict[str, NonNegativeInt] = {}
    write: WriteOptions | None = None
    measure: MeasureOptions = MeasureOptions()
    customers: CustomerOptions = CustomerOptions()
    scoring: ScoringOptions = ScoringOptions()
    attributes: tuple[Attribute, ...] | None = None
    rules: tuple[Rule, ...] | None = None
    matrices: tuple[Matrix, ...] | None = None
    decides: Id | None = None
    flags: FlagWords | None = None
    actions: tuple[Action, ...] | None = None
    plan: PlanOptions | None = None
    drift: DriftOptions | None = None
    profiles: ProfileChoice = ProfileOptions()
    previous: PreviousEntry | None = None
    report: ReportOptions = ReportOptions()


def stated_language(folder: str | Path) -> str | None:
    """Return the language a study's file speaks of, also where the rest of it cannot be read."""
    try:
        text = read_bytes(study_path(folder)).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    stated = re.search(r"^\s*language\s*[:：]\s*[\"']?(zh|en)\b", text, re.MULTILINE)
    return stated[1] if stated else None


def study_path(folder: str | Path) -> Path:
    """Return where the file of a study stands: the path itself where it is one, else in its folder."""
    path = Path(folder)
    return path if path.suffix in (".yaml", ".yml") else path / "study.yaml"


def check_file(file: StudyFile, document: Document, folder: str | Path) -> Iterator[Issue]:
    """Yield what the file says that cannot be meant; `folder` is the study's."""
    yield from _old_names(document)
    yield from check_databases(file.databases, _databases(file), document)
    for key, path in stated_paths(file):
        if leaves(folder, path):
            yield Issue("STUDY-302", path, where=document.where(key))
    yield from _branches(file, document)
    if file.unused:
        names = ", ".join(f"{name} ({rows:,})" for name, rows in file.unused.items())
        detail = {"count": len(file.unused), "rows": sum(file.unused.values())}
        where = document.where(("unused",))
        yield Issue("STUDY-343", names, detail, severity=Severity.NOTE, where=where)
    for name, count in Counter(expert.id for expert in file.experts).items():
        if count > 1:
            yield Issue("STUDY-303", name, where=document.where(("experts",)))
    for index, name in enumerate(file.customers.show or ()):
        if name not in MODELS:
            hint, where = nearest(name, MODELS.names()), document.where(("customers", "show", index))
            yield Issue("METHOD-001", name, {"kind": Term("kind.customer_model")}, hint, where)
    weightings = [entry.weighting or file.weighting for entry in file.trees] or [file.weighting]
    if any(weighting.source != "given" for weighting in weightings) and not file.experts:
        yield Issue("STUDY-304", where=document.where(("weighting",)))


def _old_names(document: Document) -> Iterator[Issue]:
    if "profile" in document.data:
        where = document.where(("profile",))
        yield Issue("STUDY-305", "convention", severity=Severity.NOTE, where=where)


def _branches(file: StudyFile, document: Document) -> Iterator[Issue]:
    if bool(file.tree) == bool(file.trees):
        yield Issue("STUDY-313", where=document.where(("trees",) if file.trees else ()))
    for name, count in Counter(entry.id for entry in file.trees).items():
        if count > 1:
            yield Issue("STUDY-314", name, where=document.where(("trees",)))
    for index, entry in enumerate(file.trees):
        if entry.ids and entry.when is not None:
            yield Issue("STUDY-315", entry.id, where=document.where(("trees", index)))


def _databases(file: StudyFile) -> Iterator[tuple[Key, str]]:
    yield from (
        (("tables", name, "database"), table.database)
        for name, table in file.tables.items()
        if table.database
    )
    if file.write:
        yield ("write", "database"), file.write.database


def stated_paths(file: StudyFile) -> Iterator[tuple[Key, str]]:
    """Yield every path of a study with its key: files, folders and patterns, databases that are files."""
    yield ("tree",), file.tree
    yield from ((("trees", index, "tree"), entry.tree) for index, entry in enumerate(file.trees))
    yield from ((("judgments", index), path) for index, path in enumerate(file.judgments))
    yield from ((("tables", name, "file"), table.file) for name, table in file.tables.items() if table.file)
    yield from database_files(file.databases, _databases(file))
    for name in ("theme", "templates", "document", "slides"):
        if stated := getattr(file.report, name):
            yield ("report", name), stated
    for index, choice in enumerate(file.customers.matrices):
        yield ("customers", "matrices", index, "matrix"), choice.matrix
    if file.revisions:
        yield ("revisions",), file.revisions
    yield ("forms", "folder"), file.forms.folder
    if file.previous:
        yield ("previous", "folder"), file.previous.folder
    for index, expert in enumerate(file.experts):
        if expert.file:
            yield ("experts", index, "file"), expert.file
