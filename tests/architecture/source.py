"""The files of the project, for the tests that look at them as text."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "gengdi_desktop"
_TEXT = {".py", ".md", ".toml", ".lock", ".txt", ".sh", ".c", ".spec", ".cfg", ".ini", ".json", ".csv", ".svg", ".yml"}
_PLACES = ("gengdi_desktop", "tests", "bench", "installer", "docs", "resources", ".ci")


def modules(folder: Path = PACKAGE) -> list[Path]:
    """All Python modules below a folder."""
    return sorted(folder.rglob("*.py"))


def shown(path: Path) -> str:
    """The path as it is named in messages."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def calls(path: Path) -> tuple[tuple[int, str, ast.Call], ...]:
    """Line, dotted name and node of every call in a module."""
    found = (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    return tuple((node.lineno, _dotted(node.func), node) for node in found)


def _dotted(called: ast.expr) -> str:
    """``a.b.c`` for names and their attributes; the last name alone where something else stands before it."""
    parts = []
    while isinstance(called, ast.Attribute):
        parts.append(called.attr)
        called = called.value
    parts.append(called.id if isinstance(called, ast.Name) else "")
    return ".".join(reversed(parts))


def own_texts() -> list[Path]:
    """All text files that we write ourselves, other people's licences left out."""
    found = [path for path in ROOT.iterdir() if path.is_file() and (path.suffix in _TEXT or path.name == "Makefile")]
    for place in _PLACES:
        found += [path for path in (ROOT / place).rglob("*") if path.is_file() and path.suffix in _TEXT | {""}]
    return sorted(path for path in found if path.parent.name != "licenses" and "__pycache__" not in path.parts)
