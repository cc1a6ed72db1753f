"""The one writer and the one reader of Excel workbooks."""
