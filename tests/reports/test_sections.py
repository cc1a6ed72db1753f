"""What the sections say is what the evaluation holds: same numbers, nothing rounded, nothing lost."""

import math
from dataclasses import is_dataclass, replace
from typing import get_args

import polars as pl
import pytest
from pydantic import TypeAdapter
from python_calamine import CalamineWorkbook
from tree_strategies import SCALES

from evaluator import messages, scoring, weighing
from evaluator.reports.anchors import anchors, shown
from evaluator.reports.context import Context
from evaluator.reports.options import ReportOptions
from evaluator.reports.page import page
from evaluator.reports.population import histogram, shares, spread
from evaluator.reports.sections import (
    SECTIONS,
    careful,
    classes,
    data,
    experts,
    hierarchy,
    matrices,
    method,
    scope,
    scores,
    weights,
)
from evaluator.reports.unrated import reason_in_words
from evaluator.reports.workbook import write_workbook
from evaluator.scoring import ScoringOptions
from evaluator.study import Study
from evaluator.tree import types
from evaluator.tree.shapes import Moments
from evaluator.tree.types import Linear, Scale
from evaluator.weighing.weights import Verdict

SCALE: TypeAdapter[Scale] = TypeAdapter(Scale)


@pytest.fixture
def context(evaluation_of):
    return Context(evaluation_of("en"), "en")


def test_everyone_in_the_data_is_counted_once(context) -> None:
    built = scope.build(context)
    assert built.customers == 9
    assert built.customers == built.rated + built.insufficient + built.excluded + built.unmeasured
    assert built.not_rated == built.insufficient + built.excluded + built.unmeasured == 2
    (drawing,) = scores.build(context).charts
    assert sum(bar["count"] for bar in drawing.spec["layer"][0]["data"]["values"]) == built.rated
    for breakdown in built.breakdowns:
        assert sum(share.count for share in breakdown.shares) == built.rated
        assert math.fsum(share.share for share in breakdown.shares) == pytest.approx(1)


def test_scores_told_are_those_of_the_rated(context) -> None:
    scores = context.evaluation.results.filter(pl.col("status") == "rated")["score"]
    found = scope.build(context)
    assert (found.score.mean, found.score.median) == (scores.mean(), scores.median())
    assert (found.score.lowest, found.score.highest) == (scores.min(), scores.max())


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_criteria_that_rest_on_one_expert_or_on_untested_answers_stand_on_the_first_screen(
    evaluation_of, language
) -> None:
    evaluation = evaluation_of(language)
    assert not warned(evaluation, language, "lone")
    assert not warned(evaluation, language, "untested")
    panel = evaluation.panel
    ties = {("cost", "profit"), ("profit", "cost"), ("cost", "frequency"), ("frequency", "cost")}
    first, second = panel.experts[:2]
    alone = tuple(
        answer
        for answer in panel.judgments
        if answer.expert == first.id or (answer.expert == second.id and answer.group == "potential_value")
    )
    few = replace(panel, experts=(first, second), judgments=alone)
    weights = weighing.weigh(evaluation.tree, few, convention="cn")
    names = [evaluation.tree.nodes[node].name[language] for node in ("small_value", "current_value")]
    assert warned(replace(evaluation, weights=weights, panel=few), language, "lone") == names
    thin = tuple(a for a in panel.judgments if a.group != "current_value" or (a.a, a.b) in ties)
    few = replace(panel, judgments=thin)
    weights = weighing.weigh(evaluation.tree, few, convention="cn")
    assert warned(replace(evaluation, weights=weights, panel=few), language, "untested") == names[1:]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_study_without_dated_tables_prints_no_period(evaluation_of, folder, language, tmp_path) -> None:
    label = messages.text("report.page.data_to", language, day="")
    window = messages.text("report.summary.window", language)
    assert label in page(evaluation_of(language), language, options=ReportOptions())
    undated = Study(folder).run()
    assert scope.build(Context(undated, language)).window is None
    assert label not in page(undated, language, options=ReportOptions())
    write_workbook(undated, tmp_path / "report.xlsx", language=language)
    book = CalamineWorkbook.from_path(tmp_path / "report.xlsx")
    sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert not [cell for rows in sheets for row in rows for cell in row if window in str(cell)]


def warned(evaluation, language: str, key: str) -> list[str]:
    """Return the criteria that a warning of the first screen names."""
    begin, end = messages.catalogue(language)[f"report.warning.{key}"].split("{names}")
    said = [
        caution.text.removeprefix(begin).removesuffix(end)
        for caution in careful.cautions(Context(evaluation, language))
        if caution.text.startswith(begin) and caution.text.endswith(end)
    ]
    separator = messages.text("report.list_separator", language)
    return said[0].split(separator) if said else []


def test_nobody_rated_leaves_every_section_with_an_answer(evaluation_of) -> None:
    context = Context(evaluation_of("en", only=["006"]), "en")
    built = {section.id: section.build(context) for section in SECTIONS}
    assert scope.build(context).score is None
    assert built["decision"].headline == messages.text(
        "report.decide.nobody", "en", all=2, subject=context.subject
    )
    assert built["scores"] is built["matrices"] is None
    assert built["list"].rated == 0
    assert all(profile.score is None for profile in built["classes"].matrices[0].profiles)
    there = [(section, data) for section in SECTIONS if (data := built[section.id]) is not None]
    drawn = [chart.id for section, data in there for chart in section.draw(data, context)]
    assert drawn == ["trend", "weights", "intervals", "consistency"]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_warning_a_reader_needs_is_there(evaluation_of, language) -> None:
    context = Context(evaluation_of(language), language)
    assert [caution.link for caution in careful.cautions(context)] == [
        "data", "data", "routing", "experts", "method", "hierarchy",
    ]  # fmt: skip
    given = Context(evaluation_of(language, experts=False), language)
    texts = [caution.text for caution in careful.cautions(given)]
    assert messages.text("report.warning.given", language) in texts


def test_the_hierarchy_shows_every_node_with_its_weight(context) -> None:
    built = hierarchy.build(context)

    def walk(node):
        yield node
        for child in node.children:
            yield from walk(child)

    shown_nodes = {node.id: node.weight for node in walk(built.root)}
    assert shown_nodes == dict(context.evaluation.model.global_)
    assert [entry.id for entry in built.entries] == [leaf.id for leaf in context.tree.indicators]
    assert built.entries[0].criteria == ("Current value",)


def test_every_judgment_matrix_is_shown_with_its_evidence(context) -> None:
    built = experts.build(context)
    source = {group.group: group for group in context.evaluation.weights.groups}
    assert {criterion.id for criterion in built.criteria} == source.keys()
    for criterion in built.criteria:
        group = source[criterion.id]
        assert criterion.weights == group.local
        assert criterion.joint is group.joint
        assert [e.judged for e in criterion.evidence] == [e.judged for e in group.experts]
    out = {(c.id, e.code): e.reason for c in built.criteria for e in c.evidence if not e.used}
    assert out == {
        ("current_value", "E4"): messages.text("report.left_out.inconsistent", "en"),
        ("potential_value", "E4"): messages.text("report.left_out.incomplete", "en"),
    }


def test_leaving_an_expert_out_is_shown_by_how_far_it_moves_a_weight(context) -> None:
    by_id = {criterion.id: criterion for criterion in experts.build(context).criteria}
    group = next(g for g in context.evaluation.weights.groups if g.group == "current_value")
    moved = max(abs(a - b) for a, b in zip(group.local, group.with_all.weights, strict=True))
    assert by_id["current_value"].shift == moved > 0
    assert by_id["potential_value"].shift is None  # left out for blanks: there is no other result to show
    assert by_id["small_value"].everyone


def test_answers_are_counted_by_pair(context) -> None:
    members = experts.build(context).members
    assert [(m.answered, m.asked) for m in members] == [(5, 5), (5, 5), (5, 5), (4, 5)]
    assert members[3].left_out == ("Current value", "Potential value")


def test_experts_are_coded_unless_the_study_shows_them(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    assert [m.code for m in experts.build(Context(evaluation, "en")).members] == ["E1", "E2", "E3", "E4"]
    shown_names = Context(evaluation, "en", ReportOptions(show_experts=True))
    assert [m.code for m in experts.build(shown_names).members] == ["张伟", "<b>Li</b>", "王芳", "=1+1"]


def test_given_weights_have_no_experts_but_a_source(evaluation_of) -> None:
    context = Context(evaluation_of("en", experts=False), "en")
    built = experts.build(context)
    assert (built.given, built.members, built.criteria) == (True, (), ())
    assert built.source == weights.build(context).source == "Illustrative weights"
    assert experts.draw(built, context) == ()


def test_weights_are_the_evaluations(context) -> None:
    rows = {row.id: row for row in weights.build(context).rows}
    source = context.evaluation.weights
    assert rows.keys() == context.tree.nodes.keys() - {context.tree.root.id}
    assert {key: row.local for key, row in rows.items()} == {key: source.local[key] for key in rows}
    assert math.fsum(row.global_ for row in rows.values() if row.leaf) == pytest.approx(1, abs=1e-12)
    assert rows["profit"].level == 2


def test_a_matrix_plots_the_scores_of_its_axes(context) -> None:
    (plot,) = matrices.build(context).plots
    rated = context.rated.select("id", "score_current_value", "score_potential_value").rows()
    assert [(point.id, point.x, point.y) for point in plot.points] == rated
    cuts = context.evaluation.model.cuts["value_matrix"]
    assert (plot.x.cuts, plot.y.cuts) == (cuts.x, cuts.y)
    for field in plot.fields:
        inside = [
            p for p in plot.points if field.x[0] <= p.x <= field.x[1] and field.y[0] <= p.y <= field.y[1]
        ]
        assert len(inside) == field.count


def test_too_many_customers_for_dots_are_counted_in_cells(evaluation_of) -> None:
    (plot,) = matrices.build(Context(evaluation_of("en", customers=3000), "en")).plots
    assert plot.points == ()
    assert sum(cell.count for cell in plot.cells) == plot.total > matrices.POINTS


def test_classes_come_best_first_with_their_means_and_strategies(context) -> None:
    (found,) = classes.build(context).matrices
    assert [profile.id for profile in found.profiles] == ["gold", "silver", "bronze", "lead"]
    gold = found.profiles[0]
    members = context.rated.filter(pl.col("class_value_matrix") == "gold")
    assert (gold.count, gold.score) == (members.height, members["score"].mean())
    assert [aspect for aspect, _ in gold.strategy] == ["Goal", "Treatment", "KPI"]
    assert found.unclassified == 0


def test_tables_reconcile_to_the_row(context) -> None:
    notes = data.build(context)
    for table in notes.tables:
        assert table.read == table.kept + table.dropped_rows
    assert notes.tables[0].columns[1] == ("profit", "毛利润（万元）", 1, 1)


def test_everyone_without_a_rank_is_named_with_the_reason(context) -> None:
    waiting = {entry.id: entry for entry in data.build(context).not_rated}
    assert waiting.keys() == {"006", "009"}
    assert waiting["006"].reason == messages.text("report.data.too_little", "en", name="Current value")
    assert waiting["009"].reason == "测试行"


def test_an_indicator_nobody_is_rated_without_is_named_as_missing(context) -> None:
    said = reason_in_words("profit", context)
    assert said == messages.text("report.data.lacking", "en", name="Gross profit")


def test_a_reason_from_the_catalogue_is_said_with_its_column(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    table = replace(
        evaluation.notes[0], dropped=(replace(evaluation.notes[0].dropped[0], reason="data.dropped.missing",
                                              column="date"),)
    )  # fmt: skip
    said = Context(replace(evaluation, notes=(table,)), "en").said("data.dropped.missing")
    assert said == messages.text("data.dropped.missing", "en", column="date")


def test_gaps_and_clamps_are_counted(context) -> None:
    notes = data.build(context)
    frame = context.evaluation.measured.frame
    assert [gap.missing for gap in notes.gaps] == [
        frame[leaf.measure].null_count() for leaf in context.tree.indicators
    ]
    assert notes.clamped_measures == context.results["clamped"].sum()


def test_conventions_and_fingerprint_identify_the_run(context) -> None:
    built = method.build(context)
    assert context.evaluation.model.fingerprint in dict(built.run).values()
    assert dict(built.conventions)["Minimum data coverage"].startswith("60%")
    assert [row.bound for row in built.grades] == [80, 60, 0]


def test_a_scale_of_the_study_is_shown_beside_the_trees(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    own = ScoringOptions(scales={"cost": Linear(kind="linear", worst=0.6, best=0.1)})
    model = scoring.fit(evaluation.tree, evaluation.weights, evaluation.measured.frame, options=own)
    built = method.build(Context(replace(evaluation, model=model), "en"))
    standard = next(entry for entry in built.standards if entry.name == "Cost to serve")
    assert standard.anchors == ("0.600 → 0", "0.100 → 100")
    assert standard.stated == ("0.500 → 0", "0.050 → 100")
    assert built.overrides == 1


def test_every_kind_of_scale_is_told_in_words(context) -> None:
    stated = {scale["kind"]: scale for _, scale in SCALES} | {
        "lookup": {"kind": "lookup", "scores": {"A": 1.0}}
    }
    assert stated.keys() == set(scoring.SCALES)
    leaf = context.tree.indicators[0]
    moments = {leaf.id: Moments(mean=2.5, deviation=1.5, count=4)}
    model = context.evaluation.model.model_copy(update={"moments": moments})
    there = Context(replace(context.evaluation, model=model), "en")
    for kind, scale in stated.items():
        told = anchors(leaf.model_copy(update={"scale": SCALE.validate_python(scale)}), there)
        assert told, kind
        assert all(anchor.observed for anchor in told), kind
    told = [shown(anchor) for leaf in context.tree.indicators for anchor in anchors(leaf, context)]
    assert "50,000 → 60" in told
    assert "Good → 90" in told


def test_sections_are_frozen_data(context) -> None:
    built = [data for section in SECTIONS if (data := section.build(context)) is not None]
    assert len(built) > 12
    for data in built:
        assert is_dataclass(data)
        assert type(data).__dataclass_params__.frozen


def test_shares_and_bins_of_nothing_are_nothing() -> None:
    empty = pl.DataFrame({"grade": []}, schema={"grade": pl.String})
    assert [(s.count, s.share) for s in shares(empty, "grade", {"good": "Good"})] == [(0, None)]
    scores = pl.Series([], dtype=pl.Float64)
    assert spread(scores) is None
    assert sum(entry.count for entry in histogram(scores, 0, 100)) == 0


WORDS = {
    "status": types.Status,
    "direction": types.Direction,
    "missing": types.Missing,
    "verdict": Verdict,
}


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_word_of_a_closed_list_has_its_text(language) -> None:
    wanted = {f"report.{area}.{word}" for area, words in WORDS.items() for word in get_args(words)}
    wanted |= {f"{area}.{kind}" for area in ("subject", "subject_one") for kind in get_args(types.Subject)}
    kinds = (get_args(part)[0].model_fields["kind"] for part in get_args(get_args(types.Cut)[0]))
    wanted |= {f"report.cut.{get_args(kind.annotation)[0]}" for kind in kinds}
    wanted |= {f"report.strategy.{aspect}" for aspect in types.Strategy.model_fields}
    wanted |= {f"report.section.{section.id}" for section in SECTIONS}
    assert wanted - messages.catalogue(language).keys() == set()
