"""Table models: read-only windows over lists of rows, small and large."""
