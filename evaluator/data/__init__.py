"""Tables in: CSV, Excel and Parquet by the study's mapping, reconciled to the row."""
