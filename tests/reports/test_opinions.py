"""Second opinions, effects and memberships as the report shows them."""

import math
from dataclasses import replace

import polars as pl
import pytest

from evaluator import scoring
from evaluator.reports.context import Context
from evaluator.reports.sections import cards, opinions
from evaluator.scoring import FuzzyOptions, ScoringOptions


@pytest.fixture
def context(evaluation_of):
    return Context(evaluation_of("en"), "en")


@pytest.fixture
def fuzzy(evaluation_of):
    """The evaluation by a weighted product, with memberships beside it."""
    evaluation = evaluation_of("en")
    frame = evaluation.measured.frame
    options = ScoringOptions(synthesis={"kind": "weighted_product"}, fuzzy=FuzzyOptions())
    model = scoring.fit(evaluation.tree, evaluation.weights, frame, options=options)
    results = scoring.ranked(scoring.score(model, frame))
    return Context(replace(evaluation, model=model, results=results), "en")


def test_every_method_asked_for_has_its_agreement_and_its_column_of_ranks(context) -> None:
    found = opinions.build(context)
    asked = context.evaluation.opinions.opinions
    assert [one.name for one in found.agreements] == ["TOPSIS", "VIKOR", "fuzzy TOPSIS"]
    assert [one.spearman for one in found.agreements] == [one.spearman for one in asked]
    assert [row.rank for row in found.rows] == context.rated["rank"].to_list()
    assert [row.others[1] for row in found.rows] == list(asked[1].ranks)
    assert all(move.moved == move.rank - move.other for _, moves in found.moves for move in moves)


def test_a_study_that_asks_for_none_has_no_such_section(context) -> None:
    assert opinions.build(replace(context, evaluation=replace(context.evaluation, opinions=None))) is None


def test_effects_reference_and_remainder_of_a_card_add_up_to_its_score(fuzzy) -> None:
    built = cards.build(fuzzy)
    assert not built.additive
    for card in built.cards:
        points = [part.points for part in card.contributions if part.points is not None]
        assert math.fsum([*points, *card.effects]) == pytest.approx(card.score, abs=1e-9)
        assert card.further["effects"] == pytest.approx(card.effects)


def test_a_card_shows_the_memberships_of_the_whole(fuzzy) -> None:
    row = fuzzy.rated.row(0, named=True)
    told, memberships = cards.build(fuzzy).cards[0].fuzzy
    assert memberships == pytest.approx([row[f"membership_{grade}"] for grade in fuzzy.grades])
    assert f"{row['fuzzy_score']:.2f}" in told
    assert fuzzy.grades[row["fuzzy_grade"]] in told


def test_the_card_of_a_plain_sum_has_no_more_rows(context) -> None:
    assert all(card.effects is None and card.fuzzy is None for card in cards.build(context).cards)
    assert context.rated.filter(pl.col("score").is_null()).is_empty()
