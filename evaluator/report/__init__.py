"""Reports: the same data as a page for readers and as a workbook for auditors."""
