"""Excel with people: each form is written and read by one module."""

from evaluator.sheets.judgments import read_judgments
from evaluator.sheets.pairwise import Written, write_questionnaires

__all__ = ["Written", "read_judgments", "write_questionnaires"]
