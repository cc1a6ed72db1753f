"""The slides of an evaluation: from their template, or from ours, to the file."""

from __future__ import annotations

import io
from pathlib import Path

from pptx import Presentation

from evaluator.evaluation import Evaluation
from evaluator.files import replacing
from evaluator.present.brand import PLAIN, Brand
from evaluator.reports.brief.cover import cover
from evaluator.reports.brief.look import look
from evaluator.reports.brief.places import Noted, Places
from evaluator.reports.context import Context
from evaluator.reports.legible import legible
from evaluator.reports.options import ReportOptions
from evaluator.reports.own_files import own_file
from evaluator.reports.packing import packed
from evaluator.reports.slides.drawing import SlideDrawing, spoken
from evaluator.reports.slides.filling import fill
from evaluator.reports.slides.starting import starting_slides

MAIN = "ppt/presentation.xml"


def write_slides(
    evaluation: Evaluation, path: Path, *, language: str, options: ReportOptions,
    template: Path | None = None, brand: Brand = PLAIN, noted: Noted,
) -> None:  # fmt: skip
    """Write the brief of an evaluation as slides; `noted` is told what a template could not be given.

    Raises
    ------
    EvaluationError
        for a file that is no template, one that cannot be filled; when the slides cannot be written.
    """
    context = Context(legible(evaluation), language, options)
    told, own = cover(context, brand), look(brand, language)
    source = io.BytesIO(own_file(template, MAIN) if template else starting_slides(own))
    deck = Presentation(source)
    places = Places(context, told.values, str(template or path), noted, brand.colours)
    fill(deck, places, SlideDrawing(deck, places, own, told.created), brand)
    spoken(deck, own.locale)
    made = io.BytesIO()
    deck.save(made)
    with replacing(path) as new:
        new.write_bytes(packed(made.getvalue(), told.properties(own.locale)))
