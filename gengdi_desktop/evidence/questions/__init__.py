"""What the program asks of the photos of a ledger, and what people answered."""
