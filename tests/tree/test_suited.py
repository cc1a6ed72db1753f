"""Which trees suit an industry or a kind of customer."""

import pytest

from evaluator.errors import EvaluationError
from evaluator.tree import bundled, load_tree, suited

TREES = tuple(load_tree(name) for name in bundled())


def ids(*words: str) -> list[str]:
    return [tree.id for tree in suited(TREES, words)]


def test_trees_that_name_the_industry_come_first_and_general_ones_follow() -> None:
    found = ids("telecom", "consumer")
    assert found[:3] == ["customer_loyalty", "customer_satisfaction", "telecom"]
    assert "quick_value" in found
    assert "retail_bank" not in found


def test_words_may_be_said_in_either_language() -> None:
    assert ids("银行") == ids("Banking") == ids("banking")
    assert ids("企业自身") == ["crm_capability", "crm_performance", "customer_equity_drivers"]


def test_without_words_every_tree_suits() -> None:
    assert ids() == list(bundled())


def test_an_unknown_word_is_named_with_the_nearest() -> None:
    with pytest.raises(EvaluationError) as raised:
        ids("tobaco")
    (issue,) = raised.value.issues
    assert (issue.code, issue.subject, issue.hint) == ("TREE-162", "tobaco", ("tobacco",))
