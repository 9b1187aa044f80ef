"""Editing in the ledger's table: which cells fit, what they become, one entry for many."""
