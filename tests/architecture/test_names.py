"""Modules are named for what they hold and say so in their first sentence."""

from __future__ import annotations

import ast
import re

from tests.architecture.source import PACKAGE, ROOT, modules, shown, tree

FORBIDDEN = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "base", "misc", "tools", "core"}
NOT_ENGLISH = re.compile(r"[^\x00-\x7f]")


def test_no_module_has_a_name_that_says_nothing() -> None:
    found = [shown(path) for path in modules() if FORBIDDEN & set(path.relative_to(PACKAGE).with_suffix("").parts)]
    assert found == []


def test_every_module_begins_with_a_sentence() -> None:
    places = [path for place in ("gengdi_desktop", "tests", "bench", "installer") for path in modules(ROOT / place)]
    assert len(places) > 50
    assert [shown(path) for path in places if not (ast.get_docstring(tree(path)) or "").strip()] == []


def test_a_package_holds_its_sentence_and_nothing_else() -> None:
    own = PACKAGE / "__init__.py"
    for path in modules():
        if path.name == "__init__.py" and path != own:
            assert len(tree(path).body) == 1, shown(path)


def test_identifiers_are_english() -> None:
    for path in modules():
        for node in ast.walk(tree(path)):
            name = getattr(node, "name", None) or getattr(node, "id", None) or getattr(node, "attr", None)
            assert not (isinstance(name, str) and NOT_ENGLISH.search(name)), f"{shown(path)}: {name}"


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
