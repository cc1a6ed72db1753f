"""Where the figures of a passage come from: what they rest on, where the evidence stands, and which run."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator import messages
from evaluator.reports.context import Context
from evaluator.reports.sections import sections
from evaluator.reports.sheets import contents

PLACES = {
    "decision": ("decision", "decision"), "first": ("actions", "customers"),
    "matrix": ("matrices", "classes"), "classes": ("classes", "classes"), "ranking": ("list", "customers"),
    "changed": ("migration", "migration"), "trend": ("trend", "trend"), "weights": ("weights", "what_if"),
    "certainty": ("certainty", ""), "careful": ("data", "data"), "method": ("method", "method"),
}  # fmt: skip
"""The section of the page and the sheet of the workbook that hold the evidence of a passage."""
FILES = 6  # tables named


def sources(name: str, context: Context) -> tuple[str, ...]:
    """Return where the figures of a passage, or of a section, come from, a line each."""
    return tuple(_sources(name, context))


def _sources(name: str, context: Context) -> Iterator[str]:
    text, provenance = context.text, context.evaluation.provenance
    if messages.known(f"report.brief.from.{name}", context.language):
        yield text(f"brief.from.{name}", subject=context.subject)
    section, sheet = PLACES.get(name, (name, ""))
    title = next(shown.title(context) for shown in sections() if shown.id == section)
    yield text("brief.in_page", section=title)
    if sheet:
        titles = {"decision": text("workbook.sheet.decision")} | {id_: t for id_, t, _ in contents(context)}
        yield text("brief.in_workbook", sheet=titles[sheet])
    if files := tuple(dict.fromkeys(note.file for note in context.evaluation.notes)):
        more = " …" if len(files) > FILES else ""
        yield text("brief.files", names=context.reader.coded(context.reader.listed(files[:FILES])) + more)
    if window := context.evaluation.measured.window:
        days = (context.reader.day(day) for day in window)
        yield text("brief.window", **dict(zip(("since", "until"), days, strict=True)))
    fingerprint = provenance.fingerprint or context.evaluation.model.fingerprint
    yield text("brief.lines.run", software=provenance.software, as_of=context.reader.day(provenance.as_of),
               fingerprint=fingerprint)  # fmt: skip
