"""The study's options for weights."""

from typing import get_args

import pytest

from evaluator.ahp import AGGREGATIONS, BEST_WORST, PRIORITIES, SCALES, SCORE_READINGS
from evaluator.documents import parse, validate
from evaluator.errors import EvaluationError
from evaluator.weighing import ScoreOptions, WeighingOptions


@pytest.mark.parametrize(
    ("field", "registries"),
    [("method", (PRIORITIES, BEST_WORST)), ("aggregation", (AGGREGATIONS,)), ("scale", (SCALES,))],
)
def test_a_study_may_choose_every_registered_method(field: str, registries) -> None:
    """The closed list of the file format and the registries are the same."""
    choices = get_args(WeighingOptions.model_fields[field].annotation)
    if type(None) in choices:  # not stated: the convention and the form of the answers decide
        choices = get_args(choices[0])
    assert choices == tuple(name for registry in registries for name in registry.names())


def test_a_study_may_read_scores_in_every_registered_way() -> None:
    assert get_args(ScoreOptions.model_fields["reading"].annotation) == SCORE_READINGS.names()


def test_the_defaults_are_the_experts_judgments_by_the_method_of_the_convention() -> None:
    options = validate(parse("source: experts", "study.yaml"), WeighingOptions)
    assert options == WeighingOptions()
    assert (options.method, options.aggregation, options.inconsistent) == (None, None, "leave_out")


def test_a_mistyped_choice_is_named_with_its_line_and_the_nearest() -> None:
    with pytest.raises(EvaluationError) as caught:
        validate(parse("source: experts\nmethod: eigenvektor", "study.yaml"), WeighingOptions)
    (issue,) = caught.value.issues
    assert (issue.code, issue.where.line, issue.hint) == ("DOC-104", 2, ("eigenvector",))
