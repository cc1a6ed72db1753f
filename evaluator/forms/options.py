"""Whom a study asks besides its experts, and about what: the part of `study.yaml` under `forms`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from evaluator.documents import Format
from evaluator.labels import Id, Label, MailAddress, Name, PersonName


def _code(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Code = Annotated[str, BeforeValidator(_code, json_schema_input_type=str | int), Field(min_length=1)]
"""The id of a customer; what YAML reads as a number is the text of its digits."""


class PersonEntry(Format):
    """Someone who grades or assesses customers, and which of them.

    `customers` are ids; `where` names columns of the customers table with the values that count, so
    that ``{region: [East]}`` means every customer there. With neither it is everybody, with both who
    is meant by both. `indicators` are the graded indicators the person answers for, default all.
    """

    id: Id
    name: PersonName = ""
    role: str = ""
    email: MailAddress = ""
    customers: tuple[Code, ...] | None = None
    where: Mapping[str, tuple[Code, ...]] = {}
    indicators: tuple[Id, ...] | None = None


class RespondentEntry(Format):
    """Someone who answers a survey for a customer."""

    id: Id
    customer: Code
    name: PersonName = ""
    email: MailAddress = ""


class ItemEntry(Format):
    """Something a survey asks about."""

    id: Id
    name: Name
    meaning: Label | None = None


Carrier = Literal["workbook", "page", "wjx", "feishu", "google", "microsoft"]


class FormOptions(Format):
    """Who fills in which form; `folder` is where forms are written to and read from.

    `carrier` says what forms are sent as: a workbook, a page for any browser or phone, or, for comparisons in
    pairs, the survey of a site.

    `raters` fill in grade sheets (default: the experts), `assessors` one assessment per customer,
    `respondents` surveys (default: each customer itself) about the `items` (default: those of
    `customers: satisfaction`).
    """

    folder: str = "forms"
    carrier: Carrier = "workbook"
    raters: tuple[PersonEntry, ...] = ()
    assessors: tuple[PersonEntry, ...] = ()
    respondents: tuple[RespondentEntry, ...] = ()
    items: tuple[ItemEntry, ...] = ()
