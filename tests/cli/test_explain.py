"""`evaluator explain` where a score is no plain sum, or memberships stand beside it."""

import json

import polars as pl
import pytest

from evaluator.cli import invoke
from evaluator.cli.console import _shown
from evaluator.cli.explain import _read
from evaluator.errors import EvaluationError
from evaluator.study.customers import find_customer
from evaluator.tree import load_tree

SCORING = "scoring: {synthesis: {kind: weighted_product}, fuzzy: {operator: min_max}}\n"


def known(names: dict[str, str]) -> list[pl.DataFrame]:
    """The measured customers of the trees of a study."""
    return [pl.DataFrame({"id": list(names), "name": list(names.values())})]


def test_effects_and_memberships_are_told_with_the_points(folder, capsys) -> None:
    path = folder / "study.yaml"
    path.write_text(path.read_text("utf-8") + SCORING, "utf-8")
    assert invoke(["--language", "en", "explain", str(folder), "002"]) == 0
    out = capsys.readouterr().out
    assert "all indicators at the mean" in out
    assert "Largest membership: " in out


def test_a_plain_sum_has_neither(folder, capsys) -> None:
    assert invoke(["--language", "en", "explain", str(folder), "002"]) == 0
    out = capsys.readouterr().out
    assert "at the mean" not in out
    assert "membership" not in out


@pytest.mark.parametrize("said", ["002", "2", " 002 ", "02"])
def test_an_id_is_found_without_its_leading_zeros(folder, capsys, said) -> None:
    assert invoke(["explain", str(folder), said, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "002"


def test_a_customer_is_found_by_a_name_or_a_part_of_it() -> None:
    study = known({"0001": "华东机电有限公司", "0012": "华东", "0120": "Baker & Sons"})
    assert find_customer(study, "华东") == "0012"  # a whole name before a part of another
    assert find_customer(study, "机电") == "0001"
    assert find_customer(study, "baker") == "0120"
    assert find_customer(study, "nobody") == "nobody"


@pytest.mark.parametrize(("said", "candidates"), [("公司", ["0001", "0003"]), ("000", ["0001", "0003"])])
def test_where_several_fit_they_are_listed(said, candidates) -> None:
    study = known({"0001": "甲公司", "0003": "乙公司", "0120": "Baker"})
    with pytest.raises(EvaluationError) as caught:
        find_customer(study, said)
    (issue,) = caught.value.issues
    assert (issue.code, issue.subject, issue.detail["count"]) == ("SCORE-654", said, len(candidates))
    assert all(key in str(issue.detail["candidates"]) for key in candidates)


def test_what_is_done_with_the_customer_is_told_with_its_place_and_the_order(demo_study, capsys) -> None:
    _, study = demo_study
    given = study.decisions.customers.filter(pl.col("action") == "grow")["id"].to_list()
    assert invoke(["--language", "en", "explain", str(study.folder), given[1]]) == 0
    out = " ".join(capsys.readouterr().out.split())
    action = next(one for one in study.decisions.actions if one.id == "grow")
    assert action.name["en"] in out
    assert f"Number 2 of {len(given)} on the list of this action, by net gain, highest first." in out


def test_shares_and_growth_are_read_in_percent_and_a_half_is_rounded_as_in_tables() -> None:
    units = {leaf.id: leaf.unit for leaf in load_tree("customer_value").indicators}
    assert _read(0.166, units["share_of_wallet"], "en") == "16.6%"
    assert _read(0.0089, units["growth"], "en").startswith("+11.3%")
    assert _shown(67.36375) == "67.3638"


@pytest.mark.parametrize(("language", "figure"), [("zh", "逾期金额占比"), ("en", "overdue share")])
def test_why_is_told_with_the_customers_figures_in_the_language_asked_for(
    demo_study, capsys, language, figure
) -> None:
    _, study = demo_study
    given = study.decisions.customers.filter(pl.col("action") == "collect")["id"].to_list()
    assert invoke(["--language", language, "explain", str(study.folder), given[0]]) == 0
    out = "".join(capsys.readouterr().out.split())
    share = study.measured.frame.filter(pl.col("id") == given[0])["overdue_share"][0]
    assert f"{figure.replace(' ', '')}{share:.1%}(" in out.replace("（", "(")
