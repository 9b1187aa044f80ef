"""From the content model to files: the official page, the landscape annex, the workbook."""
