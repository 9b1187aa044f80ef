"""One page a stage, named like it."""
