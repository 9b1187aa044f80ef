"""Titles cut into phrases, so that their lines break where a reader would pause."""

from __future__ import annotations

import re
from functools import cache

from gengdi_desktop.system.resources import resource

_YEAR = re.compile(r"[0-9]{4}年(?:[0-9]{1,2}月|第[一二三四]季度)?")
_LEADING = "关于"
_TRAILING = "的了等"


def phrases(organ: str, matter: str, ending: str) -> tuple[str, ...]:
    """The phrases of ``organ关于matter`` + ``ending``: 白圩乡人民政府 · 关于2023年 · 耕地保护 · … · 情况的 · 报告."""
    return _joined([organ, _LEADING, *_words(matter), *_words(ending)])


def plain_phrases(title: str) -> tuple[str, ...]:
    """The phrases of any title."""
    return _joined(_words(title))


def _words(text: str) -> list[str]:
    words: list[str] = []
    index, loose = 0, ""
    while index < len(text):
        year = _YEAR.match(text, index)
        word = year.group() if year else next((one for one in _lexicon() if text.startswith(one, index)), "")
        if word:
            words += [loose] if loose else []
            words.append(word)
            loose = ""
            index += len(word)
        else:
            loose += text[index]
            index += 1
    return words + ([loose] if loose else [])


def _joined(words: list[str]) -> tuple[str, ...]:
    """关于 keeps to what follows, 的 to what goes before, brackets to their content."""
    joined: list[str] = []
    glue = False
    for word in words:
        if glue or (joined and word[0] in _TRAILING + "》）”、，"):
            joined[-1] += word
        else:
            joined.append(word)
        glue = joined[-1].endswith((_LEADING, "《", "（", "“"))
    return tuple(joined)


@cache
def _lexicon() -> tuple[str, ...]:
    lines = resource("rules/title_words.txt").read_text(encoding="utf-8").splitlines()
    words = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
