"""Plots that are split into parts and put together again."""
