"""The three forms of every kind are one: what Python writes, a cell shows, and the page writes."""

import csv
import random
from datetime import date

import pytest
import xlsxwriter

from evaluator import resources
from evaluator.present.kinds import ABSENT, FIGURES, pattern, said

VALUES = 2_000
SIGNED = {
    "growth",
    "change",
    "shift",
    "points",
    "coefficient",
    "quantity",
    "money",
    "money/year",
    "money/month",
}
LARGEST = {"share": 3, "weight": 3, "exact_weight": 3, "growth": 3, "change": 3, "coefficient": 3, "p": 1,
           "points": 5, "shift": 4, "multiple": 4, "days": 6, "rank": 7, "count": 9, "quantity": 9,
           "money": 12, "money/year": 11, "money/month": 10}  # fmt: skip
FORMS = [
    *((kind, language, "CNY") for kind in FIGURES for language in ("zh", "en")),
    *(("money", language, currency) for language in ("zh", "en") for currency in ("", "USD", "SEK")),
]


def values(kind: str, seed: int) -> list[float]:
    """Return values of a kind: of every size, halves, whole ones, the ends of the steps, and none at all."""
    draw = random.Random(seed)
    steps = [step.least for step in pattern(kind, "en").steps + pattern(kind, "zh").steps]
    found = [0.0, *(end * (1 + part) for end in steps for part in (-1e-6, 0, 1e-6))]
    while len(found) < VALUES:
        size = 10 ** draw.uniform(-4, LARGEST[kind])
        digits = draw.choice((0, 1, 2, 3, 5, 12))
        found.append(round(size, digits))
    if kind in ("count", "rank"):
        found = [float(round(value)) for value in found]
    return [-value if kind in SIGNED and draw.random() < 0.4 else value for value in found]


@pytest.fixture(scope="module")
def written() -> dict[tuple[str, ...], tuple[list[float], list[str]]]:
    """For each form the values, and what Python writes."""
    found = {}
    for seed, form in enumerate(FORMS):
        numbers = values(form[0], seed)
        found[form] = (numbers, [pattern(*form).text(value) for value in numbers])
    return found


def test_a_cell_of_the_workbook_shows_what_python_writes(written, converted, tmp_path):
    path = tmp_path / "forms.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    styles: dict[str, object] = {}
    for column, form in enumerate(FORMS):
        for row, value in enumerate(written[form][0]):
            code = pattern(*form).excel(value)
            style = styles.setdefault(code, book.add_format({"num_format": code}))
            sheet.write_number(row, column, value, style)
    book.close()
    [shown] = converted([path], tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76")
    with shown.open(encoding="utf-8-sig", newline="") as file:
        columns = list(zip(*csv.reader(file), strict=True))
    assert len(columns) == len(FORMS)
    for form, column in zip(FORMS, columns, strict=True):
        numbers, texts = written[form]
        unlike = [t for t in zip(numbers, texts, column, strict=True) if t[1] != t[2]]
        assert not unlike, (form, len(unlike), unlike[:5])


SAYS = """([script, forms]) => {
  const page = { frame: { data: { numbers: {} } } };
  new Function("page", script)(page);
  return forms.map(([numbers, texts, pattern]) => numbers
    .map((value, place) => [value, texts[place], page.numbers.written(value, pattern)])
    .filter(([, python, script]) => python !== script));
}"""


def test_the_page_writes_what_python_writes(written, opened):
    script = (resources.folder("templates") / "page" / "js" / "numbers.js").read_text("utf-8")
    forms = [(*written[form], pattern(*form).compact()) for form in FORMS]
    window = opened("<!DOCTYPE html><title>numbers</title>")
    unlike = window.page.evaluate(SAYS, [script, forms])
    assert len(unlike) == len(FORMS)
    assert not any(unlike), [(form, few[:5]) for form, few in zip(FORMS, unlike, strict=True) if few]


@pytest.mark.parametrize(
    ("kind", "value", "zh", "en"),
    [
        ("money", 0.0, "0元", "¥0"),
        ("money", -0.001, "0.00元", "¥0.00"),
        ("money", 4.5, "4.50元", "¥4.50"),
        ("money", 1234.56, "1,235元", "¥1,235"),
        ("money", 9999.5, "1.0万元", "¥10.0k"),
        ("money", -34_000.0, "-3.4万元", "-¥34.0k"),
        ("money", 12_345_678.0, "1,234.6万元", "¥12.35M"),
        ("money", 99_999_999.0, "1.00亿元", "¥100.00M"),
        ("money", 234_567_890_123.0, "2,345.68亿元", "¥234,567.89M"),
        ("share", 0.1445, "14.5%", "14.5%"),
        ("growth", 0.0823, "+8.2%/年", "+8.2% a year"),
        ("growth", -0.00001, "0.0%/年", "0.0% a year"),
        ("days", 1.0, "1 天", "1 day"),
        ("days", 7.51, "8 天", "8 days"),
        ("days", 0.0, "0 天", "0 days"),
        ("points", -0.04, "0.0", "0.0"),
        ("points", 78.25, "78.3", "78.3"),
        ("shift", 2.0, "+2.0", "+2.0"),
        ("p", 0.0004, "<0.001", "<0.001"),
        ("count", 1234.0, "1,234", "1,234"),
        ("quantity", 3.0, "3", "3"),
        ("quantity", 0.12345, "0.123", "0.123"),
        ("multiple", 2.31, "2.3倍", "2.3×"),
        ("exact_weight", 0.14285, "0.1429", "0.1429"),
        ("day", date(2026, 1, 5), "2026-01-05", "2026-01-05"),
        ("points", None, ABSENT, ABSENT),
        ("money", float("nan"), ABSENT, ABSENT),
        ("count", "–3", "–3", "–3"),
    ],
)
def test_values_are_written_by_their_kind(kind, value, zh, en):
    assert (said(value, kind, "zh", "CNY"), said(value, kind, "en", "CNY")) == (zh, en)


def test_no_figure_shows_a_sign_of_nothing(written):
    texts = {text for _, shown in written.values() for text in shown}
    assert not [
        text for text in texts if text.startswith("-") and not any(sign in text for sign in "123456789")
    ]
