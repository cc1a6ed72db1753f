"""The day of a time is the local one of a stated zone."""

from datetime import date

import pytest

from evaluator.data import TableMapping
from evaluator.documents import parse, validate
from evaluator.errors import EvaluationError, Severity

SHANGHAI = {"from": "date", "zone": "Asia/Shanghai"}


def days(read, *cells: str, **mapping: str) -> list[date | None]:
    text = "id,date,amount\n" + "".join(f"{n},{cell},1\n" for n, cell in enumerate(cells))
    table = read(text, columns={"date": mapping}) if mapping else read(text)
    found = dict(table.frame.select("id", "date").rows())
    return [found.get(str(n)) for n in range(len(cells))]


FIFTH, SIXTH = date(2024, 1, 5), date(2024, 1, 6)


def test_a_time_with_an_offset_falls_on_the_local_day(read) -> None:
    cells = (
        "2024-01-05T15:59:59Z",
        "2024-01-05T16:00:00Z",
        "2024-01-05 16:00:00+00:00",
        "2024-01-05 23:30:00.123456+08:00",
        "2024-01-05 09:30:00-0800",
        "2024-01-05 16:00:00+00",
    )
    assert days(read, *cells, **SHANGHAI) == [FIFTH, SIXTH, SIXTH, FIFTH, SIXTH, SIXTH]


def test_a_time_without_an_offset_is_local_unless_its_zone_is_stated(read) -> None:
    cells = ("2024-01-05 23:30:00", "2024/1/5 15:30", "2024年1月5日 16时05分", "2024-01-05")
    assert days(read, *cells, **SHANGHAI) == [FIFTH] * 4
    assert days(read, *cells, **SHANGHAI, recorded="UTC") == [SIXTH, FIFTH, SIXTH, FIFTH]


def test_summer_time_counts(read) -> None:
    london = {"from": "date", "zone": "Europe/London"}
    assert days(read, "2024-07-05T23:30:00Z", "2024-01-05T23:30:00Z", **london) == [date(2024, 7, 6), FIFTH]


def test_a_stated_layout_is_moved_too(read) -> None:
    layout = {"format": "%d.%m.%Y %H:%M"}
    assert days(read, "05.01.2024 16:30", **SHANGHAI, **layout) == [FIFTH]
    assert days(read, "05.01.2024 16:30", **SHANGHAI, **layout, recorded="UTC") == [SIXTH]
    assert days(read, "05.01.2024 16:30 +0000", **SHANGHAI, format="%d.%m.%Y %H:%M %z") == [SIXTH]


def test_offsets_without_a_stated_zone_are_said_and_the_day_is_as_written(read) -> None:
    table = read("id,date,amount\n1,2024-01-05T16:00:00Z,1\n2,2024-01-05 16:00,1\n")
    assert table.frame["date"].to_list() == [FIFTH, FIFTH]
    (issue,) = table.issues
    assert (issue.code, str(issue.where), issue.detail["count"]) == ("DATA-445", "orders.csv:2:2", 1)
    assert issue.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("mapping", "place"), [("zone: Asia/Shangai", "columns.date.zone"), ("recorded: UTC", "columns.date")]
)
def test_a_zone_nobody_knows_is_named_by_its_line(mapping: str, place: str) -> None:
    document = parse(f"file: a\ncolumns:\n  date: {{from: date, {mapping}}}\n", "study.yaml")
    with pytest.raises(EvaluationError) as raised:
        validate(document, TableMapping)
    (issue,) = raised.value.issues
    assert (issue.code, issue.subject) == ("DOC-107", place)
