"""Two values for one field in words: that it is asked, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from gengdi_desktop.ledger.carried_words import carried_word
from gengdi_desktop.ledger.words import FIELD_WORDS, shown
from gengdi_desktop.storage.journal import Value

Diff = Mapping[str, list[Value]]

STANDING = "办理情况"
"""The word for where a plot stands, which is judged as one field."""
DECISIONS = {"mine": "本单位的", "theirs": "对方的"}
"""Whose value holds, in words."""


def label(table: str, name: str) -> str:
    """The field in words."""
    return (FIELD_WORDS.get((table, name)) or carried_word(table, name)) if name else STANDING


def asked(diff: Diff) -> Iterator[str]:
    """A new question: 成因两边不一样：本单位“建房”，对方“撂荒”，等裁定."""
    table, name = (str(_new(diff, column) or "") for column in ("table_code", "field"))
    word = label(table, name)
    if not name:
        yield f"{word}两边都改过，不一样，先留本单位的，等裁定"
        return
    mine, theirs = (shown(table, name, _value(diff, column)) for column in ("mine", "theirs"))
    yield f"{word}两边不一样：本单位“{mine}”，对方“{theirs}”，等裁定"


def became(word: str, diff: Diff) -> Iterator[str]:
    """What became of a question about the field of that word."""
    decision = DECISIONS.get(str(_new(diff, "decision") or ""))
    if decision is not None:
        yield f"{word}经冲突裁定，用{decision}"
    elif _new(diff, "status") == "settled":
        yield f"{word}的冲突没有了：两边已经一致"
    elif _new(diff, "status") == "open":
        yield f"{word}的冲突重新等裁定"


def _new(diff: Diff, name: str) -> Value:
    return diff.get(name, [None, None])[1]


def _value(diff: Diff, name: str) -> Value:
    value = json.loads(str(_new(diff, name) or "null"))
    return value if isinstance(value, int | str) else None
