"""Names of the members of a package: few letters, fixed folders, and nothing that any file system reads otherwise."""

from __future__ import annotations

import re
from typing import Final

from gengdi_desktop.exchange.container import LONGEST_NAME

MIMETYPE: Final = "mimetype"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "signature.p7s"

DATA: Final = "data"
JOURNAL: Final = "journal"
RULES: Final = "rules"
CERTIFICATES: Final = "certificates"
REPORTS: Final = "reports"
EVIDENCE: Final = "evidence"
FOLDERS: Final = (DATA, JOURNAL, RULES, CERTIFICATES, REPORTS, EVIDENCE)
"""Where members stand; the last of them holds what may be left out of a package."""

BY_HASH: Final = frozenset({CERTIFICATES, REPORTS, EVIDENCE})
"""Folders whose members are named by the SHA-256 of their content."""

NEVER: Final = frozenset({"data/private_value.jsonl"})
"""What no package may hold: openings of private values stay at the desk where they were typed."""

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9]+)+")
_HASHED = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,8})?")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def name_problem(name: str) -> str | None:
    """Why a member may not be called so, as the rest of a Chinese sentence; None where it may."""
    parts = name.split("/")
    if "\\" in name or ":" in name or name.startswith("/") or "" in parts or {".", ".."} & set(parts):
        return "是指向包外面的路径"
    if any(_RESERVED.fullmatch(part) for part in parts):
        return "是系统保留的名称"
    if name != name.lower():
        return "有大写字母，在有的电脑上会和别的文件混为一个"
    folder, _, last = name.partition("/")
    if folder not in FOLDERS or len(name) > LONGEST_NAME:
        return "不在包该有的文件夹里"
    if not (_HASHED if folder in BY_HASH else _PLAIN).fullmatch(last):
        return "不是包里文件该有的名称"
    return "是不许离开本机的私密内容" if name in NEVER else None


def folder_of(name: str) -> str:
    """The folder of a member."""
    return name.partition("/")[0]


def stated_hash(name: str) -> str | None:
    """The SHA-256 that the name itself states; None in folders whose names are words."""
    folder, _, last = name.partition("/")
    return last.partition(".")[0] if folder in BY_HASH else None
