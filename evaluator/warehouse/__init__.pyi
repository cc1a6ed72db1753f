from .dbt import DbtFiles, write_dbt
from .dialects import DIALECTS, Dialect
from .exported import Exported, model_sql
from .from_orders import OrdersThere, columns_made, measures_sql
from .parts import columns_of_file
from .tables import contribution_rows, dictionary, weight_rows

__all__ = [
    "DIALECTS",
    "DbtFiles",
    "Dialect",
    "Exported",
    "OrdersThere",
    "columns_made",
    "columns_of_file",
    "contribution_rows",
    "dictionary",
    "measures_sql",
    "model_sql",
    "weight_rows",
    "write_dbt",
]
