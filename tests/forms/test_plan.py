"""A questionnaire by plan: it asks the planned pairs only, and what it left out is never missing."""

from itertools import combinations

import openpyxl
import pytest

from evaluator.errors import EvaluationError
from evaluator.forms import read_judgments, responses, write_questionnaires
from evaluator.forms.filled_forms import read_filled
from evaluator.tree import load_tree
from evaluator.weighing import Expert, fewest_questions, plan_questions, weigh
from evaluator.weighing.planner import QuestionPlan, Questions

PEOPLE = [Expert(f"e{number}", f"专家{number}") for number in range(3)]


@pytest.fixture(scope="module")
def wide():
    """A tree with groups that are too large to ask in full."""
    return load_tree("customer_value")


@pytest.fixture(scope="module")
def plan(wide):
    return plan_questions(wide, PEOPLE, fewest_questions(wide) + 1, seed=7)


@pytest.fixture
def planned(wide, plan, tmp_path):
    return write_questionnaires(wide, PEOPLE, tmp_path, plan=plan)


@pytest.fixture
def every_pair(wide):
    """An answer to every pair there is, by someone who finds all children alike but the first."""
    return {
        (a.id, b.id): "3" if a is group.children[0] else "1"
        for group in wide.groups
        for a, b in combinations(group.children, 2)
    }


def of_plan(plan, expert):
    return [pair for pairs in plan.by_expert[expert].values() for pair in pairs]


def test_the_planned_pairs_are_asked_and_no_other(wide, plan, planned):
    assert plan.budget < wide.pairs
    for written in planned:
        book = openpyxl.load_workbook(written.path)
        keys = [str(sheet.cell(row, 1).value) for sheet in book for row in range(1, sheet.max_row + 1)]
        asked = [tuple(key.split(":")[1:]) for key in keys if key.startswith("pair:")]
        assert sorted(asked) == sorted(of_plan(plan, written.expert.id))
        assert written.pairs == len(asked) == plan.budget
        record = read_filled(written.path).record
        assert {group.id: group.pairs for group in record.groups} == plan.by_expert[written.expert.id]


def test_planned_written_filled_and_read_is_the_identity(wide, plan, planned, every_pair, fill, tmp_path):
    for written in planned:
        fill(written.path, every_pair)
    panel = read_judgments(tmp_path, wide, experts=PEOPLE)
    assert panel.issues == ()
    for expert in PEOPLE:
        read = {(j.a, j.b): j.value for j in panel.judgments if j.expert == expert.id}
        assert read == {pair: float(every_pair[pair]) for pair in of_plan(plan, expert.id)}


def test_everybodys_answers_can_be_tested(wide, planned, every_pair, fill, tmp_path):
    for written in planned:
        fill(written.path, every_pair)
    weights = weigh(wide, read_judgments(tmp_path, wide, experts=PEOPLE))
    large = [entry for entry in weights.groups if len(wide.nodes[entry.group].children) > 2]
    assert large
    for entry in large:
        assert {one.judged.verdict for one in entry.experts} <= {"consistent", "inconsistent"}


def test_what_was_not_asked_is_not_missing(wide, plan, planned, every_pair, fill, tmp_path):
    left_blank = of_plan(plan, "e1")[0]
    fill(planned[0].path, every_pair)
    fill(planned[1].path, {pair: ratio for pair, ratio in every_pair.items() if pair != left_blank})
    first, second, third = responses(read_judgments(tmp_path, wide, experts=PEOPLE), wide)
    assert (first.state, first.answered, first.asked) == ("complete", plan.budget, plan.budget)
    assert (second.state, second.answered, second.asked) == ("partial", plan.budget - 1, plan.budget)
    assert [pair for entry in second.groups for pair in entry.missing] == [left_blank]
    assert (third.state, third.asked) == ("empty", plan.budget)


def test_a_planned_row_that_was_deleted_is_still_named(wide, plan, planned, fill):
    a, b = of_plan(plan, "e0")[0]

    def delete(book):
        for sheet in book:
            for row in range(1, sheet.max_row + 1):
                if sheet.cell(row, 1).value == f"pair:{a}:{b}":
                    sheet.cell(row, 1).value = None

    fill(planned[0].path, {}, change=delete)
    with pytest.raises(EvaluationError) as caught:
        read_judgments(planned[0].path, wide)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("JUDGE-217", f"{a} – {b}")]


def test_a_workbook_in_full_notes_no_pairs_and_reads_as_ever(asked, pairs_of):
    record = openpyxl.load_workbook(asked[0])["_record"]
    assert "pair" not in {record.cell(row, 1).value for row in range(1, record.max_row + 1)}
    assert [pair for group in read_filled(asked[0]).record.groups for pair in group.pairs] == pairs_of


def test_a_kept_workbook_says_what_it_asks_not_what_is_planned_now(wide, plan, planned, fill, tmp_path):
    fill(planned[0].path, {of_plan(plan, "e0")[0]: "3"})
    first, second, _ = write_questionnaires(wide, PEOPLE, tmp_path)
    assert (first.state, first.pairs, first.changed) == ("kept", plan.budget, ())
    assert (second.state, second.pairs) == ("written", wide.pairs)
    assert first.minutes < second.minutes


def test_a_duty_and_a_plan_ask_what_both_name_and_excuse_the_rest(wide, plan, tmp_path, fill, every_pair):
    group = next(group for group in plan.by_expert["e0"] if group != wide.root.id)
    [written] = write_questionnaires(
        wide, PEOPLE[:1], tmp_path, duties={"e0": [group]}, plan=only(plan, "e0")
    )
    assert written.pairs == len(plan.by_expert["e0"][group])
    fill(written.path, every_pair)
    panel = read_judgments(tmp_path, wide, experts=PEOPLE[:1])
    assert panel.issues == ()
    [response] = responses(panel, wide)
    assert (response.state, [entry.group for entry in response.groups]) == ("complete", [group])


def only(plan, expert):
    return QuestionPlan(plan.budget, plan.seed, tuple(q for q in plan.questions if q.expert == expert))


def test_a_plan_that_names_what_is_not_there_is_refused(tree, experts, tmp_path):
    wrong = QuestionPlan(
        3,
        0,
        (
            Questions("e1", "now", (("rhythm", "profit"), ("profit", "growth"))),
            Questions("e2", "nov", (("profit", "volume"),)),
            Questions("e9", "later", (("growth", "word"),)),
        ),
    )
    with pytest.raises(EvaluationError) as caught:
        write_questionnaires(tree, experts, tmp_path, plan=wrong)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [
        ("JUDGE-234", "e9"),
        ("JUDGE-234", "nov"),
        ("JUDGE-234", "profit – growth"),
        ("JUDGE-235", "small"),
    ]
    assert not list(tmp_path.iterdir())
