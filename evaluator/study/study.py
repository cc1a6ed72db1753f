"""A study: one engagement's folder, and its evaluation from the tree to the reports."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

from evaluator import files
from evaluator.analysis import BreakEvens, PlanFindings, audit, break_even_weights, plan_of, with_reasons
from evaluator.data import Wrote
from evaluator.errors import EvaluationError, Issue, Severity, raise_errors
from evaluator.evaluation import Certainty, Evaluation
from evaluator.forms import Sent, Written
from evaluator.forms.options import Carrier
from evaluator.reports import Noted, begin_library, overall_report
from evaluator.reports.some_customers import Some, each
from evaluator.study.asking import Asking, Batch, Request, ask, batch
from evaluator.study.csv_files import money_of, save_frame
from evaluator.study.customers import find_customer
from evaluator.study.database import Origin, write_scores
from evaluator.study.decisions import placed
from evaluator.study.duties import subjects
from evaluator.study.engine_refusals import check_formats
from evaluator.study.evaluation import Outcomes, evaluation, measured_issues
from evaluator.study.manifest import MANIFEST, add_reports, manifest_of, save_manifest
from evaluator.study.on_engine import OnEngine
from evaluator.study.outputs import (
    old_reports,
    save_certainty,
    save_comparison,
    save_decisions,
    save_pages,
    save_report,
    save_tables,
)
from evaluator.study.panel import keep_answers, save_responses
from evaluator.study.revising import Revised, add_revision
from evaluator.study.setup import read_setup
from evaluator.study.steps import Progress, Steps
from evaluator.study.summary import last_day, summary
from evaluator.study.tree import examined
from evaluator.tree.audit import Finding
from evaluator.weighing import save_weights


class Study(Steps):
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
        when there is no study, else every problem of its file.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        model: str | Path | None = None,
        as_of: date | None = None,
        progress: Progress | None = None,
    ) -> None:
        super().__init__(read_setup(folder, model=model, as_of=as_of), progress or (lambda step: None))

    def of(self, customer: str) -> Study:
        """Return the study of the tree that evaluates a customer, or the first where none does."""
        return next((one for one in self.branches if one.ids and customer in one.ids), self.branches[0])

    def find(self, word: str) -> str:
        """Return the id of the customer somebody means by an id, a name or a part of either."""
        return find_customer((one.measured.frame for one in self.branches), word)

    def check(self, *, data: bool = False) -> tuple[Issue, ...]:
        """Return everything worth knowing before the study is run; raises when something is wrong.

        The tree's own examples are run; with `data`, the tables are read, measured and held against the tree
        as well.
        """
        issues = (*self.setup.notes, *examined(self._stated))
        _ = self.tree
        if not data:
            return issues
        found = (*self.tables.issues, *self.measured.issues)
        return (*issues, *found, *measured_issues(self.tree, self.measured))

    def audit(self, *, data: bool = False) -> tuple[Finding, ...]:
        """Return what the audit finds in the tree and, with `data`, in the measures of the customers."""
        return audit(self.tree, self.measured if data else None, today=self.file.as_of or date.today())

    def ask(
        self,
        form: str | None = None,
        *,
        budget: int | None = None,
        round_: int = 1,
        missing: bool = False,
        carrier: Carrier | None = None,
    ) -> tuple[Written | Sent, ...]:
        """Write a form for everybody it concerns, by default the one the weights come from.

        With a `budget`, no expert is asked more comparisons than that; `missing` asks only for what was
        left open or has changed; `round_` counts the rounds of screening. Comparisons in pairs are sent as
        workbooks or pages, as `carrier` or the study says. See `asking.ask`.
        """
        self._progress("forms")
        return ask(self._asking, form, Request(budget, round_, missing, carrier))

    def batch(self, form: str | None = None, *, round_: int = 1) -> Batch:
        """Return what a form asks of whom, without writing it; see `ask`."""
        return batch(self._asking, form, Request(round=round_))

    @property
    def _asking(self) -> Asking:
        return Asking(
            self.setup,
            self.tree,
            lambda: subjects(self.setup, self.tree, self.ids),
            lambda: self.weights,
        )

    def revise(
        self, *, expert: str, a: str, b: str, answer: str, author: str, reason: str, day: date
    ) -> Revised:
        """Add a revised answer of an expert to the study's file of revisions; see `revising.add_revision`."""
        return add_revision(
            self.setup, self.tree, self.panel, self.revisions,
            expert=expert, a=a, b=b, answer=answer, author=author, reason=reason, day=day,
        )  # fmt: skip

    @cached_property
    def on_engine(self) -> OnEngine | None:
        """The study on its engine; None where it is computed in memory."""
        return None if self.setup.engine.name == "polars" else OnEngine(self, self._progress)

    def close(self) -> None:
        """Let go of the engine, where the study has opened one."""
        if engine := self.__dict__.get("on_engine"):
            engine.close()

    @property
    def other_day(self) -> Issue | None:
        """The warning that the last run looked back from another day, as with --as-of, if it did."""
        last = last_day(self.output)
        if self.file.as_of or last is None:
            return None
        as_of = (self.on_engine or self).measured.as_of
        if as_of == last:
            return None
        detail = {"last": last, "as_of": as_of}
        return Issue("STUDY-366", self.output.name, detail, severity=Severity.WARNING)

    def run(self) -> Evaluation:
        """Run the whole study and return everything it found; on an engine, of the customers shown."""
        return self.on_engine.evaluation if self.on_engine else self._evaluation

    @cached_property
    def _evaluation(self) -> Evaluation:
        results, decisions = self.results, self.decisions
        self._progress("findings")
        return evaluation(
            Outcomes(
                setup=self.setup,
                tree=self.tree,
                tree_issues=self._tree[1],
                panel=self.panel,
                weights=self.weights,
                judgment=self.judgment,
                profiles=self.profile_weights,
                tables=self.tables,
                measured=self.measured,
                fitted=self.fitted,
                results=results,
                decisions=decisions,
                routed=self.whole._routed,
            )
        )

    def keep_answers(self) -> Path | None:
        """Store filled forms unchanged, under their hashes, before anything is computed of them."""
        return keep_answers(self.setup)

    def save_responses(self) -> Path | None:
        """Write who answered what, with CR per group, for the person who chases answers."""
        return save_responses(self.setup, self.tree, self.panel)

    def save_weights(self) -> Path:
        """Write the weights with their evidence to the output folder."""
        path = self.output / "weights.json"
        save_weights(self.weights, path)
        return path

    def save_measures(self) -> Path:
        """Write the measures, one row per customer, to the output folder: as CSV, and whole as Parquet."""
        return save_frame(self.measured.frame, self.output / "measures.csv", money=money_of(self.tree))

    def save_model(self) -> Path:
        """Write the frozen model to the output folder."""
        path = self.output / "model.json"
        self.model.save(path)
        return path

    def save_scores(self) -> Path:
        """Write scores, grades, classes and ranks to the output folder; of all trees where it has several.

        They lie in a CSV file by rank, and whole in a Parquet file beside it.
        """
        scores = self.joined if self.file.trees else self.results.sort("rank", "id", nulls_last=True)
        return save_frame(scores, self.output / "scores.csv")

    def save_comparison(self) -> tuple[Path, ...]:
        """Write what changed since the evaluation before, where the study names one; see `outputs`."""
        found = self.run().comparison
        if found is None:
            return ()
        names = {node.id: node.name[self.language] for node in self.model.tree.nodes.values()}
        told = with_reasons(found, names, self.language)
        return save_comparison(found, told, self.output / "comparison.csv")

    def save_certainty(self, certainty: Certainty | None = None) -> tuple[Path, ...]:
        """Write how sure results are to the output folder, by default as the run found it."""
        found = certainty or self.run().certainty
        return save_certainty(found, self.output, self.language) if found else ()

    def break_even_weights(self, customers: Sequence[str] = ()) -> BreakEvens:
        """Return from which weight on somebody else is first and classes are others; see `analysis`."""
        return break_even_weights(self.model, self.measured.frame, customers)

    def plan(self, *, budget: float | None = None, dropped: bool = False) -> PlanFindings:
        """Return one plan over the customers of all trees; see `analysis.plan`."""
        decided = [one.decisions for one in self.branches if one.decisions]
        with placed(self.setup):
            return plan_of(decided, budget=budget, dropped=dropped)

    def save_actions(self, *, sure: bool = True) -> tuple[Path, ...]:
        """Write the list of actions as CSV, Parquet and JSON; none where the firm itself is evaluated.

        With `sure` it tells in how many draws a customer keeps the action, which takes the whole run.
        """
        found = self.run().decisions if sure else self.decisions
        return save_decisions(found, self.output) if found else ()

    def save_summary(self) -> Path:
        """Write the figures of the run as JSON: customers, grades, classes, actions, drift, the model."""
        path = self.output / "summary.json"
        text = json.dumps(summary(self), ensure_ascii=False, indent=1, allow_nan=False)
        files.write_text(path, text + "\n")
        return path

    def save_results(self) -> tuple[Path, ...]:
        """Write weights, measures, model, scores and what changed since last time, once a run."""
        return self._results_saved

    @cached_property
    def _results_saved(self) -> tuple[Path, ...]:
        steps = (self.save_weights, self.save_measures, self.save_model, self.save_scores)
        paths = [save() for save in steps]
        saved = (*paths, *(path.with_suffix(".parquet") for path in paths if path.suffix == ".csv"))
        saved = (*saved, *self.save_comparison(), *self.save_certainty(), *self.save_actions())
        return (*saved, *self.save_tables())

    def save_tables(self) -> tuple[Path, ...]:
        """Write what machines read besides; see `outputs.save_tables`."""
        found = self.run().certainty
        further = {"certainty.csv": found.customers} if found else {}
        return save_tables(self.model, self.measured.frame, further, self.output)

    def save_reports(
        self, *, language: str | None = None, formats: tuple[str, ...] = ("html", "xlsx"),
        noted: Noted | None = None,
    ) -> tuple[Path, ...]:  # fmt: skip
        """Run the study and write results, reports and manifest to the output folder.

        `noted` is told what a template asks for and cannot be given; see `reports.report`. What keeps
        one report from being written is raised after the others are.
        """
        if self.on_engine:
            return self._page_of_shown(formats, language)
        if "html" in formats:
            begin_library()
        evaluation, results = self.run(), self.save_results()
        manifest = manifest_of(self.setup, evaluation, results)
        printed = replace(evaluation.provenance, fingerprint=manifest.fingerprint)
        evaluation = replace(evaluation, provenance=printed)
        paths, failed = [], list[Issue]()
        for suffix in formats:
            self._progress(f"report_{suffix}")
            try:
                paths.append(save_report(self.setup, evaluation, suffix, language=language, noted=noted))
            except EvaluationError as error:  # a template with a mistake keeps no other report away
                failed += error.issues
        save_manifest(manifest, self.setup, paths)
        raise_errors(failed)
        return tuple(paths)

    def old_reports(self) -> tuple[Issue, ...]:
        """Return what is said of reports of earlier runs that stand beside those of this one."""
        manifest = self.output / MANIFEST
        return tuple(old_reports(self.setup, [self.output], [manifest])) if manifest.is_file() else ()

    def save_overall(self, kind: str = "html", *, language: str | None = None) -> Path:
        """Write one decision over all trees of the study, which leads to the report of each.

        `kind` is ``html``, a page, or ``xlsx``, a workbook.
        """
        name = f"report.{kind}"
        evaluations = {f"{one.branch}/{name}": one.run() for one in self.branches}
        options = self.file.report
        path = overall_report(
            evaluations, self.output / name, language=language, options=options, folder=self.folder
        )
        for one in self.branches:
            add_reports(one.setup, one.run(), (path,))
        return path

    def _page_of_shown(self, formats: tuple[str, ...], language: str | None) -> tuple[Path, ...]:
        """Write the page of the customers that an engine hands over, which is all that can be of some."""
        check_formats(formats)
        begin_library()
        evaluation = self.run()
        self._progress("report_html")
        return (save_report(self.setup, evaluation, "html", language=language),)

    def save_pages(
        self, *, where: tuple[str, str] = ("", ""), top: int | None = None, per: str | None = None,
        language: str | None = None,
    ) -> tuple[Path, ...]:  # fmt: skip
        """Run the study and write pages of some of its customers, which hold nothing of the others.

        Parameters
        ----------
        where : a column and the value that the customers have of it.
        top : how many of the first of the ranking.
        per : a column, for a page of each of its values; in place of `where`.

        Raises
        ------
        EvaluationError
            As `reports.report`.
        """
        evaluation = self.run()
        chosen = tuple(each(evaluation, per, top)) if per else (Some(*where, top),)
        paths = save_pages(self.setup, evaluation, chosen, self._progress, language=language)
        add_reports(self.setup, evaluation, paths)
        return paths

    def write_back(self) -> Wrote | None:
        """Write the scores of all trees into the client's database where the study says so."""
        if self.file.write is None:
            return None
        origins = [
            Origin(one.branch or one.tree.id, one.measured.as_of, one.model.fingerprint)
            for one in self.branches
        ]
        return write_scores(self.setup, self.joined, origins)
