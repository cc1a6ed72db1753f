"""For the person who chases answers: who answered what, and every file put aside as it came."""

import hashlib
import math

import pytest

from evaluator.errors import EvaluationError
from evaluator.forms import keep_raw, read_judgments, responses, write_responses
from evaluator.weighing.panel import Expert
from evaluator.workbook.reader import read_workbook


@pytest.fixture
def panel(asked, tree, experts, fill):
    fill(asked[0], {("profit", "volume"): "3", ("profit", "rhythm"): "1/5", ("volume", "rhythm"): "3",
                    ("now", "later"): "1"})  # fmt: skip
    people = [*experts, Expert("e3", "王五"), Expert("e4", "赵六")]
    return read_judgments(asked[0].parent, tree, experts=people)


def test_every_expert_is_there_with_what_is_answered_and_open(panel, tree):
    first, second, third, _ = responses(panel, tree, convention="cn")
    assert [entry.state for entry in (first, second, third)] == ["partial", "empty", "missing"]
    assert (first.answered, first.asked, first.files) == (4, 7, ("e1_张三.xlsx",))
    root, now, later = first.groups
    assert (root.answered, root.missing, root.verdict) == (
        1,
        (("now", "risk"), ("later", "risk")),
        "not_testable",
    )
    assert math.isnan(root.cr)
    assert (now.missing, now.verdict) == ((), "inconsistent")
    assert now.cr > 0.1
    assert later.missing == (("growth", "word"),)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_workbook_shows_the_same(panel, tree, tmp_path, language):
    path = write_responses(responses(panel, tree), tree, tmp_path / "responses.xlsx", language=language)
    people, groups = read_workbook(path).sheets
    assert [row[1] for row in people.rows[3:]] == ["张三", "李四", "王五", "赵六"]
    assert [row[4:6] for row in people.rows[3:]] == [[4, 7], [0, 7], [0, 7], [0, 7]]
    assert len(groups.rows) == 1 + 4 * 3
    assert groups.rows[2][5] == pytest.approx(responses(panel, tree)[0].groups[1].cr)


def test_files_are_put_aside_unchanged_with_their_hash(asked, tmp_path):
    kept = keep_raw(asked[0].parent, tmp_path / "raw")
    assert [raw.source for raw in kept] == sorted(asked)
    for raw in kept:
        content = raw.kept.read_bytes()
        assert content == raw.source.read_bytes()
        assert raw.sha256 == hashlib.sha256(content).hexdigest()
    listed = (tmp_path / "raw" / "sha256.txt").read_text("utf-8").splitlines()
    assert sorted(listed) == sorted(f"{raw.sha256}  {raw.kept.name}" for raw in kept)
    assert keep_raw(asked[0].parent, tmp_path / "raw") == kept


def test_another_round_adds_to_the_first(asked, tmp_path, fill):
    keep_raw(asked, tmp_path / "raw")
    fill(asked[0], {("now", "later"): "3"})
    keep_raw(asked, tmp_path / "raw")
    assert len((tmp_path / "raw" / "sha256.txt").read_text("utf-8").splitlines()) == 3


def test_a_copy_that_was_changed_is_named(asked, tmp_path):
    [first, _] = keep_raw(asked, tmp_path / "raw")
    first.kept.write_bytes(b"other")
    with pytest.raises(EvaluationError) as caught:
        keep_raw(asked, tmp_path / "raw")
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("JUDGE-236", first.kept.name)]


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(EvaluationError) as caught:
        keep_raw(tmp_path / "no.xlsx", tmp_path / "raw")
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("FILE-712", "no.xlsx")]
