"""What people type into YAML by mistake is named as it stands, at its place, in their language."""

import re

import pytest

from evaluator.documents import Format, parse, validate
from evaluator.errors import EvaluationError, Issue
from evaluator.study.file import StudyFile

POINTS = "scoring: {scales: {a: {kind: piecewise, points: %s}}}\n"
STUDY = "schema: 1\ntitle: x\ntree: t\nweighting: {source: given}\n"


def issues_of(text: str, model: type[Format] = StudyFile) -> tuple[Issue, ...]:
    with pytest.raises(EvaluationError) as caught:
        validate(parse(text, "x.yaml"), model)
    return caught.value.issues


@pytest.mark.parametrize(
    ("text", "sign", "place"),
    [
        ("schema: 1\nid： x\nname: a\n", "：", "x.yaml:2:3"),
        ("schema: 1\nid： x\n", "：", "x.yaml:2:3"),
        ("schema： 1\nid: x\n", "：", "x.yaml:1:7"),
        ("schema： 1\n", "：", "x.yaml:1:1"),
        ("experts:\n  - id： E1\n    name: x\n", "：", "x.yaml:2:7"),
        (STUDY + "measure: {window_months：12}\n", "：", "x.yaml:5:11"),
        (STUDY + "experts:\n  - id：E1\n", "：", "x.yaml:6:5"),
        (STUDY + "report: {cards: 3，show_experts: true}\n", "，", "x.yaml:5:18"),
        (STUDY + "experts: 【{id: E1}】\n", "【", "x.yaml:5:10"),
        (
            STUDY + "scoring: {scales: {a: {kind: piecewise, points: [[0，0], [1, 5]]}}}\n",
            "，",
            "x.yaml:5:51",
        ),
        (STUDY + "report: {cards: ６０}\n", "６", "x.yaml:5:10"),
        ("title: “x: y”\n", "“", "x.yaml:1:8"),
        ("a:\n\tb: 1\n", "\t", "x.yaml:2:1"),
        ("a:\n  b: 1\n\tc: 2\n", "\t", "x.yaml:3:1"),
        (STUDY + "measure:\n　　window_months: 12\n", "\u3000", "x.yaml:6:1"),
    ],
)
def test_a_sign_that_only_looks_like_yaml_is_named(text: str, sign: str, place: str) -> None:
    found = [(issue.code, issue.subject, str(issue.where)) for issue in issues_of(text)]
    assert ("DOC-009", sign, place) in found


def test_every_key_before_a_full_width_colon_is_named_at_once() -> None:
    lines = [issue.where.line for issue in issues_of("schema： 1\ntitle: x\ntree： t\n  seed： 3\nb: 1\n")]
    assert lines == [1, 3, 4]


@pytest.mark.parametrize(
    "text",
    [
        "title: 说明：很好，真的\nb: 1\n",
        "a: '：'\n",
        "a: [1, 2] # 注：好，\nb: x\n",
        "a:\n  - 甲：乙\n  - 丙，丁\n",
    ],
)
def test_full_width_signs_in_texts_are_texts(text: str) -> None:
    assert parse(text, "x.yaml").data


@pytest.mark.parametrize(
    ("text", "written", "plain", "place"),
    [
        (POINTS % "[[0, 0], [1,000, 5]]", "1,000", "1000", "x.yaml:5:59"),
        (POINTS % "[[0, 0], [2,500, 5]]", "2,500", "2500", "x.yaml:5:59"),
        ("measure: {window_months: 1,200}", "1,200", "1200", "x.yaml:5:11"),
        ("report:\n  cards: 1,200", "1,200", "1200", "x.yaml:6:3"),
        ("tables: {o: {file: x, columns: {a: {from: b, factor: 10,000}}}}", "10,000", "10000", "x.yaml:5:46"),
    ],
)  # fmt: skip
def test_a_thousands_sign_is_named_with_the_number_to_write(
    text: str, written: str, plain: str, place: str
) -> None:
    (issue,) = (issue for issue in issues_of(STUDY + text) if issue.code == "DOC-010")
    assert (issue.subject, issue.detail["plain"], str(issue.where)) == (written, plain, place)
    read = text.replace(written, plain)
    assert validate(parse(STUDY + read, "x.yaml"), StudyFile)  # the hint works


def test_a_list_that_is_too_long_for_another_reason_is_no_number() -> None:
    text = STUDY + POINTS % "[[0,100], [5, 200, 300]]"
    assert [issue.code for issue in issues_of(text)] == ["DOC-109"]


@pytest.mark.parametrize(
    "text",
    [
        "a: [1, 2\nb: 3\n", "a: {b: 1\nc: 2\n", 'a: "x\nb: 3\n', "a: 1\n  b: 2\n", "a: 1\n- b\n",
        "a: %x\n", "a: @x\n", 'a: "D:\\data"\n', "a: b: c\n", "a:1\nb: 2\n", "a: \x01\n",
        "? [a]\n: 1", "a: 'x' y\n", "a: 1\n b: 2\n",
        STUDY + "experts: [{id: E1, weight: []}]\n", STUDY + "title: [a\n",
        STUDY + "experts: [{id: E1, groups: []}]\nseed: x\nmeasure: {window_months: 1.5}\n",
        STUDY + "tables: {o: {file: '', database: y}}\nreport: 3\n",
        STUDY + "tables: {o: {file: x, columns: {a: {from: b, recorded: UTC, zone: Mars}}}}\n",
        STUDY + "tables: {o: {file: x, filters: [{drop: a, equals: [1]}, {drop: a, reason: ''}]}}\n",
        STUDY + "customers: {matrices: [{matrix: m, x: a}], clv: 3}\n",
    ],
)  # fmt: skip
def test_no_english_of_the_parsers_is_said_in_chinese(text: str) -> None:
    for issue in issues_of(text):
        said = issue.sentence("zh")
        for name in (issue.subject, *issue.hint, *re.findall(r"«[^»]*»|`[^`]*`|[a-z]+(?:_[a-z]+)+", said)):
            said = said.replace(name, "")
        assert len(re.findall(r"[A-Za-z]{3,}", said)) <= 4, said
        assert not re.search(r"[A-Za-z]{2,} (?!与|和|的|或)[A-Za-z]{2,} [A-Za-z]{2,}", said), said


def test_every_reason_why_a_format_refuses_is_a_text_of_both_catalogues() -> None:
    """A validator that raises a plain ValueError would be said as `unfit.other`."""
    text = STUDY + "tables: {o: {file: x, database: y}, p: {file: x, sheet: b, query: s}}\n"
    reasons = [issue.detail["reason"] for issue in issues_of(text)]
    assert [reason.key for reason in reasons] == ["unfit.one_of", "unfit.beside"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("tables: {o: {file: x, columns: {id: {form: a}}}}", "from"),
        ("tables: {o: {file: x, colums: {}}}", "columns"),
        ("report: {card: 3}", "cards"),
        ("scoring: {scales: {a: {kind: linear, wurst: 3, best: 4}}}", "worst"),
    ],
)
def test_hints_offer_only_keys_allowed_there(text: str, hint: str) -> None:
    (issue,) = (issue for issue in issues_of(STUDY + text) if issue.code == "DOC-101")
    assert hint in issue.hint
    for offered in issue.hint:
        last = issue.subject.rpartition(".")[2]
        refused = issues_or_none(STUDY + text.replace(f"{last}:", f"{offered}:", 1))
        assert not any(found.code == "DOC-101" for found in refused), offered


def issues_or_none(text: str) -> tuple[Issue, ...]:
    try:
        validate(parse(text, "x.yaml"), StudyFile)
    except EvaluationError as error:
        return error.issues
    return ()
