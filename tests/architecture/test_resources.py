"""What the code asks for comes with the program, and what comes with the program has its licence beside."""

from __future__ import annotations

import ast

from fontTools.ttLib import TTFont

from gengdi_desktop.system.resources import resource, resources_root
from tests.architecture.source import ROOT, calls, modules

FONTS = ROOT / "resources" / "fonts"


def named_resources() -> set[str]:
    """Every constant name that the code gives to ``resource()``."""
    return {
        node.args[0].value
        for path in modules()
        for _, name, node in calls(path)
        if name.split(".")[-1] == "resource" and node.args
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }


def test_every_named_resource_exists() -> None:
    names = named_resources()
    assert names
    for name in names:
        assert resource(name).exists()


def test_the_wheel_and_the_bundle_take_all_resources() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    recipe = (ROOT / "installer" / "gengdi.spec").read_text(encoding="utf-8")
    assert '"resources" = "gengdi_desktop/_resources"' in project
    assert '"docs/user" = "gengdi_desktop/_resources/manual"' in project
    assert '(str(ROOT / "docs" / "user"), "resources/manual")' in recipe
    assert '(str(ROOT / "resources"), "resources")' in recipe


def test_every_font_is_in_the_notice_with_its_licence() -> None:
    notice = (FONTS / "NOTICE.md").read_text(encoding="utf-8")
    fonts = sorted(FONTS.glob("*.ttf"))
    assert len(fonts) == 6
    for font in fonts:
        assert f"| {font.name} |" in notice
    assert len(list((FONTS / "licenses").glob("*.txt"))) == 5
    assert (FONTS / "sources" / "FandolFang-Regular.otf").exists()


def test_every_font_may_be_embedded_and_bears_its_own_name() -> None:
    for path in FONTS.glob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            assert font["OS/2"].fsType == 0, path.name
            assert font["name"].getDebugName(1).startswith("Gengdi "), path.name
            assert "glyf" in font, path.name


def test_the_licence_of_the_program_is_the_apache_licence() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_resources_of_the_source_tree_are_those_in_use() -> None:
    assert resources_root() == ROOT / "resources"
