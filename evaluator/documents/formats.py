"""File formats: the base of every model that describes a file, and the days that stand in files."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from evaluator.brief import Brief
from evaluator.messages import Phrase


class Format(Brief, BaseModel):
    """Base of every file format: frozen, strict, no unknown keys, finite numbers only."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class UnfitError(ValueError):
    """What a validator of a format raises: why the entry cannot be meant, as a text of the catalogues.

    >>> UnfitError("one_of", names="drop, keep").reason
    Phrase(key='unfit.one_of', values={'names': 'drop, keep'})
    """

    def __init__(self, why: str, **values: object) -> None:
        self.reason = Phrase(f"unfit.{why}", values)
        super().__init__(why)


def _iso_date(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


Day = Annotated[date, BeforeValidator(_iso_date, json_schema_input_type=date)]
