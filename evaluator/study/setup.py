"""What a study starts from: its file, read once for all its trees, and where everything lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from evaluator.ahp import CONVENTIONS
from evaluator.brief import Brief
from evaluator.documents import Document, Key, load, validate
from evaluator.errors import EvaluationError, Issue, Location, raise_errors
from evaluator.measuring import MeasureOptions
from evaluator.study.engine_options import EngineOptions, engine_options
from evaluator.study.file import QUESTIONNAIRES, BranchEntry, StudyFile, check_file, study_path
from evaluator.study.previous import last_model
from evaluator.study.saved_evaluation import MODEL
from evaluator.weighing import Expert

OWN = (
    "weighting", "scoring", "attributes", "rules", "matrices", "decides", "flags", "actions", "profiles",
)  # fmt: skip
"""What one of several trees may have of its own; what its entry does not state is the study's."""


@dataclass(frozen=True)
class Setup(Brief):
    """What the evaluation by one tree starts from, or a whole study with all its trees.

    Parameters
    ----------
    path : of `study.yaml`. document : its content, with the position of every entry.
    file : what it says; of one of several trees, what it says of this one.
    output : the folder of the results.
    model : the path of a model frozen earlier, to score with instead of fitting one.
    notes : what is worth knowing of the file.
    branch : the id of the tree among several; empty where there is one.
    """

    path: Path
    document: Document
    file: StudyFile
    output: Path
    model: Path | None = None
    notes: tuple[Issue, ...] = ()
    branch: str = ""

    @property
    def folder(self) -> Path:
        """The folder of the study, which its paths are relative to."""
        return self.path.parent

    @cached_property
    def branches(self) -> tuple[Setup, ...]:
        """The setup of each tree where the study has several, else the setup itself."""
        return tuple(self._of(entry) for entry in self.file.trees) or (self,)

    def _of(self, entry: BranchEntry) -> Setup:
        file = _branch_file(self.file, entry)
        model = self.model / entry.id / MODEL if self.model else last_model(file, self.folder)
        return replace(self, file=file, output=self.output / entry.id, model=model, branch=entry.id)

    @property
    def language(self) -> str:
        """The language of the study: its workbooks, reports and messages."""
        return self.file.language

    @property
    def convention(self) -> str:
        """The consistency convention: the one stated, else `cn` for Chinese studies, `strict` for others."""
        return self.file.convention or ("cn" if self.language == "zh" else "strict")

    @property
    def engine(self) -> EngineOptions:
        """Where the study is computed."""
        return engine_options(self.file.engine)

    @property
    def experts(self) -> tuple[Expert, ...]:
        """The people asked for judgments."""
        return tuple(
            Expert(e.id, e.name or e.id, e.role, e.weight, ca=e.ca, cs=e.cs, by=e.by)
            for e in self.file.experts
        )

    @property
    def duties(self) -> Mapping[str, tuple[str, ...]]:
        """The groups that experts with a part of the tree are asked about, by expert."""
        return {expert.id: expert.groups for expert in self.file.experts if expert.groups is not None}

    @property
    def procedure(self) -> dict[str, Any]:
        """How judgments become weights in this study, as `weigh` takes it."""
        options = self.file.weighting
        usual = CONVENTIONS[self.convention].function.method if options.by_matrices else None
        return {
            "method": options.method or usual,
            "aggregation": options.aggregation,
            "convention": self.convention,
            "inconsistent": options.inconsistent,
            "expert_weights": options.expert_weights,
            "scale": options.scale,
            "models": options.models,
        }

    @property
    def measuring(self) -> MeasureOptions:
        """How customers are measured; a fuzzy evaluation reads the raters' votes besides their mean."""
        scoring, measure = self.file.scoring, self.file.measure
        if not scoring.fuzzy and scoring.leading == "crisp":
            return measure
        return measure.model_copy(update={"raters": measure.raters.model_copy(update={"votes": True})})

    @cached_property
    def words(self) -> Document:
        """What the file states of this tree, with its places; of one of several, its entry among them."""
        if not self.branch:
            return self.document
        [index] = [i for i, entry in enumerate(self.document.data["trees"]) if entry["id"] == self.branch]
        entry, places = self.document.data["trees"][index], self.document.positions.items()
        of_all = {name: self.document.data[name] for name in OWN if name in self.document.data}
        shared = of_all.keys() - entry.keys()
        positions = {key: place for key, place in places if key and key[0] in shared}
        positions |= {key[2:]: place for key, place in places if key[:2] == ("trees", index)}
        return Document(self.document.file, of_all | entry, positions)

    def where(self, key: Key) -> Location:
        """Return the place of an entry of `study.yaml`."""
        return self.document.where(key)


def read_setup(folder: str | Path, *, model: str | Path | None = None, as_of: date | None = None) -> Setup:
    """Return what a study starts from; the parameters are those of `Study`.

    Raises
    ------
    EvaluationError
        when there is no study, else every problem of its file.
    """
    path = study_path(folder)
    if not path.exists():
        raise EvaluationError([Issue("STUDY-301", str(folder), where=Location(str(path)))])
    document = load(path)
    file = validate(document, StudyFile)
    if as_of:
        file = file.model_copy(update={"as_of": as_of})
    notes = tuple(check_file(file, document, path.parent))
    raise_errors(notes)
    last = None if file.trees else last_model(file, path.parent)  # of several trees each has its own
    return Setup(path, document, file, path.parent / "output", Path(model) if model else last, notes)


def _branch_file(file: StudyFile, entry: BranchEntry) -> StudyFile:
    """Return what a study says of one of its trees: its own options, its forms in folders of its own."""
    own = {
        name: value
        for name in OWN
        if name in entry.model_fields_set and (value := getattr(entry, name)) is not None
    }
    forms = file.forms.model_copy(update={"folder": f"{file.forms.folder}/{entry.id}"})
    last = file.previous
    return file.model_copy(
        update={
            "tree": entry.tree,
            "trees": (),
            "judgments": entry.judgments or (f"{QUESTIONNAIRES}/{entry.id}",),
            "forms": forms,
            "previous": last and last.model_copy(update={"folder": f"{last.folder}/{entry.id}"}),
            **own,
        }
    )
