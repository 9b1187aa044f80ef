"""The command line as tests speak it: words in, one JSON object out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gengdi_desktop.cli.commands import main


class Line:
    """Runs commands in this process and reads their answers back."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str | Path | int, code: int = 0) -> dict[str, Any]:
        """Run a command under ``--json``, want that exit code, and return the one object that it printed."""
        self._capsys.readouterr()
        got = main([*map(str, words), "--json"])
        told = self._capsys.readouterr()
        assert got == code, told.out + told.err
        answer = json.loads(told.out)
        assert isinstance(answer, dict)
        return answer
