"""What a person sees who types the name of an object: one short line, however much it holds."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import pytest

from evaluator.brief import Brief, brief
from evaluator.demo import Made
from evaluator.study import Study

LONGEST = 400
ROOMS = ("evaluator", "evaluator.ahp", "evaluator.actions", "evaluator.analysis", "evaluator.customers",
         "evaluator.customers.clv", "evaluator.evaluation", "evaluator.scoring", "evaluator.study",
         "evaluator.tree", "evaluator.weighing", "evaluator.measuring")  # fmt: skip
HOLDS_MANY = ("DataFrame", "NDArray", "Mapping", "tuple", "dict", "frozenset")


def public() -> Iterator[tuple[str, type]]:
    """Yield the public dataclasses of the rooms that give results."""
    for room in ROOMS:
        module = importlib.import_module(room)
        for name in getattr(module, "__all__", vars(module)):
            thing = getattr(module, name)
            if isinstance(thing, type) and is_dataclass(thing) and thing.__module__.startswith("evaluator"):
                yield f"{room}.{name}", thing


@pytest.mark.parametrize("thing", [pytest.param(thing, id=name) for name, thing in public()])
def test_what_can_hold_many_values_is_brief(thing: type) -> None:
    many = [one.name for one in fields(thing) if one.repr and any(w in str(one.type) for w in HOLDS_MANY)]

    assert not many or issubclass(thing, Brief), many


def reached(thing: Any, seen: set[int]) -> Iterator[Any]:
    """Yield every object of ours that can be reached from one."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    ours = type(thing).__module__.startswith("evaluator")
    if ours:
        yield thing
    if isinstance(thing, Mapping):
        inner = list(thing.values())
    elif isinstance(thing, (tuple, list)):
        inner = list(thing[:50])
    elif ours:
        inner = list(getattr(thing, "__dict__", {}).values())
        inner += [getattr(thing, one.name) for one in fields(thing)] if is_dataclass(thing) else []
    else:
        return
    for one in inner:
        yield from reached(one, seen)


def test_everything_a_run_gives_says_itself_in_a_line(demo_study: tuple[Made, Study]) -> None:
    """Also what the customer models found, the panel, the model, the options of the study."""
    _, study = demo_study
    evaluation = study.run()
    kinds: dict[type, int] = {}
    for thing in reached([evaluation, study, study.plan(), *evaluation.customers.results.values()], set()):
        for said in (repr(thing), str(thing)) if isinstance(thing, Brief) else (repr(thing),):
            kinds[type(thing)] = max(kinds.get(type(thing), 0), len(said))
    assert len(kinds) > 80
    assert {kind: long for kind, long in kinds.items() if long > LONGEST} == {}


@dataclass(frozen=True)
class Sheet(Brief):
    rows: tuple[str, ...]
    note: str = ""
    inner: Any = None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Sheet(("a",)), "Sheet(rows=('a',))"),
        (Sheet(("x" * 50,) * 3), "Sheet(rows=<tuple of 3>)"),
        (Sheet((), "n" * 1000, Sheet(("b",))), f"Sheet(note='{'n' * 59}…', inner=Sheet(rows=('b',)))"),
        (Sheet(("a",) * 10, "", {"k": [1.5, None]}), "Sheet(rows=('a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a'), inner={'k': [1.5, None]})"),  # noqa: E501
        ({1, 2}, "{1, 2}"),
        (frozenset(range(100)), "<frozenset of 100>"),
    ],
)  # fmt: skip
def test_values_are_short_and_what_is_empty_is_left_out(value: Any, said: str) -> None:
    assert (repr(value) if isinstance(value, Brief) else brief(value)) == said


def test_a_hundred_fields_end_in_dots() -> None:
    many = type("Many", (Brief,), {"__annotations__": {f"field_{i}": int for i in range(100)}})
    kind = dataclass(many)
    assert len(repr(kind(**{f"field_{i}": i for i in range(100)}))) < LONGEST
