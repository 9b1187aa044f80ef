"""Issued lists into plots: which column is what, what each row says, which plot it means, and what is new."""
