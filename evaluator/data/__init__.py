"""Tables in: CSV, Excel, Parquet and databases by the study's mapping, reconciled to the row."""

from evaluator.data.currencies import RATES
from evaluator.data.mapping import ColumnMapping, Duplicates, Filter, TableMapping
from evaluator.data.reading import ReadTable, read_table, read_tables
from evaluator.data.tables import Column, ColumnNote, Dropped, Source, TableNote, Tables, TableSchema
from evaluator.data.writing import WriteOptions, Wrote, write_results

__all__ = [
    "RATES",
    "Column",
    "ColumnMapping",
    "ColumnNote",
    "Dropped",
    "Duplicates",
    "Filter",
    "ReadTable",
    "Source",
    "TableMapping",
    "TableNote",
    "TableSchema",
    "Tables",
    "WriteOptions",
    "Wrote",
    "read_table",
    "read_tables",
    "write_results",
]
