"""One word for one thing, and the one a native colleague would write: in every text that people see."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from evaluator import messages
from evaluator.customers import MODEL_MEASURES

HOME = Path(messages.__file__).parents[2]
OURSELVES = Path(__file__)


class Word(NamedTuple):
    """A word that is not written, what is written instead, and where it is right, with the reason."""

    pattern: str
    preferred: str
    right: tuple[tuple[str, str], ...] = ()  # (start of a place, reason)


ZH = (
    Word("客户满意(?!度)", "客户满意度"),
    Word("客户忠诚(?!度)", "客户忠诚度"),
    Word("(?<!度)(满意|忠诚)指数", "满意度指数、忠诚度指数"),
    Word("价值的其他方面", "其他价值指标"),
    Word("钱袋", "钱包份额"),
    Word("实现价格", "实际成交净价"),
    Word("(得分不低于平均得分|不差于(均值|中位数))为高", "达到平均分即记为“高”"),
    Word("话语权", "专家权重"),
    Word("偏大到|偏大倍数", "为其余判断推算值的 … 倍"),
    Word("人质", "被迫忠诚型"),
    Word("最近购买距今天数", "距上次购买天数"),
    Word("客户与其期望", "实际感受与期望对比"),
    Word("占比的抽样误差", "抽样误差（95% 置信度）"),
    Word(
        "[元要]素",
        "准则、指标、各项",
        (
            ("evaluator/messages/zh/workbook.yaml", "elements of a page or of XML"),
            ("docs/errors.md", "the same elements"),
        ),
    ),
    Word("位(潜在)?客户|[0-9}] ?户", "个客户"),
    Word("不予评[价定]|未予评级|未参加排名|未评定", "未评价（原因）"),
    Word("参评", "已评价、评价"),
    Word("(?<!介于)(稍|明显|强烈|同等)至", "介于…与…之间"),
    Word("(策略|做法)?文字为整理|为整理[。；，]", "由本软件归纳，供参考"),
    Word("无从", "无法"),
    Word("未予采用|未被采用", "未采用"),
    Word("标尺", "评分标准"),
    Word("逐户", "逐一"),
    Word("仍在购买的概率", "仍会购买的概率"),
    Word("(局部|全局|本级)权重", "同级权重、总权重"),
    Word("评分标准两端|按端点计", "评分标准范围，按上限或下限计分"),
    Word("评价基准日", "截止日期"),
    Word("随软件提供", "自带"),
    Word("未说明策略", "无适用的行动"),
    Word("未规定策略", "无适用的行动"),
    Word("保持率", "保留率"),
    Word("看不懂", "无法识别"),
    Word("本系统", "本软件"),
    Word(
        "[\u4e00-\u9fff][,;!?](?=[\u4e00-\u9fff])",
        "full-width marks between Chinese characters",
        (("docs/trees.md", "a list in a command"),),
    ),
    Word("[0-9]—[0-9]", "1–9"),
    Word("[0-9}] %(?![-.0-9a-z(}])", "95%"),
)

EN = (
    Word("indicator system", "indicator tree"),
    Word("share of (the word|say)", "share of the vote"),
    Word("do not count in that criterion", "are excluded, for that criterion only"),
    Word("rows had to be dropped", "rows were excluded"),
    Word("[Gg]oing together", "correlation is not causation"),
    Word("[Ww]hat each score is made of", "score breakdown"),
    Word("Value beyond classes", "Other value measures"),
    Word("Where the value comes from", "Value concentration"),
    Word("(wording|definitions|items).* (is|are) ours", "suggestions by the software"),
    Word("[Rr]ealized", "realised"),
    Word("[Ll]eft out of (this|the) (group|criterion)", "excluded from this criterion"),
    Word("[Ff]oret(old|ell)", "predicted, forecast"),
    Word("(in|of|over) the window", "in the period"),
    Word("[Ss]ay whether", "true if, whether"),
    Word("(what|who) (has )?bec(a|o)me of", "what happened to"),
    Word("so-manieth", "every n-th"),
    Word("by every means", "at all costs, make every effort"),
    Word("[Hh]ostage", "captive"),
    Word("[0-9}] %(?![-.0-9a-z(}])", "95%"),
)
PROSE = (
    Word("[Ww]hoever", "those who, customers who"),
    Word("(?<![Tt]here )(?<!it )\\b(is|are|was|were) no (?!(longer|more|one)\\b)[a-z]", "is not a …"),
    Word("it is no (?!(longer|more)\\b)", "it is not a …"),
    Word("(beyond|lies? outside) the ends", "outside the scale, scored at its limit"),
    Word('(?<![."])\\b([Nn]obody|[Ee]verybody|[Ss]omebody)\\b', "no customer, all customers, someone"),
    Word("\\bt(ell|old|ells)\\b[^.:;]{0,30}\\bapart", "distinguish"),
    Word("\\b[Ss]ay `", "state `…`"),
)
"""Words of the texts of the software itself; documents may write them."""

CODE = (
    Word("[Ss]ay whether", "True if, whether"),
    Word("[Ww]ha(t|tever) became of|has become of", "what happened to"),
    Word("so-manieth", "every n-th"),
)


class Said(NamedTuple):
    """A text and where it stands."""

    place: str
    text: str


def leaves(tree: object, place: str) -> Iterator[Said]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, f"{place}.{key}")
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from leaves(value, f"{place}[{number}]")
    elif isinstance(tree, str):
        yield Said(place, tree)


@cache
def parsed(path: Path) -> object:
    return yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # our own files


def named(path: Path) -> str:
    return path.relative_to(HOME).as_posix()


def catalogues(language: str) -> Iterator[Said]:
    for path in sorted((HOME / "evaluator" / "messages" / language).glob("*.yaml")):
        yield from leaves(parsed(path), f"{named(path)}:")


def contents(language: str) -> Iterator[Said]:
    """Yield what trees, strategies, flags and checklists say in a language."""
    found = [*(HOME / "indicator_trees").glob("*.yaml"), *(HOME / "evaluator").rglob("*.yaml")]
    for path in sorted(path for path in found if "messages" not in path.parts):
        for said in leaves(parsed(path), f"{named(path)}:"):
            if said.place.endswith(f".{language}"):
                yield said


def titles(language: str) -> Iterator[Said]:
    """Yield the names that the code gives to methods and models."""
    for method in MODEL_MEASURES.methods():
        yield Said(f"measure {method.name}", method.title[language])
    yield from (said for word, said in stated_in_code() if word == language)


@cache
def stated_in_code() -> tuple[tuple[str, Said], ...]:
    """Return what calls state in a language, with the language."""
    return tuple(
        (word.arg, Said(f"{named(path)}:{node.lineno}", str(word.value.value)))
        for path in sorted((HOME / "evaluator").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg in messages.LANGUAGES and isinstance(word.value, ast.Constant)
    )


def templates(language: str) -> Iterator[Said]:
    """Yield the lines of templates; those of a study and of the demo are in one language each."""
    other = "en" if language == "zh" else "zh"
    for path in sorted((HOME / "templates").rglob("*")):
        if path.suffix in (".j2", ".yaml") and f".{other}." not in path.name:
            yield from lines(path)


def lines(path: Path) -> Iterator[Said]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        yield Said(f"{named(path)}:{number}", line)


def documents() -> Iterator[Said]:
    for path in (*sorted((HOME / "docs").glob("*.md")), HOME / "README.md"):
        yield from lines(path)


def code() -> Iterator[Said]:
    for folder in ("evaluator", "tests", "benchmarks", "docs"):
        for path in sorted((HOME / folder).rglob("*.py")):
            if path != OURSELVES:
                yield from lines(path)


def mistakes(said: Iterator[Said], words: tuple[Word, ...]) -> list[str]:
    """Return every text with a word that is not written: its place, the word and the preferred one."""
    compiled = [(re.compile(word.pattern), word) for word in words]
    return [
        f"{place}: “{match.group()}” → {word.preferred}"
        for place, text in said
        for pattern, word in compiled
        if (match := pattern.search(text)) and not any(place.startswith(start) for start, _ in word.right)
    ]


WORDS = {"zh": ZH, "en": EN + PROSE}
SOURCES = (catalogues, contents, titles, templates)


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_the_words_are_those_of_the_glossary(source, language) -> None:
    assert mistakes(source(language), WORDS[language]) == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_documents_use_the_words_of_the_software(language) -> None:
    assert mistakes(documents(), {"zh": ZH, "en": EN}[language]) == []


def test_code_speaks_plain_english() -> None:
    assert mistakes(code(), CODE) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "客户满意"), ("zh", "共 3 位客户"), ("zh", "最近购买距今天数 7.51"), ("zh", "两个元素的比较"),
        ("zh", "稍至明显重要"), ("zh", "好,坏"), ("zh", "低 8.7 %"), ("en", "share of the word"),
        ("en", "it is no probability"), ("en", "Whoever lacks"), ("en", "days in the window"),
        ("en", "say `x`"), ("en", "the indicator system"),
    ],
)  # fmt: skip
def test_a_word_that_is_not_written_is_found_with_its_place(language, text) -> None:
    (found,) = mistakes(iter([Said("a.yaml:key", text)]), WORDS[language])
    assert found.startswith("a.yaml:key: “")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "客户满意度：3 个客户"), ("zh", "介于稍重要与明显重要之间"),
        ("en", "There is no score, and it is no longer asked"),
    ],
)  # fmt: skip
def test_the_words_that_are_written_pass(language, text) -> None:
    assert mistakes(iter([Said("a.yaml:key", text)]), WORDS[language]) == []


def test_every_exception_has_its_reason_and_its_place() -> None:
    for words in (*WORDS.values(), CODE):
        for word in words:
            for start, reason in word.right:
                assert reason
                assert (HOME / start).exists(), start
