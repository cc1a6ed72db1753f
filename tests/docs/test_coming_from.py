"""What the pages on other tools carry over agrees with what those tools, papers and manuals printed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pages
import pytest

PAGES = Path(__file__).resolve().parents[2] / "docs" / "coming-from"
SUMMARY = "cdnow_customers_summary.csv"


@pytest.fixture(scope="module")
def printed(shared: Path) -> dict[str, dict[str, Any]]:
    texts = (path.read_text("utf-8") for path in (shared / "golden").glob("*.json"))
    return {case["id"]: case for text in texts for case in json.loads(text).get("cases", ())}


@pytest.fixture(scope="module")
def names_of(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    """Return what follows a page, with the files it asks for, and gives the names its Python made."""

    def follow(page: str) -> dict[str, Any]:
        folder = tmp_path_factory.mktemp(page)
        shutil.copy(shared / "data" / SUMMARY, folder)
        pages.write_orders(folder / "orders.xlsx")
        return pages.Reader(folder).follow(PAGES / f"{page}.md")

    return follow


def near(found: Any, expected: Any, within: float) -> None:
    np.testing.assert_allclose(np.asarray(found, float), np.asarray(expected, float), rtol=0, atol=within)


def ahp_os(names: dict[str, Any], printed: dict[str, Any]) -> None:
    drinks, group = printed["AHP-DRINKS-AHPOS-8DP"], printed["AHP-CONSENSUS-COMPROMISE_SALES"]
    assert names["answers"] == pytest.approx(drinks["inputs"]["upper_triangle_rowwise"])
    for drink, weight in drinks["expected"]["weights"].items():
        near(names["weights"][drink], weight, drinks["tolerance"]["weights_abs"])
    saaty = printed["AHP-DRINKS-SAATY2008"]
    near(names["tested"].cr, saaty["expected"]["CR_saaty2005_RI"], saaty["tolerance"]["CR_abs"])
    near(names["consensus"], group["expected"]["consensus_Sstar"], 1e-9)
    near(names["together"], group["expected"]["ahpos_php_values"]["group_weights"], 5e-4)


def bpmsg(names: dict[str, Any], printed: dict[str, Any]) -> None:
    case = printed["AHP-BPMSG-CRITERIA-LEVEL-1"]
    expected = case["expected"]
    near(names["A"], case["inputs"]["matrix"], 1e-12)
    near(names["weights"], expected["weights_EVM"], 1e-9)
    near(names["by_rows"], expected["weights_RGMM_geometric_mean"], 1e-9)
    near(names["tested"].lambda_max, expected["lambda_max"], 4e-9)
    near(names["tested"].cr, expected["CR_alonso_lamata"], 1e-9)
    near(names["error"], expected["weight_error_EVM_pm"], 1e-9)


def yaahp(names: dict[str, Any], printed: dict[str, Any]) -> None:
    case = printed["FCE-STAFF-L1"]
    assert (names["W"], names["R"]) == (case["inputs"]["W"], case["inputs"]["R"])
    near(names["B"], case["expected"]["B"], case["tolerance"]["abs"])


def spssau(names: dict[str, Any], printed: dict[str, Any]) -> None:
    case = printed["AHP-CN-SUMMETHOD-5X5"]
    near(names["A"], case["inputs"]["matrix"], 1e-9)
    near(names["weights"], case["expected"]["weights"], case["tolerance"]["abs"])


def expert_choice(names: dict[str, Any], printed: dict[str, Any]) -> None:
    case = printed["AHP-H-LEADER"]
    target, within = case["expected"]["target"], case["tolerance"]["abs"]
    near(names["result"], [target[name] for name in case["inputs"]["alternatives"]], within)
    near(names["criteria"][0], case["expected"]["experience_global_weight"], within)


def lifetimes(names: dict[str, Any], printed: dict[str, Any]) -> None:
    rows, fit, other = (
        printed[name] for name in ("RFM-LT-DAILY-MONEY", "CLV-BGNBD-CDNOW-FIT", "CLV-PNBD-CDNOW-FIT")
    )
    given = [tuple(line) for line in rows["inputs"]["transactions_id_date_amount"]]
    assert [(int(who), str(day), amount) for who, day, amount in names["lines"]] == given
    found = [[float(cell or 0) for cell in row] for row in names["summaries"].rows()]
    near(found, rows["expected"]["rows"], 0)
    estimate = names["bg_nbd"].estimate
    near(estimate.values, list(fit["expected"]["lifetimes_on_rounded_summary_csv"].values()), 5e-5)
    for name, value in zip(estimate.names, estimate.values, strict=True):
        near(value, fit["expected"]["paper"][name], fit["tolerance"]["paper_abs"][name])
    estimate = names["pareto_nbd"].estimate
    for name, value in zip(estimate.names, estimate.values, strict=True):
        near(value, other["expected"]["paper"][name], other["tolerance"]["abs"][name])


def pymc_marketing(names: dict[str, Any], printed: dict[str, Any]) -> None:
    case = printed["CLV-SBG-HIGHEND"]
    assert names["alive"] == case["inputs"]["percent_alive_years0_7"]
    near(names["fitted"].model.alpha, case["expected"]["alpha"], case["tolerance"]["alpha_abs"])
    near(names["fitted"].model.beta, case["expected"]["beta"], case["tolerance"]["beta_abs"])
    near(names["survival"], case["expected"]["survival_years0_12"], case["tolerance"]["survival_abs"])


def excel(names: dict[str, Any], printed: dict[str, Any]) -> None:
    case = printed["ABC-SAP-PAL"]
    assert names["values"] == list(case["inputs"]["items"].values())
    assert names["classes"] == case["expected"]["classes"]


COMPARED = {
    "ahp-os": ahp_os, "bpmsg": bpmsg, "yaahp": yaahp, "spssau": spssau, "expert-choice": expert_choice,
    "lifetimes": lifetimes, "pymc-marketing": pymc_marketing, "excel": excel,
}  # fmt: skip


@pytest.mark.parametrize("page", COMPARED)
def test_the_example_carried_over_agrees_with_its_printout(page: str, names_of, printed) -> None:
    COMPARED[page](names_of(page), printed)


def test_every_page_on_another_tool_carries_an_example_over() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} - {"index"} == set(COMPARED)
