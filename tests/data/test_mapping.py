"""The part of `study.yaml` that says how a table is read."""

import pytest

from evaluator.data import TableMapping
from evaluator.documents import parse, validate
from evaluator.errors import EvaluationError

WHOLE = """\
file: data/订单.csv
header: 3
encoding: gb18030
delimiter: ;
columns:
  id: {from: 客户编号, width: 6}
  date: {from: 日期, format: "%d/%m/%Y"}
  amount: {from: 金额（万元）, factor: 10000}
  quantity: {from: 数量, units: {箱: 12}, decimal: ","}
  product: 产品
  cost: null
totals: [合计, Summe]
duplicates: drop
filters:
  - {drop: 单价, equals: 0, reason: 赠品}
  - {keep: 区域, in: [华东, 华南], reason: 只评价华东与华南}
"""


def mapped(text: str) -> TableMapping:
    return validate(parse(text, "study.yaml"), TableMapping)


def test_everything_a_mapping_may_say_is_read() -> None:
    mapping = mapped(WHOLE)
    amount, product = mapping.column("amount"), mapping.column("product")
    assert amount is not None
    assert product is not None
    assert (amount.from_, amount.factor) == ("金额（万元）", 10000)
    assert (product.from_, product.factor) == ("产品", 1)
    assert mapping.column("cost") is None
    assert mapping.column("price") is None
    assert [(rule.column, rule.test) for rule in mapping.filters] == [("单价", "equals"), ("区域", "in_")]


@pytest.mark.parametrize(
    ("text", "code", "subject", "place"),
    [
        ("sheet: a", "DOC-107", "study.yaml", "study.yaml:1:1"),
        ("file: a\nfactor: 3", "DOC-101", "factor", "study.yaml:2:1"),
        ("file: a\nheader: 0", "DOC-106", "header", "study.yaml:2:1"),
        ("file: a\ncolumns:\n  id: {form: b}", "DOC-101", "columns.id.form", "study.yaml:3:8"),
        ("file: a\nunpivot: {name: b}", "DOC-107", "unpivot", "study.yaml:2:1"),
        ("file: a\nunpivot: {columns: [a], name: b, values: {c: d}}", "DOC-107", "unpivot", "study.yaml:2:1"),
        ("file: a\nconstants: {b: 1}\ncolumns: {b: c}", "DOC-107", "study.yaml", "study.yaml:1:1"),
        ("database: a\ntable: b\nfill_down: [id]", "DOC-107", "study.yaml", "study.yaml:1:1"),
        ("file: a\ncolumns:\n  id: {from: b, position: 2}", "DOC-107", "columns.id", "study.yaml:3:3"),
        ("file: a\nheader: [0, 1]", "DOC-106", "header.1", "study.yaml:2:10"),
        ("file: a\ncolumns:\n  id: {from: b, factor: -1}", "DOC-106", "columns.id.factor", "study.yaml:3:17"),
        ("file: a\ncolumns:\n  id: 3", "DOC-103", "columns.id", "study.yaml:3:3"),
        ("file: a\nduplicates: merge", "DOC-104", "duplicates", "study.yaml:2:1"),
        ("file: a\nfilters:\n  - {drop: b, reason: c}", "DOC-107", "filters.1", "study.yaml:3:5"),
    ],
)
def test_a_mistake_is_named_by_its_place(text: str, code: str, subject: str, place: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        mapped(text)
    assert (code, subject, place) in [(i.code, i.subject, str(i.where)) for i in raised.value.issues]
