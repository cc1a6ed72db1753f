"""The brief as a Word document: a template's named places, filled with the passages of an evaluation."""

from evaluator.reports.document.writing import write_document

__all__ = ["write_document"]
