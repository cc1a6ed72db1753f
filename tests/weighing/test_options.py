"""The study's options for weights."""

from typing import get_args

import pytest

from evaluator.ahp import AGGREGATIONS, PRIORITIES, SCALES
from evaluator.documents import parse, validate
from evaluator.errors import EvaluationError
from evaluator.weighing import WeighingOptions


@pytest.mark.parametrize(
    ("field", "registry"), [("method", PRIORITIES), ("aggregation", AGGREGATIONS), ("scale", SCALES)]
)
def test_a_study_may_choose_every_registered_method(field: str, registry) -> None:
    """The closed list of the file format and the registry are the same."""
    choices = get_args(WeighingOptions.model_fields[field].annotation)
    if type(None) in choices:  # not stated: the profile decides
        choices = get_args(choices[0])
    assert choices == registry.names()


def test_the_defaults_are_the_experts_judgments_by_the_method_of_the_profile() -> None:
    options = validate(parse("source: experts", "study.yaml"), WeighingOptions)
    assert options == WeighingOptions()
    assert (options.method, options.aggregation, options.inconsistent) == (None, "aij", "leave_out")


def test_a_mistyped_choice_is_named_with_its_line_and_the_nearest() -> None:
    with pytest.raises(EvaluationError) as caught:
        validate(parse("source: experts\nmethod: eigenvektor", "study.yaml"), WeighingOptions)
    (issue,) = caught.value.issues
    assert (issue.code, issue.where.line, issue.hint) == ("DOC-104", 2, ("eigenvector",))
