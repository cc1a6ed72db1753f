"""The Word and PowerPoint files a consultant starts from, written to be edited."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from evaluator.errors import EvaluationError, Issue
from evaluator.files import replacing
from evaluator.present.brand import PLAIN, load_brand
from evaluator.reports.options import ReportOptions

FOLDER, DOCUMENT, SLIDES = "office", "brief.docx", "deck.pptx"
_MADE = datetime(2000, 1, 1, tzinfo=UTC)  # the same bytes on every day


def write_office_files(
    folder: str | Path, *, language: str, options: ReportOptions | None = None
) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Write the starting files into a study's folder; return those written, and those kept as they are.

    Raises
    ------
    EvaluationError
        where the extra is missing; for mistakes in the theme; when a file cannot be written.
    """
    try:
        from evaluator.reports.brief.look import look
        from evaluator.reports.document.starting import starting_document
        from evaluator.reports.packing import Properties, packed
        from evaluator.reports.slides.starting import starting_slides
    except ModuleNotFoundError as error:
        raise EvaluationError([Issue("REPORT-861", "docx, pptx")]) from error
    theme = options.theme if options else None
    own = look(load_brand(Path(folder) / theme) if theme else PLAIN, language)
    written, kept = [], []
    for name, make in ((DOCUMENT, starting_document), (SLIDES, starting_slides)):
        path = Path(folder) / FOLDER / name
        if path.exists():
            kept.append(path)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        properties = Properties(name, "", "evaluator", own.locale, _MADE)
        with replacing(path) as new:
            new.write_bytes(packed(make(own), properties))
        written.append(path)
    return tuple(written), tuple(kept)
