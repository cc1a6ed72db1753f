"""Excel with people: each form is written and read by one module."""

from evaluator.sheets.assessment import read_assessments, write_assessments
from evaluator.sheets.followup import Answers, write_followups
from evaluator.sheets.form import Sent
from evaluator.sheets.grades import Duty, Grades, Subject, read_grade_sheets, write_grade_sheets
from evaluator.sheets.judgments import read_judgments
from evaluator.sheets.mapped import AnswerMapping, MatrixMapping, PairColumn, SurveyMapping
from evaluator.sheets.pairwise import Written, write_questionnaires
from evaluator.sheets.raw import Raw, keep_raw
from evaluator.sheets.responses import Response, responses, write_responses
from evaluator.sheets.scores import Scored, read_scores, write_score_sheets
from evaluator.sheets.screening import Screened, read_screening, write_screening
from evaluator.sheets.survey import Item, Respondent, Surveyed, read_surveys, write_surveys

__all__ = [
    "AnswerMapping",
    "Answers",
    "Duty",
    "Grades",
    "Item",
    "MatrixMapping",
    "PairColumn",
    "Raw",
    "Respondent",
    "Response",
    "Scored",
    "Screened",
    "Sent",
    "Subject",
    "SurveyMapping",
    "Surveyed",
    "Written",
    "keep_raw",
    "read_assessments",
    "read_grade_sheets",
    "read_judgments",
    "read_scores",
    "read_screening",
    "read_surveys",
    "responses",
    "write_assessments",
    "write_followups",
    "write_grade_sheets",
    "write_questionnaires",
    "write_responses",
    "write_score_sheets",
    "write_screening",
    "write_surveys",
]
