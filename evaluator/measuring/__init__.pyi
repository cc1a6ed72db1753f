from .attributes import with_attributes
from .grades import GRADES, RATERS, RaterOptions, combine_grades, vote_column
from .measures import Measured, MeasureOptions, measure, measured, of_nobody
from .membership_functions import MEMBERSHIPS, memberships, score_ladder
from .tables import CUSTOMERS, customers_schema, measures_schema

__all__ = [
    "CUSTOMERS",
    "GRADES",
    "MEMBERSHIPS",
    "RATERS",
    "MeasureOptions",
    "Measured",
    "RaterOptions",
    "combine_grades",
    "customers_schema",
    "measure",
    "measured",
    "measures_schema",
    "memberships",
    "of_nobody",
    "score_ladder",
    "vote_column",
    "with_attributes",
]
