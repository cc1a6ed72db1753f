from .assessment import assessment_forms, read_assessments
from .best_worst import BestWorstAnswers, best_worst_forms, read_best_worst
from .followup import Answers, write_followups
from .form import Form, Sent
from .form_writer import write_forms
from .grades import Duty, Grades, Subject, grade_forms, read_grade_sheets
from .indicator_import import Draft, read_indicator_table
from .indicator_table import write_indicator_table
from .judgments import read_judgments
from .mapped import AnswerMapping, LongMapping, MatrixMapping, PairColumn, SurveyMapping
from .pairwise import Written, write_questionnaires
from .panels import best_worst_panel, score_panel
from .response_list import Response, responses, write_responses
from .scores import Scored, read_scores, score_forms
from .screening import ScreeningAnswers, read_screening, screening_forms
from .stored_answers import Raw, keep_raw
from .survey import Item, Respondent, Surveyed, read_surveys, survey_forms

__all__ = [
    "AnswerMapping",
    "Answers",
    "BestWorstAnswers",
    "Draft",
    "Duty",
    "Form",
    "Grades",
    "Item",
    "LongMapping",
    "MatrixMapping",
    "PairColumn",
    "Raw",
    "Respondent",
    "Response",
    "Scored",
    "ScreeningAnswers",
    "Sent",
    "Subject",
    "SurveyMapping",
    "Surveyed",
    "Written",
    "assessment_forms",
    "best_worst_forms",
    "best_worst_panel",
    "grade_forms",
    "keep_raw",
    "read_assessments",
    "read_best_worst",
    "read_grade_sheets",
    "read_indicator_table",
    "read_judgments",
    "read_scores",
    "read_screening",
    "read_surveys",
    "responses",
    "score_forms",
    "score_panel",
    "screening_forms",
    "survey_forms",
    "write_followups",
    "write_forms",
    "write_indicator_table",
    "write_questionnaires",
    "write_responses",
]
