"""The customer survey, filled in and read back, is what satisfaction is computed from."""

import pytest

from evaluator.customers.models.satisfaction import satisfaction
from evaluator.forms import Item, Respondent, read_surveys, survey_forms, write_forms


def test_filled_surveys_give_satisfaction(tree, tmp_path, answer) -> None:
    people = [Respondent("r1", "C1"), Respondent("r2", "C1"), Respondent("r3", "C2")]
    items = [Item("delivery", "交付及时"), Item("care", "尊重与关怀")]
    sent = write_forms(survey_forms(tree, people, items=items), tmp_path)
    said = {"r1": ((8, 4), (6, 6)), "r2": ((10, 8), (5, 5)), "r3": ((5, 10), (4, None))}
    for one in sent:
        pairs = said[next(who for who in said if who in one.path.name)]
        cells = {
            (item, question): value
            for item, weight, pair in zip(("delivery", "care"), (2, 1), pairs, strict=True)
            for question, value in zip(("expected", "perceived", "importance"), (*pair, weight), strict=True)
            if value is not None
        }
        answer(one.path, cells)
    found = satisfaction(read_surveys(tmp_path, tree).frame)
    rows = {row["id"]: row for row in found.customers.to_dicts()}
    assert (rows["C1"]["respondents"], rows["C1"]["answers"], rows["C2"]["answers"]) == (2, 4, 1)
    assert rows["C1"]["c"] == pytest.approx((2 * 0.5 + 1 + 2 * 0.8 + 1) / 6)
    assert (rows["C1"]["state"], rows["C2"]["state"]) == ("below", "above")
    assert rows["C2"]["index"] == pytest.approx(100)
    assert found.importance == "stated"
