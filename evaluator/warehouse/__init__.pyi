from .dbt import DbtFiles, write_dbt
from .dialects import DIALECTS, Dialect
from .exported import Exported, model_sql
from .parts import columns_of_file

__all__ = ["DIALECTS", "DbtFiles", "Dialect", "Exported", "columns_of_file", "model_sql", "write_dbt"]
