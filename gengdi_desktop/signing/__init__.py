"""Identities, PDF signatures, trust lists and verification; knows nothing of plots or ledgers."""
