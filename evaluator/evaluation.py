"""An evaluation: everything one run of a study used and found, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.actions.decided import Decisions
from evaluator.brief import Brief
from evaluator.customers import ModelResults
from evaluator.data.tables import TableNote
from evaluator.displayed import Displayed
from evaluator.errors import Issue
from evaluator.labels import Text
from evaluator.measuring.measures import Measured
from evaluator.scoring.model import Model
from evaluator.scoring.opinions import SecondOpinions
from evaluator.tree import Tree
from evaluator.weighing.fuzzy import FuzzyWeights
from evaluator.weighing.levels import LevelConsistency
from evaluator.weighing.panel import Panel
from evaluator.weighing.panel_agreement import GroupAgreement
from evaluator.weighing.revisions import Revision
from evaluator.weighing.suggestions import Suggestion
from evaluator.weighing.uncertainty import Uncertainty
from evaluator.weighing.weights import Weights


@dataclass(frozen=True)
class Unrated:
    """A customer without a score, by name and with the reason (a key of the catalogues or a data rule)."""

    id: str
    name: str | None
    reason: str


@dataclass(frozen=True)
class FileRecord:
    """A file the run read: where it lay, what it held; `form` where somebody filled it in."""

    path: str
    sha256: str
    rows: int | None = None
    form: bool = False


@dataclass(frozen=True)
class Provenance(Brief):
    """What is needed to run the same evaluation again and get the same numbers.

    `fingerprint` covers inputs, answers, tree, model and results, once these have been written.
    """

    software: str
    created: datetime
    as_of: date
    files: tuple[FileRecord, ...]
    conventions: Mapping[str, str]
    seed: int | None = None
    fingerprint: str | None = None


@dataclass(frozen=True)
class JudgmentFindings(Displayed):
    """What the experts' answers tell besides weights; none of it changes a weight.

    `uncertainty` is None where no answer could contradict another, so nothing shows their scatter.

    `agreement` has one entry per group, `levels` one per level of the tree (total-ranking CR),
    `suggestions` the smallest changes that would make a contradictory expert consistent, `revisions`
    the changes experts have agreed to, `fuzzy` the weights of answers taken as triangular numbers
    where the study asks for them.
    """

    agreement: tuple[GroupAgreement, ...]
    uncertainty: Uncertainty | None
    levels: tuple[LevelConsistency, ...]
    suggestions: tuple[Suggestion, ...] = ()
    revisions: tuple[Revision, ...] = ()
    fuzzy: FuzzyWeights | None = None


@dataclass(frozen=True)
class Previous(Brief):
    """The evaluation before this one, to see who moved.

    `results` are its scored customers: `id`, `score`, `rank`, `status`, `grade`, `class_<matrix>`;
    `same_model` says whether both were scored with one model, so that only customers changed. Its `model`
    and `measures` are there where they were kept: with them its scores can be taken apart.
    """

    title: Text
    as_of: date
    results: pl.DataFrame
    same_model: bool
    model: Model | None = None
    measures: pl.DataFrame | None = None


@dataclass(frozen=True)
class Comparison(Displayed):
    """What changed between two evaluations, and by how much each kind of change moved each score.

    Parameters
    ----------
    title, as_of : of the earlier evaluation.
    switches : the kinds of change there are, of values, missing, weights, scales, rules, conventions.
    customers : one row per customer of either: ``id``, ``name``, ``standing`` (compared: rated in both; new,
        gone, rated, unrated: now no longer or not before; neither), ``score_``, ``grade_`` and
        ``class_<matrix>_`` before ``last`` and ``now``, ``change``, a column per switch whose sum it is, the
        ``reason`` (the switch that did most) and the ``indicator`` it acted through most, with its measure;
        ``points`` are what that indicator added, of weights, scales, rules and conventions what the switch
        did; ``others`` counts the other indicators whose values or missing data had a part.
    moves : who of the compared has another grade or class: ``of`` (grade or matrix), ``before``, ``after``,
        the ``axis`` and its distance to the cut on the way, and what each switch did to that distance.
    last, now : mean score of the rated; None where nobody is.
    compared : the change of the mean of the compared, `steps` that of each switch; `composition` is what
        the others add to the change of the mean.
    counts : customers by standing.
    halfway : how many compared customers some mixture of both evaluations gives no score; it counts as
        half the way for them.
    issues : what differs besides, and is not compared.
    """

    title: Text
    as_of: date | None
    switches: tuple[str, ...]
    customers: pl.DataFrame
    moves: pl.DataFrame
    last: float | None
    now: float | None
    compared: float
    steps: Mapping[str, float]
    composition: float
    counts: Mapping[str, int]
    halfway: int
    issues: tuple[Issue, ...] = ()

    @property
    def waterfall(self) -> tuple[tuple[str, float | None], ...]:
        """The mean of the last evaluation, what moved it, and the mean of this one."""
        steps = self.steps if self.switches else {"compared": self.compared}
        return (("last", self.last), *steps.items(), ("composition", self.composition), ("now", self.now))

    def to_frame(self) -> pl.DataFrame:
        """Return the customers of either evaluation, with what moved each."""
        return self.customers


@dataclass(frozen=True)
class PeriodResults(Brief):
    """One period's customers, ranked, all scored with the model of the latest period."""

    period: str
    results: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Route(Brief):
    """One of a study's trees: whom it evaluates (`when`, or these `ids`, or who is left), and how many."""

    id: str
    tree: Text
    when: str | None
    ids: tuple[str, ...]
    customers: int


@dataclass(frozen=True, slots=True)
class Outside:
    """A customer whom no tree of the study evaluates."""

    id: str
    name: str | None


@dataclass(frozen=True)
class Routing(Displayed):
    """Who is evaluated by which tree of a study with several; `here` is the tree of this evaluation."""

    here: str
    routes: tuple[Route, ...]
    outside: tuple[Outside, ...]
    comparable: bool


@dataclass(frozen=True)
class RankDraws:
    """How often each customer has each rank in the draws, and the weights under which it is first.

    Attributes
    ----------
    ids : the customers. edges : the first rank of every bin; with many customers a bin holds several ranks.
    counts : (customers, bins). first : how often each is first, and `weights`, (customers, indicators), the
        mean global weights of the draws in which it is (NaN where it never is).
    """

    ids: tuple[str, ...] = field(repr=False)
    indicators: tuple[str, ...] = field(repr=False)
    edges: NDArray[np.int64] = field(repr=False)
    counts: NDArray[np.uint32] = field(repr=False)
    first: NDArray[np.uint32] = field(repr=False)
    weights: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True)
class Certainty(Displayed):
    """How sure classes, ranks and actions are: what customers come to in draws of all that is uncertain.

    Attributes
    ----------
    sources : what was drawn together: ``experts``, ``given`` (weights), ``missing`` (values), ``raters``,
        ``population`` (scales, cuts and grades that are read from it).
    level : the share of draws that an interval holds, and in which who is called steady keeps its class.
    deciding : ``grade``, or the matrix whose class decides.
    customers : a row per customer: ``id``, ``rank``, ``rank_low``, ``rank_high``, ``first`` (the share of
        draws in which it is first), and for ``grade`` and every ``class_<matrix>`` what it has, the share of
        draws in which it has it (``kept_…``), and what it has most often (``likeliest_…``);
        ``kept_action`` is the share in which it keeps what it is given.
    shares : long, ``id``, ``what`` (grade, matrix or ``action``), ``value`` (null: none) and the ``share`` of
        draws; of actions only those given.
    totals : ``what``, ``value``, how many customers have it (``count``), and in the draws their ``mean``
        and the ends ``low`` and ``high`` of the interval.
    alone : each source by itself: ``source``, ``what`` (grade, matrix or ``action``), the mean share of draws
        in which the rated keep it (``kept``), and the share of the steady (``steady``).
    given : ``id``, ``action`` and the share of draws in which the customer keeps it (``kept``), a row per
        customer and action; None without decisions.
    rated : how many customers are rated, and `looked` how many of them were drawn; fewer are a sample.
    grounds : by criterion what the draws of its weights rest on, as `weighing.WeightDraws` has it.
    issues : what must be said beside it. Where nothing sure can be said, all tables are empty and this
        says why.
    """

    draws: int
    seed: int
    level: float
    spread: float | None
    deciding: str
    sources: tuple[str, ...]
    customers: pl.DataFrame = field(repr=False)
    shares: pl.DataFrame = field(repr=False)
    totals: pl.DataFrame = field(repr=False)
    alone: pl.DataFrame = field(repr=False)
    rated: int
    looked: int
    grounds: Mapping[str, str] = field(repr=False)
    issues: tuple[Issue, ...] = ()
    ranks: RankDraws | None = field(default=None, repr=False)
    given: pl.DataFrame | None = field(default=None, repr=False)

    @property
    def actions(self) -> Mapping[str, float]:
        """The mean share of draws in which the customers of an action keep it, by action.

        ``not_planned`` and ``none_stated`` stand for customers who are given nothing. Empty where nothing
        sure can be said, or nothing was decided.
        """
        if self.given is None:
            return {}
        means = self.given.group_by("action", maintain_order=True).agg(pl.col("kept").mean())
        return dict(means.iter_rows())

    @property
    def known(self) -> bool:
        """Whether there are shares at all; `issues` say why not."""
        return self.looked > 0

    @property
    def kept(self) -> str:
        """The column of the share of draws in which a customer keeps what decides."""
        return "kept_grade" if self.deciding == "grade" else f"kept_class_{self.deciding}"

    @property
    def steady(self) -> int:
        """How many of the rated that were drawn keep what decides in at least `level` of the draws."""
        return self.customers.filter(pl.col("rank").is_not_null(), pl.col(self.kept) >= self.level).height

    def to_frame(self) -> pl.DataFrame:
        """Return the customers."""
        return self.customers

    def rank_shares(self, customer: str) -> dict[int, float]:
        """Return in which share of the draws a customer has each rank, by the first rank of a bin.

        This is the rank acceptability of Lahdelma & Salminen (2001), doi:10.1287/opre.49.3.444.11220.
        """
        known = self._ranks()
        counts = known.counts[known.ids.index(customer)].tolist()
        return {edge: n / self.draws for edge, n in zip(known.edges.tolist(), counts, strict=True) if n}

    def central_weights(self, customer: str) -> dict[str, float] | None:
        """Return the mean weights of the indicators over the draws in which a customer is first; None: never.

        They tell whoever asks what one has to think important to put this customer first.
        """
        known = self._ranks()
        place = known.ids.index(customer)
        if not known.first[place]:
            return None
        return dict(zip(known.indicators, known.weights[place].tolist(), strict=True))

    def _ranks(self) -> RankDraws:
        if self.ranks is None:
            raise ValueError("there are no draws: nothing sure can be said, see issues")
        return self.ranks


@dataclass(frozen=True)
class Evaluation(Displayed):
    """All results of one run of a study.

    `measured` holds one row per customer as measured, `results` one row per customer as scored and
    ranked, `notes` what happened to every row of every table, `unrated` the customers who appear in
    the data but could not be measured at all. `judgment` is None where the weights are given,
    `previous` where the study names no evaluation before this one. `periods` are those of grades and
    measures, earliest first; the last one's results are those of the evaluation. `customers` is what
    customer models found in the tables of the study. `routing` is there where it has several trees.
    `profiles` are the weights of each weight profile that is used, `certainty` how sure ranks, classes and
    actions are, `opinions` what other methods make of the scores where the study asks for them, `decisions`
    the flags and actions of customers; there are none where the firm itself is evaluated.
    `attributes` has a row for each of `results` with all that the table of customers tells of them besides
    the name: type, region, owner, and every further column of the file as text.
    `comparison` is what changed since the evaluation before, where its model and measures were kept.
    `currency` is the code of that of all amounts, empty where nothing states it. `only` says which customers
    these are, where others were evaluated with them; then nothing here tells of those. `people` are those
    who fill in forms besides the experts, with their names by id.
    """

    title: Text
    language: str
    tree: Tree
    panel: Panel | None
    weights: Weights
    model: Model
    measured: Measured
    results: pl.DataFrame
    notes: tuple[TableNote, ...]
    unrated: tuple[Unrated, ...]
    issues: tuple[Issue, ...]
    provenance: Provenance
    judgment: JudgmentFindings | None = None
    previous: Previous | None = None
    periods: tuple[PeriodResults, ...] = ()
    customers: ModelResults | None = None
    routing: Routing | None = None
    profiles: Mapping[str, Weights] = field(default_factory=dict)
    certainty: Certainty | None = None
    opinions: SecondOpinions | None = None
    decisions: Decisions | None = None
    attributes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"id": pl.String}))
    comparison: Comparison | None = None
    currency: str = ""
    only: str = ""
    people: Mapping[str, str] = field(default_factory=dict, repr=False)

    def to_frame(self) -> pl.DataFrame:
        """Return the results: a row per customer."""
        return self.results

    def __repr__(self) -> str:
        rated = int(self.results["status"].eq("rated").sum()) if "status" in self.results.columns else 0
        whole = self.results.height + len(self.unrated)
        return (
            f"<Evaluation {self.title[self.language][:60]}: {rated:,} of {whole:,} rated by {self.tree.id}>"
        )
