"""The three families of errors: what the surroundings did, what the rules forbid, what we got wrong. And giving up."""

from __future__ import annotations


class GengdiError(Exception):
    """An error that a person may read.

    Args:
        code: Stable English code, printed under ``--json``.
        message: One Chinese sentence: what happened, and that nothing was lost where that is in doubt.
        hint: One Chinese sentence: what to do next; may be empty.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class SurroundingsError(GengdiError):
    """The computer or a file did it: disk full, locked, unreadable, damaged, not ours."""


class RuleError(GengdiError):
    """A rule of the domain forbids it, or an answer is missing; the sentence names which."""


class ProgramError(GengdiError):
    """Our own mistake: shown with a text that a person can photograph."""


class Cancelled(Exception):
    """The person asked a long work to stop; nothing of it is left behind. Not an error, so nothing is reported."""
