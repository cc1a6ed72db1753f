"""From an object to what a notebook is given: HTML, and the first picture as Vega-Lite."""

from __future__ import annotations

from typing import Any

from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, nearest
from evaluator.messages import LANGUAGES, choose
from evaluator.notebook.drawing import drawn
from evaluator.notebook.views import view_of
from evaluator.present.blocks import Blocks, Heading, Part
from evaluator.present.charts import MIME, Chart


def to_html(thing: Displayed, language: str | None = None) -> str:
    """Return an object as HTML; an error for a language there is none of."""
    spoken = _language(thing, language)
    return drawn(blocks(thing, spoken), spoken)


def bundle(thing: Displayed) -> dict[str, Any]:
    """Return what Jupyter chooses from: text, HTML, and the first picture as Vega-Lite."""
    spoken = _language(thing, None)
    shown = blocks(thing, spoken)
    told: dict[str, Any] = {"text/plain": repr(thing), "text/html": drawn(shown, spoken)}
    if shown.charts:
        told[MIME] = shown.charts[0].sized
    return told


def plot(thing: Displayed, which: str | None = None, language: str | None = None) -> Chart:
    """Return the first picture of an object, or the one that is named."""
    there = {chart.id: chart for chart in blocks(thing, _language(thing, language)).charts}
    if not there:
        raise EvaluationError([Issue("REPORT-882", type(thing).__name__)])
    if which is None:
        return next(iter(there.values()))
    if not isinstance(which, str) or which not in there:
        named = which if isinstance(which, str) else repr(which)[:80]
        hint = nearest(named, there) or tuple(there)
        raise EvaluationError([Issue("REPORT-881", named, {"kind": type(thing).__name__}, hint=hint)])
    return there[which]


def blocks(thing: Displayed, language: str) -> Blocks:
    """Return what an object shows, part by part under its headings."""
    parts: list[tuple[str, list[Any]]] = [("", [])]
    for block in view_of(thing, language):
        if isinstance(block, Heading):
            parts.append((block.text, []))
        else:
            parts[-1][1].append(block)
    return Blocks(tuple(Part(title, tuple(shown)) for title, shown in parts if shown))


def _language(thing: Displayed, asked: str | None) -> str:
    if asked is not None and asked not in LANGUAGES:
        raise EvaluationError([Issue("REPORT-802", str(asked)[:80], hint=LANGUAGES)])
    return asked or choose(getattr(thing, "language", None))
