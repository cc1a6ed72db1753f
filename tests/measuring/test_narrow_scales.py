"""A survey asked on 1 to 5 and scored on 1 to 10 makes everybody poor: it is named, with the way out."""

from pathlib import Path

import polars as pl
import pytest

from evaluator.cli import invoke
from evaluator.documents import parse
from evaluator.measuring import measured
from evaluator.study import Study
from evaluator.tree import load_tree

QUALITY, DELIVERY = "perceived_quality", "perceived_delivery"
TREE = load_tree("customer_satisfaction")


def told(quality: list[float], delivery: list[float]) -> list[tuple[str, str, str]]:
    """Return what is said of two measures that are scored on 1 to 10."""
    others = {leaf.measure: [None] * len(quality) for leaf in TREE.indicators}
    table = pl.DataFrame(
        {"id": [f"C{row}" for row in range(len(quality))], **others, QUALITY: quality, DELIVERY: delivery},
        schema_overrides=dict.fromkeys(others, pl.Float64),
    )
    issues = [issue for issue in measured({"measures": table}, TREE).issues if issue.code == "DATA-546"]
    return [(str(issue.subject), issue.detail["first"], issue.detail["last"]) for issue in issues]


BOTH = f"{QUALITY}, {DELIVERY}"


@pytest.mark.parametrize(
    ("quality", "delivery", "said"),
    [
        ([2.0, 3, 4, 5] * 5, [1.0, 5] * 10, [(BOTH, "1", "5")]),
        ([2.0, 3, 4, 5] * 5, [1.0, 7] * 10, [(BOTH, "1", "7")]),
        ([2.0, 3, 4, 5] * 5, [1.0, 8] * 10, []),  # one low measure is what customers think
        ([2.0, 3, 4, 5] * 5, [1.0, 4.5] * 10, []),  # means of several answers
        ([2.0, 3, 4, 5] * 5, [0.0, 5] * 10, []),
        ([2.0, 3, 4, 5] * 4, [1.0, 5] * 8, []),  # too few
    ],
)
def test_whole_answers_on_a_narrower_scale_are_named(quality, delivery, said) -> None:
    assert told(quality, delivery) == said


@pytest.mark.parametrize(
    ("language", "names", "careful"),
    [
        ("zh", "产品质量与可靠性、", "如果调查用的是 1 至 5 分"),
        ("en", "Quality and reliability, ", "asked on 1 to 5"),
    ],
)
def test_the_run_and_the_first_screen_say_it_and_the_line_helps(
    tmp_path: Path, capsys, language: str, names: str, careful: str
) -> None:
    headers = {leaf.measure: f"Q{place}" for place, leaf in enumerate(TREE.indicators)}
    rows = [",".join([f"C{n}", *(str(2 + (n + q) % 4) for q in range(len(headers)))]) for n in range(40)]
    (tmp_path / "q.csv").write_text("\n".join([",".join(["客户编号", *headers.values()]), *rows]), "utf-8")
    columns = [word for name, header in headers.items() for word in ("--column", f"{name}={header}")]
    command = ["--language", language, "run", str(tmp_path / "q.csv"), "--tree", TREE.id, *columns]
    assert invoke([*command, "--into", str(tmp_path / "q"), "--format", "html"]) == 0
    captured = capsys.readouterr()
    said = next(row for row in (captured.out + captured.err).splitlines() if "DATA-546" in row)
    assert names in said
    page = (tmp_path / "q" / "output" / "report.html").read_text("utf-8")
    assert careful in page[: page.index('id="weights"')]
    line = next(part for part in said.split("`") if part.startswith("scoring:"))
    file = tmp_path / "q" / "study.yaml"
    assert {own["best"] for own in parse(line, "line").data["scoring"]["scales"].values()} == {5}
    file.write_text(f"{file.read_text('utf-8')}\n{line}\n", "utf-8")
    study = Study(tmp_path / "q")
    assert "DATA-546" not in {issue.code for issue in study.measured.issues}
    assert study.run().results["score"].min() > 45  # on 1 to 10 a 5 is 44, and nobody has more
