"""The heart: an open ledger, its members and campaign, its queries, history, undo, check, backup and trust list."""
