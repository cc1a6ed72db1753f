"""YAML files as people write them: data with positions, formats, and every problem with its place."""

from evaluator.documents.choices import Choice
from evaluator.documents.formats import Day, Format, UnfitError
from evaluator.documents.parsing import Document, Key, dumped, load, parse, quoted
from evaluator.documents.shapes import validate

__all__ = [
    "Choice",
    "Day",
    "Document",
    "Format",
    "Key",
    "UnfitError",
    "dumped",
    "load",
    "parse",
    "quoted",
    "validate",
]
