"""Sections of a report by their ids."""

from evaluator.reports.context import Context
from evaluator.reports.sections import SECTIONS


def section_of(name: str, context: Context):
    """Return the data of a section, None where there is nothing for it."""
    return next(section for section in SECTIONS if section.id == name).build(context)
