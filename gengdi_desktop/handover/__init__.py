"""What leaves this desk in packages and comes in by them: packing, merging, conflicts, proof of the other ledger."""
