"""What a round of screening leaves of a tree, and the record of what went."""

from dataclasses import replace

import pytest

from evaluator.errors import EvaluationError
from evaluator.tree import dump_tree, load_tree
from evaluator.weighing import apply_screening, screen

TREE = load_tree("quick_value")
NAMES = [leaf.id for leaf in TREE.indicators]


def round_of(**low: tuple[float, float, float]):
    """Return a round in which every candidate gets 5, 5, 4 but those named."""
    scores = {
        who: {name: low.get(name, (5.0, 5.0, 4.0))[place] for name in NAMES}
        for place, who in enumerate(("li", "wu", "zhao"))
    }
    return screen(scores, NAMES)


def test_what_misses_every_bound_goes_and_its_figures_are_kept_with_it(tmp_path) -> None:
    kept = apply_screening(TREE, round_of(trust=(1.0, 3.0, 2.0)))
    (entry,) = kept.tree.dropped
    assert entry.id == "trust"
    assert "2.00" in entry.reason.zh
    assert "2.00" in entry.reason.en
    assert "trust" not in kept.tree.nodes
    assert kept.tree.tests == ()
    (tmp_path / "kept.yaml").write_text(dump_tree(kept.tree), encoding="utf-8")
    assert load_tree(tmp_path / "kept.yaml") == kept.tree


def test_what_the_figures_leave_open_is_kept_and_named_until_somebody_decides() -> None:
    round_ = round_of(trust=(5.0, 5.0, 1.0))
    assert {row.decision for row in round_.rows if row.indicator == "trust"} == {"discuss"}
    kept = apply_screening(TREE, round_)
    assert [(issue.code, issue.subject) for issue in kept.issues] == [("WEIGH-563", "trust")]
    assert "trust" in kept.tree.nodes
    decided = apply_screening(TREE, round_, decided={"trust": "drop"})
    assert decided.issues == ()
    assert [entry.id for entry in decided.tree.dropped] == ["trust"]


def test_experts_may_keep_what_the_figures_drop() -> None:
    kept = apply_screening(TREE, round_of(trust=(1.0, 3.0, 2.0)), decided={"trust": "keep"})
    assert kept.tree.dropped == ()


def test_a_criterion_without_indicators_goes_and_the_matrix_that_plots_it() -> None:
    away = dict.fromkeys(("loyalty", "trust", "on_time_payment"), "drop")
    kept = apply_screening(TREE, round_of(), decided=away)
    assert "potential_value" not in kept.tree.nodes
    assert kept.tree.matrices == ()
    assert [(issue.code, issue.subject) for issue in kept.issues] == [("WEIGH-564", "current_potential")]


def test_a_decision_about_no_indicator_is_refused_with_the_nearest() -> None:
    with pytest.raises(EvaluationError) as raised:
        apply_screening(TREE, round_of(), decided={"trsut": "drop"})
    assert [(i.code, i.hint) for i in raised.value.issues] == [("WEIGH-561", ("trust",))]


def test_nothing_left_is_refused() -> None:
    with pytest.raises(EvaluationError) as raised:
        apply_screening(TREE, round_of(), decided=dict.fromkeys(NAMES, "drop"))
    assert [issue.code for issue in raised.value.issues] == ["WEIGH-562"]


def test_candidates_nobody_was_asked_about_stay() -> None:
    round_ = round_of(trust=(1.0, 3.0, 2.0))
    fewer = replace(round_, rows=tuple(row for row in round_.rows if row.indicator != "trust"))
    assert "trust" in apply_screening(TREE, fewer).tree.nodes
