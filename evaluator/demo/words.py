"""The words a demo study is written in: names, products and headers, one file per language."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator import resources
from evaluator.documents import Format, load, validate

FOLDER = "templates"


class Words(Format):
    """The vocabulary of an invented company and its customers.

    `products` holds one list per product line; `contracts` the kinds of contract from none to the
    longest; `owners` the account managers, as many for each of the `regions`; `churn_kinds` and
    `churn_causes` what leaving customers are noted under; `activities` what
    serving a customer takes; `knowledge` what may be known of one,
    `attributes` what is offered; `headers` the column names of each table
    by the name the study gives the column.
    """

    language: str
    places: tuple[str, ...]
    words: tuple[str, ...]
    trades: tuple[str, ...]
    company: str
    types: dict[str, str]
    products: tuple[tuple[str, ...], ...]
    contracts: tuple[str, str, str]
    unknown: str
    regions: tuple[str, ...]
    owners: tuple[str, ...]
    raters: tuple[str, ...]
    orders_sheet: str
    orders_title: str
    total: str
    walk_in: str
    activities: tuple[str, str, str]
    knowledge: tuple[str, ...]
    attributes: tuple[str, ...]
    rival: str
    churn_kinds: tuple[str, str]
    churn_causes: dict[str, str]
    yes: str
    no: str
    headers: dict[str, dict[str, str]]


def words(language: str) -> Words:
    """Return the vocabulary of a language.

    >>> [len(line) for line in words("zh").products] == [len(line) for line in words("en").products]
    True
    """
    return validate(load(resources.folder(FOLDER) / "demo" / f"words.{language}.yaml"), Words)


def study_text(language: str, *, seed: int) -> str:
    """Return the commented `study.yaml` of the demo, which records the seed."""
    return _text(f"study.{language}.yaml").replace("{seed}", str(seed))


def story_text(language: str, customers: Mapping[str, str]) -> str:
    """Return what the demo's README tells: its question, and the customers argued about, named as given."""
    text = _text(f"README.{language}.md")
    for case, customer in customers.items():
        text = text.replace(f"{{{case}}}", customer)
    return text


def _text(name: str) -> str:
    return (resources.folder(FOLDER) / "demo" / name).read_text("utf-8")
