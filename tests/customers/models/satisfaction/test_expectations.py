"""Kano cell by cell, the trap and its curve, false loyalty, sample sizes, index scores."""

import numpy as np
import polars as pl
import pytest

from evaluator.customers.models.satisfaction import (
    CompetitionOptions,
    TrapOptions,
    better_worse,
    false_loyalty,
    herfindahl,
    index_score,
    kano,
    loyalty_curve,
    path_model,
    sample_margin,
    sample_size,
    satisfaction_trap,
)
from evaluator.errors import EvaluationError

LETTERS = "QAAAO RIIIM RIIIM RIIIM RRRRQ"
NAMES = {
    "Q": "questionable", "A": "attractive", "O": "one_dimensional", "R": "reverse", "I": "indifferent",
    "M": "must",
}  # fmt: skip


def asked(pairs: list[tuple[int | None, int | None]]) -> pl.DataFrame:
    rows = [(f"r{n}", "x", f, d) for n, (f, d) in enumerate(pairs)]
    return pl.DataFrame(rows, schema=["id", "item", "functional", "dysfunctional"], orient="row")


def test_every_cell_of_the_table_is_kanos() -> None:
    pairs = [(f, d) for f in range(1, 6) for d in range(1, 6)]
    found = kano(asked(pairs)).answers["class"].to_list()
    assert found == [NAMES[letter] for letter in LETTERS.replace(" ", "")]


def test_of_equally_frequent_classes_the_one_that_matters_more_stands() -> None:
    found = kano(asked([(1, 2), (3, 5), (1, 5), (1, 5), (2, 5), (3, 3)])).items.row(0, named=True)
    assert (found["must"], found["one_dimensional"], found["attractive"]) == (2, 2, 1)
    assert (found["class"], found["expectation"], found["answers"]) == ("must", "basic", 6)
    assert found["better"] == pytest.approx(3 / 6)
    assert found["worse"] == pytest.approx(-4 / 6)


def test_half_a_pair_is_not_counted_and_reverse_answers_are_no_part_of_better() -> None:
    found = kano(asked([(1, None), (5, 1), (5, 1)])).items.row(0, named=True)
    assert (found["answers"], found["class"], found["expectation"]) == (2, "reverse", None)
    assert (found["better"], found["worse"]) == (None, None)


def test_better_and_worse_of_the_textbook_shares() -> None:
    better, worse = better_worse(attractive=40, one_dimensional=25, must=20, indifferent=15)
    assert (float(better), float(worse)) == (0.65, -0.45)


def test_an_answer_beyond_five_is_refused() -> None:
    with pytest.raises(EvaluationError) as caught:
        kano(asked([(6, 1)]))
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-944", "functional")]


def trapped(*rows: tuple[float | None, float | None, float | None], **options: float) -> list[bool | None]:
    frame = pl.DataFrame(rows, schema=["basic", "potential", "loyalty"], orient="row")
    frame = frame.with_columns(id=pl.int_range(pl.len()).cast(pl.String))
    return satisfaction_trap(frame, options=TrapOptions(**options)).frame["trap"].to_list()


def test_the_trap_needs_all_three_signs() -> None:
    rows = [(0.8, 0.49, 0.5), (0.79, 0.49, 0.5), (0.8, 0.5, 0.5), (0.9, 0.1, 0.9), (0.9, None, 0.1)]
    assert trapped(*rows) == [True, False, False, False, None]


def test_levels_and_band_of_the_trap_are_the_users() -> None:
    rows = [(0.7, 0.3, 0.3), (0.7, 0.3, 0.7)]
    assert trapped(*rows) == [False, False]
    assert trapped(*rows, basic=0.7, band=0.2) == [True, True]


def test_a_stated_mean_stands_whoever_else_is_there() -> None:
    row = (0.9, 0.1, 0.5)
    assert trapped(row, (0.9, 0.1, 1.0)) == [False, False]
    assert trapped(row, (0.9, 0.1, 1.0), mean=0.5) == [True, False]
    assert trapped(row, mean=0.9) == [False]


def test_the_trap_refuses_points_where_shares_are_meant() -> None:
    with pytest.raises(EvaluationError) as caught:
        trapped((80.0, 0.3, 0.5))
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-920", "basic")]
    with pytest.raises(EvaluationError) as caught:
        satisfaction_trap(pl.DataFrame({"id": ["a"], "basic": [1.0], "potential": [1.0], "loyalty": [None]}))
    assert [issue.code for issue in caught.value.issues] == ["CUST-919"]


def test_the_curve_finds_again_what_made_the_data() -> None:
    """Basic satisfaction saturates, potential satisfaction steepens; residuals tell how well it fits."""
    rng = np.random.default_rng(1)
    b, p = rng.random(200), rng.random(200)
    y = 0.5 * -np.expm1(-4 * b) + 0.1 * np.expm1(1.5 * p)
    fitted = loyalty_curve(b, p, y)
    assert fitted is not None
    assert fitted.r2 > 0.995
    assert fitted.at(b, p) == pytest.approx(y, abs=0.03)
    assert fitted.alpha >= 0
    assert fitted.gamma >= 0


def test_no_curve_is_fitted_to_a_handful_or_to_equal_loyalty() -> None:
    some = np.linspace(0, 1, 20)
    assert loyalty_curve(some[:7], some[:7], some[:7]) is None
    assert loyalty_curve(some, some, np.full(20, 0.4)) is None


def test_hostages_are_told_apart_and_the_bound_ones_strongly() -> None:
    frame = pl.DataFrame(
        {
            "id": ["loyal", "free", "bound", "market", "costly", "gone"],
            "satisfaction": [90.0, 20, 20, 20, 20, 10],
            "loyalty": [90.0, 90, 90, 90, 90, 10],
            "suppliers": [1.0, 4, 1, None, None, 1],
            "hhi": [None, 0.25, None, 0.26, 0.1, None],
            "switching": [None, 2.0, None, None, 4.0, None],
        }
    )
    cuts = {"x_cut": {"kind": "fixed", "at": (50.0,)}, "y_cut": {"kind": "fixed", "at": (50.0,)}}
    options = CompetitionOptions.model_validate({"matrix": cuts, "switching": 4.0})
    found = false_loyalty(frame, options=options).frame
    assert found["class"].to_list() == ["loyalist", *["hostage"] * 4, "defector"]
    assert found["strongly"].to_list() == [False, False, True, True, True, False]
    unstated = false_loyalty(frame, options=options.model_copy(update={"switching": None})).frame
    assert unstated["bound"].to_list() == [True, False, True, True, False, True]


def test_the_curve_of_loyalty_is_drawn_per_segment() -> None:
    frame = pl.DataFrame(
        {
            "id": ["a", "b", "c"],
            "satisfaction": [10.0, 19.0, 100.0],
            "loyalty": [20.0, 40.0, 90.0],
            "segment": ["x", "x", "y"],
        }
    )
    assert false_loyalty(frame).curve.rows() == [("x", 0.0, 20.0, 2, 30.0), ("y", 80.0, 100.0, 1, 90.0)]


def test_concentration_lies_between_even_and_alone() -> None:
    assert herfindahl([1, 1, 1, 1]) == pytest.approx(0.25)
    assert herfindahl([7]) == 1.0
    with pytest.raises(EvaluationError) as caught:
        herfindahl([0, 0])
    assert [issue.code for issue in caught.value.issues] == ["CUST-910"]


def test_sample_sizes_are_cochrans() -> None:
    assert sample_size(0.05).answers == 385
    assert sample_size(0.05, population=1000).answers == 278
    assert sample_size(0.05, response=0.3).invitations == 1284
    assert sample_size(0.2, deviation=1.5, confidence=0.9).answers == 153


def test_the_margin_is_the_inverse_of_the_size() -> None:
    assert sample_margin(385) <= 0.05 < sample_margin(384)
    assert sample_margin(278, population=1000) <= 0.05 < sample_margin(277, population=1000)
    assert sample_margin(50, population=50) == 0
    with pytest.raises(EvaluationError) as caught:
        sample_margin(0, confidence=2)
    assert [issue.code for issue in caught.value.issues] == ["CUST-922", "CUST-920"]


@pytest.mark.parametrize(
    ("given", "code", "subject"),
    [
        ({"margin": 0.0}, "CUST-922", "margin"),
        ({"margin": 0.05, "population": 0}, "CUST-922", "population"),
        ({"margin": 0.05, "confidence": 1.0}, "CUST-920", "confidence"),
        ({"margin": 0.05, "response": 0.0}, "CUST-920", "response"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(given: dict, code: str, subject: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        sample_size(**given)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [(code, subject)]


def test_the_american_index_of_the_dossier() -> None:
    assert float(index_score([8, 7, 6], [0.3885, 0.3190, 0.2925])) == pytest.approx(67.73, abs=0.005)
    assert index_score([[1, 1], [10, 10]], [1, 3]).tolist() == [0, 100]
    with pytest.raises(EvaluationError) as caught:
        index_score([11.0], [1])
    assert [issue.code for issue in caught.value.issues] == ["CUST-940"]


@pytest.mark.parametrize(
    ("columns", "blocks", "paths", "code", "subject"),
    [
        ({"q": [1.0] * 9}, {"q": ["q"], "s": ["s"]}, [("q", "s")], "CUST-901", "s"),
        ({"q": [1.0] * 9, "s": range(9)}, {"q": ["q"], "s": ["s"]}, [("q", "s")], "CUST-945", "answers"),
        ({"q": range(9), "s": range(9)}, {"q": ["q"], "s": ["s"]}, [("q", "t"), ("q", "s")], "CUST-908", "t"),
        ({"q": range(9), "s": range(9)}, {"q": ["q"], "s": ["s"]}, [("q", "q")], "CUST-946", "s"),
    ],
)
def test_a_model_that_cannot_be_fitted_says_why(
    columns: dict, blocks: dict, paths: list, code: str, subject: str
) -> None:
    with pytest.raises(EvaluationError) as caught:
        path_model(pl.DataFrame(columns), blocks, paths)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [(code, subject)]
