"""What judgments tell stands in the report: agreement, contradictions, revisions, sureness of weights."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from markupsafe import escape

from evaluator import ahp, messages, scoring, weighing
from evaluator.analysis import judgment_findings
from evaluator.reports import ReportOptions
from evaluator.reports.context import Context
from evaluator.reports.page import page
from evaluator.reports.sections import agreement, careful, contradictions, experts, weights
from evaluator.weighing import EXPERT_WEIGHTS
from evaluator.weighing.options import Policy


@pytest.fixture
def context(evaluation_of):
    return Context(evaluation_of("en"), "en")


def weighed(evaluation, panel, *, fuzzy=None, **options):
    """Return the evaluation with its weights taken anew from another panel or in another way."""
    found = weighing.weigh(evaluation.tree, panel, convention="cn", **options)
    few = weighing.UncertaintyOptions(draws=100)
    judgment = judgment_findings(evaluation.tree, panel, found, options=few, fuzzy=fuzzy)
    return replace(evaluation, panel=panel, weights=found, judgment=judgment)


def test_agreement_is_that_of_the_findings(context) -> None:
    source = {found.group: found for found in context.evaluation.judgment.agreement}
    built = agreement.build(context)
    assert [accord.id for accord in built.accords] == list(source)
    for accord in built.accords:
        found = source[accord.id]
        assert (accord.consensus, accord.w, accord.chi2, accord.df, accord.p) == (
            found.consensus, found.w, found.chi2, found.df, found.p,
        )  # fmt: skip
        assert accord.band == messages.text(f"report.band.{found.band}", "en")
        assert Counter(code for cluster in accord.clusters for code in cluster) == Counter(
            context.reader.experts[expert] for expert in found.experts
        )
        assert [one.shift for one in accord.without] == [one.shift for one in found.without]


def test_the_pairs_experts_lie_farthest_apart_on_come_first(context) -> None:
    for accord in agreement.build(context).accords:
        factors = [pair.factor for pair in accord.pairs]
        assert factors == sorted(factors, reverse=True)


def test_the_least_agreement_and_the_largest_shift_are_said_first(context) -> None:
    built = agreement.build(context)
    least = min(built.accords, key=lambda accord: accord.consensus)
    assert least.name in built.finding
    assert f"{least.consensus:.1%}" in built.finding
    shift = max(one.shift for accord in built.accords for one in accord.without)
    assert f"{100 * shift:.1f} percentage points" in built.moved


def test_given_weights_and_a_single_expert_have_no_agreement(evaluation_of) -> None:
    given = Context(evaluation_of("en", experts=False), "en")
    assert agreement.build(given) is contradictions.build(given) is None
    assert weights.build(given).confidence is weights.build(given).fuzzy is None
    evaluation = evaluation_of("en")
    first = evaluation.panel.experts[0].id
    own = tuple(one for one in evaluation.panel.judgments if one.expert == first)
    alone = replace(evaluation.panel, experts=evaluation.panel.experts[:1], judgments=own, remarks=())
    context = Context(weighed(evaluation, alone), "en")
    assert agreement.build(context) is None
    assert experts.build(context).criteria


def test_who_contradicts_himself_is_named_with_the_worst_answer(context) -> None:
    built = contradictions.build(context)
    (flaw,) = [flaw for flaw in built.flaws if flaw.kind == "inconsistent"]
    groups = context.evaluation.weights.groups
    evidence = next(e for g in groups if g.group == "current_value" for e in g.experts if not e.used)
    assert (flaw.code, flaw.criterion, flaw.cr) == ("E4", "Current value", evidence.judged.cr)
    assert (flaw.worst.value, flaw.worst.error) == (evidence.worst.value, evidence.worst.error)
    assert flaw.worst.pair == context.pair(evidence.worst.a, evidence.worst.b)
    assert flaw.cycles == evidence.cycles == 1
    assert len(flaw.reversed) == len(evidence.reversed)


def test_every_policy_stands_beside_the_one_in_force(context) -> None:
    (side,) = contradictions.build(context).policies
    group = next(g for g in context.evaluation.weights.groups if g.policies)
    assert [outcome.weights for outcome in side.outcomes] == [outcome.weights for outcome in group.policies]
    assert [outcome.used for outcome in side.outcomes] == [True, False, False]
    assert side.outcomes[0].left_out == ("E4",)


def test_proposals_show_their_effect_and_change_nothing(context, page_of) -> None:
    (proposal,) = contradictions.build(context).proposals
    (source,) = context.evaluation.judgment.suggestions
    assert (proposal.cr_before, proposal.cr) == (source.cr_before, source.cr)
    assert proposal.cr < proposal.limit <= proposal.cr_before
    assert [change[1:] for change in proposal.changes] == [(c.before, c.after) for c in source.changes]
    assert [before for _, before, _ in proposal.weights] == list(source.weights_before.values())
    assert [after for _, _, after in proposal.weights] == list(source.weights.values())
    for language in messages.LANGUAGES:
        said = escape(messages.text("report.contradictions.unchanged", language))
        assert said in page_of(language)


def test_answers_that_would_do_alone_are_shown_with_their_range(context) -> None:
    """A value inside a range brings CR below the limit, one outside does not."""
    (proposal,) = contradictions.build(context).proposals
    (source,) = context.evaluation.judgment.suggestions
    assert [one[1:] for one in proposal.alone] == [(r.value, r.lower, r.upper) for r in source.ranges]
    group = next(g for g in context.evaluation.weights.groups if g.group == source.group)
    evidence = next(one for one in group.experts if one.expert == source.expert)
    places = {child: number for number, child in enumerate(group.children)}
    for one in source.ranges:
        for value, inside in ((one.lower * 1.001, True), (one.upper * 0.999, True), (one.lower * 0.9, False)):
            A = np.array(evidence.judged.matrix)
            i, j = places[one.a], places[one.b]
            A[i, j], A[j, i] = value, 1 / value
            assert (ahp.consistency(A, convention="cn").verdict == "consistent") is bool(
                inside or value < 1 / 9
            )


def test_a_revision_is_shown_with_author_date_and_reason_and_coded(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    (source,) = evaluation.judgment.revisions
    (coded,) = contradictions.build(Context(evaluation, "en")).revisions
    assert (coded.code, coded.author, coded.reason) == ("E3", "E3", source.reason)
    assert (coded.before, coded.after, coded.date) == (source.before, source.after, source.date)
    (named,) = contradictions.build(Context(evaluation, "en", ReportOptions(show_experts=True))).revisions
    assert (named.code, named.author) == ("王芳", "王芳")


def test_remarks_are_shown_and_coded(evaluation_of) -> None:
    def remarks(show_experts):
        context = Context(evaluation_of("en"), "en", ReportOptions(show_experts=show_experts))
        by_id = {criterion.id: criterion.remarks for criterion in experts.build(context).criteria}
        assert by_id["small_value"] == ()
        return by_id["current_value"]

    assert remarks(False) == (("E1", "<i>E3</i>认为利润最重要"), ("E4", "=HYPERLINK(1)"))
    assert remarks(True) == (("张伟", "<i>王芳</i>认为利润最重要"), ("=1+1", "=HYPERLINK(1)"))


def test_levels_are_those_of_the_total_ranking(context) -> None:
    built = experts.build(context).levels
    source = context.evaluation.judgment.levels
    assert [(level.level, level.kind) for level in built] == [(1, "not_testable"), (2, "consistent")]
    assert built[1].cr == source[1].cr
    assert built[1].tested == ("Current value",)


def test_answers_not_given_are_told_with_what_became_of_them(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    short = replace(
        evaluation.panel,
        judgments=tuple(
            one
            for one in evaluation.panel.judgments
            if (one.expert, one.a, one.b) != ("expert_1", "profit", "cost")
        ),
    )
    built = experts.build(Context(weighed(evaluation, short), "en"))
    by_id = {criterion.id: criterion for criterion in built.criteria}
    completed, parts = (
        messages.text(
            f"report.experts.{key}", "en", expert=expert, answered=answered, asked=asked, parts=named
        )
        for key, expert, answered, asked, named in (
            ("completed", "E1", 2, 3, ""),
            ("parts", "E4", 0, 1, "Growth | Loyalty"),
        )
    )
    assert by_id["current_value"].blanks == (completed,)
    assert by_id["potential_value"].blanks == (parts,)
    ((pair, share),) = by_id["current_value"].thin
    assert pair == "Gross profit over Cost to serve"
    assert share == pytest.approx(3 / 4)  # says 1, 1, 2: the first did not compare them, the fourth is out


def test_the_say_of_experts_is_shown_with_what_it_rests_on(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    rated = tuple(replace(expert, ca=0.8, cs=0.6) for expert in evaluation.panel.experts)
    panel = replace(evaluation.panel, experts=rated)
    built = experts.build(Context(weighed(evaluation, panel, expert_weights="authority"), "en"))
    assert built.basis == EXPERT_WEIGHTS["authority"].title["en"]
    assert built.members[0].authority == pytest.approx((0.8, 0.6, 0.7))
    for criterion in built.criteria:
        assert math.fsum(one.say for one in criterion.evidence) == pytest.approx(1, abs=1e-12)
    plain = experts.build(Context(evaluation, "en"))
    assert {member.authority for member in plain.members} == {None}


def test_intervals_are_those_of_the_draws(context) -> None:
    found, source = weights.build(context).confidence, context.evaluation.judgment.uncertainty
    assert (found.draws, found.seed, found.level) == (400, 20260105, 0.95)
    assert "400 simulations" in found.says
    rows = [row for row in found.intervals if row.leaf]
    assert [(row.low, row.weight, row.high) for row in rows] == [
        (one.low, one.weight, one.high) for one in (source.global_[leaf] for leaf in source.indicators)
    ]
    assert math.fsum(row.first for row in rows) == pytest.approx(1)
    assert {row.first for row in found.intervals if not row.leaf} == {None}


def test_fuzzy_weights_stand_beside_the_crisp_ones(context) -> None:
    found, source = weights.build(context).fuzzy, context.evaluation.judgment.fuzzy
    assert found.warning == ""
    assert [row.fuzzy for row in found.rows] == [source.global_[id_] for id_ in list(context.tree.nodes)[1:]]
    assert [row.used for row in found.rows] == [row.global_ for row in weights.build(context).rows]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_extent_analysis_never_comes_without_its_warning(evaluation_of, language) -> None:
    evaluation = evaluation_of(language)
    extreme = tuple(
        replace(one, value=9.0) if one.group == "small_value" else one for one in evaluation.panel.judgments
    )
    chang = weighed(evaluation, replace(evaluation.panel, judgments=extreme), fuzzy="chang")
    built = weights.build(Context(chang, language)).fuzzy
    assert messages.text("report.weights.extent_analysis", language) in built.warning
    zeros = [row.name for row in built.rows if row.crisp <= 0]
    assert evaluation.tree.nodes["potential_value"].name[language] in zeros
    assert all(name in built.warning for name in zeros)
    assert escape(built.warning) in page(chang, language, options=ReportOptions(cards=0))


def test_weights_from_the_data_stand_beside_the_experts_and_the_joined_ones_score(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    model = scoring.fit(
        evaluation.tree,
        evaluation.weights,
        evaluation.measured.frame,
        objective="entropy",
        combine="additive",
    )
    built = weights.build(Context(replace(evaluation, model=model), "en"))
    assert [(r.subjective, r.objective, r.combined) for r in built.combined.rows] == [
        (r.subjective, r.objective, r.combined) for r in model.objective.rows
    ]
    leaves = [row.global_ for row in built.rows if row.leaf]
    assert leaves == pytest.approx([row.combined for row in built.combined.rows], abs=1e-12)
    assert leaves != pytest.approx([row.subjective for row in built.combined.rows], abs=1e-3)
    assert built.combined.alpha == 0.5
    assert weights.build(Context(evaluation, "en")).combined is None


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_policy_and_band_has_its_words(language) -> None:
    wanted = {f"report.policy.{policy}" for policy in Policy.__args__ if policy != "stop"}
    wanted |= {f"report.band.{band}" for band in ahp.BANDS}
    assert wanted - messages.catalogue(language).keys() == set()


def planned(evaluation):
    """Return the evaluation with one expert asked only two pairs of a criterion, and not of another."""
    panel = evaluation.panel
    first = panel.experts[0].id
    left = {(first, "current_value", "profit", "frequency"), (first, "potential_value", "growth", "loyalty")}
    kept = tuple(one for one in panel.judgments if (one.expert, one.group, one.a, one.b) not in left)
    assert len(kept) == len(panel.judgments) - 2
    return weighed(evaluation, replace(panel, judgments=kept, unasked=frozenset(left)))


def test_what_a_plan_leaves_out_is_told_apart_from_blanks(evaluation_of) -> None:
    context = Context(planned(evaluation_of("en")), "en")
    built = experts.build(context)
    first = built.members[0]
    assert (first.asked, first.answered) == (context.tree.pairs - 2, context.tree.pairs - 2)
    assert context.name("potential_value") not in first.left_out
    current, potential = (
        next(c for c in built.criteria if c.id == name) for name in ("current_value", "potential_value")
    )
    assert (
        messages.text("report.experts.planned", "en", pairs=3, least=2, most=3, experts=4) == current.planned
    )
    assert potential.planned
    assert not any(first.code in said for criterion in built.criteria for said in criterion.blanks)
    assert not current.thin, "who was asked has answered"


def test_nobody_is_said_to_be_left_out_where_he_was_not_asked(evaluation_of) -> None:
    evaluation = planned(evaluation_of("en"))
    context = Context(evaluation, "en")
    said = [
        caution
        for caution in careful.cautions(context)
        if context.reader.experts[evaluation.panel.experts[0].id] in caution.text
    ]
    assert said == []
