"""What a report may say: the frozen snapshot of a ledger, and every figure made from it."""
