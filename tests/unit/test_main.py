"""The program starts what was asked for, and nothing heavier."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def modules_after(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after a statement."""
    code = f"import sys\n{statement}\nprint('\\n'.join(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=dict(os.environ, PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


def test_the_entry_loads_neither_a_front_end_nor_a_heavy_library() -> None:
    loaded = modules_after("import gengdi_desktop.main")
    assert "gengdi_desktop.system.child" in loaded
    heavy = {"PySide6", "sqlmodel", "sqlalchemy", "openpyxl", "reportlab", "pyhanko", "cryptography", "PIL"}
    assert not heavy & loaded
    assert not [name for name in loaded if name.startswith(("gengdi_desktop.ui", "gengdi_desktop.cli"))]
