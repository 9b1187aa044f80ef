"""Find the files that come with the program: in the source tree, in an installed wheel and in the frozen bundle."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from gengdi_desktop.errors import ProgramError


def resource(name: str) -> Path:
    """Return the path of a file or folder below ``resources/``.

    Args:
        name: Relative, with forward slashes: ``"fonts/GengdiHei.ttf"``.

    Raises:
        ProgramError: The program was built without it, or the name leads outside.
    """
    root = resources_root()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or not path.exists():
        raise ProgramError("resource_missing", f"程序自带的文件“{name}”不在了。", "请重新安装程序，台账不受影响。")
    return path


def manual_folder() -> Path:
    """Return the folder of the manual: beside the resources where it was packed, as written in the source tree."""
    root = resources_root()
    packed = root / "manual"
    return packed if packed.is_dir() else root.parent / "docs" / "user"


@cache
def resources_root() -> Path:
    """Return the folder that holds all resources."""
    package = Path(__file__).resolve().parents[1]
    bundle = getattr(sys, "_MEIPASS", None)
    places = [package / "_resources", package.parent / "resources"]
    if bundle is not None:
        places.insert(0, Path(bundle).resolve() / "resources")
    for place in places:
        if place.is_dir():
            return place
    raise ProgramError("resource_missing", "程序自带的文件不在了。", "请重新安装程序，台账不受影响。")
