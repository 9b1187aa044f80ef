"""The same photo used twice, found again after shrinking, pressing, cutting, stamping and mirroring."""
