"""Reading in this process: the child's own work without the second it takes to start one for each test."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gengdi_desktop.sheets import child, reader
from gengdi_desktop.sheets.cells import ForeignWorkbook

ReadHere = Callable[[Path], ForeignWorkbook]


@pytest.fixture
def read_here(tmp_path: Path) -> ReadHere:
    def read(path: Path, *, cells: int = 1_000_000, unpacked: int = 1 << 26) -> ForeignWorkbook:
        spool = tmp_path / f"{path.name}.rows"
        with spool.open("w", encoding="utf-8", errors="surrogatepass") as lines:
            child.read(
                {"path": str(path), "cells": cells, "unpacked_bytes": unpacked},
                lambda value: print(json.dumps(value, ensure_ascii=False, separators=(",", ":")), file=lines),
            )
        return reader._workbook(path, "", spool)

    return read
