"""Every row is kept or dropped for exactly one stated reason."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from evaluator.data import Dropped, Filter, ReadTable
from evaluator.errors import EvaluationError

TEXT = """\
id,date,amount,region
1,2024-01-05,10,华东
2,2024-01-06,0,华北
3,2024-01-07,-5,
4,2024-01-08,20,华南
"""


def kept(table: ReadTable) -> list[str]:
    return table.frame["id"].to_list()


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ({"drop": "amount", "equals": 0}, ["1", "3", "4"]),
        ({"drop": "amount", "below": 0.0}, ["1", "2", "4"]),
        ({"drop": "amount", "above": 9.5}, ["2", "3"]),
        ({"drop": "amount", "in": (0, 20)}, ["1", "3"]),
        ({"drop": "region", "equals": "华东"}, ["2", "3", "4"]),
        ({"drop": "region", "starts_with": "华"}, ["3"]),
        ({"drop": "region", "empty": True}, ["1", "2", "4"]),
        ({"keep": "region", "in": ("华东", "华南")}, ["1", "4"]),
        ({"keep": "region", "empty": False}, ["1", "2", "4"]),
        ({"keep": "id", "equals": "3"}, ["3"]),
    ],
)
def test_a_filter_drops_or_keeps_by_one_test_for_its_reason(
    read, rule: dict[str, Any], left: list[str]
) -> None:
    table = read(TEXT, filters=({**rule, "reason": "out of scope"},))
    assert kept(table) == left
    column = rule.get("drop") or rule["keep"]
    assert table.note.dropped == (Dropped("out of scope", 4 - len(left), column),)
    assert dict(table.note.lost) == dict.fromkeys(sorted({*"1234"} - set(left)), "out of scope")


@pytest.mark.parametrize(
    "rule",
    [
        {"reason": "r", "equals": 1},
        {"reason": "r", "drop": "a", "keep": "b", "equals": 1},
        {"reason": "r", "drop": "a"},
        {"reason": "r", "drop": "a", "equals": 1, "below": 2.0},
        {"drop": "a", "equals": 1},
    ],
)
def test_a_filter_has_one_action_one_test_and_a_reason(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Filter.model_validate(rule)


def test_a_row_is_dropped_for_the_first_reason_only(read) -> None:
    text = TEXT + "1,2024-01-05,10,华东\n,2024-01-05,10,华东\n合计,,25,\n"
    table = read(text, duplicates="drop", filters=({"drop": "region", "equals": "华东", "reason": "east"},))
    assert table.note.dropped == (
        Dropped("data.dropped.total", 1),
        Dropped("data.dropped.duplicate", 1),
        Dropped("east", 2, "region"),
    )
    assert (table.note.rows_read, table.note.rows_kept) == (7, 3)
    assert [issue.code for issue in table.issues] == []


@pytest.mark.parametrize(
    "word",
    [
        "合计",
        "总 计",
        "小计：",
        "华东小计",
        "Total",
        "SUBTOTAL",
        "Grand Total",
        "Subtotal North",
        "小计（华东）",
        "Итого по складу",
    ],
)
def test_total_rows_are_dropped_by_their_word(read, word: str) -> None:
    table = read(f"id,date,amount\n1,2024-01-05,10\n{word},2024-01-05,10\n")
    assert table.note.dropped == (Dropped("data.dropped.total", 1),)
    assert table.note.lost == ()


@pytest.mark.parametrize("word", ["华东 Total", "Total 华东", "total for 华东:", "华东 汇总"])
def test_the_total_of_a_value_that_stands_in_other_rows_is_one(read, word: str) -> None:
    text = f"region,id,date,amount\n华东,1,2024-01-05,10\n{word},,2024-01-05,10\n华北,2,2024-01-05,3\n"
    assert kept(read(text + "Total Energies,3,2024-01-05,4\n")) == ["1", "2", "3"]
    assert kept(read(text.replace("region,id", "id,other"), totals=())) == ["华东", word, "华北"]


def test_total_words_are_the_studys_to_state(read) -> None:
    text = "id,date,amount\nTotal,2024-01-05,10\nSumme,2024-01-05,10\n"
    assert kept(read(text, totals=())) == ["Total", "Summe"]
    assert kept(read(text, totals=("Summe",))) == ["Total"]


def test_empty_rows_in_between_are_counted_and_those_at_the_end_are_no_rows(read) -> None:
    table = read("id,date,amount\n1,2024-01-05,10\n,,\n2,2024-01-05,10\n,,\n\n")
    assert table.note.dropped == (Dropped("data.dropped.blank", 1),)
    assert table.note.rows_read == 3


def test_duplicates_stay_unless_the_study_drops_them(read) -> None:
    text = "id,date,amount\n1,2024-01-05,10\n1,2024-01-05,10\n1,2024-01-05,10.0\n"
    assert read(text).frame.height == 3
    assert read(text, duplicates="drop").frame.height == 2


def test_a_customer_is_lost_only_when_all_rows_are_dropped(read) -> None:
    text = "id,date,amount\n1,2024-01-05,10\n1,soon,10\n2,soon,10\n2,2024-01-05,\n"
    assert read(text).note.lost == (("2", "data.dropped.missing"),)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "2", "", "合计", "x"]),
            st.sampled_from(["2024-01-05", "soon", ""]),
            st.sampled_from(["1", "-1", "many", "", "inf"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_rows_and_ids_always_reconcile(read, rows: list[tuple[str, str, str]]) -> None:
    """rows_read = kept + dropped, and every id of a record is kept or lost with a reason."""
    lines = [("id", "date", "amount"), ("9", "2024-01-01", "1"), *rows]
    table = read("\n".join(",".join(line) for line in lines), duplicates="drop", fill_down=())
    note = table.note
    assert note.rows_read == note.rows_kept + sum(dropped.rows for dropped in note.dropped)
    assert note.rows_kept == table.frame.height
    ids = {row[0] for row in rows if row[0] not in ("", "合计")} | {"9"}
    assert ids == set(table.frame["id"]) | {name for name, _ in note.lost}
    assert not set(table.frame["id"]) & {name for name, _ in note.lost}


LOG = """\
id,date,amount,note,序号
1,2024-01-05,3,draft,7
1,2024-01-05,4,final,7
2,2024-01-05,5,,
2,2024-01-05,6,,
"""


@pytest.mark.parametrize(("keep", "amounts"), [("first", [3.0, 5.0, 6.0]), ("last", [4.0, 5.0, 6.0])])
def test_a_rule_says_in_which_columns_rows_are_equal_and_which_counts(
    read, keep: str, amounts: list[float]
) -> None:
    """A header the table has no column for will do; where it is empty, nothing is a duplicate."""
    table = read(LOG, duplicates={"by": ("序号", "id"), "keep": keep})
    assert table.frame["amount"].to_list() == amounts
    assert table.note.dropped == (Dropped("data.dropped.repeated", 1, "序号, id"),)
    assert table.note.dropped[0].text("en") == "same 序号, id as a row already used"


def test_a_rule_by_something_unknown_is_named(read) -> None:
    with pytest.raises(EvaluationError) as raised:
        read(LOG, duplicates={"by": ("序好",)})
    assert [issue.code for issue in raised.value.issues] == ["DATA-426"]
