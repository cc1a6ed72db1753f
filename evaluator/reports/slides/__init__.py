"""The brief as slides: a message on each, in the layouts of a template, with charts that can be edited."""

from evaluator.reports.slides.writing import write_slides

__all__ = ["write_slides"]
