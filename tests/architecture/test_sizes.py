"""A module can be read in one sitting."""

from __future__ import annotations

from tests.architecture.source import PACKAGE, ROOT, modules, shown

LIMIT = 500
EXCEPTIONS = {"gengdi_desktop/storage/tables.py": "the whole schema in one reading"}


def lines(path: str) -> int:
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def test_no_module_is_longer_than_the_limit() -> None:
    every = [shown(path) for folder in (PACKAGE, ROOT / "tests", ROOT / "bench") for path in modules(folder)]
    assert {path: lines(path) for path in every if lines(path) > LIMIT and path not in EXCEPTIONS} == {}


def test_each_exception_is_still_needed() -> None:
    assert [path for path in EXCEPTIONS if lines(path) <= LIMIT] == []
