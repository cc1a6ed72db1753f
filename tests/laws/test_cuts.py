"""Laws of every registered cut: as many as it says, rising, moving with the values they come from."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from evaluator.scoring import CUTS
from evaluator.tree.types import Cut, cuts_of

STATED: dict[str, list[dict[str, Any]]] = {
    "fixed": [{"at": (20.0, 70.0)}],
    "zero": [{}],
    "mean": [{}],
    "median": [{}],
    "quantile": [{"at": (0.25,)}, {"at": (0.2, 0.5, 0.9)}],
    "natural": [{}, {"groups": 3}, {"groups": 5}],
}
CASES = [(kind, stated) for kind in CUTS.names() for stated in STATED[kind]]
ADAPTER: TypeAdapter[Any] = TypeAdapter(Cut)
values = st.lists(st.floats(-100, 100).map(lambda value: round(value, 3)), min_size=1, max_size=40)


def cuts(kind: str, stated: dict[str, Any], x: list[float]) -> tuple[float, ...]:
    cut = ADAPTER.validate_python({"kind": kind, **stated})
    found: tuple[float, ...] = CUTS[kind].function(cut, np.array(x))
    assert len(found) == cuts_of(cut)
    return found


@pytest.mark.parametrize(("kind", "stated"), CASES)
@given(x=values)
def test_cuts_rise_and_lie_among_the_values_they_come_from(
    kind: str, stated: dict[str, Any], x: list[float]
) -> None:
    found = cuts(kind, stated, x)
    assert list(found) == sorted(found)
    if "relative" in CUTS[kind].laws:
        assert min(x) - 1e-9 <= found[0] <= found[-1] <= max(x) + 1e-9


@pytest.mark.parametrize(("kind", "stated"), CASES)
@given(x=values, seed=st.randoms())
def test_the_order_of_the_customers_changes_no_cut(
    kind: str, stated: dict[str, Any], x: list[float], seed: Any
) -> None:
    mixed = list(x)
    seed.shuffle(mixed)
    assert cuts(kind, stated, mixed) == pytest.approx(cuts(kind, stated, x), abs=1e-9)


@pytest.mark.parametrize(("kind", "stated"), [case for case in CASES if "relative" in CUTS[case[0]].laws])
@given(x=st.lists(st.integers(-40, 40).map(float), min_size=1, max_size=30), shift=st.integers(-9, 9))
def test_relative_cuts_move_with_the_values(
    kind: str, stated: dict[str, Any], x: list[float], shift: int
) -> None:
    moved = cuts(kind, stated, [value + shift for value in x])
    if kind != "natural":  # two divisions may be equally good
        assert moved == pytest.approx([cut + shift for cut in cuts(kind, stated, x)], abs=1e-9)
    else:
        assert within([v + shift for v in x], moved) == pytest.approx(
            within(x, cuts(kind, stated, x)), abs=1e-6
        )


def within(x: list[float], at: tuple[float, ...]) -> float:
    parts = np.split(np.sort(x), np.searchsorted(np.sort(x), at))
    return sum(float(((part - part.mean()) ** 2).sum()) for part in parts if len(part))
