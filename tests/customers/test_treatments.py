"""Every class, stage and state of this room has a strategy in both languages."""

import pytest

from evaluator.customers import AbcOptions, load_treatments, treatment_names
from evaluator.customers.models.lifecycle.stages import FOUR, STAGES
from evaluator.customers.models.relation.states import RELATIONS
from evaluator.customers.models.rfm.scores import CLASSES
from evaluator.errors import EvaluationError

KNOWN = {
    "rfm": set(CLASSES.values()),
    "abc": set(AbcOptions().classes),
    "stage": {*STAGES, *FOUR.values()},
    "relation": set(RELATIONS),
}


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_class_has_its_strategy(name: str) -> None:
    found = load_treatments(name)
    assert set(found.strategies) == KNOWN[name]
    for strategy in found.strategies.values():
        assert strategy.goal.zh != strategy.goal.en
        assert strategy.treatment.zh != strategy.treatment.en


def test_all_sets_that_ship_can_be_read() -> None:
    assert set(KNOWN) <= set(treatment_names())
    assert all(load_treatments(name).id == name for name in treatment_names())


def test_an_unknown_set_is_named_with_the_nearest() -> None:
    with pytest.raises(EvaluationError) as caught:
        load_treatments("stages")
    (issue,) = caught.value.issues
    assert (issue.code, issue.subject, issue.hint) == ("CUST-908", "stages", ("stage",))
