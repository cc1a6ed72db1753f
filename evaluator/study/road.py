"""A study: one engagement's folder, and the road from its tree to its reports.

Every step is computed once, from the step before it, and can be written to the study's output
folder; a verb of the command line is a walk up to one step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from evaluator.ahp import CONVENTIONS
from evaluator.analysis import audit, judgment_findings
from evaluator.customers import TABLES, disagreements
from evaluator.customers.survey_tables import survey_within
from evaluator.data import Tables, read_tables
from evaluator.documents import Key, load, validate
from evaluator.errors import EvaluationError, Issue, Location, raise_errors
from evaluator.evaluation import Evaluation, JudgmentFindings
from evaluator.forms import Answers, Sent, Written, keep_raw, responses, write_responses
from evaluator.measuring import Measured, MeasureOptions, measured
from evaluator.measuring.grades import GRADES
from evaluator.measuring.tables import CUSTOMERS, customers_schema, measures_schema
from evaluator.reports import begin_library, report
from evaluator.scoring import Fitted, Model, fitted, own_scales, ranked, read_model, run_examples, score
from evaluator.study.ahead import ahead_issues
from evaluator.study.answered import filled_forms, tables_of_forms, with_forms
from evaluator.study.asking import Request, ask
from evaluator.study.branches import (
    branch_file,
    comparable_issues,
    joined,
    joint_schema,
    of_ids,
    routed,
)
from evaluator.study.content import own_content
from evaluator.study.file import BranchEntry, StudyFile, check_file, study_path
from evaluator.study.judging import answer_sources, read_panel
from evaluator.study.outputs import save_frame
from evaluator.study.previous import MODEL, last_model
from evaluator.study.profiles import weights_of_profiles
from evaluator.study.result import evaluated
from evaluator.tree import Tree, load_with_positions, tree_changes
from evaluator.tree.audit import Finding
from evaluator.tree.checks import check
from evaluator.weighing import (
    Expert,
    Panel,
    Revision,
    Weights,
    load_revisions,
    save_weights,
    weigh,
)
from evaluator.weighing.support import few_experts

STEPS = ("tree", "judgments", "weights", "tables", "measures", "model", "scores")
Progress = Callable[[str], None]


class Study:
    """One engagement: a folder with `study.yaml`, its data and its questionnaires.

    Parameters
    ----------
    folder : the study's folder, or the path of its `study.yaml`.
    model : a model frozen earlier, to score with instead of fitting one.
    as_of : the day to look back from, in place of the one the file states.
    progress : called with the name of each step as it begins.

    Raises
    ------
    EvaluationError
        STUDY-301 when there is no study, else every problem of its file.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        model: str | Path | None = None,
        as_of: date | None = None,
        progress: Progress | None = None,
    ) -> None:
        path = study_path(folder)
        if not path.is_file():
            raise EvaluationError([Issue("STUDY-301", str(folder), where=Location(str(path)))])
        self.path = path
        self.folder = path.parent
        self.output = self.folder / "output"
        self._progress = progress or (lambda step: None)
        self.document = load(path)
        self.file = validate(self.document, StudyFile)
        if as_of:
            self.file = self.file.model_copy(update={"as_of": as_of})
        self.notes = tuple(check_file(self.file, self.document, self.folder))
        raise_errors(self.notes)
        self.frozen = model or last_model(self.file, self.folder)
        self.tree_issues: tuple[Issue, ...] = ()
        self._whole: Study | None = None
        self._branch = ""

    @cached_property
    def branches(self) -> tuple[Study, ...]:
        """The study of each tree where it has several, else the study itself."""
        return tuple(self._of(entry) for entry in self.file.trees) or (self,)

    def _of(self, entry: BranchEntry) -> Study:
        model = Path(self.frozen) / entry.id / MODEL if self.frozen else None
        branch = Study(self.path, model=model, progress=self._progress)
        branch.file = branch_file(self.file, entry)
        branch.output = self.output / entry.id
        branch._whole, branch._branch = self, entry.id
        branch.frozen = model or last_model(branch.file, self.folder)
        return branch

    @property
    def whole(self) -> Study:
        """The study with all its trees; the study itself where it has one."""
        return self._whole or self

    def of(self, customer: str) -> Study:
        """Return the study of the tree that evaluates a customer, or the first where none does."""
        return next((one for one in self.branches if one.ids and customer in one.ids), self.branches[0])

    @property
    def branch(self) -> str:
        """The id of the tree among several; empty where the study has one."""
        return self._branch

    @property
    def language(self) -> str:
        """The language of the study: its workbooks, reports and messages."""
        return self.file.language

    @property
    def convention(self) -> str:
        """The consistency convention: the one stated, else `cn` for Chinese studies, `strict` for others."""
        return self.file.convention or ("cn" if self.language == "zh" else "strict")

    @cached_property
    def experts(self) -> tuple[Expert, ...]:
        """The people asked for judgments."""
        return tuple(
            Expert(e.id, e.name or e.id, e.role, e.weight, ca=e.ca, cs=e.cs) for e in self.file.experts
        )

    @cached_property
    def tree(self) -> Tree:
        """The indicator tree with the study's own words in place; STUDY-320 where there are several."""
        if self.file.trees:
            raise EvaluationError([Issue("STUDY-320", where=self.where(("trees",)))])
        self._progress("tree")
        tree, document = load_with_positions(self.file.tree, self.folder)
        self.tree_issues = tuple(check(tree, document))
        own_scales(tree, self.file.scoring.scales, document=self.document)  # wrong ones are said at once
        return own_content(tree, self.file, self.document)

    def check(self, *, data: bool = False) -> tuple[Issue, ...]:
        """Return everything worth knowing before the road is walked; raises when something is wrong.

        The tree's own examples are run; with `data`, the tables are read and measured as well.
        """
        tree, document = load_with_positions(self.file.tree, self.folder)
        issues = [*self.notes, *check(tree, document), *run_examples(tree, document)]
        raise_errors(issues)
        _ = self.tree
        if data:
            issues += [*self.tables.issues, *self.measured.issues]
        return tuple(issues)

    def audit(self, *, data: bool = False) -> tuple[Finding, ...]:
        """Return what the audit finds in the tree and, with `data`, in the measures of the customers."""
        return audit(self.tree, self.measured if data else None, today=self.file.as_of or date.today())

    def where(self, key: Key) -> Location:
        """Return the place of an entry of `study.yaml`."""
        return self.document.where(key)

    def ask(
        self,
        form: str | None = None,
        *,
        budget: int | None = None,
        round_: int = 1,
        missing: bool = False,
    ) -> tuple[Written | Sent, ...]:
        """Write a form for everybody it concerns, by default the one the weights come from.

        With a `budget`, no expert is asked more comparisons than that; `missing` asks only for what was
        left open or has changed; `round_` counts the rounds of screening. See `asking.ask`.
        """
        return ask(self, form, Request(budget, round_, missing))

    @property
    def duties(self) -> dict[str, tuple[str, ...]]:
        """The groups that experts with a part of the tree are asked about, by expert."""
        return {expert.id: expert.groups for expert in self.file.experts if expert.groups is not None}

    @cached_property
    def panel(self) -> Panel | None:
        """The experts' answers, or None when the study takes the tree's given weights."""
        _ = self.tree
        if self.file.weighting.source != "given":
            self._progress("judgments")
        return read_panel(self)

    @property
    def answers(self) -> Answers:
        """Where the experts' answers are read from, and what the study says of them."""
        chosen = {expert.id: expert.file for expert in self.file.experts if expert.file}
        return Answers(tuple(answer_sources(self)), chosen, self.file.answers, self.duties)

    def keep_answers(self) -> Path | None:
        """Store filled forms unchanged, under their hashes, before anything is computed of them."""
        if not (sources := dict.fromkeys([*answer_sources(self), *filled_forms(self)])):
            return None
        keep_raw(sources, self.output / "answers")
        return self.output / "answers"

    def save_responses(self) -> Path | None:
        """Write who answered what, with CR per group, for the person who chases answers."""
        if self.panel is None:
            return None
        found = responses(self.panel, self.tree, convention=self.convention)
        return write_responses(found, self.tree, self.output / "responses.xlsx", language=self.language)

    @cached_property
    def revisions(self) -> tuple[Revision, ...]:
        """The answers experts agreed to change, as the study's file of revisions has them."""
        return load_revisions(self.folder / self.file.revisions) if self.file.revisions else ()

    @cached_property
    def weights(self) -> Weights:
        """The weights, from the experts or as given."""
        tree, panel = self.tree, self.panel
        self._progress("weights")
        weights = weigh(tree, panel, **self.procedure)
        if panel is not None:
            place = self.where(("weighting", "min_experts"))
            raise_errors(tuple(few_experts(weights.groups, self.file.weighting.min_experts, place)))
        return weights

    @cached_property
    def judgment(self) -> JudgmentFindings | None:
        """What the experts' answers tell besides weights; None where the weights are given."""
        options = self.file.weighting
        if self.panel is None:
            return None
        return judgment_findings(
            self.tree,
            self.panel,
            self.weights,
            options=options.uncertainty,
            fuzzy=options.fuzzy,
            revisions=self.revisions,
            seed=self.file.seed or 0,
        )

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
        }

    @cached_property
    def profile_weights(self) -> dict[str, Weights] | None:
        """The weights of each weight profile; None where they are off."""
        return weights_of_profiles(self)

    @cached_property
    def tables(self) -> Tables:
        """The tables of the study, mapped and reconciled to the row, with what forms brought back."""
        read = self.whole.read
        return with_forms(self, of_ids(read, self.ids) if self.ids is not None else read)

    @cached_property
    def ids(self) -> frozenset[str] | None:
        """The ids this tree evaluates, where the study has several."""
        return self._whole.routes[self._branch] if self._whole else None

    @cached_property
    def read(self) -> Tables:
        """The tables as they were read, for all trees."""
        trees = [own_scales(branch.tree, branch.file.scoring.scales)[0] for branch in self.branches]
        self._progress("tables")
        asked = self.file.customers.satisfaction
        stated = {"low", "high"} & asked.model_fields_set
        schemas = {
            **TABLES,
            **({"survey": survey_within(asked.low, asked.high)} if stated else {}),
            "customers": joint_schema(trees, customers_schema),
            "grades": GRADES,
            "measures": joint_schema(trees, measures_schema),
        }
        for name in tables_of_forms(self):
            schemas[name] = replace(schemas[name], may_be_empty=True)
        databases = self.file.databases
        read = read_tables(
            self.file.tables, schemas, self.folder, databases=databases, document=self.document
        )
        return replace(read, issues=(*read.issues, *disagreements(read.frames, as_of=self.file.as_of)))

    @cached_property
    def routes(self) -> Mapping[str, frozenset[str]]:
        """Whom each of several trees evaluates."""
        trees = {branch.branch: branch.tree for branch in self.branches}
        raise_errors(tuple(comparable_issues(self.file, trees, self.document)))
        return routed(self.file, self._customers, self.document)

    @cached_property
    def _customers(self) -> Tables:
        """The table of customers alone, which is all that routing looks at."""
        mapped = {name: table for name, table in self.file.tables.items() if name == "customers"}
        schemas, databases = {"customers": CUSTOMERS}, self.file.databases
        return read_tables(mapped, schemas, self.folder, databases=databases, document=self.document)

    @cached_property
    def joined(self) -> pl.DataFrame:
        """The results of several trees in one table, with the tree of each customer."""
        results = {branch.branch: branch.results for branch in self.branches}
        return joined(self.file, self.read, self.routes, results)

    @cached_property
    def measured(self) -> Measured:
        """One row per customer with every measure of the tree."""
        tables, tree = self.tables, self.tree
        raise_errors(tuple(ahead_issues(self.file, tables, self.document)))
        self._progress("measures")
        frozen = self.model.customers if self.frozen else None
        customers = frozen or self.file.customers
        return measured(
            tables,
            tree,
            as_of=self.file.as_of,
            options=self.measuring,
            customers=customers,
            folder=self.folder,
            ahead=True,  # `ahead_issues` has asked
        )

    @property
    def measuring(self) -> MeasureOptions:
        """The study's choices; a fuzzy evaluation reads the raters' votes besides their mean."""
        scoring, measure = self.file.scoring, self.file.measure
        if not scoring.fuzzy and scoring.leading == "crisp":
            return measure
        return measure.model_copy(update={"raters": measure.raters.model_copy(update={"votes": True})})

    @cached_property
    def model(self) -> Model:
        """The frozen model: fitted on this study, or the one it was told to take."""
        if self.frozen:
            model, _ = self.taken
            own = own_scales(self.tree, self.file.scoring.scales)[0]
            if changes := tree_changes(model.tree, own):
                named = {name: ", ".join(ids) or "–" for name, ids in asdict(changes).items()}
                detail = {"tree": model.tree.id, "own": own.id, **named}
                raise EvaluationError([Issue("STUDY-307", str(self.frozen), detail)])
            return model
        _ = self.weights, self.measured
        self._progress("model")
        return self.fitted.model

    @cached_property
    def taken(self) -> tuple[Model, tuple[Issue, ...]]:
        """The frozen model that the study was told to take, with what is said of its file."""
        return read_model(self.frozen or MODEL)

    @cached_property
    def fitted(self) -> Fitted:
        """The model with what was noticed when it was fitted."""
        options = self.file.weighting.objective
        choice = options.model_dump() if options else {}
        return fitted(
            self.tree,
            self.weights,
            self.measured.frame,
            options=self.file.scoring,
            as_of=self.measured.as_of,
            objective=choice.get("method"),
            combine=choice.get("combine", "multiplicative"),
            alpha=choice.get("alpha", 0.5),
            customers=self.measured.customers,
            profiles=self.profile_weights,
        )

    @cached_property
    def results(self) -> pl.DataFrame:
        """One row per customer: scores, grade, classes, rank."""
        model, measures = self.model, self.measured
        self._progress("scores")
        results: pl.DataFrame = ranked(score(model, measures.frame))
        return results

    def run(self) -> Evaluation:
        """Walk the whole road and return everything it found."""
        return self._evaluation

    @cached_property
    def _evaluation(self) -> Evaluation:
        return evaluated(self)

    def save_weights(self) -> Path:
        """Write the weights with their evidence to the output folder."""
        path = self.output / "weights.json"
        save_weights(self.weights, path)
        return path

    def save_measures(self) -> Path:
        """Write the measures, one row per customer, to the output folder."""
        return save_frame(self.measured.frame, self.output / "measures.csv")

    def save_model(self) -> Path:
        """Write the frozen model to the output folder."""
        path = self.output / "model.json"
        self.model.save(path)
        return path

    def save_scores(self) -> Path:
        """Write scores, grades, classes and ranks to the output folder; of all trees where it has several."""
        return save_frame(self.joined if self.file.trees else self.results, self.output / "scores.csv")

    def save_reports(
        self, *, language: str | None = None, formats: tuple[str, ...] = ("html", "xlsx")
    ) -> tuple[Path, ...]:
        """Run the study and write its reports to the output folder."""
        if "html" in formats:
            begin_library()
        evaluation = self.run()
        paths = []
        for suffix in formats:
            self._progress(f"report_{suffix}")
            path = self.output / f"report.{suffix}"
            report(evaluation, path, language=language, options=self.file.report, folder=self.folder)
            paths.append(path)
        return tuple(paths)
