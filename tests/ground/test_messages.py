"""Both languages say everything, with the same values."""

import ast
import pickle
import re
from pathlib import Path
from string import Formatter

import pytest

from evaluator import messages
from evaluator.reports.sections import LEVELS

PACKAGE = Path(messages.__file__).parents[1]


def fields(text: str) -> set[str]:
    """Return the names of the values of a text, those within the two forms of a word as well."""
    found: set[str] = set()
    for _, name, form, _ in Formatter().parse(text):
        if name is not None:
            found |= {name} | fields(form or "")
    return found


def test_both_catalogues_have_the_same_keys_and_placeholders() -> None:
    zh, en = messages.catalogue("zh"), messages.catalogue("en")
    assert zh.keys() == en.keys()
    assert {key for key in en if fields(zh[key]) != fields(en[key])} == set()


def test_no_key_stands_twice_in_a_catalogue() -> None:
    """The later would silently take the place of the earlier."""
    for path in sorted((PACKAGE / "messages").glob("*/*.yaml")):
        keys = re.findall(r"^([A-Za-z0-9_-]+):", path.read_text("utf-8"), re.MULTILINE)
        assert [key for key in dict.fromkeys(keys) if keys.count(key) > 1] == [], path


def test_a_catalogue_is_a_room_s_a_family_s_or_a_level_s() -> None:
    rooms = {folder.name for folder in PACKAGE.iterdir() if folder.is_dir()} | {"ground"}
    families = {f"customers_{path.parent.name}" for path in PACKAGE.glob("customers/models/*/__init__.py")}
    levels = {f"reports_{level}" for level in (*LEVELS, "brief")}  # the brief is said of all of them
    for language in messages.LANGUAGES:
        files = {path.stem for path in PACKAGE.joinpath("messages", language).iterdir()}
        assert files <= rooms | families | levels
        assert files >= families | levels


def test_every_code_in_the_program_has_its_prose() -> None:
    used = set()
    for path in PACKAGE.rglob("*.py"):
        used |= set(re.findall(r'"([A-Z]+-\d{3})"', path.read_text("utf-8")))
    known = {key.removesuffix(".message") for key in messages.catalogue("en") if key.endswith(".message")}
    assert used - known == set()
    assert known - used == set(), "prose of codes nothing raises"


@pytest.mark.parametrize(
    ("asked", "environment", "spoken"),
    [
        ("en", "zh_CN.UTF-8", "en"),
        (None, "zh_CN.UTF-8", "zh"),
        (None, "de_DE.UTF-8", "en"),
        ("fr", "C", "en"),
    ],
)
def test_language_is_asked_for_or_the_locale_or_english(asked, environment, spoken, monkeypatch) -> None:
    monkeypatch.setenv("LC_ALL", environment)
    assert messages.choose(asked) == spoken


def test_an_id_with_a_name_is_said_by_it_and_stays_the_id() -> None:
    named = messages.Named("growth", {"zh": "增长", "en": "Growth"})
    assert messages.text("nearest", "zh", names=named).count("增长（growth）") == 1
    assert named == "growth"
    assert hash(named) == hash("growth")
    copied = pickle.loads(pickle.dumps(named))
    assert (copied, copied.name["en"]) == ("growth", "Growth")
    assert "(" not in messages.text("nearest", "en", names=messages.Named("a", {"zh": "甲", "en": "a"}))


@pytest.mark.parametrize(
    ("count", "form"), [(1, "1 customer has "), (0, "0 customers have "), (21, "21 customers have ")]
)
def test_a_word_goes_with_its_number(count, form) -> None:
    said = messages.text("DATA-438.message", "en", count=count, subject="trust", minimum=2, examples="001")
    assert said.startswith(form)
    assert "|" not in said
    assert "#" not in said


def test_what_is_evaluated_goes_with_its_number() -> None:
    subject = messages.Noun("customers", "customer")
    assert pickle.loads(pickle.dumps(subject)).one == "customer"
    for count, form in ((1, "1 customer "), (2, "2 customers "), (12345, "12,345 customers ")):
        said = messages.text("report.warning.unmeasured", "en", count=count, subject=subject)
        assert said.startswith(form)


def test_whatever_is_counted_has_the_word_for_one() -> None:
    """A bare number before a plural would read "1 customers"."""
    plural = re.compile(
        r"\{(?:count|rows|errors|customers)\} (?:customers|cells|ids|rows|errors|order lines|dates|values)\b"
    )
    left = [key for key, text in messages.catalogue("en").items() if plural.search(text)]
    assert left == []


VIEWS = ("customers", "lifetime", "retention", "equity", "forecasts", "crosscheck", "satisfaction", "loyalty",
         "churn", "firm")  # fmt: skip
NO_NOUNS = {"as", "has", "is", "lacks", "meets", "spends", "was"}
MAKERS = {"Issue": 2, "not_among": 3, "about": 0}  # what makes issues, and where it is given the facts
DECIMALS = ("split_", "churn.lift")  # whose values always have decimals


def test_what_views_count_is_said_in_the_singular_where_there_is_one() -> None:
    several = {}
    for key, text in messages.catalogue("en").items():
        if key.startswith(tuple(f"report.{view}." for view in VIEWS)) and not any(d in key for d in DECIMALS):
            said = messages.text(key, "en", **dict.fromkeys(fields(text), 1))
            nouns = set(re.findall(r"\b1 ([a-z]+s)\b", said)) - NO_NOUNS
            if nouns:
                several[key] = said
    assert several == {}


def issues_made() -> list[tuple[str, str, set[str]]]:
    """Return the code of every issue that is made with facts spelt out, where, and the names of the facts."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            maker = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
            if isinstance(node, ast.Call) and maker in MAKERS:
                code, names = node.args[0] if node.args else None, facts(node, maker)
                if isinstance(code, ast.Constant) and names is not None:
                    found.append((str(code.value), f"{path.name}:{node.lineno}", names))
    return found


def facts(made: ast.Call, maker: str) -> set[str] | None:
    """Return the names of the facts an issue is made with; None where they are not spelt out there."""
    stated = {word.arg or "": word.value for word in made.keywords}
    if maker == "about":
        return {"count", "examples", *stated}
    at = MAKERS[maker]
    detail = made.args[at] if len(made.args) > at else stated.get("detail", ast.Dict([], []))
    if not isinstance(detail, ast.Dict):
        return None
    names = {str(key.value) for key in detail.keys if isinstance(key, ast.Constant)}
    return names if len(names) == len(detail.keys) else None


def test_whatever_an_issue_says_is_among_its_facts() -> None:
    """A text that asks for a fact it is not given would be a traceback where the issue is shown."""
    made, texts = issues_made(), messages.catalogue("en")
    assert len(made) > 100
    wrong = []
    for code, place, names in made:
        asked = fields(texts[f"{code}.message"]) | fields(texts.get(f"{code}.hint", ""))
        if lacking := {name.partition(".")[0] for name in asked} - names - {"subject"}:
            wrong.append((place, code, lacking))
    assert wrong == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_counts_have_their_thousands_separated_and_line_numbers_do_not(language) -> None:
    noun = messages.subject("customer", language)
    said = messages.text("cli.run.done_but", language, rated=8992, others=41008, subject=noun)
    assert "8,992" in said
    assert "41,008" in said
    assert "12345" in messages.text("DATA-419.message", language, subject="a", row=12345, above=3)
