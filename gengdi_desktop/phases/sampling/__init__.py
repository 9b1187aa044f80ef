"""The spot check by sample: a frozen frame, a draw that anybody can redo, results, replacement, a second draw."""
