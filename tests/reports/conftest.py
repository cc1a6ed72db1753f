"""A small evaluation that went the whole road: hostile names, missing data, a flawed expert."""

import itertools
import random
import re
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from evaluator import documents, scoring, weighing
from evaluator.analysis import judgment_findings, robust
from evaluator.data.tables import ColumnNote, Dropped, TableNote
from evaluator.errors import Issue, Location, Severity
from evaluator.evaluation import (
    Evaluation,
    FileRecord,
    Outside,
    PeriodResults,
    Previous,
    Provenance,
    Route,
    Routing,
    Unrated,
)
from evaluator.labels import Text
from evaluator.measuring.measures import Measured, MeasureNote
from evaluator.reports import ReportOptions
from evaluator.reports.page import page
from evaluator.tree import Tree
from evaluator.weighing import Revision, UncertaintyOptions
from evaluator.weighing.panel import Expert, Judgment, Panel, Remark

TREE = """
schema: 1
id: small_value
name: {zh: 小型客户价值, en: Small customer value}
description: {zh: 两个准则、五个指标, en: Two criteria and five indicators}
subject: customer
status: reconstructed
source: {zh: 测试, en: A test}
weights_source: {zh: 示例权重, en: Illustrative weights}
grades:
  - {id: good, name: {zh: 良好, en: Good}, score: 90, from: 80}
  - {id: fair, name: {zh: 中等, en: Fair}, score: 70, from: 60}
  - {id: poor, name: {zh: 差, en: Poor}, score: 40, from: 0}
root:
  id: small_value
  name: {zh: 小型客户价值, en: Small customer value}
  children:
    - id: current_value
      name: {zh: 当前价值, en: Current value}
      axis: current
      weight: 3
      children:
        - id: profit
          name: {zh: 毛利润, en: Gross profit}
          measure: profit
          unit: {zh: 元/年, en: CNY/year}
          direction: benefit
          scale: {kind: piecewise, points: [[0, 0], [50000, 60], [200000, 80], [800000, 100]]}
          weight: 5
        - id: cost
          name: {zh: 服务成本占比, en: Cost to serve}
          measure: cost
          direction: cost
          scale: {kind: linear, worst: 0.5, best: 0.05}
          weight: 2
        - id: frequency
          name: {zh: 购买频率, en: Frequency}
          measure: frequency
          unit: {zh: 次/年, en: times a year}
          direction: benefit
          scale: {kind: percentile, best: high}
          weight: 3
    - id: potential_value
      name: {zh: 潜在价值, en: Potential value}
      axis: potential
      weight: 2
      children:
        - id: growth
          name: {zh: 增长率, en: Growth}
          measure: growth
          direction: benefit
          scale: {kind: linear, worst: -0.3, best: 0.5}
          weight: 1
        - id: loyalty
          name: {zh: 忠诚度, en: Loyalty}
          definition: {zh: 评分人对重复购买意愿的评语, en: What raters think of the will to buy again}
          measure: loyalty
          direction: benefit
          scale: {kind: graded}
          missing: neutral
          weight: 1
"""
MATRICES = """
matrices:
  - id: value_matrix
    name: {zh: 价值矩阵, en: Value matrix}
    x: {axis: current, cut: {kind: fixed, at: [60]}}
    y: {axis: potential, cut: {kind: mean}}
    classes:
      - id: gold
        name: {zh: 黄金客户, en: Gold}
        x: high
        y: high
        strategy: {goal: {zh: 保持, en: Keep}, treatment: {zh: 专人服务, en: Serve personally}, kpi: {zh: 保持率, en: Retention}}
      - {id: silver, name: {zh: 白银客户, en: Silver}, x: high, y: low, strategy: {goal: {zh: 维持, en: Hold}, treatment: {zh: 标准服务, en: Serve as usual}}}
      - {id: bronze, name: {zh: 潜力客户, en: Growing}, x: low, y: high}
      - {id: lead, name: {zh: 铅客户, en: Lead}, x: low, y: low}
"""  # noqa: E501

CUSTOMERS = {
    "id": ["001", "002", "003", "004", "005", "006", "007", "008"],
    "name": [
        "华东机械有限公司", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", None, "Müller & Söhne",
        "+86-10-8888", "长风贸易", "O'Neil \"Ltd\"",
    ],
    "profit": [520000.0, 120000.0, 48000.0, 950000.0, 15000.0, None, 203000.0, 80000.0],
    "cost": [0.12, 0.30, 0.22, 0.04, 0.45, None, 0.15, 1 / 3],
    "frequency": [22.0, 9.0, 9.0, 31.0, 2.0, 5.0, None, 12.0],
    "growth": [0.12, -0.05, 0.33, 0.02, -0.21, None, 0.4, 0.1],
    "loyalty": [92.5, 70.0, None, 81.0, 40.0, None, 88.0, 63.0],
}  # fmt: skip

WEIGHTS = {  # each expert's own weights behind the answers, by group
    "small_value": (3, 2),
    "current_value": (5, 2, 3),
    "potential_value": (2, 1),
}


def tree(*, matrices: bool = True) -> Tree:
    return documents.validate(documents.parse(TREE + (MATRICES if matrices else ""), "small.yaml"), Tree)


def panel(of: Tree) -> Panel:
    """Four experts: three agree more or less, the fourth contradicts herself and left one group blank."""
    experts = tuple(
        Expert(f"expert_{i}", name, role, weight)
        for i, (name, role, weight) in enumerate(
            [
                ("张伟", "销售总监", 1.0),
                ("<b>Li</b>", "财务", 1.0),
                ("王芳", "客服", 2.0),
                ("=1+1", "外部顾问", 1.0),
            ],
            start=1,
        )
    )
    answers: list[Judgment] = []
    for number, expert in enumerate(experts):
        for group in of.groups:
            flawed = number == 3 and group.id == "current_value"
            if number == 3 and group.id == "potential_value":
                continue
            for index, (a, b) in enumerate(itertools.combinations(range(len(group.children)), 2)):
                shares = WEIGHTS.get(group.id, (1,) * len(group.children))
                value = max(1 / 9, min(9, round(shares[a] / shares[b] + number * 0.5)))
                value = (7.0, 1 / 7, 7.0)[index] if flawed else float(value)
                a_id, b_id = group.children[a].id, group.children[b].id
                where = Location(f"{expert.id}.xlsx", sheet=group.id, cell=f"D{index + 5}")
                answers.append(Judgment(expert.id, group.id, a_id, b_id, value, str(value), where))
    remarks = (
        Remark("expert_1", "current_value", "<i>王芳</i>认为利润最重要", Location("expert_1.xlsx")),
        Remark("expert_4", "current_value", "=HYPERLINK(1)"),
    )
    return Panel(experts, tuple(answers), remarks=remarks)


def revisions() -> tuple[Revision, ...]:
    """One revised answer, recorded by the expert herself with a hostile reason."""
    return (
        Revision(expert="expert_3", group="current_value", a="profit", b="cost", before=9.0, after=4.0,
                 author="王芳", date=date(2025, 12, 20), reason="<u>misread</u>"),
    )  # fmt: skip


def measures(customers: int | None) -> pl.DataFrame:
    """The eight customers above, or as many invented ones."""
    if customers is None:
        return pl.DataFrame(CUSTOMERS)
    draw = random.Random(7)
    rows = [
        {
            "id": f"C{number:06d}",
            "name": f"客户{number}",
            "profit": draw.lognormvariate(11, 1.2),
            "cost": None if draw.random() < 0.1 else draw.uniform(0.02, 0.5),
            "frequency": float(draw.randint(1, 40)),
            "growth": None if draw.random() < 0.2 else draw.gauss(0.05, 0.2),
            "loyalty": draw.choice([40.0, 70.0, 90.0]),
        }
        for number in range(customers)
    ]
    return pl.DataFrame(rows, schema={name: pl.DataFrame(CUSTOMERS).schema[name] for name in CUSTOMERS})


def notes() -> tuple[TableNote, ...]:
    dropped = (Dropped("测试行", 1), Dropped("<i>合计</i>", 2, "客户编号"))
    columns = (
        ColumnNote("id", "客户编号", "id", 0, ("001", "002")),
        ColumnNote("profit", "毛利润（万元）", "number", 1, ("52", "12"), unreadable=1),
    )
    return (
        TableNote(
            "measures", "客户.csv", None, "gb18030", 11, 8, dropped, columns, (("009", "测试行"),), header=3
        ),
        TableNote("grades", "评语.xlsx", "Sheet1", None, 24, 24),
    )


@cache
def made(customers: int | None, only: tuple[str, ...] | None, experts: bool, matrices: bool) -> Evaluation:
    """Return an evaluation in Chinese; in another language it is the same but for that word."""
    of = tree(matrices=matrices)
    asked = panel(of) if experts else None
    weights = weighing.weigh(of, asked, convention="cn")
    frame = measures(customers)
    model = scoring.fit(of, weights, frame)
    if only is not None:
        frame = frame.filter(pl.col("id").is_in(list(only)))
    results = scoring.ranked(scoring.score(model, frame))
    judgment = asked and judgment_findings(
        of, asked, weights, options=UncertaintyOptions(draws=400), fuzzy="buckley", revisions=revisions(),
        seed=20260105,
    )  # fmt: skip
    raters = frame.filter(pl.col("loyalty").is_not_null()).select(
        "id", indicator=pl.lit("loyalty"), raters=pl.lit(3), score="loyalty", spread=pl.lit(12.5)
    )
    measured = Measured(
        frame, date(2026, 1, 1), (date(2025, 1, 1), date(2025, 12, 31)), raters,
        (MeasureNote("profit", "measures", 7, 1),),
    )  # fmt: skip
    warned = Issue("DOC-101", "<script>", where=Location("study.yaml", line=3), severity=Severity.WARNING)
    whole = Evaluation(
        title=Text(zh="年度客户价值评价 <2025>", en="Customer value <2025>"),
        language="zh", tree=of, panel=asked, weights=weights, model=model, measured=measured,
        results=results, notes=notes(), unrated=(Unrated("009", "=HYPERLINK(1)", "测试行"),),
        issues=(*weights.issues, warned),
        provenance=Provenance(
            "0.1.0", datetime(2026, 1, 5, 9, 30, tzinfo=UTC), date(2026, 1, 1),
            (FileRecord("客户.csv", "ab" * 32, 11), FileRecord("=evil.csv", "cd" * 32)), {}, seed=20260105,
        ),
        judgment=judgment, previous=before(results), periods=periods(model, frame),
        routing=ROUTING,
        opinions=scoring.second_opinions(model, results, ("topsis", "vikor", "fuzzy_topsis")),
    )  # fmt: skip
    return replace(whole, certainty=robust(whole, draws=200))


ROUTING = Routing(
    "small",
    (
        Route("small", Text(zh="小型客户价值", en="Small customer value"), "size == '<small>'", (), 8),
        Route("firm", Text(zh="本企业", en="The firm"), None, ("US",), 1),
        Route("rest", Text(zh="其他", en="Others"), None, (), 3),
    ),
    (Outside("777", "=Nobody"), Outside("778", None)),
    False,
)


def before(results: pl.DataFrame) -> Previous:
    """Return the year before: the first customer was not there, the second another grade and class."""
    names = [name for name in results.columns if name in ("grade", "score") or name.startswith("class_")]
    rows = results.filter(pl.col("rank") != 1)
    earlier = pl.when(pl.col("rank") == 2).then(pl.col(names).shift(-1)).otherwise(pl.col(names))
    return Previous(
        Text(zh="上年评价 <2024>", en="Year before <2024>"),
        date(2025, 1, 1),
        rows.with_columns(earlier),
        False,
    )


def periods(model: scoring.Model, frame: pl.DataFrame) -> tuple[PeriodResults, ...]:
    """Return three periods, in each of which everybody's profit was a fifth larger than before."""
    return tuple(
        PeriodResults(
            f"202{3 + year}",
            scoring.ranked(scoring.score(model, frame.with_columns(pl.col("profit") * 1.2 ** (year - 2)))),
        )
        for year in range(3)
    )


@pytest.fixture(scope="session")
def evaluation_of() -> Callable[..., Evaluation]:
    """Return a maker of evaluations; they are frozen, so the same one serves every test that asks for it.

    `customers` invents so many instead of the eight; `only` scores these ids with the model of all
    (006 alone leaves nobody rated); without `experts` the weights are given.
    """

    def make(
        language: str = "zh",
        *,
        customers: int | None = None,
        only: Collection[str] | None = None,
        experts: bool = True,
        matrices: bool = True,
    ) -> Evaluation:
        found = made(customers, None if only is None else tuple(only), experts, matrices)
        return replace(found, language=language)

    return make


@pytest.fixture(scope="session")
def page_of(evaluation_of) -> Callable[..., str]:
    """Return a maker of pages: the language, the options, and the kind of evaluation (`evaluation_of`)."""
    written: dict[tuple[object, ...], str] = {}

    def make(
        language: str = "en", *, show_experts: bool = False, cards: int = 1000, edition: str = "client",
        **kind: object,
    ) -> str:  # fmt: skip
        key = (language, show_experts, cards, edition, *((name, str(value)) for name, value in kind.items()))
        if key not in written:
            options = ReportOptions(show_experts=show_experts, cards=cards, edition=edition)
            written[key] = page(evaluation_of(language, **kind), language, options=options)
        return written[key]

    return make


@pytest.fixture(scope="session")
def accessible() -> Callable[..., int]:
    """Return what asserts that axe finds nothing in a part of a window, and counts the rules it tried."""
    axe = pytest.importorskip("axe_core_python.sync_playwright", reason="axe_core_python is not here").Axe()

    def check(window, part: str | None = None) -> int:
        # where a rule holds is not told place by place, which is most of what axe would send
        found = axe.run(window.page, part, {"resultTypes": ["violations"]})
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []
        return len(found["passes"])

    return check


Changes = Mapping[tuple[int, str], float]


@pytest.fixture(scope="session")
def recalculated(converted: Callable[..., list[Path]]) -> Callable[..., list[Path]]:
    """Return what recalculates workbooks in one run of LibreOffice, after every cached value was made wrong.

    A workbook comes with the cells that are given other numbers first, by the position of their sheet and
    their address. The spoilt copies stay in the folder, their recalculations beside them.
    """

    def run(books: Sequence[tuple[Path, Changes]], folder: Path) -> list[Path]:
        folder.mkdir()
        spoilt = [folder / f"{number}.xlsx" for number, _ in enumerate(books)]
        for (path, changes), target in zip(books, spoilt, strict=True):
            _spoil(path, target, changes)
        return converted(spoilt, folder / "out")

    return run


def _spoil(path: Path, target: Path, changes: Changes) -> None:
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            content = source.read(name)
            if sheet := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name):
                content = re.sub(rb"(</f><v>)[^<]*(</v>)", rb"\g<1>-999\g<2>", content)
                for (number, address), value in changes.items():
                    if number == int(sheet[1]):
                        cell = rf'(<c r="{address}"[^>]*><v>)[^<]*(</v>)'.encode()
                        content, found = re.subn(cell, rf"\g<1>{value!r}\g<2>".encode(), content)
                        assert found == 1, address
            copy.writestr(name, content)
