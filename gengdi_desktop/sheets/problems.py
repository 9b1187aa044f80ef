"""Problem: what is wrong with one cell, one row or one sheet, as a value and not an exception."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a foreign table that a person must know.

    Args:
        sheet: Name of the sheet; empty where the whole file is meant.
        row: Row number as the table program shows it (from 1); None where a sheet or a column is meant.
        column: Column letters as the table program shows them (``"C"``); empty where a row or a sheet is meant.
        code: Stable English code.
        message: One Chinese sentence; it does not repeat sheet, row and column.
    """

    sheet: str
    row: int | None
    column: str
    code: str
    message: str


def column_letters(index: int) -> str:
    """The letters of a column counted from 0: ``0`` is A, ``26`` is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The reverse of :func:`column_letters`, for letters A to Z in capitals."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
