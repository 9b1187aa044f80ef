"""What a command tells: results to standard output as text or as one JSON object, everything else to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TextIO

from gengdi_desktop.cli.how_to import codes_of, ways
from gengdi_desktop.errors import GengdiError

DONE = 0
NOT_SOUND = 1
REFUSED = 2

_FULL_WIDTH_FROM = 0x2E80
_PROGRESS_WIDTH = 60
_MOST_TOLD = 30


class Output:
    """Where a command puts its answer; made once by :func:`gengdi_desktop.cli.commands.main`.

    Args:
        as_json: Print exactly one JSON object on standard output and nothing else there.
        out: Standard output, another stream in tests.
        err: Standard error, another stream in tests.
    """

    def __init__(self, *, as_json: bool, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.as_json = as_json
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self._on_progress_line = False
        self.command = ""
        """The command that speaks, once it is known: what to type next depends on it."""

    def result(self, data: Mapping[str, Any], lines: Iterable[str]) -> None:
        """The answer: ``data`` under ``--json``, else the lines."""
        self._end_progress()
        if self.as_json:
            print(json.dumps(data, ensure_ascii=False, indent=2), file=self._out)
            return
        for line in lines:
            print(line, file=self._out)

    def rows(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """One JSON object a line (``--jsonl``): for tables that may be long."""
        self._end_progress()
        for row in rows:
            print(json.dumps(row, ensure_ascii=False), file=self._out)

    def refusal(self, error: GengdiError, data: Mapping[str, Any] | None = None) -> int:
        """Says why nothing was changed and returns the exit code; ``data`` are usual keys that come along."""
        self._end_progress()
        way = ways(self.command, codes_of(self.command, error.code, data))
        if self.as_json:
            answer = dict(data or {}) | {"error": error_object(error, way)}
            print(json.dumps(answer, ensure_ascii=False, indent=2), file=self._out)
        else:
            for line in filter(None, (error.message, error.hint, way and f"怎么做：{way}")):
                print(line, file=self._err)
        return REFUSED

    def note(self, text: str) -> None:
        """One line for the person at the screen, never part of the answer."""
        self._end_progress()
        print(text, file=self._err)

    def progress(self, what: str) -> Callable[[int, int], None]:
        """A function that shows how far long work is, on a terminal only; it never raises."""

        def show(done: int, total: int) -> None:
            if not self._err.isatty():
                return
            of_total = f"{done}/{total}" if total else f"{done}"
            print(f"\r{f'{what} {of_total}':<{_PROGRESS_WIDTH}}", end="", file=self._err, flush=True)
            self._on_progress_line = True

        return show

    def _end_progress(self) -> None:
        if self._on_progress_line:
            print(file=self._err)
            self._on_progress_line = False


def error_object(error: GengdiError, way: str = "") -> dict[str, str]:
    """An error as the contract of the command line writes it; ``way`` is what to type next."""
    return {"code": error.code, "message": error.message, "hint": error.hint + way}


def few(lines: Iterable[str]) -> list[str]:
    """The first of many lines; the rest is counted, and stands in the JSON."""
    every = list(lines)
    more = [f"……还有{len(every) - _MOST_TOLD}条，加 --json 可以全看。"] if len(every) > _MOST_TOLD else []
    return every[:_MOST_TOLD] + more


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> list[str]:
    """Lines of a table in columns; Han signs count two cells, the columns in ``right`` are set right."""
    body = [tuple(row) for row in rows]
    widths = [max(width_of(row[column]) for row in (header, *body)) for column in range(len(header))]
    to_right = set(right)

    def line(row: Sequence[str]) -> str:
        cells = []
        for column, text in enumerate(row):
            gap = " " * (widths[column] - width_of(text))
            cells.append(gap + text if column in to_right else text + gap)
        return "  ".join(cells).rstrip()

    return [line(header), "  ".join("-" * width for width in widths), *(line(row) for row in body)]


def width_of(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return sum(2 if ord(sign) >= _FULL_WIDTH_FROM else 1 for sign in text)
