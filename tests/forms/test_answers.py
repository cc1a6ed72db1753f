"""One answer, in every form people write it."""

from datetime import date, datetime, time

import pytest

from evaluator.forms.answers import plain, read_answer
from evaluator.forms.choices import labels, sentences


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("3", 3.0), (3, 3.0), (3.0, 3.0), ("1/3", 1 / 3), ("1：3", 1 / 3), ("１／３", 1 / 3),
        ("9:1", 9.0), (" 5 ", 5.0), ("　７　", 7.0), ("0.333", 0.333), (0.333, 0.333), (".5", 0.5),
        ("1⁄4", 0.25), ("½", 0.5), ("2.5/5", 0.5), ("0.111", 0.111), (9, 9.0), ("1", 1.0), ("1 / 9", 1 / 9),
    ],
)  # fmt: skip
def test_a_ratio_is_kept_exactly_as_given(cell, value):
    assert read_answer(cell).value == value


@pytest.mark.parametrize("cell", [None, "", "   ", "　"])
def test_a_blank_cell_is_a_comparison_not_made(cell):
    answer = read_answer(cell)
    assert (answer.value, answer.problem, answer.given) == (None, None, "")


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("very", "unreadable"), ("3 or 5", "unreadable"), ("=1/3", "unreadable"), (True, "unreadable"),
        ("-3", "unreadable"), ("1/3/5", "unreadable"), ("inf", "unreadable"),
        (10, "out_of_range"), (0, "out_of_range"), (-3, "out_of_range"), ("1/10", "out_of_range"),
        (float("inf"), "out_of_range"), ("9.01", "out_of_range"), ("1/0", "out_of_range"),
        (float("nan"), "out_of_range"), (date(2024, 1, 3), "date"), (datetime(2024, 3, 1), "date"),
        (time(1, 3), "date"),
    ],
)  # fmt: skip
def test_anything_else_is_a_problem_and_never_a_value(cell, problem):
    answer = read_answer(cell)
    assert (answer.value, answer.problem) == (None, problem)
    assert answer.given


def test_a_sentence_is_read_through_the_choices_it_came_from():
    choices = {"3 · 甲 比 乙 稍重要": "3", "3 · 乙 比 甲 稍重要": "1/3"}
    assert read_answer("３ · 乙  比 甲 稍重要", choices).value == 1 / 3
    assert read_answer("3 · 甲 比 丙 稍重要", choices).problem == "unreadable"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_seventeen_choices_are_different_sentences_from_nine_to_a_ninth(language):
    offered = sentences("A", "B", language)
    values = [read_answer(ratio).value for ratio, _ in offered]
    assert len({plain(sentence) for _, sentence in offered}) == 17
    assert values == sorted(values, reverse=True)
    assert (values[0], values[8], values[16]) == (9, 1, 1 / 9)


def test_children_of_equal_names_are_told_apart_by_their_ids(make_tree):
    tree = make_tree(("购买量 Volume", "毛利润 Ｐrofit"))
    assert labels(tree.nodes["now"], "zh") == {
        "profit": "毛利润 [profit]",
        "volume": "毛利润 [volume]",
        "rhythm": "购买频率",
    }
    assert labels(tree.nodes["now"], "en")["volume"] == "Ｐrofit [volume]"


def test_what_a_program_made_a_date_of_is_offered_and_never_taken():
    for cell, typed in ((date(2024, 1, 3), "1/3"), (datetime(2024, 3, 1), "3/1"), (time(1, 5), "1/5")):
        answer = read_answer(cell)
        assert (answer.value, answer.likely) == (None, typed)
