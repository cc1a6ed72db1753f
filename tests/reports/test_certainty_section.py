"""The section that says how sure the result is, and what it may not say."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import decided_study
import polars as pl
import pytest

from evaluator import messages
from evaluator.analysis import break_even_weights, robust
from evaluator.analysis.robustness import references
from evaluator.evaluation import Evaluation
from evaluator.present.blocks import Blocks, Table, Words
from evaluator.reports.context import Context
from evaluator.reports.sections import break_evens, certainty, classes
from evaluator.study import Study

Make = Callable[[str], Evaluation]


def section(evaluation: Evaluation, language: str = "en") -> Blocks:
    found = certainty.build(Context(evaluation, language))
    assert found is not None
    return found


def headed(found: Blocks, key: str, language: str = "en") -> list[Table]:
    title = messages.text(f"report.certainty.{key}", language)
    return [b for part in found.parts if part.title == title for b in part.blocks if isinstance(b, Table)]


@pytest.fixture
def drawn(evaluation_of: Make, monkeypatch: pytest.MonkeyPatch) -> Evaluation:
    """The small evaluation, drawn although eight customers are too few for its percentile scale."""
    evaluation = evaluation_of("en")  # made for every test of the session: before anything is changed
    monkeypatch.setattr(references, "FEW", 2)
    return replace(evaluation, certainty=robust(evaluation, draws=300))


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_references_of_few_customers_give_no_share_and_a_reason(evaluation_of: Make, language: str) -> None:
    evaluation = evaluation_of(language)
    found = section(evaluation, language)
    assert [part.title for part in found.parts] == [
        "", *(messages.text(f"report.certainty.{key}", language) for key in ("break_even", "grounds")),
    ]  # fmt: skip
    assert [part.folded for part in found.parts] == [False, False, True]
    (said, *_) = found.parts[0].blocks
    assert isinstance(said, Words)
    assert "30" in said.text
    assert not [block for block in found.parts[0].blocks if isinstance(block, Table)]
    built = classes.build(Context(evaluation, language))
    assert {profile.kept for matrix in built.matrices for profile in matrix.profiles} == {None}


def test_every_source_stands_beside_all_together(drawn: Evaluation) -> None:
    found = section(drawn)
    known = drawn.certainty
    assert known is not None
    (sources,) = headed(found, "sources")
    names = [messages.text(f"report.certainty.source.{name}", "en") for name in known.sources]
    assert [row[0] for row in sources.rows] == [*names, messages.text("report.certainty.together", "en")]
    assert len(names) > 2
    alone = dict(known.alone.filter(what=known.deciding).select("source", "kept").iter_rows())
    assert [row[2] for row in sources.rows[:-1]] == [alone[name] for name in known.sources]
    assert sources.rows[-1][3] == known.steady / known.looked


def test_classes_have_intervals_and_the_least_sure_come_first(drawn: Evaluation) -> None:
    found, known = section(drawn), drawn.certainty
    assert known is not None
    (deciding,), (grades,) = headed(found, "classes"), headed(found, "others")
    told = known.totals.filter(what=known.deciding).drop_nulls("value")
    assert [row[1:] for row in deciding.rows[: told.height]] == told.select(
        "count", "mean", "low", "high"
    ).rows()
    assert [row[0] for row in grades.rows[:3]] == ["Good", "Fair", "Poor"]
    (unsure,) = headed(found, "unsure")
    shares = [row[3] for row in unsure.rows]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1] < 1
    (ranks,) = headed(found, "ranks")
    assert [row[2] for row in ranks.rows] == sorted(row[2] for row in ranks.rows)
    assert all(low <= rank <= high for _, _, rank, low, high, _ in ranks.rows)
    built = classes.build(Context(drawn, "en"))
    own = [profile for profile in built.matrices[0].profiles if profile.count]
    assert all(profile.kept is not None and 0 < profile.kept <= 1 for profile in own)


def test_criteria_say_on_whom_their_weights_rest(drawn: Evaluation) -> None:
    (table,) = headed(section(drawn), "grounds")
    used = {group.group: sum(one.used for one in group.experts) for group in drawn.weights.groups}
    names = {drawn.tree.nodes[group].name["en"]: count for group, count in used.items()}
    assert {row[0]: row[1] for row in table.rows} == names
    thin = messages.text("report.certainty.ground.contradictions", "en")
    assert {row[1] < 3 for row in table.rows if row[2] == thin} <= {True}


def test_given_weights_are_said_to_be_fixed_and_actions_stand_in_the_table(tmp_path: Path) -> None:
    decided_study.study(tmp_path, people="id,name\na,A\nb,B\nc,C\nd,D\n")
    evaluation = Study(tmp_path).run()
    found = section(evaluation)
    (sources,) = headed(found, "sources")
    assert sources.rows[-1][1] == messages.text("report.certainty.from.fixed", "en")
    assert sources.rows[-1][2:] == (None, None, None)
    (unsure,) = headed(found, "unsure")
    assert [(row[0], row[2], row[5]) for row in unsure.rows] == [("d", "Good", "Thank")]
    assert unsure.rows[0][3] == pytest.approx(unsure.rows[0][6]) != 1
    assert not headed(found, "grounds")
    assert certainty.build(Context(replace(evaluation, certainty=None), "en")) is None


def test_break_even_weights_stand_with_who_and_what_is_there(drawn: Evaluation) -> None:
    found = break_even_weights(drawn.model, drawn.measured.frame)
    first, tenth = headed(section(drawn), "break_even")
    near = found.nodes.with_columns(
        away=pl.min_horizontal((pl.col(name) - pl.col("weight")).abs() for name in ("first_down", "first_up"))
    ).drop_nulls("away")
    assert len(first.rows) == near.height > 2
    names = dict(drawn.results.select("id", pl.coalesce("name", "id")).iter_rows())
    nearest = near.sort("away", "node").row(0, named=True)
    assert first.rows[0] == (
        drawn.tree.nodes[nearest["node"]].name["en"], nearest["weight"],
        nearest["first_down"], names.get(nearest["first_down_id"], ""),
        nearest["first_up"], names.get(nearest["first_up_id"], ""),
    )  # fmt: skip
    assert tenth.rows
    for _, weight, down, _, up, _ in tenth.rows:
        assert down is None or down < weight
        assert up is None or weight < up


def test_what_few_look_at_is_folded_and_what_the_headline_says_is_not(drawn: Evaluation) -> None:
    folded = [part.folded for part in section(drawn).parts]
    assert folded == sorted(folded)
    assert folded.count(False) == 2


def test_break_evens_are_left_out_of_large_reports_and_that_is_said(drawn: Evaluation, monkeypatch) -> None:
    monkeypatch.setattr(break_evens, "MOST", 2)
    title = messages.text("report.certainty.break_even", "en")
    (part,) = [part for part in section(drawn).parts if part.title == title]
    assert [block.text for block in part.blocks] == [messages.text("report.certainty.too_many", "en", most=2)]
