"""Sheets over the page, for the moments when a person must sign or decide."""
