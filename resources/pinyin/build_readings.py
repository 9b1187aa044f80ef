"""Make the table of readings anew from the package named in NOTICE.md.

    python build_readings.py OUT

Needs pypinyin in the interpreter that runs it; the program itself does without.
"""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

from pypinyin.pinyin_dict import pinyin_dict

DIAERESIS = "\N{COMBINING DIAERESIS}"


def plain(reading: str) -> str:
    """A reading without tones, ü as v: lǚ → lv, xū → xu."""
    letters = unicodedata.normalize("NFD", reading).replace("u" + DIAERESIS, "v")
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", kept)


def table() -> str:
    """One line a syllable: the syllable, a space, all characters that may be read so in the order of Unicode."""
    characters: dict[str, set[str]] = {}
    for code, readings in pinyin_dict.items():
        for reading in readings.split(","):
            spelling = plain(reading)
            if not (spelling.isascii() and spelling.isalpha()):
                raise SystemExit(f"U+{code:04X}: {reading}")
            characters.setdefault(spelling, set()).add(chr(code))
    return "".join(f"{spelling} {''.join(sorted(characters[spelling]))}\n" for spelling in sorted(characters))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(table(), encoding="utf-8")
