"""The European satisfaction model of mobile phones as semPLS prints it, on the same 250 answers.

Monecke & Leisch (2012), Journal of Statistical Software 48(3), doi:10.18637/jss.v048.i03; the survey is that
of Tenenhaus et al. (2005), doi:10.1016/j.csda.2004.03.005. Paths are printed with three decimals.
"""

from pathlib import Path

import polars as pl
import pytest

from evaluator.customers.models.satisfaction import (
    PathModel,
    SatisfactionOptions,
    path_model,
    satisfaction,
)

BLOCKS = {
    "image": [f"IMAG{n}" for n in range(1, 6)],
    "expectation": [f"CUEX{n}" for n in range(1, 4)],
    "quality": [f"PERQ{n}" for n in range(1, 8)],
    "value": ["PERV1", "PERV2"],
    "satisfaction": [f"CUSA{n}" for n in range(1, 4)],
    "complaints": ["CUSCO"],
    "loyalty": [f"CUSL{n}" for n in range(1, 4)],
}
PRINTED = {
    ("image", "expectation"): 0.505,
    ("expectation", "quality"): 0.557,
    ("expectation", "value"): 0.051,
    ("quality", "value"): 0.557,
    ("image", "satisfaction"): 0.179,
    ("expectation", "satisfaction"): 0.064,
    ("quality", "satisfaction"): 0.513,
    ("value", "satisfaction"): 0.192,
    ("satisfaction", "complaints"): 0.526,
    ("image", "loyalty"): 0.195,
    ("satisfaction", "loyalty"): 0.483,
    ("complaints", "loyalty"): 0.071,
}


@pytest.fixture(scope="module")
def answers(shared: Path) -> pl.DataFrame:
    return pl.read_csv(shared / "data" / "ecsi_mobi_satisfaction_survey.csv")


@pytest.fixture(scope="module")
def fitted(answers: pl.DataFrame) -> PathModel:
    return path_model(answers, BLOCKS, list(PRINTED))


def test_every_path_is_the_printed_one(fitted: PathModel) -> None:
    found = {(source, target): round(c, 3) for source, target, c in fitted.paths.iter_rows()}
    assert found == PRINTED
    assert fitted.respondents == 250


def test_two_thirds_of_satisfaction_is_explained(fitted: PathModel) -> None:
    assert {name: round(r2, 2) for name, r2 in fitted.r2.items()} == {
        "expectation": 0.25,
        "quality": 0.31,
        "value": 0.34,
        "satisfaction": 0.68,
        "complaints": 0.28,
        "loyalty": 0.46,
    }


def test_indices_are_weighted_means_on_the_scale_of_the_answers(
    answers: pl.DataFrame, fitted: PathModel
) -> None:
    shares = fitted.weights.filter(pl.col("latent") == "satisfaction")
    mean = sum(answers[i].mean() * s for i, s in shares.select("item", "share").iter_rows())
    assert fitted.index["satisfaction"] == pytest.approx(100 * (mean - 1) / 9)
    assert shares["share"].sum() == pytest.approx(1)
    assert fitted.negative == ()


def test_quality_items_are_placed_by_their_bond_with_satisfaction(answers: pl.DataFrame) -> None:
    """Nobody stated importances; each item's correlation with overall satisfaction stands in."""
    wide = answers.with_row_index("id").with_columns(pl.col("id").cast(pl.String))
    items = [*BLOCKS["quality"], "CUSA1"]
    long = wide.unpivot(items, index="id", variable_name="item", value_name="perceived")
    long = long.join(wide.select("id", pl.col("CUEX1").alias("expected")), on="id")
    found = satisfaction(long, options=SatisfactionOptions(overall="CUSA1"))
    assert found.importance == "derived"
    assert found.items["item"].to_list() == BLOCKS["quality"]
    for item, importance in found.items.select("item", "importance").iter_rows():
        assert importance == pytest.approx(answers.select(pl.corr(item, "CUSA1")).item())
    quality = answers.select(BLOCKS["quality"])
    mean = quality.mean_horizontal().mean()
    assert found.total["index"][0] == pytest.approx(100 * (mean - 1) / 9)
    assert found.total["state"][0] == "above"
