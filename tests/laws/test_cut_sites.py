"""Wherever a value meets a cut it reaches it within its leeway, and a cent short of ten million does not."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import narwhals as nw
import numpy as np
import openpyxl
import polars as pl
import pytest

from evaluator.columns import at_most, bands, condition, holds, leeway, reaches, within
from evaluator.customers import (
    AbcOptions,
    Criterion,
    LeverOptions,
    RfmOptions,
    SizeProfitOptions,
    abc,
    baseline_split,
    levers,
    place,
    rfm,
    screen,
    size_profit,
)
from evaluator.customers.models.churn.complaints import ComplaintOptions, complaint_figures
from evaluator.customers.models.churn.warning import WarningOptions, WarningSign, churn_risk
from evaluator.customers.models.churn.winning_back import WinbackOptions, winback
from evaluator.customers.models.loyalty.types import CauseOptions, loyalty_causes
from evaluator.customers.models.matrices.placing import MatrixOptions
from evaluator.customers.models.relation.states import RelationOptions, relation_states
from evaluator.customers.models.retention.accounting import retention_accounts
from evaluator.customers.models.rfm.totals import Thresholds
from evaluator.customers.models.satisfaction.survey import SatisfactionOptions, satisfaction
from evaluator.errors import EvaluationError
from evaluator.forms.assessment import _graded
from evaluator.reports.live_scales import near_of, reached_of
from evaluator.tree.types import FixedCut
from evaluator.workbook.drawing import draw
from evaluator.workbook.language import parse

CUT = 10_000_000.0
VALUES = (CUT - leeway(CUT) / 2, CUT, 9_999_999.99)
"""Just below the cut within its leeway, at it, and a cent short of it."""
BEYOND = tuple(2 * CUT - value for value in VALUES)
"""The same from above: just above within the leeway, at the cut, and a cent beyond."""
AS_OF = date(2024, 6, 1)
FIXED = FixedCut(kind="fixed", at=(CUT,))


def table(values: tuple[float, ...], column: str = "value", **others: object) -> pl.DataFrame:
    rows = pl.DataFrame({"id": list("abc"), column: values})
    return rows.with_columns(**{name: pl.lit(value) for name, value in others.items()})


def one_by_one(found: Callable[[float], bool], values: tuple[float, ...] = VALUES) -> list[bool]:
    return [found(value) for value in values]


def refused(function: Callable[[], object]) -> bool:
    try:
        function()
    except EvaluationError:
        return True
    return False


def orders() -> pl.DataFrame:
    rows = table(VALUES, "amount")
    return rows.with_columns(date=pl.lit(AS_OF - timedelta(days=9)))


def of_rfm() -> list[bool]:
    cuts = Thresholds(monetary=(CUT,), frequency=(9.0,), recency=(1.0,))
    return (
        rfm(orders(), as_of=AS_OF, options=RfmOptions(bins=2, thresholds=cuts)).frame.sort("id")["m"] == 2
    ).to_list()


def of_abc() -> list[bool]:
    options = AbcOptions(at=(CUT, 1.0))
    return (abc(table(VALUES), options=options).frame.sort("id")["class"] == "A").to_list()


def of_matrix() -> list[bool]:
    options = MatrixOptions(x_cut=FIXED, y_cut=FIXED)
    frame = table(VALUES, "x", y=CUT).with_columns(y=pl.col("x"))
    columns = {"satisfaction": "x", "loyalty": "y"}
    placed = place(
        frame.select("id", *(pl.col(own).alias(name) for name, own in columns.items())),
        "satisfaction_loyalty",
        options=options,
    )
    classes = placed.frame.sort("id")["class"].to_list()
    return [name == classes[1] for name in classes]


def of_border() -> list[bool]:
    options = MatrixOptions(x_cut=FixedCut(kind="fixed", at=(CUT + 5,)), y_cut=FIXED, border_x=5.0)
    frame = table(VALUES, "satisfaction", loyalty=1.0)
    return place(frame, "satisfaction_loyalty", options=options).frame.sort("id")["borderline"].to_list()


def of_size() -> list[bool]:
    options = SizeProfitOptions(size_cut=FixedCut(kind="fixed", at=(1.0, CUT)))
    found = size_profit(table(VALUES, "size", profit=1.0), options=options).frame.sort("id")["size_class"]
    return (found == found[1]).to_list()


def of_winback() -> list[bool]:
    options = WinbackOptions(value_cut=FixedCut(kind="fixed", at=(1.0, CUT)))
    return (
        winback(table(VALUES, returns=0.5), options=options).frame.sort("id")["policy"] == "by_all_means"
    ).to_list()


def of_warning() -> list[bool]:
    options = WarningOptions(signs={"net_amount": WarningSign(calm=CUT - 1000, alarm=CUT)})
    return (churn_risk(table(VALUES, "net_amount"), options=options).frame.sort("id")["red"] == 1).to_list()


def of_accounts() -> list[bool]:
    """A programme that costs all that a customer is worth is not accepted; a cent less is."""
    frame = table(
        VALUES, "programme_cost", customers=1.0, lost=0.0, revenue=CUT, cost=0.0, years=1.0, kept=1.0
    )
    return (
        ~retention_accounts(frame, discount_rate=0.0, currency="EUR").frame.sort("id")["accept"]
    ).to_list()


def of_levers() -> list[bool]:
    frame = table(VALUES, "importance", own=1.0, rival=1.0, cost=0.0)
    found = levers(frame, options=LeverOptions(importance_cut=CUT)).sort("id")["action"]
    return (found == "add").to_list()


def of_scale(value: float) -> bool:
    """An answer at the end of the scale is on it."""
    asked = pl.DataFrame({"id": ["a"], "item": ["speed"], "expected": [CUT], "perceived": [2 * CUT - value]})
    return not refused(lambda: satisfaction(asked, options=SatisfactionOptions(low=1.0, high=CUT)))


def of_relation() -> list[bool]:
    bought = pl.DataFrame(
        {
            "id": list("abc"),
            "purchases": [9] * 3,
            "recency": [1.0] * 3,
            "interval": [1.0] * 3,
            "loyalty": VALUES,
        }
    )
    found = relation_states(bought, options=RelationOptions(loyal_score=CUT)).frame.sort("id")["state"]
    return (found == "loyal").to_list()


def of_bands() -> list[bool]:
    read = nw.from_native(table(VALUES))
    return read.select(hit=bands(nw.col("value"), [(CUT, 1.0)], 0.0) == 1.0)["hit"].to_list()


def of_condition() -> list[bool]:
    found = holds(condition("value >= 10000000", {"value": "number"}), {"value": nw.col("value")})
    return nw.from_native(table(VALUES)).select(hit=found)["hit"].to_list()


SITES: dict[str, Callable[[], list[bool]]] = {
    "a number": lambda: one_by_one(lambda value: reaches(value, CUT)),
    "an array": lambda: reaches(np.array(VALUES), CUT).tolist(),
    "a series": lambda: reaches(pl.Series(VALUES), CUT).to_list(),
    "a Polars column": lambda: (
        table(VALUES).select(reaches(pl.col("value"), pl.lit(CUT))).to_series().to_list()
    ),
    "from above": lambda: at_most(np.array(BEYOND), CUT).tolist(),
    "within a margin": lambda: (
        table(VALUES).select(within(pl.col("value"), CUT + 5, 5.0)).to_series().to_list()
    ),
    "grades and classes": of_bands,
    "conditions of rules": of_condition,
    "RFM": of_rfm,
    "ABC": of_abc,
    "matrices": of_matrix,
    "borderline": of_border,
    "size and profit": of_size,
    "screening": lambda: (
        screen(table(VALUES), [Criterion(column="value", at_least=CUT)])
        .frame.sort("id")["eligible"]
        .to_list()
    ),
    "screening from above": lambda: (
        screen(table(BEYOND), [Criterion(column="value", at_most=CUT)]).frame.sort("id")["eligible"].to_list()
    ),
    "baseline": lambda: (
        baseline_split(table(VALUES, "revenue", cost=0.0), cut=FIXED).frame.sort("id")["class"] == "high_end"
    ).to_list(),
    "winning back": of_winback,
    "warning": of_warning,
    "accounts of retention": of_accounts,
    "levers": of_levers,
    "complaints": lambda: one_by_one(
        lambda hours: (
            complaint_figures(
                pl.DataFrame({"id": ["a"], "hours": [hours]}), options=ComplaintOptions(hours=CUT)
            ).in_time
            == 1.0
        ),
        BEYOND,
    ),
    "causes of loyalty": lambda: (
        loyalty_causes(
            table(VALUES, "attachment", repeat_rate=1.0),
            options=CauseOptions.model_construct(attachment=CUT, repeat=0.5),
        )
        .frame.sort("id")["cause"]
        .fill_null("")
        == "premium"
    ).to_list(),
    "relation": of_relation,
    "ends of a survey's scale": lambda: one_by_one(of_scale),
}


@pytest.mark.parametrize("site", SITES)
def test_a_value_reaches_a_cut_within_its_leeway_and_a_cent_less_does_not(site: str) -> None:
    assert SITES[site]() == [True, True, False]


def computed(formula: str, **cells: float) -> bool:
    """Return what a formula of a workbook comes to for one cell of each name."""
    return bool(eval(formula, {"ABS": abs, "MAX": max}, cells))


def test_formulas_of_the_workbook_reach_a_cut_as_the_engine_does() -> None:
    reached = [computed(reached_of("v", "c", CUT), v=value, c=CUT) for value in VALUES]
    near = [computed(near_of("v", "c", "m", CUT), v=value, c=CUT + 5, m=5.0) for value in VALUES]
    above = [computed(near_of("v", "c", "m", CUT), v=value, c=CUT - 5, m=5.0) for value in BEYOND]
    assert reached == near == above == [True, True, False]
    assert computed(reached_of("v", "c", 100.0), v=60 - 5e-10, c=60.0)
    assert not computed(reached_of("v", "c", 100.0), v=60 - 2e-9, c=60.0)


def test_the_formula_of_a_form_grades_a_total_as_the_engine_does() -> None:
    text = {"en": "x", "zh": "x"}
    grades = [SimpleNamespace(from_=bound, bound=bound, name=text) for bound in (CUT, 0.0)]
    formula = _graded(SimpleNamespace(grades=grades), "v", "en")  # type: ignore[arg-type]
    bound = formula.removeprefix("IF(").partition(",")[0]
    assert [computed(bound, v=value) for value in VALUES] == [True, True, False]


def test_colours_of_a_workbook_change_where_the_engine_changes_class(tmp_path: Path) -> None:
    text = (
        '<workbook title="T" subject="about" author="who"><sheet title="S">'
        '<row><cell name="a" value="1"/></row>'
        f'<rule on="a" kind="at_least" value="{CUT!r}" style="warn"/></sheet></workbook>'
    )
    draw(parse(text, file="a"), tmp_path / "a.xlsx", data={})
    [rules] = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0].conditional_formatting
    bound = float(rules.rules[0].formula[0])
    assert [value >= bound for value in VALUES] == [True, True, False]
