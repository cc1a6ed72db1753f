"""The panel's judgments as matrices."""

from collections.abc import Callable

import numpy as np

from evaluator.tree import Tree
from evaluator.weighing import Panel


def test_matrices_follow_the_experts_and_the_children(tree: Tree, answered: Callable[..., Panel]) -> None:
    panel = answered({"li": {"three": (2, 6, 3)}, "wu": {"three": (None, 4, 1 / 2)}})
    three = next(group for group in tree.groups if group.id == "three")
    li, wu = panel.matrices(three)
    np.testing.assert_array_equal(li, [[1, 2, 6], [1 / 2, 1, 3], [1 / 6, 1 / 3, 1]])
    np.testing.assert_array_equal(wu, [[1, np.nan, 4], [np.nan, 1, 1 / 2], [1 / 4, 2, 1]])


def test_a_group_nobody_answered_is_all_blanks(tree: Tree, answered: Callable[..., Panel]) -> None:
    panel = answered({"li": {"three": (2, 6, 3)}})
    (matrix,) = panel.matrices(tree.root)
    np.testing.assert_array_equal(matrix, np.where(np.eye(3) == 1, 1.0, np.nan))
