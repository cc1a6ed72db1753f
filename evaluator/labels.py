"""The smallest words of every file: ids, numbers, and texts in both languages."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from evaluator.documents import Format, UnfitError

Id = Annotated[str, StringConstraints(pattern=r"^[^\W\d_]\w{0,62}$")]
Level = Annotated[str, StringConstraints(min_length=1)]

Share = Annotated[float, Field(ge=0, le=1)]
ProperShare = Annotated[float, Field(gt=0, lt=1)]
"""A share that leaves something on either side: a quantile, a level of confidence."""
Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
"""An amount, a cost, a weight of which only proportions matter, a rate that nothing falls by."""
Weight = Annotated[float, Field(gt=0, le=1e12)]
"""A weight among siblings: points, percent or ratios; bounded, so that sums of them stay numbers."""
GrowthRate = Annotated[float, Field(gt=-1)]
"""What grows or is discounted by, per period; at −1 all is lost."""
Count = Annotated[int, Field(ge=0)]
PositiveCount = Annotated[int, Field(ge=1)]

LONGEST_NAME = 160
"""Letters of the name of anything that a person writes into a file."""

_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")


class Text(Format):
    """A label or sentence in Chinese and English; one text alone serves for both."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def _both(value: object) -> object:
    return {"zh": value, "en": value} if isinstance(value, str) else value


Label = Annotated[Text, BeforeValidator(_both, json_schema_input_type=str | Text)]


def named(text: str) -> str:
    """Return a name as it stands; `UnfitError` where no report has a place for it.

    >>> named("毛利润")
    '毛利润'
    """
    if len(text) > LONGEST_NAME:
        raise UnfitError("long_name", most=LONGEST_NAME, found=len(text))
    if found := _STEERING.search(text):
        raise UnfitError("steering", sign=f"U+{ord(found[0]):04X}")
    return text


def _named_in_both(text: Text) -> Text:
    named(text.zh)
    named(text.en)
    return text


Name = Annotated[Label, AfterValidator(_named_in_both)]
PersonName = Annotated[str, AfterValidator(named)]
_MAIL = r"^([^\s@,;<>\"()]+@[^\s@,;<>\"()]+)?$"
MailAddress = Annotated[str, StringConstraints(pattern=_MAIL, max_length=254)]
"""The mail address of a person; blank for none."""


def kind_of(value: Any) -> str | None:
    """Return the union tag ``<kind>`` of a mapping or value; brackets keep it apart from keys."""
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return f"<{kind}>" if isinstance(kind, str) else None
