"""The imports of the package obey the contracts, and the contracts notice when they do not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, ROOT

FLOW, QT, PURE, FRONT, TABLES, ACYCLIC = (
    "never sideways",
    "Qt is seen by the window only",
    "Words and rules",
    "Front ends call services",
    "Only stores",
    "No cycle",
)


def lint(folder: Path) -> str:
    """What import-linter says about the package in a folder."""
    start = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    run = subprocess.run(
        [sys.executable, "-c", start, "--config", str(ROOT / ".importlinter"), "--no-cache", "--no-logo"],
        cwd=folder,
        env=dict(os.environ, PYTHONPATH=str(folder)),
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout + run.stderr


def broken(said: str) -> set[str]:
    """The contracts that were broken."""
    names = (FLOW, QT, PURE, FRONT, TABLES, ACYCLIC)
    return {name for name in names if any(name in line and line.endswith(" BROKEN") for line in said.splitlines())}


def test_the_contracts_hold() -> None:
    said = lint(ROOT)
    assert "0 broken." in said, said


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package in which faults may be planted."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(PACKAGE, folder / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        pytest.param("phases/service.py", "from PySide6 import QtCore", QT, id="qt-in-a-stage"),
        pytest.param("ledger/queries.py", "from gengdi_desktop.reports import service", FLOW, id="upwards"),
        pytest.param("intake/service.py", "from gengdi_desktop.evidence import service", FLOW, id="sideways"),
        pytest.param("ui/startup.py", "from gengdi_desktop.cli import commands", FLOW, id="ui-knows-cli"),
        pytest.param("utils/__init__.py", "", FLOW, id="an-unplaced-folder"),
        pytest.param("domain/areas.py", "import sqlmodel", PURE, id="sql-in-the-domain"),
        pytest.param("ui/startup.py", "from gengdi_desktop.ledger import store", FRONT, id="window-past-the-service"),
        pytest.param("cli/commands.py", "import sqlmodel", FRONT, id="command-with-sql"),
        pytest.param(
            "phases/service.py", "from gengdi_desktop.storage import tables", TABLES, id="service-past-the-store"
        ),
        pytest.param("domain/areas.py", "from gengdi_desktop.domain import campaigns, tie_out", ACYCLIC, id="a-cycle"),
    ],
)
def test_a_planted_fault_breaks_its_contract(copied: Path, module: str, line: str, contract: str) -> None:
    path = copied / PACKAGE.name / module
    was = path.read_text(encoding="utf-8") if path.exists() else None
    new_folder = not path.parent.exists()
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{was or ''}\n{line}\n", encoding="utf-8")
    try:
        assert contract in broken(lint(copied))
    finally:
        if new_folder:
            shutil.rmtree(path.parent)
        elif was is None:
            path.unlink()
        else:
            path.write_text(was, encoding="utf-8")
