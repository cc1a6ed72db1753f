"""What a view knows of a report: names, titles and issues, as they may be shown."""

import polars as pl
import pytest

from evaluator.errors import Issue, Location
from evaluator.present.blocks import Head, Words, customer_table, notes
from evaluator.present.reader import Reader

NAMED = pl.DataFrame({"id": ["1", "2"], "name": ["Müller", "2"]})
NAMELESS = pl.DataFrame({"id": ["1", "2"], "name": ["1", "2"]})


def test_names_follow_the_ids_and_fall_back_to_them() -> None:
    frame = pl.DataFrame({"id": ["2", "1", "9"], "value": [1.0, 2.0, 3.0]})
    rows = Reader("en", customers=NAMED).named(frame).rows()
    assert rows == [("2", "2", 1.0), ("1", "Müller", 2.0), ("9", "9", 3.0)]


@pytest.mark.parametrize(("customers", "always", "columns"), [
    (NAMED, False, 3), (NAMELESS, False, 2), (NAMELESS, True, 3),
])  # fmt: skip
def test_a_table_of_customers_has_names_where_the_study_has_any(customers, always, columns) -> None:
    frame = pl.DataFrame({"id": ["1"], "value": [2.0]})
    reader = Reader("en", customers=customers)
    table = customer_table(reader, "", [Head("Value", "quantity")], frame, names=always)
    assert len(table.heads) == len(table.rows[0]) == columns


def test_the_name_of_an_expert_stays_out_of_issues_and_of_their_places() -> None:
    issue = Issue("JUDGE-203", "zhang", where=Location("answers/zhang.xlsx"))
    shown = Reader("en").issue(issue)
    assert "zhang" in shown
    coded = Reader("en", codes={"zhang": "E1"}).issue(issue)
    assert "E1" in coded
    assert "zhang" not in coded
    assert [*notes(Reader("en"), [issue], "note")] == [Words(shown, "note")]


def test_a_class_nobody_named_is_an_error_unless_it_may_be_the_study_s_own() -> None:
    reader = Reader("en")
    assert reader.term("customers.sign", "own_sign", "own_sign") == "own_sign"
    with pytest.raises(KeyError):
        reader.term("customers.sign", "own_sign")
