"""The steps of a study, each computed once, when it is asked for, and reported as it begins.

Each is a function of the modules beside: from the setup, and from what earlier steps came to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Self

import polars as pl

from evaluator.actions.decided import Decisions
from evaluator.data import Tables
from evaluator.documents import Key
from evaluator.errors import Issue, Location
from evaluator.evaluation import JudgmentFindings
from evaluator.forms import Answers
from evaluator.measuring import Measured, MeasureOptions
from evaluator.scoring import Drift, Fitted, Model, drift, drift_issues, with_baseline
from evaluator.study.decisions import study_decisions
from evaluator.study.engine_refusals import refuse_in_memory
from evaluator.study.measures import measure_customers
from evaluator.study.model import fit_model, score_customers, take_model
from evaluator.study.panel import answers, read_panel, read_revisions
from evaluator.study.previous import read_previous
from evaluator.study.profile_weights import judged_profiles
from evaluator.study.routes import Ids, Routed, results_of_all, routes
from evaluator.study.setup import Setup
from evaluator.study.tables import read_all_tables, tables_of_tree
from evaluator.study.tree import Stated, own_tree, stated_in
from evaluator.study.weights import study_judgment, study_weights
from evaluator.tree import Tree
from evaluator.weighing import Expert, Panel, Revision, Weights, profile_weights

Progress = Callable[[str], None]


class Steps:
    """What is computed of a study, or of one of its trees; the tables are read by the `whole` of them."""

    def __init__(self, setup: Setup, progress: Progress, whole: Self | None = None) -> None:
        self.setup = setup
        self.path, self.folder = setup.path, setup.folder
        self.file, self.output = setup.file, setup.output
        self._progress = progress
        self._fresh: pl.DataFrame | None = None  # scores of the model as it was fitted
        self._whole = whole

    @cached_property
    def branches(self) -> tuple[Self, ...]:
        """The study of each tree where it has several, else the study itself."""
        return tuple(self._of(setup) for setup in self.setup.branches) if self.file.trees else (self,)

    def _of(self, setup: Setup) -> Self:
        branch = type(self).__new__(type(self))
        Steps.__init__(branch, setup, self._progress, self)
        return branch

    @property
    def whole(self) -> Self:
        """The study with all its trees; the study itself where it has one."""
        return self._whole or self

    @property
    def branch(self) -> str:
        """The id of the tree among several; empty where the study has one."""
        return self.setup.branch

    @property
    def language(self) -> str:
        """The language of the study: its workbooks, reports and messages."""
        return self.setup.language

    @property
    def convention(self) -> str:
        """The consistency convention: the one stated, else `cn` for Chinese studies, `strict` for others."""
        return self.setup.convention

    @property
    def experts(self) -> tuple[Expert, ...]:
        """The people asked for judgments."""
        return self.setup.experts

    @property
    def duties(self) -> Mapping[str, tuple[str, ...]]:
        """The groups that experts with a part of the tree are asked about, by expert."""
        return self.setup.duties

    @property
    def answers(self) -> Answers:
        """Where the experts' answers are read from, and what the study says of them."""
        return answers(self.setup)

    @property
    def measuring(self) -> MeasureOptions:
        """How customers are measured; a fuzzy evaluation reads the raters' votes besides their mean."""
        return self.setup.measuring

    def where(self, key: Key) -> Location:
        """Return the place of an entry of `study.yaml`."""
        return self.setup.where(key)

    @cached_property
    def _stated(self) -> Stated:
        self._progress("tree")
        return stated_in(self.setup)

    @cached_property
    def _tree(self) -> tuple[Tree, tuple[Issue, ...]]:
        return own_tree(self.setup, self._stated)

    @property
    def tree(self) -> Tree:
        """The indicator tree with the study's own words in place; raises where there are several."""
        return self._tree[0]

    @property
    def tree_issues(self) -> tuple[Issue, ...]:
        """What was noticed of the tree."""
        return self._tree[1]

    @cached_property
    def revisions(self) -> tuple[Revision, ...]:
        """The answers experts agreed to change, as the study's file of revisions has them."""
        return read_revisions(self.setup)

    @cached_property
    def panel(self) -> Panel | None:
        """The experts' answers, or None when the study takes the tree's given weights."""
        tree = self.tree
        if self.file.weighting.source == "given":
            return None
        self._progress("judgments")
        return read_panel(self.setup, tree, self.revisions)

    @cached_property
    def weights(self) -> Weights:
        """The weights, from the experts or as given."""
        tree, panel = self.tree, self.panel
        self._progress("weights")
        return study_weights(self.setup, tree, panel)

    @cached_property
    def judgment(self) -> JudgmentFindings | None:
        """What the experts' answers tell besides weights; None where the weights are given."""
        return study_judgment(self.setup, self.tree, self.panel, self.weights, self.revisions)

    @cached_property
    def profile_weights(self) -> dict[str, Weights] | None:
        """The weights of each weight profile; None where they are off."""
        if self.tree.profiles is None:
            return None
        compared = self.panel if self.file.weighting.source == "experts" else None
        judged = judged_profiles(self.setup, self.tree, compared)
        return profile_weights(self.tree, self.weights, judged)

    @cached_property
    def read(self) -> Tables:
        """The tables as they were read, for all trees; refused where they stay in an engine."""
        refuse_in_memory(self.setup)
        trees = self._trees
        self._progress("tables")
        return read_all_tables(self.setup, trees)

    @property
    def _trees(self) -> dict[str, Tree]:
        return {one.branch: one.tree for one in self.branches}

    @cached_property
    def routes(self) -> Ids:
        """Whom each of several trees evaluates."""
        return routes(self.setup, self._trees)

    @property
    def ids(self) -> frozenset[str] | None:
        """The ids this tree evaluates, where the study has several."""
        return self._whole.routes[self.branch] if self._whole else None

    @property
    def _routed(self) -> Routed | None:
        """Whom each tree evaluates, where the study has several."""
        return Routed(self.setup, self._trees, self.routes, self.read) if self.file.trees else None

    @cached_property
    def tables(self) -> Tables:
        """The tables of the study, mapped and reconciled to the row, with what forms brought back."""
        return tables_of_tree(self.setup, self.tree, self.whole.read, self.ids)

    @cached_property
    def measured(self) -> Measured:
        """One row per customer with every measure of the tree."""
        tables, tree = self.tables, self.tree
        self._progress("measures")
        customers = self.model.customers if self.setup.model else None
        return measure_customers(self.setup, tree, tables, customers=customers)

    @cached_property
    def fitted(self) -> Fitted:
        """The model with what was noticed when it was fitted, or when it was read."""
        if self.setup.model:
            return take_model(self.setup, self.tree, self.setup.model)
        weights, measured, profiles = self.weights, self.measured, self.profile_weights
        self._progress("model")
        found = fit_model(self.setup, self.tree, weights, measured, profiles)
        self._progress("scores")
        self._fresh = score_customers(found.model, measured)
        return replace(found, model=with_baseline(found.model, measured.frame, self._fresh))

    @property
    def model(self) -> Model:
        """The frozen model: fitted on this study, or the one it was told to take."""
        return self.fitted.model

    @cached_property
    def results(self) -> pl.DataFrame:
        """One row per customer: scores, grade, classes, rank."""
        model, measures = self.model, self.measured
        if self._fresh is not None:
            return self._fresh
        self._progress("scores")
        return score_customers(model, measures)

    @cached_property
    def drift(self) -> Drift | None:
        """How far the customers are from those of the model that was taken, or of the last evaluation's.

        None where there is no such model, or it does not tell of its customers.
        """
        model = self._earlier
        return drift(model, self.measured.frame, self.results, self.file.drift) if model else None

    @cached_property
    def drift_issues(self) -> tuple[Issue, ...]:
        """What passes the limits of the study, or why that cannot be told; nothing where it states none."""
        model = self._earlier
        return tuple(drift_issues(model, self.drift)) if model and self.file.drift else ()

    @cached_property
    def _earlier(self) -> Model | None:
        """The model of other customers that these may be held against."""
        if self.setup.model:
            return self.model
        last = self.file.previous
        return read_previous(last, self.setup.folder, self.model).model if last else None

    @cached_property
    def decisions(self) -> Decisions | None:
        """The flags and actions of the rated customers, with the plan where the study states one."""
        results = self.results
        self._progress("decisions")
        return study_decisions(self.setup, self.tree, self.model, self.measured, results)

    @cached_property
    def joined(self) -> pl.DataFrame:
        """The results of all trees in one table, with the tree of each customer."""
        if self._routed is None:
            return self.results.with_columns(tree=pl.lit(self.tree.id))
        return results_of_all(self._routed, {one.branch: one.results for one in self.branches})
