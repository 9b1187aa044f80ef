"""The evidence rules that are in force in a ledger: those of the program or the county's own."""
