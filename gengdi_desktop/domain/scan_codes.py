"""The digits in the QR code of a field sheet: a scanner types them, whatever input method is on.

Digits only, because a Chinese input method would take letters for pinyin. ``39`` begins them, then the plot's id as a
decimal number of fixed length, then two check digits (the remainder by 97, as bank codes have it).
"""

from __future__ import annotations

import unicodedata

_BEGINNING = "39"
_CHECK = 97


def scan_code(plot: str) -> str:
    """The digits of a plot's own id.

    Raises:
        ValueError: The id is not made of hexadecimal digits.
    """
    number = str(int(plot, 16)).zfill(_digits(len(plot)))
    body = f"{_BEGINNING}{len(plot):02d}{number}"
    return f"{body}{int(body) % _CHECK:02d}"


def plot_of_scan(text: str) -> str | None:
    """The plot's own id in what a scanner typed; None where it is no code of ours or was read wrong."""
    code = unicodedata.normalize("NFKC", text).strip()
    head = len(_BEGINNING) + 2
    if not (code.isascii() and code.isdigit() and code.startswith(_BEGINNING) and len(code) > head + 2):
        return None
    length = int(code[len(_BEGINNING) : head])
    body, check = code[:-2], code[-2:]
    if len(body) != head + _digits(length) or f"{int(body) % _CHECK:02d}" != check:
        return None
    plot = f"{int(body[head:]):0{length}x}"
    return plot if len(plot) == length else None


def _digits(length: int) -> int:
    """Decimal digits that any hexadecimal number of this length needs."""
    return len(str(16**length - 1))
