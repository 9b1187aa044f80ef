"""Progress that villages report in spreadsheets: rows into check, plan and progress, one entry for a sheet."""
