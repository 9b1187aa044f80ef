"""A module can be read in one sitting."""

from __future__ import annotations

from tests.architecture.source import PACKAGE, ROOT, modules, shown

LIMIT = 500


def test_no_module_is_longer_than_the_limit() -> None:
    every = [
        path for folder in (PACKAGE, ROOT / "tests", ROOT / "bench", ROOT / "installer") for path in modules(folder)
    ]
    assert len(every) > 100
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in every}
    assert {path: length for path, length in lengths.items() if length > LIMIT} == {}
