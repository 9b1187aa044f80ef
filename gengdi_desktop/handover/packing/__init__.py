"""A ledger's rows, papers and photos into packages."""
