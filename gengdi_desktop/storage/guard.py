"""The hook that refuses any write which the recorder does not see."""

from __future__ import annotations

import re

from gengdi_desktop.errors import ProgramError
from gengdi_desktop.storage.layout import OUTSIDE

_JOURNAL = frozenset({"journal_entry", "journal_block"})
FREE = OUTSIDE - _JOURNAL
"""Tables that may be written without an entry: openings of private values, caches, drafts."""

_COMMENT = re.compile(r"\s+|--[^\n]*(?:\n|$)|/\*.*?\*/", re.DOTALL)
_HARMLESS = frozenset({"SELECT", "VALUES", "EXPLAIN", "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"})
_WORD = re.compile(r"\w+")
_WRITES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
_TARGET = re.compile(
    r"(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+"
    r"(?:[\"`\[]?main[\"`\]]?\s*\.\s*)?[\"`\[]?(?P<table>\w+)",
    re.IGNORECASE,
)
_PRAGMA_READS = re.compile(r"PRAGMA\s+(?:main\s*\.\s*)?\w+(?:\s*\(\s*[\"']?\w+[\"']?\s*\))?\s*;?\s*$", re.IGNORECASE)


def refuse_stray_write(statement: str) -> None:
    """Let reading pass, and writing to tables outside the journal; refuse everything else.

    Raises:
        ProgramError: The statement may change a journalled table or the schema.
    """
    plain = _begun(statement)
    word = _WORD.match(plain)
    verb = word.group().upper() if word else ""
    if verb in _HARMLESS or (verb == "WITH" and not _WRITES.search(plain)):
        return
    if verb == "PRAGMA" and _PRAGMA_READS.match(plain):
        return
    target = _TARGET.match(plain)
    if target and target.group("table").lower() in FREE:
        return
    what = target.group("table") if target else verb or "？"
    raise ProgramError(
        "unrecorded_write",
        f"程序想绕过账本改“{what}”，已经拦下。台账没有变。",
        "请把这段话拍下来，交给维护人员。",
    )


def _begun(statement: str) -> str:
    """The statement without the blanks and comments in front of it."""
    at = 0
    while (skipped := _COMMENT.match(statement, at)) is not None:
        at = skipped.end()
    return statement[at:]
