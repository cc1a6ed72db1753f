"""How templates write values into a study's YAML: readable, and safe."""

from __future__ import annotations

from markupsafe import Markup

from evaluator.documents import quoted


def _text(text: str) -> Markup:
    """Return a text as it is written into YAML, readable and safe."""
    return Markup(quoted(text))


def _comment(text: str) -> Markup:
    """Return text that a comment can hold: in one line."""
    return Markup(" ".join(text.split()))


FILTERS = {"quoted": _text, "comment": _comment}
"""How values are written into a study's YAML."""
