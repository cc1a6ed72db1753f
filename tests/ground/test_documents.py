"""YAML documents: plain data with positions, and every problem with its place."""

from typing import Annotated, Literal

import pytest
from pydantic import Discriminator, Field, Tag

from evaluator.documents import Day, Document, Format, load, parse, validate
from evaluator.errors import EvaluationError


def issues_of(text: str, model: type[Format] | None = None) -> list[tuple[str, str]]:
    with pytest.raises(EvaluationError) as caught:
        validate(parse(text, "x.yaml"), model or Shape)
    return [(issue.code, str(issue.where)) for issue in caught.value.issues]


class Circle(Format):
    kind: Literal["circle"]
    radius: Annotated[float, Field(gt=0)]


class Square(Format):
    kind: Literal["square"]
    side: float


class Shape(Format):
    name: str
    day: Day | None = None
    sizes: tuple[int, ...] = ()
    shape: (
        Annotated[
            Annotated[Circle, Tag("<circle>")] | Annotated[Square, Tag("<square>")],
            Discriminator(lambda value: f"<{value['kind']}>" if "kind" in value else None),
        ]
        | None
    ) = None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("1:30", "1:30"), ("012", "012"), ("0x1F", "0x1F"),
        ("1_000", "1_000"), ("2024-01-05", "2024-01-05"), ("12", 12), ("-3", -3), ("1.5", 1.5),
        ("1e3", 1000.0), (".5", 0.5), ("true", True), ("null", None), ("~", None), ("'12'", "12"),
        ("'true'", "true"), (".inf", ".inf"), (".nan", ".nan"), ("1" * 20, "1" * 20),
    ],
)  # fmt: skip
def test_scalars_never_turn_into_something_else(text: str, value: object) -> None:
    found = parse(f"a: {text}", "x.yaml").data["a"]
    assert found == value
    assert type(found) is type(value)


def test_every_entry_has_its_place() -> None:
    document = parse("a:\n  - 1\n  - b: 2\n", "x.yaml")
    assert document.data == {"a": (1, {"b": 2})}
    assert str(document.where(("a", 1, "b"))) == "x.yaml:3:5"
    assert str(document.where(("a", 1, "not there"))) == "x.yaml:3:5"


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: [1, 2", "DOC-001", "x.yaml:2:1"),
        ("a: 1\n\tb: 2", "DOC-009", "x.yaml:2:1"),
        ("? [a]\n: 1", "DOC-001", "x.yaml:1:3"),
        ("a: !!python/object/apply:os.system ['x']", "DOC-004", "x.yaml:1:4"),
        ("a: &x 1\nb: 2", "DOC-005", "x.yaml:1:4"),
        ("a: 1\nb: *x", "DOC-005", "x.yaml:2:4"),
        ("a: 1\nb: 2\na: 3", "DOC-006", "x.yaml:3:1"),
        ("", "DOC-007", "x.yaml"),
        ("# nothing", "DOC-007", "x.yaml"),
        ("a: 1\n---\nb: 2", "DOC-007", "x.yaml"),
        ("[" * 70 + "]" * 70, "DOC-008", "x.yaml:1:62"),
    ],
)
def test_syntax_problems_name_their_place(text: str, code: str, place: str) -> None:
    assert (code, place) in issues_of(text)


def test_all_syntax_problems_come_at_once() -> None:
    assert len(issues_of("a: &x 1\na: 2\nb: !t 3")) == 3


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("name: a\nnmae: b", "DOC-101", "x.yaml:2:1"),
        ("sizes: [1]", "DOC-102", "x.yaml:1:1"),
        ("name: 3", "DOC-103", "x.yaml:1:1"),
        ("name: a\nsizes: [1, b]", "DOC-103", "x.yaml:2:12"),
        ("name: a\nsizes: 3", "DOC-103", "x.yaml:2:1"),
        ("name: a\nday: 2024-02-31", "DOC-103", "x.yaml:2:1"),
        ("name: a\nshape: {kind: cirle, radius: 1}", "DOC-104", "x.yaml:2:1"),
        ("name: a\nshape: {radius: 1}", "DOC-105", "x.yaml:2:1"),
        ("name: a\nshape: {kind: circle, radius: 0}", "DOC-106", "x.yaml:2:23"),
        ("name: a\nshape: {kind: circle, radius: .inf}", "DOC-103", "x.yaml:2:23"),
    ],
)
def test_shape_problems_name_their_place(text: str, code: str, place: str) -> None:
    assert (code, place) in issues_of(text)


def test_unknown_keys_and_kinds_come_with_the_nearest_name() -> None:
    with pytest.raises(EvaluationError) as caught:
        validate(parse("nmae: a\nname: b\nshape: {kind: cirle, radius: 1}", "x.yaml"), Shape)
    hints = {issue.code: issue.hint for issue in caught.value.issues}
    assert hints == {"DOC-101": ("name",), "DOC-104": ("circle",)}


def test_a_day_is_a_date() -> None:
    assert validate(parse("name: a\nday: 2024-02-29", "x.yaml"), Shape).day.isoformat() == "2024-02-29"


def test_unreadable_and_wrongly_encoded_files_are_named(tmp_path) -> None:
    gb = tmp_path / "gb.yaml"
    gb.write_bytes("a: 1\nname: 客户".encode("gb18030"))
    for path, code in ((tmp_path / "none.yaml", "DOC-002"), (tmp_path, "DOC-002"), (gb, "DOC-003")):
        with pytest.raises(EvaluationError) as caught:
            load(path)
        assert caught.value.issues[0].code == code
    assert caught.value.issues[0].where.line == 2


def test_a_byte_order_mark_is_no_content(tmp_path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes("\ufeffname: 客户".encode())
    assert load(path).data == {"name": "客户"}


def test_a_branch_is_replaced_with_its_own_places() -> None:
    outer = parse("a:\n  - x: 1\n  - y: 2", "outer.yaml")
    inner = parse("z: 3", "inner.yaml")
    merged = outer.replaced(("a", 1), inner.data, inner.positions)
    assert merged.data == {"a": ({"x": 1}, {"z": 3})}
    assert str(merged.where(("a", 1, "z"))) == "inner.yaml:1:1"
    assert str(merged.where(("a", 0, "x"))) == "outer.yaml:2:5"
    assert isinstance(merged, Document)
