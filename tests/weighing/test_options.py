"""The study's options for weights."""

import pytest

from evaluator.ahp import AGGREGATIONS, BEST_WORST, PRIORITIES, SCALES, SCORE_READINGS
from evaluator.documents import Format, parse, validate
from evaluator.errors import EvaluationError
from evaluator.weighing import ScoreOptions, WeighingOptions


def offered(options: type[Format], field: str) -> list[str]:
    """Return the words an editor offers; nothing stated is no word."""
    schema = options.model_json_schema()["properties"][field]
    return schema.get("enum") or schema["anyOf"][0]["enum"]


@pytest.mark.parametrize(
    ("field", "registries"),
    [("method", (PRIORITIES, BEST_WORST)), ("aggregation", (AGGREGATIONS,)), ("scale", (SCALES,))],
)
def test_a_study_may_choose_every_registered_method(field: str, registries) -> None:
    """The list of the file format and the registries are the same, and each name is read."""
    names = [name for registry in registries for name in registry.names()]
    assert offered(WeighingOptions, field) == names
    for name in names:
        assert getattr(validate(parse(f"{field}: {name}", "study.yaml"), WeighingOptions), field) == name


def test_a_study_may_read_scores_in_every_registered_way() -> None:
    assert offered(ScoreOptions, "reading") == list(SCORE_READINGS.names())


def test_the_defaults_are_the_experts_judgments_by_the_method_of_the_convention() -> None:
    options = validate(parse("source: experts", "study.yaml"), WeighingOptions)
    assert options == WeighingOptions()
    assert (options.method, options.aggregation, options.inconsistent) == (None, None, "leave_out")


def test_a_mistyped_choice_is_named_with_its_line_and_the_nearest() -> None:
    with pytest.raises(EvaluationError) as caught:
        validate(parse("source: experts\nmethod: eigenvektor", "study.yaml"), WeighingOptions)
    (issue,) = caught.value.issues
    assert (issue.code, issue.where.line, issue.hint) == ("DOC-104", 2, ("eigenvector",))
