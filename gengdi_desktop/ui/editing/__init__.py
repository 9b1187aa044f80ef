"""Editing in tables and forms: the cell under the cursor, blocks from other programs, drafts."""
