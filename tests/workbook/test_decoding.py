"""Many workbooks at once: each read as far as its table of contents asks, the same alone and with helpers."""

import pickle

import pytest

from evaluator.errors import EvaluationError
from evaluator.workbook import decoding
from evaluator.workbook.book import open_book
from evaluator.workbook.decoding import Contents, decode, decode_all

CONTENTS = Contents("_record", "part", 1, "key:", aside=("_aside",), instead=("_lists", "said"))


@pytest.fixture
def make(tmp_path):
    """Write a workbook with a cover, two parts, lists, something aside, and a table of contents."""

    def write(name, record, *, keys=("key:1", "key:2")):
        path = tmp_path / name
        with open_book(path) as book:
            book.sheet("cover").put(0, 0, "welcome")
            for number, key in enumerate(keys, start=1):
                book.sheet(f"p{number}").put(0, 0, key)
            for other in ("_lists", "_aside"):
                book.sheet(other, hidden=True).put(0, 0, other)
            sheet = book.sheet("_record", hidden=True)
            for row, line in enumerate(record):
                sheet.put_row(row, 0, line)
        return path

    return write


def read(path):
    return [sheet.name for sheet in decode(path, CONTENTS).sheets]


def test_only_what_the_contents_name_is_read(make):
    path = make("a.xlsx", [["part", "p1"], ["part", "p2"], ["said", 1]])
    assert read(path) == ["p1", "p2", "_record"]
    assert decode(path, CONTENTS).names == ("cover", "p1", "p2", "_lists", "_aside", "_record")


def test_lists_are_read_where_the_record_does_not_say_them(make):
    assert read(make("a.xlsx", [["part", "p1"], ["part", "p2"]])) == ["p1", "p2", "_lists", "_record"]


@pytest.mark.parametrize(
    ("record", "keys"),
    [
        ([["part", "p1"], ["part", "renamed"], ["said"]], ("key:1", "key:2")),
        ([["part", "p1"], ["part", "p2"], ["said"]], ("key:1", "moved")),
        ([["part", "p1"], ["part", "p2"], ["said"]], ("key:1", "key:2", "key:1")),
        ([["said"]], ("key:1", "key:2")),
    ],
)
def test_everything_but_what_stands_aside_is_read_where_the_contents_do_not_hold(make, record, keys):
    """A sheet renamed, moved or copied is somewhere among the others."""
    parts = [f"p{number}" for number in range(1, len(keys) + 1)]
    assert read(make("a.xlsx", record, keys=keys)) == ["cover", *parts, "_record"]


@pytest.fixture
def files(make, tmp_path):
    made = [make(f"{number}.xlsx", [["part", "p1"], ["part", "p2"], ["said", number]]) for number in range(8)]
    made[3].write_bytes(b"no workbook")
    return [(path, path.name) for path in [*made, tmp_path / "gone.xlsx"]]


def told(decoded):
    return [
        str(one) if isinstance(one, EvaluationError) else [sheet.rows for sheet in one.sheets]
        for one in decoded
    ]


def test_helpers_give_in_order_what_one_process_gives(files, monkeypatch):
    alone = told(decode_all(files, CONTENTS))
    monkeypatch.setattr(decoding, "FEW", 2)
    monkeypatch.setattr(decoding, "_cores", lambda: 3)
    assert told(decode_all(files, CONTENTS)) == alone
    assert ["FILE-714" in str(alone[3]), "FILE-711" in str(alone[8])] == [True, True]


def test_what_a_lost_helper_was_asked_is_read_here(files, monkeypatch):
    alone = told(decode_all(files, CONTENTS))
    monkeypatch.setattr(decoding, "FEW", 2)
    monkeypatch.setattr(decoding, "_cores", lambda: 2)
    start = decoding._start

    def lost(contents):
        helper = start(contents)
        helper.kill()
        helper.wait()
        return helper

    monkeypatch.setattr(decoding, "_start", lost)
    assert told(decode_all(files, CONTENTS)) == alone


def test_problems_travel_between_processes_whole(tmp_path):
    with pytest.raises(EvaluationError) as caught:
        decode(tmp_path / "no.xlsx", CONTENTS, name="no.xlsx")
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.issues == caught.value.issues
    assert again.issues[0].text("zh") == caught.value.issues[0].text("zh")
