"""Packages on a stick: what they hold, how they are written, read and judged."""
