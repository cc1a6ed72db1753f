"""Tables in: CSV, Excel and Parquet by the study's mapping, reconciled to the row."""

from evaluator.data.mapping import ColumnMapping, Filter, TableMapping
from evaluator.data.reading import ReadTable, read_table, read_tables
from evaluator.data.tables import Column, ColumnNote, Dropped, TableNote, Tables, TableSchema

__all__ = [
    "Column",
    "ColumnMapping",
    "ColumnNote",
    "Dropped",
    "Filter",
    "ReadTable",
    "TableMapping",
    "TableNote",
    "TableSchema",
    "Tables",
    "read_table",
    "read_tables",
]
