from .assessment import read_assessments, write_assessments
from .best_worst import BestWorstAnswers, read_best_worst, write_best_worst
from .followup import Answers, write_followups
from .form import Sent
from .grades import Duty, Grades, Subject, read_grade_sheets, write_grade_sheets
from .indicator_import import Draft, read_indicator_table
from .indicator_table import write_indicator_table
from .judgments import read_judgments
from .mapped import AnswerMapping, LongMapping, MatrixMapping, PairColumn, SurveyMapping
from .pairwise import Written, write_questionnaires
from .panels import best_worst_panel, score_panel
from .response_list import Response, responses, write_responses
from .scores import Scored, read_scores, write_score_sheets
from .screening import ScreeningAnswers, read_screening, write_screening
from .stored_answers import Raw, keep_raw
from .survey import Item, Respondent, Surveyed, read_surveys, write_surveys

__all__ = [
    "AnswerMapping",
    "Answers",
    "BestWorstAnswers",
    "Draft",
    "Duty",
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
    "best_worst_panel",
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
    "score_panel",
    "write_assessments",
    "write_best_worst",
    "write_followups",
    "write_grade_sheets",
    "write_indicator_table",
    "write_questionnaires",
    "write_responses",
    "write_score_sheets",
    "write_screening",
    "write_surveys",
]
