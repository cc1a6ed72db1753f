"""The evaluation a study comes to: every step's outcome together with what surrounds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from evaluator.actions.decided import Decisions
from evaluator.analysis import Side, compare, robust
from evaluator.analysis.robustness import affordable, with_certainty
from evaluator.brief import Brief
from evaluator.customers import run_models
from evaluator.data import Tables
from evaluator.errors import Issue
from evaluator.evaluation import (
    Comparison,
    Evaluation,
    JudgmentFindings,
    PeriodResults,
    Previous,
    Provenance,
    Unrated,
)
from evaluator.measuring import Measured
from evaluator.measuring.periods import periods
from evaluator.scoring import Fitted, Model, check_measures, fuzzy_issues, opinion_issues, second_opinions
from evaluator.scoring.model import software_version
from evaluator.scoring.remarks import lacking_data, result_issues, unrated_issues
from evaluator.study.currency import currency_of
from evaluator.study.measures import measure_customers
from evaluator.study.model import score_customers
from evaluator.study.outputs import file_records
from evaluator.study.panel import answer_sources
from evaluator.study.previous import history_issues, passing_time, read_previous
from evaluator.study.routes import Routed, outside_issues, routing
from evaluator.study.setup import Setup
from evaluator.tree import Tree
from evaluator.weighing import Panel, Weights


@dataclass(frozen=True)
class Outcomes(Brief):
    """What the steps of a study came to, for one tree.

    `profiles` are the weights of each weight profile that is used, `fitted` the model with what was
    noticed of it, `routed` whom each of several trees evaluates.
    """

    setup: Setup
    tree: Tree
    tree_issues: tuple[Issue, ...]
    panel: Panel | None
    weights: Weights
    judgment: JudgmentFindings | None
    profiles: Mapping[str, Weights] | None
    tables: Tables
    measured: Measured
    fitted: Fitted
    results: pl.DataFrame
    decisions: Decisions | None
    routed: Routed | None


def evaluation(found: Outcomes) -> Evaluation:
    """Return everything a run used and found."""
    setup, model, results, measures = found.setup, found.fitted.model, found.results, found.measured
    last = setup.file.previous
    previous = read_previous(last, setup.folder, model) if last else None
    customers = run_models(measures.models or found.tables.frames)
    whole = Evaluation(
        title=setup.file.title,
        language=setup.language,
        tree=model.tree,
        panel=found.panel,
        weights=found.weights,
        model=model,
        measured=measures,
        results=results,
        notes=found.tables.notes,
        unrated=_unrated(found),
        issues=(
            *_issues(found),
            *(history_issues(previous, model.tree, measures.frame) if previous else ()),
            *(passing_time(previous, model, results, measures.frame) if previous else ()),
            *customers.unanswered,
            *customers.unused,
        ),
        provenance=_provenance(found),
        judgment=found.judgment,
        previous=previous,
        comparison=_compared(previous, model, measures),
        periods=_periods(found),
        routing=routing(found.routed, setup.branch) if found.routed else None,
        profiles=found.profiles or {},
        opinions=second_opinions(model, results, setup.file.scoring.second_opinions),
        decisions=found.decisions,
        customers=customers,
        attributes=_attributes(found),
        currency=currency_of(setup.file),
        people=people_of(setup, found.panel, measures),
    )
    if results.is_empty():  # the weights alone: nobody's result could be sure or not
        return whole
    sure = robust(
        whole, seed=setup.file.seed or 0, spread=setup.file.weighting.spread, most=affordable(model)
    )
    decided = with_certainty(whole.decisions, sure) if whole.decisions else None
    return replace(whole, certainty=sure, decisions=decided)


def _compared(last: Previous | None, model: Model, measures: Measured) -> Comparison | None:
    """Return what changed since the evaluation before, where its model and measures were kept."""
    if last is None or last.model is None or last.measures is None:
        return None
    found = compare(Side(last.model, last.measures), Side(model, measures.frame))
    return replace(found, title=last.title, as_of=last.as_of)


def measured_issues(tree: Tree, measures: Measured) -> Iterator[Issue]:
    """Yield what the tree cannot make of the measures; what nobody has was said when it was measured.

    Raises
    ------
    EvaluationError
        as `check_measures`.
    """
    named = {issue.subject for issue in measures.issues if issue.code in ("DATA-433", "DATA-535")}
    for issue in check_measures(tree, measures.frame):
        if not (issue.code == "SCORE-618" and issue.subject in named):
            yield issue


def _issues(found: Outcomes) -> tuple[Issue, ...]:
    """Return what every step has to say that did not stop it."""
    model, measures, results = found.fitted.model, found.measured, found.results
    return (
        *unrated_issues(model, results, _amounts(found)),
        *found.setup.notes,
        *found.tree_issues,
        *(outside_issues(found.routed) if found.routed else ()),
        *(found.panel.issues if found.panel else ()),
        *found.weights.issues,
        *found.tables.issues,
        *measures.issues,
        *measured_issues(model.tree, measures),
        *found.fitted.issues,
        *fuzzy_issues(model),
        *opinion_issues(model, results, found.setup.file.scoring.second_opinions),
        *result_issues(model, results, measures.frame),
        *(found.decisions.issues if found.decisions else ()),
    )


def _attributes(found: Outcomes) -> pl.DataFrame:
    """Return what the table of customers tells of everybody in the results."""
    everybody = found.results.select("id")
    if "customers" not in found.tables:
        return everybody
    known = found.tables.whole("customers").drop("name", strict=False).unique("id", keep="first")
    return everybody.join(known, on="id", how="left", maintain_order="left")


def _amounts(found: Outcomes) -> pl.DataFrame:
    """Return what the customers hold of the money and the purchases, as far as that is known."""
    measures, models = found.measured.frame, found.measured.models
    amounts = measures.select("id")
    if not lacking_data(found.fitted.model, found.results).any():
        return amounts
    for name in ("net_amount", "frequency"):
        known = measures.select("id", name) if name in measures.columns else None
        if known is None and models is not None and "orders" in models:
            known = models.columns([name])
        if known is not None:
            amounts = amounts.join(known, on="id", how="left", maintain_order="left")
    return amounts


def _periods(found: Outcomes) -> tuple[PeriodResults, ...]:
    """Score every period of grades and measures with the model of the latest."""
    known = periods(found.tables.frames)
    if len(known) < 2:
        return ()
    earlier = tuple(PeriodResults(period, _results_of(found, period)) for period in known[:-1])
    return (*earlier, PeriodResults(known[-1], found.results))


def _results_of(found: Outcomes, period: str) -> pl.DataFrame:
    model = found.fitted.model
    then = measure_customers(
        found.setup,
        found.tree,
        found.tables,
        customers=model.customers,
        as_of=found.measured.as_of,
        period=period,
    )
    return score_customers(model, then)


def _unrated(found: Outcomes) -> tuple[Unrated, ...]:
    """Return the customers whose every row was dropped, with the reason."""
    known = set(found.measured.frame["id"].to_list())
    ids = found.routed.ids[found.setup.branch] if found.routed else None
    lost = {customer: reason for note in found.tables.notes for customer, reason in note.lost}
    return tuple(
        Unrated(customer, None, reason)
        for customer, reason in lost.items()
        if customer not in known and (ids is None or customer in ids)
    )


def people_of(setup: Setup, panel: Panel | None, measured: Measured) -> dict[str, str]:
    """Return who filled in forms, or could have, besides the experts of the panel: their names by id."""
    stated, forms, ratings = setup.file, setup.file.forms, measured.ratings
    asked = (stated.experts, (*forms.raters, *forms.assessors), forms.respondents)
    graded = sorted(ratings.given["rater"].drop_nulls().unique()) if ratings else ()
    experts = {expert.id for expert in panel.experts} if panel else set[str]()
    people = {one.id: one.name for part in asked for one in part}
    people |= dict.fromkeys((one for one in graded if one not in people), "")
    return {one: name for one, name in people.items() if one not in experts}


def _provenance(found: Outcomes) -> Provenance:
    setup = found.setup
    return Provenance(
        software=software_version(),
        created=datetime.now().astimezone().replace(microsecond=0),
        as_of=found.measured.as_of,
        files=file_records(setup, found.tables.notes, answer_sources(setup)),
        conventions=found.fitted.model.conventions.model_dump(mode="json"),
        seed=setup.file.seed,
    )
