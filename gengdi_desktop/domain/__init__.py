"""Words and rules of the land side; standard library only."""
