"""Habits of the code that neither imports nor the linter can see."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.source import PACKAGE, ROOT, calls, modules, own_texts, shown, tree

PRINTERS = {"gengdi_desktop/cli/output.py"}
CLOCKS = {"gengdi_desktop/system/clock.py"}
ASKS_THE_TIME = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today)$|^time\.time$")
NUMBER_OF_A_PACKAGE = re.compile(r"（第 \{[^}]+\} 次）")
WAITS = {"waitSignal", "waitSignals", "waitActive", "waitExposed", "assertNotEmitted", "captureExceptions"}
LEFT_OPEN = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
# Spelt in pieces, so that this file does not find itself.
PLACES_OF_A_MACHINE = re.compile("(?<![\\w.])(" + "|".join(["/wo" + "rk/", "/ro" + "ot/"]) + ")")
REGISTRIES = re.compile(
    "|".join(["pypi" + r"\.org", "pythonhosted" + r"\.org", "registry" + r"\.npmjs", "deb\\.debian"])
)


def test_only_the_output_module_prints() -> None:
    found = [f"{shown(path)}:{line}" for path in modules() for line, name, _ in calls(path) if name == "print"]
    assert [place for place in found if place.split(":")[0] not in PRINTERS] == []


def test_only_the_clock_asks_for_the_time() -> None:
    found = [
        f"{shown(path)}:{line} {name}"
        for path in modules()
        for line, name, _ in calls(path)
        if ASKS_THE_TIME.search(name)
    ]
    assert [place for place in found if place.split(":")[0] not in CLOCKS] == []
    assert any(shown(path) in CLOCKS for path in modules())


def test_the_number_of_a_package_is_said_in_one_place() -> None:
    """``PackageKind.numbered``; by hand the same package was soon called by two names."""
    found = {shown(path) for path in modules() if NUMBER_OF_A_PACKAGE.search(path.read_text("utf-8"))}
    assert found == {"gengdi_desktop/exchange/manifest.py"}


def test_what_is_made_once_has_a_name_of_its_own() -> None:
    """Two things under one name: whichever test comes second is given what the first one made."""
    given = [
        str(node.args[1].value)
        for path in modules(ROOT / "tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "made_once"
        and isinstance(node.args[1], ast.Constant)
    ]
    assert given
    assert sorted(given) == sorted(set(given))


def test_no_wait_of_a_test_is_left_unwaited() -> None:
    """``qtbot.waitSignal(…)`` without ``with`` waits for nothing and passes for a signal that never comes."""
    bare = [
        f"{shown(path)}:{node.lineno}"
        for path in modules(ROOT / "tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr in WAITS
    ]
    assert bare == []


def test_areas_know_no_float() -> None:
    area = tree(PACKAGE / "domain" / "areas.py")
    names = {node.id for node in ast.walk(area) if isinstance(node, ast.Name)}
    constants = [node.value for node in ast.walk(area) if isinstance(node, ast.Constant)]
    assert "float" not in names
    assert not any(isinstance(value, float) for value in constants)
    assert not any(isinstance(node, ast.Div) for node in ast.walk(area))


def test_nothing_is_left_open() -> None:
    found = [shown(path) for path in own_texts() if LEFT_OPEN.search(path.read_text(encoding="utf-8", errors="ignore"))]
    assert found == []


@pytest.mark.parametrize("pattern", [PLACES_OF_A_MACHINE, REGISTRIES], ids=["places", "registries"])
def test_no_file_names_a_place_of_one_machine_or_a_registry(pattern: re.Pattern[str]) -> None:
    found = [
        f"{shown(path)}: {match.group()}"
        for path in own_texts()
        if (match := pattern.search(path.read_text(encoding="utf-8", errors="ignore")))
    ]
    assert found == []
