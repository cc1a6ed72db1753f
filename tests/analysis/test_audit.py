"""The audit against data: what measures share, what does not tell customers apart, and the raters."""

from dataclasses import replace
from datetime import date
from importlib import import_module

import numpy as np
import polars as pl
import pytest

from evaluator.analysis import audit
from evaluator.analysis.data_audit import inflation
from evaluator.labels import Text
from evaluator.measuring import Measured
from evaluator.measuring.grades import RATERS
from evaluator.tree import load_tree
from evaluator.tree.types import Acknowledged, Step

TREE = load_tree("current_value")


def measured(customers: int = 60, **columns: object) -> Measured:
    """Return customers with independent measures within the scales, but for the columns given."""
    rng = np.random.default_rng(7)
    frame = {"id": [str(row) for row in range(customers)]}
    for leaf in TREE.indicators:
        points = leaf.scale.steps if isinstance(leaf.scale, Step) else leaf.scale.points
        low, high = points[0][0], points[-1][0]
        frame[leaf.measure] = rng.uniform(low, high, customers)
    frame |= columns
    return Measured(pl.DataFrame(frame), date(2026, 1, 1), (date(2025, 1, 1),) * 2, RATERS.to_frame())


def found(given: Measured) -> dict[tuple[str, str], object]:
    structure = {finding.check for finding in audit(TREE)}
    return {(f.check, f.node): f for f in audit(TREE, given) if f.check not in structure}


def test_independent_measures_within_their_scales_show_nothing() -> None:
    assert found(measured()) == {}


def test_siblings_that_move_together_are_named_with_their_correlation() -> None:
    base = measured().frame["gross_profit"].to_numpy()
    finding = found(measured(margin=base / 2e6))["correlated", "gross_profit"]
    assert finding.figures["rho"] == "1.00"
    assert "毛利率" in finding.says("zh")


def test_an_indicator_the_others_tell_together_is_found_by_its_inflation() -> None:
    frame = measured().frame
    noise = np.random.default_rng(1).normal(0, 3000, 60)
    told = frame["net_amount"].to_numpy() / 8 + frame["gross_profit"].to_numpy() + noise
    given = measured(dso_days=told / told.max() * 240)
    assert ("collinear", "dso") in found(given)
    assert not [key for key in found(given) if key[0] == "correlated"]


def test_inflation_is_one_over_what_the_other_columns_leave_untold() -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(50, 3))
    by_inverse = np.diag(np.linalg.inv(np.corrcoef(X, rowvar=False)))
    assert inflation(X) == pytest.approx(by_inverse)
    assert np.isinf(inflation(np.c_[X, X[:, 0] + X[:, 1]])[0])


def test_one_value_for_nearly_all_discriminates_nothing() -> None:
    assert ("no_discrimination", "frequency") in found(measured(frequency=[12.0] * 55 + [1.0] * 5))
    assert ("no_discrimination", "frequency") not in found(measured(frequency=[12.0] * 54 + [1.0, 2.0] * 3))


def test_customers_beyond_the_ends_of_a_scale_are_counted() -> None:
    profits = np.linspace(700_000, 900_000, 60)
    assert found(measured(gross_profit=profits))["beyond_ends", "gross_profit"].figures["share"] == "50%"


def test_what_is_missing_for_many_customers_is_named() -> None:
    given = measured(marketing_cost=[None] * 20 + [0.1, 0.02] * 20)
    assert found(given)["missing", "marketing_cost"].figures["share"] == "33%"


def test_few_raters_and_raters_far_apart_are_named() -> None:
    rows = [("1", "dso", 2, 70.0, 30.0), ("2", "dso", 2, 70.0, 25.0), ("3", "dso", 1, 70.0, 0.0)]
    given = replace(measured(), raters=pl.DataFrame(rows, schema=RATERS, orient="row"))
    assert found(given)["few_raters", "dso"].figures["raters"] == "2"
    assert found(given)["raters_disagree", "dso"].figures["spread"] == "27.5"


def test_fewer_than_ten_customers_show_no_correlation() -> None:
    frame = measured(9).frame
    assert found(measured(9, margin=frame["gross_profit"].to_numpy() / 2e6)) == {}


def test_of_very_many_customers_some_tell_the_correlation_and_are_counted(monkeypatch) -> None:
    monkeypatch.setattr(import_module("evaluator.analysis.data_audit"), "LOOKED_AT", 25)
    frame = measured().frame
    given = measured(margin=frame["gross_profit"].to_numpy() / 2e6)
    assert found(given)["correlated", "gross_profit"].figures["customers"] == 20


def test_a_tree_may_acknowledge_what_data_show() -> None:
    reason = Acknowledged(finding="missing", reason=Text(zh="待补", en="to come"))
    tree = TREE.model_copy(update={"acknowledged": (*TREE.acknowledged, reason)})
    given = measured(marketing_cost=[None] * 30 + [0.1, 0.02] * 15)
    (finding,) = [f for f in audit(tree, given) if f.check == "missing"]
    assert finding.accepted == reason.reason
