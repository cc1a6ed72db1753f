"""Matrices: classes at the cuts, overrides, borders, every kind of cut, and files that are wrong."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from evaluator.columns.cuts import COLUMN_CUTS, cut_values
from evaluator.customers import MatrixOptions, load_matrix, matrix_names, place
from evaluator.errors import EvaluationError
from evaluator.tree.types import Cut, FixedCut, MeanCut, MedianCut, NaturalCut, QuantileCut, ZeroCut

FIXED = MatrixOptions(x_cut=FixedCut(kind="fixed", at=(50.0,)), y_cut=FixedCut(kind="fixed", at=(50.0,)))


def corners(matrix: str) -> pl.DataFrame:
    """Return customers named after their cell, such as high-low for x high and y low."""
    found = load_matrix(matrix)
    rows = {"id": ["high-high", "high-low", "low-high", "low-low"]}
    rows |= {found.x.column: [50.0, 50.0, 49.9, 49.9], found.y.column: [50.0, 49.9, 50.0, 49.9]}
    return pl.DataFrame(rows | {"net_clv": [1.0, 1.0, 1.0, 0.0]})


@pytest.mark.parametrize(
    ("matrix", "classes"),
    [
        ("price_cost", ["carriage_trade", "aggressive", "passive", "bargain_basement"]),
        ("conway", ["golden", "marginal_value", "at_risk", "dont_over_service"]),
        ("current_potential", ["key", "mature", "promising", "low"]),
        ("clv_types", ["mvc", "maintain", "mgc", "bz"]),
        ("two_sided", ["win_win", "exploited", "give_away", "redesign"]),
        ("dick_basu", ["true", "latent", "spurious", "none"]),
        ("satisfaction_loyalty", ["loyalist", "mercenary", "hostage", "defector"]),
    ],
)
def test_every_cell_has_the_class_of_its_source_and_a_strategy(matrix: str, classes: list[str]) -> None:
    found = place(corners(matrix), matrix, options=FIXED)
    assert found.frame["class"].to_list() == classes
    assert {entry.id for entry in found.matrix.classes if entry.strategy} == set(classes)
    assert found.profile["customers"].to_list() == [1, 1, 1, 1]


def test_the_matrices_tested_are_all_that_ship() -> None:
    assert matrix_names() == (
        *("clv_types", "conway", "current_potential", "dick_basu", "price_cost", "satisfaction_loyalty"),
        "two_sided",
    )


def test_a_negative_net_lifetime_value_overrides_the_cell_unless_switched_off() -> None:
    table = corners("clv_types").with_columns(net_clv=pl.Series([-1.0, None, 1.0, 1.0]))
    found = place(table, "clv_types", options=FIXED).frame
    assert found["class"].to_list() == ["bz", "maintain", "mgc", "bz"]
    assert found["overridden"].to_list() == [True, False, False, False]
    off = place(table.drop("net_clv"), "clv_types", options=FIXED.model_copy(update={"override": False}))
    assert off.frame["class"].to_list() == ["mvc", "maintain", "mgc", "bz"]


def test_customers_near_a_cut_are_borderline() -> None:
    options = FIXED.model_copy(update={"border_x": 1.0})
    table = pl.DataFrame({"id": list("abc"), "loyalty": [49.0, 48.9, 51.0], "value": [50.0, 50.0, None]})
    found = place(table, "conway", options=options)
    assert found.frame["borderline"].to_list() == [True, False, True]
    assert found.frame["class"].to_list() == ["at_risk", "at_risk", None]
    assert [(issue.code, issue.detail["examples"]) for issue in found.issues if issue.code == "CUST-918"] == [
        ("CUST-918", "c")
    ]


VALUES = np.array([1.0, 2.0, 3.0, 10.0, 14.0])


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        (FixedCut(kind="fixed", at=(0.0,)), (0.0,)),
        (ZeroCut(kind="zero"), (0.0,)),
        (MeanCut(kind="mean"), (6.0,)),
        (MedianCut(kind="median"), (3.0,)),
        (QuantileCut(kind="quantile", at=(0.5,)), (3.0,)),
        (NaturalCut(kind="natural"), (6.5,)),
        (NaturalCut(kind="natural", groups=3), (6.5, 12.0)),
    ],
)
def test_cuts_of_a_column(cut: Cut, expected: tuple[float, ...]) -> None:
    assert cut_values(cut, VALUES, "value") == pytest.approx(expected)
    assert cut.kind in COLUMN_CUTS


def test_the_natural_break_has_the_least_spread_within_the_groups() -> None:
    x = np.random.default_rng(3).lognormal(size=60)
    (cut,) = cut_values(NaturalCut(kind="natural"), x, "value")

    def within(at: float) -> float:
        return sum(float(((g - g.mean()) ** 2).sum()) for g in (x[x < at], x[x >= at]))

    assert within(cut) == pytest.approx(min(within(at) for at in np.sort(x)[1:]))


def test_relative_cuts_are_frozen_by_stating_them() -> None:
    table = pl.DataFrame({"id": list("ab"), "loyalty": [1.0, 2.0], "value": [1.0, 2.0]})
    first = place(table, "conway")
    assert first.cuts == {"x": (1.5,), "y": (1.5,)}
    frozen = MatrixOptions(
        x_cut=FixedCut(kind="fixed", at=first.cuts["x"]), y_cut=FixedCut(kind="fixed", at=first.cuts["y"])
    )
    assert place(table.tail(1), "conway", options=frozen).frame["class"].to_list() == ["golden"]


def test_one_customer_and_equal_values_are_said() -> None:
    table = pl.DataFrame({"id": ["a"], "loyalty": [1.0], "value": [1.0]})
    assert [issue.code for issue in place(table, "conway").issues] == ["CUST-906", "CUST-906"]


@pytest.mark.parametrize(
    ("options", "loyalty", "codes"),
    [
        (MatrixOptions(x_cut=FixedCut(kind="fixed", at=(2.0, 1.0))), 1.0, ["CUST-909"]),
        (MatrixOptions(x_cut=FixedCut(kind="fixed", at=(1.0, 2.0))), 1.0, ["CUST-909"]),
        (MatrixOptions(), None, ["CUST-919"]),
    ],
)
def test_cuts_that_cannot_be_are_named(
    options: MatrixOptions, loyalty: float | None, codes: list[str]
) -> None:
    table = pl.DataFrame({"id": ["a"], "loyalty": [loyalty], "value": [1.0]})
    with pytest.raises(EvaluationError) as caught:
        place(table, "conway", options=options)
    assert [issue.code for issue in caught.value.issues] == codes


def test_an_unknown_matrix_has_its_neighbour_named() -> None:
    with pytest.raises(EvaluationError) as caught:
        load_matrix("convay")
    assert [(issue.code, issue.hint) for issue in caught.value.issues] == [("CUST-908", ("conway",))]


BROKEN = """
id: own
name: own
source: own
x: {column: a, name: a, cut: {kind: natural}}
y: {column: b, name: b, cut: {kind: mean}}
override: {column: c, name: c, below: 0, to: lost}
classes:
  - {id: one, name: one, x: low, y: low}
  - {id: two, name: two, x: low, y: low}
  - {id: three, name: three, x: high, y: low}
  - {id: lest, name: four, x: high, y: high}
"""


def test_a_file_of_the_users_is_checked_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "矩阵.yaml"
    path.write_text(BROKEN, "utf-8")
    with pytest.raises(EvaluationError) as caught:
        load_matrix(path)
    assert [(issue.code, issue.subject, str(issue.where)) for issue in caught.value.issues] == [
        ("CUST-911", "low/high", "矩阵.yaml:8:1"),
        ("CUST-911", "low/low", "矩阵.yaml:8:1"),
        ("CUST-912", "lost", "矩阵.yaml:7:42"),
    ]
