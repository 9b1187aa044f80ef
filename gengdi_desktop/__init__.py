"""Offline ledgers by which Chinese townships put cultivated land right."""

__version__ = "0.1.0"
