"""The bin: files that were taken off a plot, and can be put back."""
