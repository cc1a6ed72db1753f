"""Objects that show themselves: a line where their name is typed, tables and pictures in a notebook.

What each shows stands in the room `evaluator.notebook`, above all that makes results, which is loaded when
something is shown for the first time.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from evaluator.brief import Brief
from evaluator.errors import EvaluationError, Issue


class Displayed(Brief):
    """An object that a notebook shows as HTML and, where it has a picture, as Vega-Lite."""

    __slots__ = ()

    def to_html(self, language: str | None = None) -> str:
        """Return what a notebook shows, as HTML with its own style and no script.

        Parameters
        ----------
        language : ``zh`` or ``en``; default: that of the object's study, else of the locale.
        """
        html: str = _notebook().to_html(self, language)
        return html

    def plot(self, which: str | None = None, *, language: str | None = None) -> Any:
        """Return one of the object's pictures as a `Chart`, which a notebook draws; by default the first.

        Its `spec` is plain Vega-Lite, and `to_altair()` gives a chart to work on.

        Raises
        ------
        EvaluationError
            for a picture it does not have; where there is nothing to draw.
        """
        return _notebook().plot(self, which, language)

    def to_frame(self) -> Any:
        """Return the table the result is about, in the kind of dataframe that came in.

        Raises
        ------
        EvaluationError
            for a result without a table.
        """
        frame = getattr(self, "frame", None)
        if frame is None:
            raise EvaluationError([Issue("REPORT-884", type(self).__name__)])
        return frame

    def _repr_html_(self) -> str:
        return self.to_html()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle: dict[str, Any] = _notebook().bundle(self)
        return bundle


def _notebook() -> Any:
    return import_module("evaluator.notebook")
