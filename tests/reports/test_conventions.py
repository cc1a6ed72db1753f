"""The method section names what was used: every registered choice in both languages, every synthesis."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import get_args

import pytest

from evaluator import ahp, messages, scoring, weighing
from evaluator.errors import EvaluationError
from evaluator.reports.context import Context
from evaluator.reports.sections import method
from evaluator.reports.sections.conventions import conventions
from evaluator.scoring import FuzzyOptions, Model, ScoringOptions
from evaluator.study import Study
from evaluator.tree import Group, Tree
from evaluator.tree.types import Minimum, Owa, Synthesis, WholeSynthesis

CHOICES = [  # a field of the weights, the form of the answers, and the registry of what may stand there
    ("convention", "pairs", ahp.CONVENTIONS, None),
    ("scale", "pairs", ahp.SCALES, None),
    ("method", "pairs", ahp.PRIORITIES, None),
    ("method", "score_differences", ahp.PRIORITIES, None),
    ("method", "best_worst", ahp.BEST_WORST, None),
    ("method", "score_shares", ahp.SCORE_READINGS, "shares"),
    ("aggregation", "pairs", ahp.AGGREGATIONS, None),
    ("aggregation", "score_shares", ahp.AGGREGATIONS, None),
]
NAMES = [
    (field, form, registry[name])
    for field, form, registry, only in CHOICES
    for name in registry
    if only in (None, name)
]
MODELS: dict[tuple[str, str], Model] = {}
CATALOGUE = {language: messages.catalogue(language) for language in messages.LANGUAGES}


def said(evaluation, language: str) -> dict[str, str]:
    """Return what was used by the key of its label."""
    labels = {
        text: key.removeprefix("report.convention.")
        for key, text in CATALOGUE[language].items()
        if key.startswith("report.convention.")
    }
    rows = conventions(Context(evaluation, language))
    return {labels.get(label, label): value for label, value in rows}


def rooted(evaluation, root: Group):
    """Return the evaluation with another root in its tree."""
    fields = {name: getattr(evaluation.tree, name) for name in Tree.model_fields}
    return replace(evaluation, tree=Tree.model_construct(**{**fields, "root": root}))


def fitted(evaluation, **options: object):
    """Return the evaluation with the model that a study with these options of scoring would have.

    The trees here differ by the synthesis of their groups alone, and no model knows a language.
    """
    chosen = ScoringOptions(**options)
    tree, frame = evaluation.tree, evaluation.measured.frame
    key = (chosen.model_dump_json(), repr([group.synthesis for group in tree.groups]))
    if key not in MODELS:
        MODELS[key] = scoring.fit(tree, evaluation.weights, frame, options=chosen)
    return replace(evaluation, model=MODELS[key])


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize(
    ("field", "form", "chosen"), NAMES, ids=[f"{form}-{field}-{chosen.name}" for field, form, chosen in NAMES]
)
def test_every_registered_name_is_said_by_its_title(evaluation_of, language, field, form, chosen) -> None:
    evaluation = evaluation_of(language)
    name = form if form == "score_shares" and field == "method" else chosen.name
    usual = {"best_worst": "best_worst", "score_shares": "score_shares"}.get(form, "eigenvector")
    weights = replace(
        evaluation.weights, **{"form": form, "method": usual, "aggregation": "aip", field: name}
    )
    assert said(replace(evaluation, weights=weights), language)[field] == chosen.title[language]


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("name", ahp.CONVENTIONS.names())
@pytest.mark.parametrize("scale", ["linear", "balanced"])
def test_the_random_index_is_the_table_that_was_used(evaluation_of, language, name, scale) -> None:
    """Saaty's table holds for the 1–9 scale only; on another one simulated values stand in for it."""
    evaluation = evaluation_of(language)
    weights = weighing.weigh(evaluation.tree, evaluation.panel, convention=name, scale=scale)
    meant, used = ahp.CONVENTIONS[name].function.ri, ahp.CONVENTIONS[name].function.table(scale)
    told = said(replace(evaluation, weights=weights), language)["random_index"]
    assert told.startswith(ahp.RANDOM_INDICES[used].title[language])
    assert (ahp.RANDOM_INDICES[meant].title[language] in told) is (meant == used or used == "simulated")


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_given_weights_have_no_conventions_of_judging(evaluation_of, language) -> None:
    evaluation = evaluation_of(language, experts=False)
    assert (
        not {"convention", "random_index", "scale", "method", "aggregation"}
        & said(evaluation, language).keys()
    )


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("method", weighing.OBJECTIVE.names())
@pytest.mark.parametrize("combine", weighing.COMBINATIONS.names())
def test_weights_from_the_data_are_said(evaluation_of, language, method, combine) -> None:
    evaluation = evaluation_of(language)
    model = scoring.fit(
        evaluation.tree, evaluation.weights, evaluation.measured.frame, objective=method, combine=combine,
        alpha=0.625,
    )  # fmt: skip
    told = said(replace(evaluation, model=model), language)
    assert told["objective"] == weighing.OBJECTIVE[method].title[language]
    assert weighing.COMBINATIONS[combine].title[language] in told["combination"]
    assert ("62.5%" in told["combination"]) is (combine in ("additive", "geometric"))


def stated(kind: type) -> dict[str, object]:
    name = get_args(kind.model_fields["kind"].annotation)[0]
    return {"kind": name, "orness": 0.7} if kind is Owa else {"kind": name}


def kinds(union: object) -> dict[str, type]:
    """Return the types of a tagged union by the name a file states."""
    types = [get_args(part)[0] for part in get_args(get_args(union)[0])]
    return {str(stated(kind)["kind"]): kind for kind in types}


KINDS, OWN = kinds(WholeSynthesis), kinds(Synthesis)
TITLES = {entry.name: entry.title for entry in (*scoring.SYNTHESES.methods(), scoring.OPINIONS["topsis"])}


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_synthesis_of_a_study_is_said(evaluation_of, language, kind) -> None:
    evaluation = fitted(evaluation_of(language), synthesis=stated(KINDS[kind]))
    told = said(evaluation, language)
    assert TITLES[kind][language] in told["synthesis"]
    assert ("0.7" in told["synthesis"]) is (kind == "owa")
    steps = method.build(Context(evaluation, language)).steps
    sums = CATALOGUE[language]["report.method.synthesis"]
    assert (sums in steps) is (kind == "weighted_sum")
    if kind == "topsis":
        assert told["synthesis_of_criteria"] == TITLES["weighted_sum"][language]


@pytest.mark.parametrize("kind", KINDS)
def test_a_study_says_its_synthesis(folder, kind) -> None:
    words = ", ".join(f"{key}: {value}" for key, value in stated(KINDS[kind]).items())
    with (folder / "study.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\nscoring: {{synthesis: {{{words}}}}}\n")
    assert TITLES[kind]["zh"] in said(Study(folder).run(), "zh")["synthesis"]


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("whole", KINDS)
@pytest.mark.parametrize("own", OWN)
def test_the_synthesis_of_a_group_is_said(evaluation_of, language, whole, own) -> None:
    evaluation = evaluation_of(language)
    root = evaluation.tree.root
    group = root.children[0].model_copy(update={"synthesis": OWN[own](**stated(OWN[own]))})
    changed = root.model_copy(update={"children": (group, *root.children[1:])})
    evaluation = fitted(rooted(evaluation, changed), synthesis=stated(KINDS[whole]))
    told = said(evaluation, language)
    assert TITLES[whole][language] in told["synthesis"]
    label = CATALOGUE[language]["report.convention.synthesis_of"].format(name=group.name[language])
    assert TITLES[own][language] in told[label]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_closeness_is_not_claimed_where_the_root_has_a_word_of_its_own(evaluation_of, language) -> None:
    evaluation = evaluation_of(language)
    root = evaluation.tree.root.model_copy(update={"synthesis": Minimum(kind="minimum")})
    told = said(fitted(rooted(evaluation, root), synthesis={"kind": "topsis"}), language)
    assert TITLES["topsis"][language] not in told.values()
    label = CATALOGUE[language]["report.convention.synthesis_of"].format(name=root.name[language])
    assert told[label] == TITLES["minimum"][language]


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("leading", ["crisp", "fuzzy"])
@pytest.mark.parametrize("operator", scoring.OPERATORS.names())
def test_the_fuzzy_operator_and_what_leads_are_said(evaluation_of, language, leading, operator) -> None:
    evaluation = fitted(evaluation_of(language), fuzzy=FuzzyOptions(operator=operator), leading=leading)
    told = said(evaluation, language)
    assert told["operator"] == scoring.OPERATORS[operator].title[language]
    assert told["leading"] == CATALOGUE[language][f"report.convention.leads.{leading}"]
    steps = method.build(Context(evaluation, language)).steps
    assert (CATALOGUE[language]["report.method.synthesis_fuzzy"] in steps) is (leading == "fuzzy")


def test_the_moment_a_run_was_made_is_said_with_its_zone(evaluation_of, folder) -> None:
    """A reader in Shanghai must not take 09:30 in Greenwich for half past nine."""
    evaluation = evaluation_of("en")
    zone = timezone(timedelta(hours=8))
    made = replace(evaluation.provenance, created=datetime(2026, 1, 5, 17, 30, tzinfo=zone))
    run = dict(method.build(Context(replace(evaluation, provenance=made), "en")).run)
    assert "2026-01-05 17:30+08:00" in run.values()
    created = Study(folder).run().provenance.created
    assert created.utcoffset() == datetime.now().astimezone().utcoffset()


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_share_is_said_as_it_was_stated(evaluation_of, language) -> None:
    evaluation = fitted(evaluation_of(language), min_coverage=0.625)
    assert said(evaluation, language)["min_coverage"].startswith("62.5%")


def test_a_name_without_a_title_is_an_error_and_no_raw_key(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    with pytest.raises(EvaluationError):
        said(replace(evaluation, weights=replace(evaluation.weights, method="nonsense")), "en")
