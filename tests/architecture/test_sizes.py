"""A module can be read in one sitting."""

from __future__ import annotations

from tests.architecture.source import PACKAGE, ROOT, modules, shown

LIMIT = 500
TEST_LIMIT = 700
"""Tests are read one by one; a module of them may be longer."""


def test_no_module_is_longer_than_its_limit() -> None:
    limits = {PACKAGE: LIMIT, ROOT / "bench": LIMIT, ROOT / "installer": LIMIT, ROOT / "tests": TEST_LIMIT}
    lengths = {
        (shown(path), limit): len(path.read_text(encoding="utf-8").splitlines())
        for folder, limit in limits.items()
        for path in modules(folder)
    }
    assert len(lengths) > 100
    assert {path: length for (path, limit), length in lengths.items() if length > limit} == {}
