"""What counts as the same when goldens and commits are compared."""

import pytest
from canonical import same_but_last_digits
from compare_commits import Told, Walked, changes, compared

TOLD = Told((("profile", "convention"),), ("^made ",), ("*.log",))


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        ("a: 0.007812", "a: 0.007813", True),  # a half that falls to the other side
        ("149.99999999999997,1", "150.0,1", True),
        ("x 0.0", "x 1e-17", True),
        ("39.7%", "39.8%", False),
        ("a: 0.0078", "a: 0.0079", False),
        ("id 100000000001", "id 100000000002", False),
        ("1.5 points", "1.5 point", False),
        ("1.5", "1.5 2", False),
    ],
)
def test_only_last_digits_of_long_numbers_may_differ(before: str, now: str, same: bool) -> None:
    assert same_but_last_digits(before, now) is same


def test_changes_name_the_line_whether_it_changed_came_or_went() -> None:
    assert list(changes("abc", "abc")) == []
    assert list(changes("abc", "aXc")) == [(2, "b", "X")]
    assert list(changes("abc", "abXc")) == [(3, "", "X")]
    assert list(changes("abc", "ac")) == [(2, "b", "")]


def test_folders_are_compared_by_file_and_line_without_what_is_meant_to_differ(tmp_path, capsys) -> None:
    times = ("2026-01-02 03:04", "2026-01-02 03:05")
    sides = [Walked(tmp_path / when, {when: "(now)"}) for when in times]
    for walked, word, when in zip(sides, ("profile", "convention"), times, strict=True):
        walked.folder.mkdir()
        (walked.folder / "x.txt").write_text(f"{word}: cn\nat {when}\nmade {word}\n")
        (walked.folder / "y.log").write_text(word)
        (walked.folder / "z.csv").write_text("1.0000000001\n")
    assert not compared(*sides, TOLD, 5)
    assert "x.txt: other bytes, the same text" in capsys.readouterr().out
    (sides[1].folder / "x.txt").write_text("convention: strict\n")
    (sides[1].folder / "new.txt").write_text("")
    assert compared(*sides, TOLD, 5)
    said = capsys.readouterr().out
    assert "new.txt: only now" in said
    assert "    1: - convention: cn\n    1: + convention: strict\n" in said
