"""One module for each kind of report: its prose, its tables, its settings."""
