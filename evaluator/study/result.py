"""The evaluation a study comes to: every step's outcome together with what surrounds it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from evaluator.analysis import class_stability
from evaluator.customers import run_models
from evaluator.errors import Issue
from evaluator.evaluation import Evaluation, PeriodResults, Provenance, Routing, Unrated
from evaluator.measuring import measured
from evaluator.measuring.periods import periods
from evaluator.scoring import check_measures, fuzzy_issues, opinion_issues, ranked, score, second_opinions
from evaluator.scoring.model import software_version
from evaluator.scoring.remarks import lacking_data, result_issues, unrated_issues
from evaluator.study.branches import outside_issues, routing
from evaluator.study.judging import answer_sources
from evaluator.study.outputs import file_records
from evaluator.study.previous import read_previous

if TYPE_CHECKING:
    from evaluator.study.road import Study


def evaluated(study: Study) -> Evaluation:
    """Walk the whole road of a study and return everything it found."""
    results, asked, last = study.results, study.file.scoring.second_opinions, study.file.previous
    return Evaluation(
        title=study.file.title,
        language=study.language,
        tree=study.model.tree,
        panel=study.panel,
        weights=study.weights,
        model=study.model,
        measured=study.measured,
        results=results,
        notes=study.tables.notes,
        unrated=_unrated(study),
        issues=_issues(study),
        provenance=_provenance(study),
        judgment=study.judgment,
        previous=read_previous(last, study.folder, study.model) if last else None,
        periods=_periods(study),
        routing=_routing(study),
        profiles=study.profile_weights or {},
        stability=class_stability(study.model, study.measured.frame),
        opinions=second_opinions(study.model, results, asked),
        customers=run_models(study.measured.models or study.tables.frames),
    )


def _issues(study: Study) -> tuple[Issue, ...]:
    """Return what every step has to say that did not stop it."""
    whole, model, measures = study.whole, study.model, study.measured
    outside = outside_issues(whole.file, whole.read, whole.routes) if study.branch else ()
    named = {issue.subject for issue in measures.issues if issue.code == "DATA-433"}
    looked = (
        issue
        for issue in check_measures(model.tree, measures.frame)
        if not (issue.code == "SCORE-618" and issue.subject in named)
    )
    return (
        *unrated_issues(model, study.results, _held(study)),
        *study.notes,
        *study.tree_issues,
        *outside,
        *(study.panel.issues if study.panel else ()),
        *study.weights.issues,
        *study.tables.issues,
        *measures.issues,
        *looked,
        *(study.taken[1] if study.frozen else study.fitted.issues),
        *fuzzy_issues(model),
        *opinion_issues(model, study.results, study.file.scoring.second_opinions),
        *result_issues(model, study.results, measures.frame),
    )


def _held(study: Study) -> pl.DataFrame:
    """Return what the customers hold of the money and the purchases, as far as that is known."""
    measures, models = study.measured.frame, study.measured.models
    held = measures.select("id")
    if not lacking_data(study.model, study.results).any():
        return held
    for name in ("net_amount", "frequency"):
        known = measures.select("id", name) if name in measures.columns else None
        if known is None and models is not None and "orders" in models:
            known = models.columns([name])
        if known is not None:
            held = held.join(known, on="id", how="left", maintain_order="left")
    return held


def _routing(study: Study) -> Routing | None:
    if not study.branch:
        return None
    whole, trees = study.whole, {branch.branch: branch.tree for branch in study.whole.branches}
    return routing(whole.file, whole.read, whole.routes, trees, study.branch)


def _periods(study: Study) -> tuple[PeriodResults, ...]:
    """Score every period of grades and measures with the model of the latest."""
    known = periods(study.tables.frames)
    if len(known) < 2:
        return ()
    earlier = tuple(PeriodResults(period, _results_of(study, period)) for period in known[:-1])
    return (*earlier, PeriodResults(known[-1], study.results))


def _results_of(study: Study, period: str) -> pl.DataFrame:
    then = measured(
        study.tables,
        study.tree,
        as_of=study.measured.as_of,
        period=period,
        options=study.measuring,
        customers=study.model.customers or study.file.customers,
        folder=study.folder,
        ahead=True,  # asked when the study was measured
    )
    results: pl.DataFrame = ranked(score(study.model, then.frame))
    return results


def _unrated(study: Study) -> tuple[Unrated, ...]:
    """Return the customers whose every row was dropped, with the reason."""
    known = set(study.measured.frame["id"].to_list())
    lost = {customer: reason for note in study.tables.notes for customer, reason in note.lost}
    return tuple(
        Unrated(customer, None, reason)
        for customer, reason in lost.items()
        if customer not in known and (study.ids is None or customer in study.ids)
    )


def _provenance(study: Study) -> Provenance:
    return Provenance(
        software=software_version(),
        created=datetime.now().astimezone().replace(microsecond=0),
        as_of=study.measured.as_of,
        files=file_records(study.path, study.tables.notes, answer_sources(study)),
        conventions=study.model.conventions.model_dump(mode="json"),
        seed=study.file.seed,
    )
