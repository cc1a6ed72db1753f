"""Studies and trees that are small to write and large to read: answered at once, and not at length."""

import time
from pathlib import Path

import pytest

from evaluator.documents import parse, validate
from evaluator.documents.parsing import MOST_PROBLEMS
from evaluator.errors import EvaluationError
from evaluator.tree import Tree

LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 40)
)
MANY = {
    "references within references": LAUGHS,
    "anchors": "".join(f"k{n}: &k{n} v\n" for n in range(50_000)),
    "merged keys": "a: &a {x: 1}\n" + "".join(f"b{n}: &b{n}\n  <<: [*a, *a]\n" for n in range(20_000)),
    "one key again and again": "k: 1\n" * 50_000,
    "a set": "? a\n" * 50_000,
    "tags": "a: !!binary AAAA\n" * 50_000,
}


def _refused(text: str) -> list[str]:
    begun = time.process_time()
    with pytest.raises(EvaluationError) as raised:
        validate(parse(text, "tree.yaml"), Tree)
    assert time.process_time() - begun < 5
    return [issue.code for issue in raised.value.issues]


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_what_is_refused_a_thousand_times_is_said_a_few_times(text: str) -> None:
    codes = _refused(text)
    assert set(codes[:-1]) <= {"DOC-004", "DOC-005", "DOC-006"}
    assert len(codes) <= MOST_PROBLEMS + 1
    assert codes[-1] == "DOC-011" or len(codes) < MOST_PROBLEMS


def test_keys_that_nothing_knows_are_named_up_to_a_number() -> None:
    """With the number of the rest left open: whoever wrote them has to begin anew."""
    assert set(_refused("schema: 1\n" + "".join(f"k{n}: 1\n" for n in range(190)))) <= {"DOC-101", "DOC-102"}
    codes = _refused("schema: 1\n" + "".join(f"k{n}: 1\n" for n in range(20_000)))
    assert len(codes) == MOST_PROBLEMS + 1
    assert codes[-1] == "DOC-011"


@pytest.mark.parametrize(
    ("text", "code"),
    [("a: !!python/object/apply:os.system ['touch owned']\n", "DOC-004"), ("a: " + "[" * 100_000, "DOC-001"),
     ("{a: " * 100_000, "DOC-008"), ("a: " + "9" * 1_000_000 + "\n", "DOC-102"), ("a: " + "1:" * 100_000 + "1\n", "DOC-102"),
     ("---\na: 1\n" * 50_000, "DOC-007"), ("schema: 1\x00\n", "DOC-001"), ("%YAML 9.9\n---\na: 1\n", "DOC-001")],
    ids=range(8),
)  # fmt: skip
def test_what_is_no_plain_mapping_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert code in _refused(text)
    assert not list(tmp_path.iterdir())
