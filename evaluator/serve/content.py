"""Answers as a browser sends them, whichever form they answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field, ValidationError

from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue

_MOST = 20_000
Word = Annotated[str, Field(max_length=4000)]


class Content(Format):
    """The answers, as (group, a, b, ratio) or (line, question, value), and remarks by group."""

    answers: Annotated[tuple[tuple[Word, ...], ...], Field(max_length=_MOST)] = ()
    remarks: Annotated[Mapping[Word, Word], Field(max_length=_MOST)] = {}

    @property
    def texts(self) -> Iterable[str]:
        """What people have typed."""
        return (*self.remarks.values(), *(one[-1] for one in self.answers if one))


class Saving(Content):
    """Answers to keep: the line and version they go on from, and whether they are sent."""

    line: Annotated[int, Field(ge=0)] = 0
    version: Annotated[int, Field(ge=0)] = 0
    final: bool = False

    @property
    def content(self) -> Content:
        """The answers themselves."""
        return Content(answers=self.answers, remarks=self.remarks)


def read_saving(text: bytes) -> Saving:
    """Return what a browser asks to keep.

    Raises
    ------
    EvaluationError
        where it is something else.
    """
    try:
        return Saving.model_validate_json(text)
    except ValidationError as error:
        key = ".".join(map(str, error.errors()[0]["loc"])) or "JSON"
        raise EvaluationError([Issue("SERVE-204", key)]) from None
