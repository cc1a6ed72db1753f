"""The examples find what their pages say, on the data as they are published."""

import runpy
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from evaluator.customers.models.churn import rank_quality
from evaluator.evaluation import Evaluation
from evaluator.study import Study

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FILES = {
    "cdnow": "CDNOW_sample.txt",
    "telco": "telco_customer_churn.csv",
    "satisfaction": "ecsi_mobi_satisfaction_survey.csv",
}


@pytest.fixture(scope="module")
def folder_of(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    def copied(name: str) -> Path:
        folder = tmp_path_factory.mktemp("example") / name
        shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("output", "*.csv", "*.txt"))
        shutil.copy(shared / "data" / FILES[name], folder / "data")
        if (prepare := folder / "prepare.py").exists():
            runpy.run_path(str(prepare), run_name="__main__")
        return folder

    return copied


@pytest.fixture(scope="module")
def cdnow(folder_of) -> Evaluation:
    return Study(folder_of("cdnow")).run()


@pytest.fixture(scope="module")
def telco(folder_of) -> Evaluation:
    return Study(folder_of("telco")).run()


@pytest.fixture(scope="module")
def satisfaction(folder_of) -> Evaluation:
    return Study(folder_of("satisfaction")).run()


def said(name: str, *figures: str) -> None:
    """Every figure that is checked stands on the page, so that neither changes alone."""
    page = " ".join((EXAMPLES / name / "README.md").read_text("utf-8").split())
    assert [figure for figure in figures if figure not in page] == []


def test_cdnow_the_money_of_few(cdnow: Evaluation) -> None:
    assert cdnow.customers is not None
    found = cdnow.customers.results["abc"]
    best = found.summary.row(0, named=True)
    assert (best["customers"], round(best["customers_share"], 2)) == (304, 0.13)
    assert round(found.concentration.gini, 2) == 0.85
    apart = cdnow.results.filter(pl.col("status") != "rated")
    assert apart.height == 8
    said("cdnow", "304 customers (13 %)", "Gini coefficient is 0.85", "Eight customers")


def test_cdnow_what_is_to_come(cdnow: Evaluation) -> None:
    assert cdnow.customers is not None
    found = cdnow.customers.results["lifetime"]
    values = found.frame["clv"].fill_null(0).sort(descending=True)
    assert round(values.sum()) == 20_240
    assert round(values.head(471).sum() / values.sum(), 2) == 0.79
    test = found.held_out.test
    assert (test.actual, round(test.expected)) == (1_882, 1_653)
    assert round(test.actual / test.expected - 1, 2) == 0.14
    pairs = cdnow.customers.results["agreement"].pairs
    pair = pairs.filter((pl.col("a") == "net_amount") & (pl.col("b") == "clv"))
    assert round(pair["spearman"].item(), 2) == 0.81
    classes = found.frame.join(cdnow.results.select("id", "class_purchases_relationship"), on="id")
    weak = classes.filter(pl.col("class_purchases_relationship").is_in(["fading", "occasional"]))
    assert weak["p_alive"].mean() > 0.8
    assert round(weak["clv"].sum() / values.sum(), 2) == 0.13
    said(
        "cdnow",
        "holds 79 % of the 20,240 dollars",
        "expects 1,653",
        "1,882",
        "coefficient of 0.81",
        "bring 13 %",
    )


CLASSES = {
    "core": (1_702, 154_512, 0.097),
    "endangered": (1_637, 147_088, 0.480),
    "settled": (1_420, 43_644, 0.027),
    "passing": (2_284, 110_873, 0.386),
}


@pytest.fixture(scope="module")
def left(telco: Evaluation, shared: Path) -> pl.DataFrame:
    raw = pl.read_csv(shared / "data" / FILES["telco"]).select(
        pl.col("customerID").alias("id"),
        (pl.col("Churn") == "Yes").cast(pl.Int64).alias("lost"),
        (-pl.col("tenure")).alias("new"),
        pl.col("MonthlyCharges").alias("charges"),
    )
    return telco.results.join(raw, on="id")


def test_telco_who_left_by_class(left: pl.DataFrame) -> None:
    found = left.group_by("class_pays_stays").agg(
        pl.len(), pl.col("charges").sum().alias("money"), pl.col("lost").mean().alias("rate")
    )
    for name, count, money, rate in found.rows():
        assert (count, round(money), round(rate, 3)) == CLASSES[name]
        said("telco", f"{count:,}", f"{round(money):,}", f"{100 * rate:.1f} %")


def test_telco_the_score_knew_before(left: pl.DataFrame, telco: Evaluation) -> None:
    found = rank_quality(left.select("id", "lost", (-pl.col("score_stays")).alias("risk")))
    tenure = rank_quality(left.select("id", "lost", pl.col("new").alias("risk")))
    assert (round(found.auc, 2), round(tenure.auc, 2)) == (0.81, 0.74)
    assert round(found.tenths["lift"][0], 1) == 2.6
    assert telco.measured.frame["total_charges"].null_count() == 11
    assert (telco.results["status"] == "rated").all()
    said("telco", "is 0.81", "reaches 0.74", "2.6 times", "Eleven subscribers")


def test_satisfaction_what_drives_it(satisfaction: Evaluation) -> None:
    assert satisfaction.customers is not None
    found = satisfaction.customers.results["latent"]
    paths = {(source, target): round(value, 2) for source, target, value in found.paths.rows()}
    on = {source: value for (source, target), value in paths.items() if target == "satisfaction"}
    assert on == {"quality": 0.51, "value": 0.19, "image": 0.18, "expectation": 0.06}
    assert (paths["satisfaction", "loyalty"], paths["image", "loyalty"]) == (0.48, 0.2)
    assert round(found.r2["satisfaction"], 2) == 0.68
    assert min(found.index, key=found.index.get) == "value"
    assert (round(found.index["value"]), round(found.index["quality"])) == (62, 75)
    said("satisfaction", "0.51", "0.19", "68 %", "0.48", "an index of 62 of 100", "quality has 75")


def test_satisfaction_types_of_respondents(satisfaction: Evaluation) -> None:
    counts = dict(satisfaction.results["class_satisfied_loyal"].value_counts().rows())
    assert counts == {"loyalists": 174, "mercenaries": 25, "hostages": 18, "defectors": 33}
    assert "SURE-102" in {issue.code for issue in satisfaction.certainty.issues}
    said("satisfaction", "174 of 250", "25 are satisfied", "33 have left", "18 stay although", "SURE-102")


def test_no_example_brings_its_data_along() -> None:
    names = {path.parent.parent.name for path in EXAMPLES.glob("*/data/.gitkeep")}
    assert names == {"online-retail", *FILES}
    for folder in names:
        assert (EXAMPLES / folder / "README.md").is_file()
