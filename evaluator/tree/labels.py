"""The smallest words of a tree file: ids, numbers, and texts in both languages."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from evaluator.documents import Format

Id = Annotated[str, StringConstraints(pattern=r"^[^\W\d_]\w{0,62}$")]
Positive = Annotated[float, Field(gt=0)]
Level = Annotated[str, StringConstraints(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class Text(Format):
    """A label or sentence in Chinese and English; one text alone serves for both."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def _both(value: object) -> object:
    return {"zh": value, "en": value} if isinstance(value, str) else value


Label = Annotated[Text, BeforeValidator(_both, json_schema_input_type=str | Text)]


def kind_of(value: Any) -> str | None:
    """Return the union tag ``<kind>`` of a mapping or value; brackets keep it apart from keys."""
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return f"<{kind}>" if isinstance(kind, str) else None
